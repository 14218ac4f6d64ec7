// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Counts a compiled mask within bounded time and memory, and tells what it found: as text, JSON and a picture.
#pragma once

#include "tools/lacuna-mask/ProbeInputs.h"
#include "tools/lacuna-mask/SpaceReport.h"

namespace lacuna {

/// Arguments of the two probes of a dimension (AxisProbes.h).
struct AxisArguments {
  ProbeArguments own, strided;
};

class Reporter {
public:
  Reporter(const MaskOptions &options, const Subject &subject);

  /// The mask in its linear order.
  mlir::LogicalResult reportMask(BoundProbe::Function function, const ProbeArguments &arguments);
  /// The N-D tiles of any mask, with --space.
  mlir::LogicalResult reportSpace(BoundProbe::Function function, const ProbeArguments &arguments);
  /// The N-D tiles of a neighborhood by its dimensions, each of which must have the extent given by --space.
  mlir::LogicalResult reportAxes(const MaskProbe &probes, llvm::ArrayRef<AxisArguments> axes);

private:
  /// Whether what was counted is the whole.
  mlir::LogicalResult checkBudget() const;
  mlir::LogicalResult write(const SpaceReport &report) const;
  std::string title() const;

  const MaskOptions &options;
  const Subject &subject;
  WalkBudget budget;
};

} // namespace lacuna
