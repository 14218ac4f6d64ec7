// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Registration for tools and for programs that embed Lacuna in their own MLIR context.
#pragma once

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace lacuna {

/// Registers Lacuna's dialects, the upstream dialects its pipelines use, and the interface models they need.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Registers Lacuna's passes and pipelines and the upstream passes that its tests and reproducers name.
void registerAllPasses();

} // namespace lacuna
