// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One-shot bufferization with the boundary types of the parameter block.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTBUFFERIZEPASS
#include "passes/Host/Passes.h.inc"

namespace {

constexpr uint64_t kBufferAlignment = 64;

bufferization::BufferLikeType convertArgument(bufferization::TensorLikeType type, Attribute space, func::FuncOp,
                                              const bufferization::BufferizationOptions &) {
  return cast<bufferization::BufferLikeType>(getBoundaryType(cast<RankedTensorType>(Type(type)), space));
}

struct HostBufferize final : impl::HostBufferizePassBase<HostBufferize> {
  void runOnOperation() override {
    bufferization::OneShotBufferizationOptions options;
    options.bufferizeFunctionBoundaries = true;
    options.functionArgTypeConverterFn = convertArgument;
    options.inferFunctionResultLayout = true;
    options.bufferAlignment = kBufferAlignment;
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotModuleBufferize(getOperation(), options, state)))
      signalPassFailure();
  }
};

} // namespace
} // namespace lacuna
