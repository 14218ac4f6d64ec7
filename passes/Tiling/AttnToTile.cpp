// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-to-tile: outlines each attention op into a tile.kernel and leaves a tile.launch. The mask part is in MaskWalk, the softmax in OnlineSoftmax.
#include "lib/Analysis/HeadGroups.h"
#include "passes/Tiling/OnlineSoftmax.h"
#include "passes/Tiling/PackHeads.h"
#include "passes/Tiling/Passes.h"
#include "passes/Tiling/RowStorage.h"
#include "passes/Tiling/SplitKeys.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <limits>

namespace lacuna {
#define GEN_PASS_DEF_ATTNTOTILEPASS
#include "passes/Tiling/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using attn::AttentionOp;

namespace {

/// A kernel sees tensors of any strides with last stride 1.
Type parameterType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return type;
  SmallVector<int64_t> strides(tensor.getRank(), ShapedType::kDynamic);
  if (!strides.empty())
    strides.back() = 1;
  return MemRefType::get(tensor.getShape(), tensor.getElementType(), StridedLayoutAttr::get(type.getContext(), ShapedType::kDynamic, strides));
}

/// Everything about one lowering: operands of the launch, and their places in the kernel.
struct Lowering {
  AttentionOp op;
  SmallVector<Value> captures; // values that mask and score region use
  attn::ScheduleAttr schedule;
  int64_t group = 1;                    // query heads whose rows share a tile
  RowStorage query, key, value, output; // on the host
  attn::ScatterRowsOp scatter;          // of the output, if the kernel does it

  Lowering(AttentionOp op) : op(op), captures(collectCaptures(op.getMask(), &op.getScore())), schedule(op.getScheduleAttr()) {
    auto layout = op.getLayout();
    query = storageOf(op.getQuery(), layout), key = storageOf(op.getKey(), layout), value = storageOf(op.getValue(), layout);
    if (query.page) // pages are for keys and values: outputs have rows of their own
      query = {op.getQuery(), Value(), 0};
    // The kernel stands where the scatter was: nobody may want its other results before. Shares and heads as rows have no rows of the scatter's kind.
    if (schedule.getPackHeads())
      group = packableHeads(op);
    if (schedule.getSplit() <= 1 && group == 1 && llvm::all_of(op->getResults().drop_front(), [](Value v) { return v.use_empty(); }))
      scatter = scatterOf(op.getResult(0), layout);
    if (scatter)
      output.table = scatter.getRows();
  }

  std::array<RowStorage *, 4> storages() { return {&query, &key, &value, &output}; }

  /// Q, K, V, sink logits, captures, tables of rows: the kernel's parameters before the outputs.
  SmallVector<Value> inputs() {
    SmallVector<Value> result{query.source, key.source, value.source};
    if (op.getSinkLogits())
      result.push_back(op.getSinkLogits());
    llvm::append_range(result, captures);
    for (RowStorage *storage : storages())
      if (storage->table)
        result.push_back(storage->table);
    return result;
  }

  /// The same storages by the kernel's arguments.
  void enter(ValueRange arguments) {
    query.source = arguments[0], key.source = arguments[1], value.source = arguments[2];
    size_t next = (op.getSinkLogits() ? 4 : 3) + captures.size();
    for (RowStorage *storage : storages())
      if (storage->table)
        storage->table = arguments[next++];
  }
};

Value dim(ImplicitLocOpBuilder &b, Value memory, int64_t i) {
  auto type = cast<ShapedType>(memory.getType());
  if (!type.isDynamicDim(i))
    return arith::ConstantIndexOp::create(b, type.getDimSize(i));
  if (isa<MemRefType>(type))
    return memref::DimOp::create(b, memory, i);
  return tensor::DimOp::create(b, memory, i);
}

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
  KernelBuilder(Lowering &lowering, tile::KernelOp kernel)
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
    Value heads = dim(b, q, head), kvHeads = dim(b, k, head);
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
  Lowering storage; // its storages by the kernel's arguments
  attn::ScheduleAttr schedule;
  tile::KernelOp kernel;
  ImplicitLocOpBuilder b;
  IRMapping captures;
  ValueRange outputs;
  Value q, k, v, sinks, kvHead, share; // share: which part of the key tiles, null where they are not split
  KernelRows keyRows, valueRows;
  WorkItem item;
};

