// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What `lacuna-mask --space` reads and writes: shapes such as 30x48x80, and the numbers of a simulation as text and JSON.
#pragma once

#include "tools/lacuna-mask/SpaceSimulator.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace lacuna {

/// Shapes of the options --space, --q-tile and --kv-tile, checked against each other.
llvm::Expected<TiledSpace> parseSpace(llvm::StringRef space, llvm::StringRef queryTile, llvm::StringRef keyTile);

struct SpaceReport {
  TiledSpace space;
  SpaceStatistics statistics;
  bool isNeighborhood = false;
  std::vector<int64_t> perfectStrides; ///< of a neighborhood, by dimension; 0 where there is none

  std::optional<double> density() const;
  /// All tiles over visited ones: what skipping tiles can gain.
  std::optional<double> bound() const;
  std::optional<double> worstBound() const;

  void writeText(llvm::raw_ostream &os, llvm::StringRef subject) const;
  void writeJson(llvm::raw_ostream &os) const;
};

} // namespace lacuna
