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

/// x brought into [0, size).
Value clamp(ImplicitLocOpBuilder &b, Value x, Value size) {
  return max(b, min(b, x, b.createOrFold<arith::SubIOp>(size, constant(b, 1))), constant(b, 0));
}

Value entry(ImplicitLocOpBuilder &b, Value table, ValueRange at) {
  return arith::IndexCastOp::create(b, b.getIndexType(), memref::LoadOp::create(b, table, at));
}

/// Batch and head of a table of rows (docs of attn sets: shared by all, by a group, or own).
SmallVector<Value> tableRow(ImplicitLocOpBuilder &b, Value table, Value batch, Value head, Value heads) {
  Value shared = b.createOrFold<arith::CmpIOp>(CmpIPredicate::eq, sizeOf(b, table, 0), constant(b, 1));
  Value own = b.createOrFold<arith::SelectOp>(shared, constant(b, 0), batch);
  return {own, b.createOrFold<arith::DivUIOp>(b.createOrFold<arith::MulIOp>(head, sizeOf(b, table, 1)), heads)};
}

/// Pages as one memory of unit row stride.
Value pagedMemory(ImplicitLocOpBuilder &b, Value view, memref::ExtractStridedMetadataOp metadata) {
  auto type = cast<MemRefType>(view.getType());
  OpFoldResult heads = sizeOf(b, view, 1), one = b.getIndexAttr(1);
  OpFoldResult rows = constant(b, int64_t(1) << 40); // nobody asks: the table bounds them
  SmallVector<OpFoldResult> sizes{heads, rows, b.getIndexAttr(type.getDimSize(3))};
  SmallVector<OpFoldResult> strides{metadata.getStrides()[1], one, one};
  SmallVector<int64_t> shape{ShapedType::kDynamic, ShapedType::kDynamic, type.getDimSize(3)}, strideValues{ShapedType::kDynamic, 1, 1};
  auto flat = MemRefType::get(shape, type.getElementType(), StridedLayoutAttr::get(b.getContext(), ShapedType::kDynamic, strideValues));
  return memref::ReinterpretCastOp::create(b, flat, metadata.getBaseBuffer(), metadata.getOffset(), sizes, strides);
}

/// Rows that a table names.
Value emitGatheredLength(ImplicitLocOpBuilder &b, const RowStorage &storage) {
  if (!storage.page)
    return sizeOf(b, storage.table, 2);
  return b.createOrFold<arith::MulIOp>(sizeOf(b, storage.table, 1), constant(b, storage.page));
}

/// Sizes that only run-time values can get wrong.
struct Requirements {
  ImplicitLocOpBuilder &b;
  StringRef user;

  void add(Value expected, Value got, StringRef what) {
    std::optional<int64_t> x = getConstantIntValue(expected), y = getConstantIntValue(got);
    if (!x || !y || *x != *y)
      tile::RequireOp::create(b, expected, got, b.getStringAttr(user + ": " + what));
  }

  /// A size that the type of `result` states where its origin does not.
  void addStated(Value result, int64_t i, Value got, StringRef what) {
    auto type = cast<ShapedType>(result.getType());
    if (!type.isDynamicDim(i))
      add(constant(b, type.getDimSize(i)), got, what);
  }

  /// A table of rows, shared as those of sets are.
  void addTable(Value table, Value batches, Value heads) {
    Value one = constant(b, 1), zero = constant(b, 0), entries = sizeOf(b, table, 0), groups = sizeOf(b, table, 1);
    Value shared = arith::CmpIOp::create(b, CmpIPredicate::eq, entries, one);
    add(batches, arith::SelectOp::create(b, shared, batches, entries), "batch entries of the row table (1 or)");
    add(one, min(b, groups, one), "heads of the row table (at least)");
    add(zero, b.createOrFold<arith::RemUIOp>(heads, max(b, groups, one)), "heads modulo heads of the row table");
  }
};

Block *addMap(ImplicitLocOpBuilder &b, Region &map) { return b.createBlock(&map, {}, b.getIndexType(), b.getLoc()); }

} // namespace

Value sizeOf(ImplicitLocOpBuilder &b, Value memory, int64_t i) {
  if (isa<MemRefType>(memory.getType()))
    return b.createOrFold<memref::DimOp>(memory, i);
  return b.createOrFold<tensor::DimOp>(memory, i);
}

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

void emitGatherRequirements(ImplicitLocOpBuilder &b, const RowStorage &storage, Value result, attn::Layout layout, Value batches, StringRef user) {
  if (!storage.table)
    return;
  Requirements requirements{b, user};
  attn::Dims dims = attn::dimsOf(layout);
  // A table without entries reads nothing.
  Value one = constant(b, 1), needed = min(b, sizeOf(b, storage.table, storage.page ? 1 : 2), one);
  Value rows = sizeOf(b, storage.source, storage.page ? dims.batch : dims.sequence);
  requirements.add(needed, min(b, rows, needed), storage.page ? "pages of the cache (at least)" : "rows to gather (at least)");
  for (int64_t i = 0, rank = cast<ShapedType>(result.getType()).getRank(); i < rank; ++i)
    if (i != dims.sequence && !(storage.page && i == dims.batch))
      requirements.addStated(result, i, sizeOf(b, storage.source, i), "a stated size of a gathered tensor");
  requirements.addStated(result, dims.sequence, emitGatheredLength(b, storage), "the stated length of a gathered tensor");
  if (storage.page)
    return requirements.add(batches, sizeOf(b, storage.table, 0), "batch entries of the page table");
  requirements.addTable(storage.table, batches, sizeOf(b, storage.source, dims.head));
}

void emitScatterRequirements(ImplicitLocOpBuilder &b, attn::ScatterRowsOp scatter, Value batches, Value heads, Value rows, StringRef user) {
  Requirements requirements{b, user};
  attn::Dims dims = attn::dimsOf(scatter.getLayout());
  if (dims.batch >= 0)
    requirements.add(batches, sizeOf(b, scatter.getInit(), dims.batch), "batch entries to scatter into");
  requirements.add(heads, sizeOf(b, scatter.getInit(), dims.head), "heads to scatter into");
  requirements.add(rows, sizeOf(b, scatter.getRows(), 2), "rows of the scatter's table");
  requirements.addTable(scatter.getRows(), batches, heads);
}

Value emitLength(ImplicitLocOpBuilder &b, const RowStorage &storage, Value view) {
  if (!storage.table)
    return sizeOf(b, view, cast<MemRefType>(view.getType()).getRank() - 2);
  return emitGatheredLength(b, storage);
}

KernelRows emitRows(ImplicitLocOpBuilder &b, const RowStorage &storage, Value view, Value batch, Value head) {
  KernelRows rows{view, storage.table, {}, {}, storage.page, {}, {}};
  int64_t rank = cast<MemRefType>(view.getType()).getRank();
  if (storage.page) {
    auto metadata = memref::ExtractStridedMetadataOp::create(b, view);
    rows.memory = pagedMemory(b, view, metadata);
    rows.at = {batch}, rows.count = sizeOf(b, view, 0);
    rows.pageStride = metadata.getStrides()[0], rows.rowStride = metadata.getStrides()[2];
  } else if (storage.table) {
    rows.at = tableRow(b, storage.table, batch, head, sizeOf(b, view, rank - 3)), rows.count = sizeOf(b, view, rank - 2);
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