/// Sizes that only run-time values can get wrong.
void emitRequirements(ImplicitLocOpBuilder &b, AttentionOp op) {
  auto dims = op.getDims();
  Value q = op.getQuery(), k = op.getKey(), v = op.getValue(), one = arith::ConstantIndexOp::create(b, 1);
  auto require = [&](Value expected, Value got, StringRef what) {
    std::optional<int64_t> x = getConstantIntValue(expected), y = getConstantIntValue(got);
    if (!x || !y || *x != *y)
      tile::RequireOp::create(b, expected, got, b.getStringAttr(what));
  };
  auto same = [&](Value x, Value y, int64_t i, StringRef what) { require(dim(b, x, i), dim(b, y, i), what); };
  if (dims.batch >= 0) {
    same(q, k, dims.batch, "attention: batch size of key");
    same(q, v, dims.batch, "attention: batch size of value");
  }
  same(k, v, dims.head, "attention: number of heads of value");
  same(k, v, dims.sequence, "attention: length of value");
  Value heads = dim(b, q, dims.head), kvHeads = dim(b, k, dims.head);
  Value some = b.createOrFold<arith::MaxSIOp>(kvHeads, one);
  require(one, b.createOrFold<arith::MinSIOp>(heads, one), "attention: number of query heads (at least)");
  require(one, b.createOrFold<arith::MinSIOp>(kvHeads, one), "attention: number of key heads (at least)");
  require(arith::ConstantIndexOp::create(b, 0), b.createOrFold<arith::RemUIOp>(heads, some), "attention: query heads modulo key heads");
  if (op.getSinkLogits())
    require(heads, dim(b, op.getSinkLogits(), 0), "attention: number of sink logits");
}

SmallVector<Value> createOutputs(ImplicitLocOpBuilder &b, AttentionOp op) {
  ReifiedRankedShapedTypeDims shapes;
  if (failed(op.reifyResultShapes(b, shapes)))
    return {};
  SmallVector<Value> outputs;
  for (auto [shape, type] : llvm::zip(shapes, op.getResultTypes()))
    outputs.push_back(tensor::EmptyOp::create(b, shape, cast<RankedTensorType>(type).getElementType()));
  return outputs;
}

