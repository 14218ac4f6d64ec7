// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/RowStorage.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

Value dim(ImplicitLocOpBuilder &b, Value memory, int64_t i) {
  if (isa<MemRefType>(memory.getType()))
    return b.createOrFold<memref::DimOp>(memory, i);
  return b.createOrFold<tensor::DimOp>(memory, i);
}

/// x brought into [0, size).
Value clamp(ImplicitLocOpBuilder &b, Value x, Value size) {
  return max(b, min(b, x, b.createOrFold<arith::SubIOp>(size, constant(b, 1))), constant(b, 0));
}

Value entry(ImplicitLocOpBuilder &b, Value table, ValueRange at) {
  return arith::IndexCastOp::create(b, b.getIndexType(), memref::LoadOp::create(b, table, at));
}

/// Batch and head of a table of rows (docs of attn sets: shared by all, by a group, or own).
SmallVector<Value> tableRow(ImplicitLocOpBuilder &b, Value table, Value batch, Value head, Value heads) {
  Value shared = b.createOrFold<arith::CmpIOp>(CmpIPredicate::eq, dim(b, table, 0), constant(b, 1));
  Value own = b.createOrFold<arith::SelectOp>(shared, constant(b, 0), batch);
  return {own, b.createOrFold<arith::DivUIOp>(b.createOrFold<arith::MulIOp>(head, dim(b, table, 1)), heads)};
}

/// Pages as one memory of unit row stride.
Value pagedMemory(ImplicitLocOpBuilder &b, Value view, memref::ExtractStridedMetadataOp metadata) {
  auto type = cast<MemRefType>(view.getType());
  OpFoldResult heads = dim(b, view, 1), one = b.getIndexAttr(1);
  OpFoldResult rows = constant(b, int64_t(1) << 40); // nobody asks: the table bounds them
  SmallVector<OpFoldResult> sizes{heads, rows, b.getIndexAttr(type.getDimSize(3))};
  SmallVector<OpFoldResult> strides{metadata.getStrides()[1], one, one};
  SmallVector<int64_t> shape{ShapedType::kDynamic, ShapedType::kDynamic, type.getDimSize(3)}, strideValues{ShapedType::kDynamic, 1, 1};
  auto flat = MemRefType::get(shape, type.getElementType(), StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic, strideValues));
  return memref::ReinterpretCastOp::create(b, flat, metadata.getBaseBuffer(), metadata.getOffset(), sizes, strides);
}

Block *addMap(ImplicitLocOpBuilder &b, Region &map) { return b.createBlock(&map, {}, b.getIndexType(), b.getLoc()); }

} // namespace

RowStorage storageOf(Value operand, attn::Layout layout) {
  if (auto gather = operand.getDefiningOp<attn::GatherRowsOp>(); gather && gather.getLayout() == layout)
    return {gather.getSource(), gather.getRows(), 0};
  if (auto gather = operand.getDefiningOp<attn::GatherPagesOp>(); gather && gather.getLayout() == layout)
    return {gather.getCache(), gather.getTable(), gather.getCache().getType().getDimSize(attn::dimsOf(layout).sequence)};
  return {operand, Value(), 0};
}

attn::ScatterRowsOp scatterOf(Value output, attn::Layout layout) {
  if (!output.hasOneUse())
    return {};
  auto scatter = dyn_cast<attn::ScatterRowsOp>(*output.getUsers().begin());
  return scatter && scatter.getSource() == output && scatter.getLayout() == layout ? scatter : attn::ScatterRowsOp();
}

