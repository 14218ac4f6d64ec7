// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.launch on memrefs: inputs are read where they lie, inits are written in place. Kernels rely on a last stride of 1, so an
// input without it is copied; an init always has it (fresh buffers and entry results do).
#include "passes/Host/Passes.h"

#include "dialects/Tile/Tile.h"

#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/DialectRegistry.h"

using namespace mlir;
using namespace mlir::bufferization;

namespace {

bool isLastStrideOne(MemRefType type) {
  auto [strides, offset] = type.getStridesAndOffset();
  return strides.empty() || strides.back() == 1;
}

/// `buffer`, or a contiguous copy of it.
FailureOr<Value> withLastStrideOne(RewriterBase &rewriter, Location loc, Value buffer, const BufferizationOptions &options) {
  auto type = cast<MemRefType>(buffer.getType());
  if (isLastStrideOne(type))
    return buffer;
  SmallVector<Value> sizes;
  for (int64_t i = 0; i < type.getRank(); ++i)
    if (type.isDynamicDim(i))
      sizes.push_back(memref::DimOp::create(rewriter, loc, buffer, i));
  FailureOr<Value> copy = options.createAlloc(rewriter, loc, MemRefType::get(type.getShape(), type.getElementType()), sizes);
  if (failed(copy) || failed(options.createMemCpy(rewriter, loc, buffer, *copy)))
    return failure();
  return *copy;
}

struct LaunchModel : DstBufferizableOpInterfaceExternalModel<LaunchModel, lacuna::tile::LaunchOp> {
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter, const BufferizationOptions &options, BufferizationState &state) const {
    auto launch = cast<lacuna::tile::LaunchOp>(op);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(op);
    auto toBuffer = [&](Value value, SmallVector<Value> &buffers) -> LogicalResult {
      if (!isa<TensorType>(value.getType()))
        return buffers.push_back(value), success();
      FailureOr<Value> buffer = getBuffer(rewriter, value, options, state);
      if (succeeded(buffer))
        buffer = withLastStrideOne(rewriter, op->getLoc(), *buffer, options);
      if (failed(buffer))
        return failure();
      return buffers.push_back(*buffer), success();
    };
    SmallVector<Value> inputs, inits;
    for (Value input : launch.getInputs())
      if (failed(toBuffer(input, inputs)))
        return failure();
    for (Value init : launch.getInits()) {
      FailureOr<Value> buffer = getBuffer(rewriter, init, options, state);
      if (failed(buffer))
        return failure();
      if (!isLastStrideOne(cast<MemRefType>(buffer->getType())))
        return op->emitOpError("expects an init with last stride 1, but got ") << buffer->getType();
      inits.push_back(*buffer);
    }
    auto lowered = lacuna::tile::LaunchOp::create(rewriter, op->getLoc(), TypeRange(), launch.getKernelAttr(), launch.getGrid(), inputs, inits);
    lowered->setDiscardableAttrs(launch->getDiscardableAttrDictionary());
    replaceOpWithBufferizedValues(rewriter, op, ArrayRef(inits).take_back(op->getNumResults()));
    return success();
  }
};

} // namespace

void lacuna::registerLaunchBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tile::TileDialect *) {
    tile::LaunchOp::attachInterface<LaunchModel>(*context);
    // Bufferization creates ops of this dialect.
    context->loadDialect<memref::MemRefDialect>();
  });
}