LogicalResult lower(AttentionOp op, StringRef name, OpBuilder &atModule) {
  if (!op.getScheduleAttr())
    return op.emitOpError("expects a schedule (run attn-select-schedule first)");
  int64_t shares = op.getScheduleAttr().getSplit();
  if (shares > 1 && op.hasRowMax())
    return op.emitOpError("expects no row max of keys that are split, but got ") << op.getScheduleAttr();
  Lowering lowering(op);
  if (lowering.schedule.getPackHeads() && lowering.group == 1)
    return op.emitOpError("expects static numbers of heads, of which several share a key head, and no gathered queries or masks tested tile by tile with "
                          "pack_heads, but got ")
           << lowering.schedule;
  SmallVector<Value> inputs = lowering.inputs();
  ImplicitLocOpBuilder b(op.getLoc(), op);
  if (lowering.scatter)
    b.setInsertionPoint(lowering.scatter); // its init may come later than the attention
  SmallVector<Value> outputs = shares > 1 ? createShares(b, op, shares) : createOutputs(b, op);
  if (lowering.scatter)
    outputs[0] = lowering.scatter.getInit();
  SmallVector<Type> types;
  for (Value value : inputs)
    types.push_back(parameterType(value.getType()));
  for (Value value : outputs)
    types.push_back(parameterType(value.getType()));
  types.append(tile::KernelOp::kNumItemArguments, b.getIndexType());
  auto kernel = tile::KernelOp::create(atModule, op.getLoc(), name, b.getFunctionType(types, {}));
  kernel->setAttr(tile::TileDialect::getScheduleAttrName(), lowering.schedule);
  KernelBuilder(lowering, kernel).build();

  emitRequirements(b, op);
  auto dims = op.getDims();
  Value entries = dims.batch >= 0 ? dim(b, op.getQuery(), dims.batch) : arith::ConstantIndexOp::create(b, 1).getResult();
  for (auto [storage, gathered] : {std::pair(lowering.query, op.getQuery()), std::pair(lowering.key, op.getKey()), std::pair(lowering.value, op.getValue())})
    emitGatherRequirements(b, storage, gathered, op.getLayout(), entries, "attention");
  if (lowering.scatter)
    emitScatterRequirements(b, lowering.scatter, entries, dim(b, op.getQuery(), dims.head), dim(b, op.getQuery(), dims.sequence), "attention");
  Value tileM = arith::ConstantIndexOp::create(b, lowering.schedule.getTileM());
  Value rows = b.createOrFold<arith::MulIOp>(dim(b, op.getQuery(), dims.sequence), arith::ConstantIndexOp::create(b, lowering.group));
  Value tiles = b.createOrFold<arith::CeilDivUIOp>(rows, tileM);
  tiles = b.createOrFold<arith::MulIOp>(tiles, arith::ConstantIndexOp::create(b, shares));
  if (auto least = op->getAttrOfType<IntegerAttr>(AttentionOp::kMinQueriesAttr)) {
    Value enough = arith::CmpIOp::create(b, arith::CmpIPredicate::uge, dim(b, op.getQuery(), dims.sequence), arith::ConstantIndexOp::create(b, least.getInt()));
    tiles = arith::SelectOp::create(b, enough, tiles, arith::ConstantIndexOp::create(b, 0));
  }
  Value heads = dim(b, lowering.group > 1 ? op.getKey() : op.getQuery(), dims.head);
  auto launch = tile::LaunchOp::create(b, ValueRange(outputs).getTypes(), name, ValueRange{tiles, heads, entries}, inputs, outputs);
  SmallVector<Value> results = shares > 1 ? mergeShares(b, op, launch.getResults(), shares) : SmallVector<Value>(launch.getResults());
  SmallVector<Value> replaced(op.getResults());
  if (lowering.scatter)
    replaced[0] = lowering.scatter.getResult();
  for (auto [result, old] : llvm::zip(results, replaced)) {
    bool same = result.getType() == old.getType();
    old.replaceAllUsesWith(same ? result : tensor::CastOp::create(b, old.getType(), result).getResult());
  }
  if (lowering.scatter)
    lowering.scatter.erase();
  op.erase();
  return success();
}

/// Masks are pure descriptions: once no attention uses them they are dead.
void eraseDeadMasks(ModuleOp module) {
  SmallVector<Operation *> masks;
  module.walk([&](Operation *op) {
    if (op->getNumResults() == 1 && isa<attn::MaskType>(op->getResult(0).getType()))
      masks.push_back(op);
  });
  for (Operation *op : llvm::reverse(masks))
    if (op->use_empty())
      op->erase();
}

struct AttnToTile final : lacuna::impl::AttnToTilePassBase<AttnToTile> {
  void runOnOperation() override {
    SmallVector<AttentionOp> ops;
    getOperation().walk([&](AttentionOp op) { ops.push_back(op); });
    llvm::DenseMap<Operation *, unsigned> counts;
    OpBuilder atModule = OpBuilder::atBlockEnd(getOperation().getBody());
    for (AttentionOp op : ops) {
      auto function = op->getParentOfType<func::FuncOp>();
      if (!function) {
        op.emitOpError("expects to be in a func.func");
        return signalPassFailure();
      }
      std::string name = (function.getName() + ".attention" + Twine(counts[function]++)).str();
      if (failed(lower(op, name, atModule)))
        return signalPassFailure();
    }
    eraseDeadMasks(getOperation());
    // Sizes of gathered tensors come from their sources; gathers that kernels do themselves are dead then.
    RewritePatternSet patterns(&getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
  }
};

} // namespace
