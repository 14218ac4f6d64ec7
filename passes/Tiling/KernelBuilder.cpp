// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernel of one attention op: one work item's query tile against the key tiles that its mask has it visit. The mask part is in MaskWalk, the softmax in
// OnlineSoftmax.
#include "passes/Tiling/AttentionLowering.h"
#include "passes/Tiling/OnlineSoftmax.h"
#include "passes/Tiling/PackHeads.h"
#include "passes/Tiling/SplitKeys.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <limits>

using namespace mlir;
using namespace lacuna;
using attn::AttentionOp;

namespace {

/// The view of Q, K, V or O whose last two dimensions are (sequence, feature), whatever the layout; shares of a split output come first.
Value logicalView(ImplicitLocOpBuilder &b, Value memory, attn::Layout layout, bool hasShares = false) {
  if (layout == attn::Layout::bhsd)
    return memory;
  SmallVector<unsigned> order = layout == attn::Layout::bshd ? SmallVector<unsigned>{0, 2, 1, 3} : SmallVector<unsigned>{1, 0, 2};
  if (hasShares) {
    llvm::for_each(order, [](unsigned &dim) { ++dim; });
    order.insert(order.begin(), 0);
  }
  auto map = AffineMap::getPermutationMap(order, b.getContext());
  return memref::TransposeOp::create(b, memory, AffineMapAttr::get(map));
}

class KernelBuilder {
public:
  KernelBuilder(AttentionLowering &lowering, tile::KernelOp kernel)
      : op(lowering.op), storage(lowering), schedule(lowering.schedule), kernel(kernel), b(op.getLoc(), OpBuilder::atBlockBegin(&kernel.getBody().front())) {
    ValueRange arguments = kernel.getBody().getArguments();
    unsigned fixed = op.getSinkLogits() ? 4 : 3;
    outputs = arguments.drop_back(tile::KernelOp::kNumItemArguments).drop_front(lowering.inputs().size());
    for (auto [outside, inside] : llvm::zip(lowering.captures, arguments.drop_front(fixed)))
      captures.map(outside, inside);
    storage.enter(arguments);
    cloneCapturedConstants(b, op.getMask(), &op.getScore(), captures);
    readArguments(arguments);
  }

  void build() {
    MaskWalk walk(b, op.getMask(), item, captures);
    if (share)
      restrictToShare(b, walk, share, schedule.getSplit());
    OnlineSoftmax softmax(op, item, captures);
    Value query = loadQuery();
    keyRows = emitRows(b, storage.key, k, item.batch, kvHead), valueRows = emitRows(b, storage.value, v, item.batch, kvHead);
    SoftmaxState init = softmax.emitInit(b);
    SmallVector<Value> carried{init.max, init.sum, init.output};
    auto visit = tile::VisitOp::create(b, ValueRange(carried).getTypes(), tile::Axis::Key, schedule.getTileN(), walk.starts, walk.partial, walk.full,
                                       walk.hulls, carried);
    OpBuilder::InsertionGuard guard(b);
    if (walk.needsTest())
      buildTest(visit, walk);
    buildBody(visit.getPartialBody(), carried, softmax, query, &walk);
    buildBody(visit.getFullBody(), carried, softmax, query, nullptr);
    b.setInsertionPointAfter(visit);
    finish(softmax, {visit.getResult(0), visit.getResult(1), visit.getResult(2)});
  }

private:
  void readArguments(ValueRange arguments) {
    auto layout = op.getLayout();
    q = logicalView(b, arguments[0], layout), k = logicalView(b, arguments[1], layout), v = logicalView(b, arguments[2], layout);
    if (op.getSinkLogits())
      sinks = arguments[3];
    ValueRange coordinates = arguments.take_back(tile::KernelOp::kNumItemArguments);
    int64_t head = cast<ShapedType>(q.getType()).getRank() - 3;
    Value heads = sizeOf(b, q, head), kvHeads = sizeOf(b, k, head);
    Value number = coordinates[0];
    if (schedule.getSplit() > 1) { // shares of one query tile are neighbours
      Value shares = arith::ConstantIndexOp::create(b, schedule.getSplit());
      share = arith::RemUIOp::create(b, number, shares);
      number = arith::DivUIOp::create(b, number, shares);
    }
    Value firstRow = arith::MulIOp::create(b, number, arith::ConstantIndexOp::create(b, schedule.getTileM()));
    item = {coordinates[2], coordinates[1], firstRow, emitLength(b, storage.query, q), emitLength(b, storage.key, k), schedule.getTileM(), schedule.getTileN(), heads};
    if (storage.group > 1) {
      kvHead = coordinates[1];
      item.group = storage.group;
      item.head = arith::MulIOp::create(b, kvHead, arith::ConstantIndexOp::create(b, item.group));
      return;
    }
    kvHead = b.createOrFold<arith::DivUIOp>(b.createOrFold<arith::MulIOp>(item.head, kvHeads), heads);
  }

