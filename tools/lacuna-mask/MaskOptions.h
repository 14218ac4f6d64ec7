// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What lacuna-mask is asked for. Sizes and tiles stay text here: whether they are legal is said only once the program is read, whose faults come first.
#pragma once

#include "tools/lacuna-mask/SpaceSimulator.h"

#include "mlir/Support/LLVM.h"

namespace lacuna {

struct MaskOptions {
  std::string input, entry; ///< entry: empty for the only one
  std::string sizeText, tileText; ///< Sq,Sk and MxN, or empty
  std::string spaceText;
  std::optional<TiledSpace> space; ///< --space with its tiles
  std::vector<std::string> arguments; ///< NAME=VALUE
  std::vector<std::string> libraries;
  int64_t batch = 0, head = 0;
  std::string svgPath, jsonPath; ///< empty: none

  using Pair = std::pair<int64_t, int64_t>;
  /// Numbers of queries and keys by --size, else by --space, else `otherwise`. Reports what is wrong.
  mlir::FailureOr<Pair> lengths(Pair otherwise) const;
  /// The tile by --tile, else `otherwise`. Reports what is wrong.
  mlir::FailureOr<Pair> tile(Pair otherwise) const;
  /// The option that gives the lengths, for messages.
  std::string lengthsText() const { return space ? "--space " + spaceText : "--size " + sizeText; }
};

} // namespace lacuna
