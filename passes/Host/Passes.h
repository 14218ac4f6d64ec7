// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Host passes and the interface model they need.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Pass/Pass.h"

namespace mlir::affine {
class AffineDialect;
}
namespace mlir::arith {
class ArithDialect;
}
namespace mlir::bufferization {
class BufferizationDialect;
}
namespace mlir::cf {
class ControlFlowDialect;
}
namespace mlir::linalg {
class LinalgDialect;
}
namespace mlir::LLVM {
class LLVMDialect;
}
namespace mlir::math {
class MathDialect;
}
namespace mlir::memref {
class MemRefDialect;
}
namespace mlir::tensor {
class TensorDialect;
}
namespace mlir::vector {
class VectorDialect;
}

namespace lacuna {

/// Function attribute of what belongs to an entry without being one: "result_shapes" or "workspace_bytes".
constexpr llvm::StringLiteral kPartAttr = "lacuna.part";
/// Argument attribute of the workspace of an entry.
constexpr llvm::StringLiteral kWorkspaceAttr = "lacuna.workspace";
/// Module attribute: symbols of the launched kernels; their positions are their numbers.
constexpr llvm::StringLiteral kKernelsAttr = "lacuna.kernels";

/// Public functions with a body that are no parts: what an artifact calls entries.
llvm::SmallVector<mlir::func::FuncOp> getEntries(mlir::ModuleOp module);

/// The memref an entry's tensor argument or result becomes: dynamic offset and strides, last stride 1.
mlir::MemRefType getBoundaryType(mlir::RankedTensorType type, mlir::Attribute memorySpace = {});

/// Bufferization of tile.launch.
void registerLaunchBufferization(mlir::DialectRegistry &registry);

#define GEN_PASS_DECL
#include "passes/Host/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "passes/Host/Passes.h.inc"

} // namespace lacuna