  /// Indices before (row, feature) or (row) in Q and the results.
  SmallVector<Value> rowIndices() {
    SmallVector<Value> indices = op.getDims().batch >= 0 ? SmallVector<Value>{item.batch} : SmallVector<Value>{};
    if (item.group == 1)
      indices.push_back(item.head);
    return indices;
  }
  Value rowLimit() { return b.createOrFold<arith::MulIOp>(item.queryLength, arith::ConstantIndexOp::create(b, item.group)); }

  Value loadQuery() {
    auto type = tile::TileType::get(b.getContext(), {schedule.getTileM(), op.getHeadSize()}, op.getQueryType().getElementType());
    if (item.group > 1) {
      PackedRows rows = packRows(b, kernel.getBody().getArgument(0), op.getDims().head, op.getDims().sequence);
      auto load = tile::LoadOp::create(b, type, rows.memory, rowIndices(), item.firstRow, rowLimit(), /*in_bounds=*/false);
      emitPackedMap(load, rows, item.head, item.group);
      return load;
    }
    KernelRows rows = emitRows(b, storage.query, q, item.batch, item.head);
    auto load = tile::LoadOp::create(b, type, rows.memory, rowIndices(), item.firstRow, rowLimit(), /*in_bounds=*/false);
    emitLoadMap(load, rows);
    return load;
  }

  SmallVector<Value> leading(Value memory, Value head) const {
    return cast<ShapedType>(memory.getType()).getRank() == 4 ? SmallVector<Value>{item.batch, head} : SmallVector<Value>{head};
  }

  Value load(const KernelRows &rows, Value first, int64_t columns, bool inBounds) {
    auto type = tile::TileType::get(b.getContext(), {schedule.getTileN(), columns}, op.getQueryType().getElementType());
    auto load = tile::LoadOp::create(b, type, rows.memory, leading(rows.memory, kvHead), first, item.keyLength, inBounds);
    emitLoadMap(load, rows);
    return load;
  }

  void buildTest(tile::VisitOp visit, MaskWalk &walk) {
    Block *block = b.createBlock(&visit.getTest(), {}, b.getIndexType(), op.getLoc());
    Value k0 = block->getArgument(0);
    TileClass answer = walk.emitTest(b, k0);
    SmallVector<Value> results{answer.any, answer.all};
    if (schedule.getTransposed()) // others compute whole tiles
      if (std::optional<KeySpan> keys = walk.emitKeys(b, k0, answer))
        results.append({keys->low, keys->high});
    tile::YieldOp::create(b, results);
  }

