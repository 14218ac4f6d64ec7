// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The part of convert-tile-to-nvvm and convert-tile-to-rocdl that both share: patterns from tile to upstream dialects,
// and the kernel's frame.
#pragma once

#include "lib/GPU/RegisterTile.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace lacuna {

/// Base of the patterns: the operation's tiles arrive and leave as lists of registers.
template <typename Op> struct TilePattern : mlir::OpConversionPattern<Op> {
  TilePattern(const mlir::TypeConverter &converter, mlir::MLIRContext *context, const GpuTarget &target)
      : mlir::OpConversionPattern<Op>(converter, context), target(target) {}
  const GpuTarget &target;
};

void populateElementwisePatterns(mlir::RewritePatternSet &, const mlir::TypeConverter &,
                                 const GpuTarget &); // map, convert
void populateReducePatterns(mlir::RewritePatternSet &, const mlir::TypeConverter &, const GpuTarget &);
void populateVisitPatterns(mlir::RewritePatternSet &, const mlir::TypeConverter &, const GpuTarget &);
void populateTransferPatterns(mlir::RewritePatternSet &, const mlir::TypeConverter &,
                              const GpuTarget &); // load and store of registers
void populateRingPatterns(mlir::RewritePatternSet &, const mlir::TypeConverter &,
                          const GpuTarget &); // ring, copy, acquire, release
void populateMathPatterns(mlir::RewritePatternSet &, const GpuTarget &);

/// What the frame of a kernel looks like on a target.
struct KernelFrame {
  unsigned parameterSpace;            // address space of the parameter block
  llvm::StringRef parameterAttribute; // llvm.byval or llvm.byref
  llvm::StringRef kernelAttribute;    // marks the function as a kernel
  bool dynamicShared;                 // shared memory is sized at launch
  bool dottedSymbols;                 // symbols of the object format may hold dots
};

/// Symbol of kernel `name` in the device code.
std::string kernelSymbol(const KernelFrame &frame, llvm::StringRef name);

/// Symbol of the shared memory of kernel `name`.
std::string sharedSymbol(const KernelFrame &frame, llvm::StringRef name);

/// Moves a tile.kernel into `module` as an llvm.func whose only argument is the parameter block; the body still holds
/// tile operations.
mlir::LLVM::LLVMFuncOp outlineKernel(tile::KernelOp kernel, mlir::gpu::GPUModuleOp module, const KernelFrame &frame,
                                     const GpuTarget &target);

/// Lowers all tile operations in a function made by `outlineKernel`.
mlir::LogicalResult lowerKernelBody(mlir::LLVM::LLVMFuncOp function, const GpuTarget &target);

/// Name of the gpu.module that holds the kernels.
constexpr llvm::StringLiteral kKernelModule = "kernels";
/// llvm.func attributes that the pipelines read: name of the tile.kernel, threads of a block, bytes of dynamic shared
/// memory, bytes of the parameter block.
constexpr llvm::StringLiteral kNameAttribute = "lacuna.kernel", kThreadsAttribute = "lacuna.threads",
                              kSharedBytesAttribute = "lacuna.shared_bytes",
                              kParameterBytesAttribute = "lacuna.parameter_bytes";

} // namespace lacuna
