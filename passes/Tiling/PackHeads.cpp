// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/PackHeads.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace lacuna {

PackedRows packRows(ImplicitLocOpBuilder &b, Value memory, int64_t headDim, int64_t queryDim) {
  auto type = cast<MemRefType>(memory.getType());
  auto metadata = memref::ExtractStridedMetadataOp::create(b, memory);
  SmallVector<OpFoldResult> sizes, strides;
  SmallVector<int64_t> shape, strideValues;
  auto add = [&](int64_t size, OpFoldResult sizeValue, int64_t stride, OpFoldResult strideValue) {
    shape.push_back(size), sizes.push_back(sizeValue), strideValues.push_back(stride), strides.push_back(strideValue);
  };
  auto addRows = [&] { add(ShapedType::kDynamic, constant(b, int64_t(1) << 40), 1, b.getIndexAttr(1)); }; // nobody asks: the limit bounds them
  for (int64_t i = 0; i < type.getRank(); ++i) {
    if (i == headDim || i == queryDim)
      continue;
    if (i == type.getRank() - 1) { // features
      addRows();
      add(type.getDimSize(i), b.getIndexAttr(type.getDimSize(i)), 1, b.getIndexAttr(1));
    } else {
      add(type.getDimSize(i), memref::getMixedSize(b, b.getLoc(), memory, i), ShapedType::kDynamic, metadata.getStrides()[i]);
    }
  }
  if (std::max(headDim, queryDim) == type.getRank() - 1)
    addRows();
  auto flat = MemRefType::get(shape, type.getElementType(), StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic, strideValues));
  Value rows = memref::ReinterpretCastOp::create(b, flat, metadata.getBaseBuffer(), metadata.getOffset(), sizes, strides);
  return {rows, metadata.getStrides()[headDim], metadata.getStrides()[queryDim]};
}

void emitPackedMap(Operation *loadOrStore, const PackedRows &rows, Value firstHead, int64_t group) {
  ImplicitLocOpBuilder b(loadOrStore->getLoc(), loadOrStore);
  Value row = b.createBlock(&loadOrStore->getRegion(0), {}, b.getIndexType(), b.getLoc())->getArgument(0);
  Value size = constant(b, group), head = add(b, firstHead, arith::RemUIOp::create(b, row, size)), query = arith::DivUIOp::create(b, row, size);
  SmallVector<Value> results{add(b, arith::MulIOp::create(b, query, rows.queries), arith::MulIOp::create(b, head, rows.heads))};
  if (isa<tile::StoreOp>(loadOrStore))
    results.push_back(boolean(b, true));
  tile::YieldOp::create(b, results);
}

} // namespace lacuna