  void buildBody(Region &region, ValueRange carried, const OnlineSoftmax &softmax, Value query, const MaskWalk *mask) {
    SmallVector<Type> types{b.getIndexType()};
    llvm::append_range(types, carried.getTypes());
    Block *block = b.createBlock(&region, {}, types, SmallVector<Location>(types.size(), op.getLoc()));
    Value k0 = block->getArgument(0);
    Value key = load(keyRows, k0, op.getHeadSize(), !mask), value = load(valueRows, k0, op.getValueSize(), !mask);
    SoftmaxState state{block->getArgument(1), block->getArgument(2), block->getArgument(3)};
    SoftmaxState next = softmax.emitStep(b, state, query, key, value, k0, mask);
    tile::YieldOp::create(b, ValueRange{next.max, next.sum, next.output});
  }

  void finish(const OnlineSoftmax &softmax, const SoftmaxState &state) {
    OnlineSoftmax::Results results = softmax.emitFinish(b, state, loadSink(), share != nullptr);
    const Value stored[] = {results.output, results.lse, results.rowMax};
    for (auto [rows, memory] : llvm::zip(ArrayRef(stored).take_front(outputs.size()), outputs)) {
      SmallVector<Value> indices = rowIndices();
      if (share)
        indices.insert(indices.begin(), share);
      bool isOutput = rows == results.output;
      if (item.group > 1) {
        storePacked(rows, memory, indices, isOutput);
        continue;
      }
      Value view = isOutput ? logicalView(b, memory, op.getLayout(), share != nullptr) : memory;
      KernelRows places = emitRows(b, isOutput ? storage.output : RowStorage(), view, item.batch, item.head);
      emitStoreMap(tile::StoreOp::create(b, rows, places.memory, indices, item.firstRow, rowLimit()), places);
    }
    tile::ReturnOp::create(b);
  }

  void storePacked(Value tile, Value memory, ValueRange indices, bool isOutput) {
    int64_t rank = cast<ShapedType>(memory.getType()).getRank(), shares = share ? 1 : 0;
    PackedRows rows = isOutput ? packRows(b, memory, op.getDims().head + shares, op.getDims().sequence + shares) : packRows(b, memory, rank - 2, rank - 1);
    auto store = tile::StoreOp::create(b, tile, rows.memory, indices, item.firstRow, rowLimit());
    emitPackedMap(store, rows, item.head, item.group);
  }

  /// The head's sink logit, that of every row's head where rows are of several heads, or null.
  Value loadSink() {
    if (!sinks || item.group == 1)
      return sinks ? sinkOf(b, item.head) : Value();
    auto rows = tile::TileType::get(b.getContext(), {schedule.getTileM()}, b.getF32Type());
    auto build = [&](OpBuilder &inner, Location loc, ValueRange) {
      ImplicitLocOpBuilder at(loc, inner);
      tile::YieldOp::create(at, sinkOf(at, item.rowHead(at)));
    };
    return tile::MapOp::create(b, TypeRange{rows}, ValueRange(), ArrayRef<tile::Broadcast>(), build).getResult(0);
  }

  /// Only the first share of a row counts a sink.
  Value sinkOf(ImplicitLocOpBuilder &at, Value head) {
    Value sink = memref::LoadOp::create(at, sinks, head);
    if (!share)
      return sink;
    Value isFirst = arith::CmpIOp::create(at, arith::CmpIPredicate::eq, share, arith::ConstantIndexOp::create(at, 0));
    Value none = arith::ConstantOp::create(at, at.getF32FloatAttr(-std::numeric_limits<float>::infinity()));
    return arith::SelectOp::create(at, isFirst, sink, none);
  }

  AttentionOp op;
  AttentionLowering storage; // its storages by the kernel's arguments
  attn::ScheduleAttr schedule;
  tile::KernelOp kernel;
  ImplicitLocOpBuilder b;
  IRMapping captures;
  ValueRange outputs;
  Value q, k, v, sinks, kvHead, share; // share: which part of the key tiles, null where they are not split
  KernelRows keyRows, valueRows;
  WorkItem item;
};

} // namespace

void lacuna::buildKernel(AttentionLowering &lowering, tile::KernelOp kernel) { KernelBuilder(lowering, kernel).build(); }
