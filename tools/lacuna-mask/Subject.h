// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the program says of the mask that is shown: its function, sizes and arguments, before its attention is turned into a probe.
#pragma once

#include "tools/lacuna-mask/Arguments.h"
#include "tools/lacuna-mask/MaskOptions.h"
#include "tools/lacuna-mask/MaskStatistics.h"

namespace lacuna {

struct Subject {
  std::string entry;
  size_t numAttentions = 0;
  std::vector<ArgumentText> arguments;
  std::vector<llvm::SmallVector<int64_t>> shapes; ///< of Q, K and V arguments: their values do not matter; else empty
  MaskSize size; ///< lengths that the function finds by its arguments are negative until then
  bool hasSize() const { return size.queries >= 0 && size.keys >= 0; }
  std::string noSize() const { return "expects --size Sq,Sk: the lengths of @" + entry + " are not static"; }
};

/// The function whose mask is shown. Erases others with attention where nothing uses them. Null after an error, which it has reported.
mlir::func::FuncOp findEntry(mlir::ModuleOp module, const MaskOptions &options);

/// Reports where the options do not fit the function.
mlir::LogicalResult describeSubject(mlir::func::FuncOp entry, const MaskOptions &options, Subject &subject);

} // namespace lacuna