void emitTableRequirements(ImplicitLocOpBuilder &b, const RowStorage &storage, attn::Layout layout, Value batches, bool reads) {
  if (!storage.table)
    return;
  attn::Dims dims = attn::dimsOf(layout);
  Value one = constant(b, 1), zero = constant(b, 0), entries = dim(b, storage.table, 0);
  auto require = [&](Value expected, Value got, StringRef what) {
    std::optional<int64_t> x = getConstantIntValue(expected), y = getConstantIntValue(got);
    if (!x || !y || *x != *y)
      tile::RequireOp::create(b, expected, got, b.getStringAttr(what));
  };
  Value needed = dim(b, storage.table, storage.page ? 1 : 2); // a table without entries reads nothing
  Value rows = dim(b, storage.source, storage.page ? dims.batch : dims.sequence);
  if (reads)
    require(min(b, needed, one), min(b, rows, min(b, needed, one)), storage.page ? "attention: pages of the cache (at least)" : "attention: rows to gather (at least)");
  if (storage.page)
    return require(batches, entries, "attention: batch entries of the page table");
  Value shared = arith::CmpIOp::create(b, CmpIPredicate::eq, entries, one);
  require(batches, arith::SelectOp::create(b, shared, batches, entries), "attention: batch entries of the row table (1 or)");
  Value groups = dim(b, storage.table, 1), heads = dim(b, storage.source, dims.head);
  require(one, min(b, groups, one), "attention: heads of the row table (at least)");
  require(zero, b.createOrFold<arith::RemUIOp>(heads, max(b, groups, one)), "attention: heads modulo heads of the row table");
}

Value emitLength(ImplicitLocOpBuilder &b, const RowStorage &storage, Value view) {
  if (!storage.table)
    return dim(b, view, cast<MemRefType>(view.getType()).getRank() - 2);
  if (!storage.page)
    return dim(b, storage.table, 2);
  return b.createOrFold<arith::MulIOp>(dim(b, storage.table, 1), constant(b, storage.page));
}

KernelRows emitRows(ImplicitLocOpBuilder &b, const RowStorage &storage, Value view, Value batch, Value head) {
  KernelRows rows{view, storage.table, {}, {}, storage.page, {}, {}};
  int64_t rank = cast<MemRefType>(view.getType()).getRank();
  if (storage.page) {
    auto metadata = memref::ExtractStridedMetadataOp::create(b, view);
    rows.memory = pagedMemory(b, view, metadata);
    rows.at = {batch}, rows.count = dim(b, view, 0);
    rows.pageStride = metadata.getStrides()[0], rows.rowStride = metadata.getStrides()[2];
  } else if (storage.table) {
    rows.at = tableRow(b, storage.table, batch, head, dim(b, view, rank - 3)), rows.count = dim(b, view, rank - 2);
  }
  return rows;
}

void emitLoadMap(tile::LoadOp load, const KernelRows &rows) {
  if (!rows.table)
    return;
  ImplicitLocOpBuilder b(load.getLoc(), load);
  Value row = addMap(b, load.getMap())->getArgument(0);
  SmallVector<Value> at(rows.at);
  if (!rows.page) {
    at.push_back(row);
    tile::YieldOp::create(b, clamp(b, entry(b, rows.table, at), rows.count));
    return;
  }
  Value size = constant(b, rows.page);
  at.push_back(arith::DivUIOp::create(b, row, size));
  Value page = clamp(b, entry(b, rows.table, at), rows.count);
  Value inPage = arith::MulIOp::create(b, arith::RemUIOp::create(b, row, size), rows.rowStride);
  tile::YieldOp::create(b, arith::AddIOp::create(b, arith::MulIOp::create(b, page, rows.pageStride), inPage).getResult());
}

void emitStoreMap(tile::StoreOp store, const KernelRows &rows) {
  if (!rows.table)
    return;
  ImplicitLocOpBuilder b(store.getLoc(), store);
  SmallVector<Value> at(rows.at);
  at.push_back(addMap(b, store.getMap())->getArgument(0));
  Value row = entry(b, rows.table, at);
  tile::YieldOp::create(b, ValueRange{row, arith::CmpIOp::create(b, CmpIPredicate::ult, row, rows.count)});
}

} // namespace lacuna
