// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-order-space: tiles of boxes instead of lines, for windows in two and three dimensions. Whether boxes pay depends on extents that may be known at run time
// only; no branch: both attentions are there, and one of them gets no queries.
#include "lib/Analysis/IndexArithmetic.h"
#include "lib/Analysis/SpaceOrder.h"
#include "lib/Support/KernelTarget.h"
#include "passes/Schedule/Passes.h"

#include "dialects/Attn/Attn.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

namespace lacuna {
#define GEN_PASS_DEF_ATTNORDERSPACEPASS
#include "passes/Schedule/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using arith::CmpIPredicate;
using attn::AttentionOp;
using attn::NeighborhoodOp;

namespace {

/// The tiles of queries and of keys. Of a tile of keys only those lines are computed that some query of its tile attends, so low boxes of queries attend fewer.
struct Boxes {
  ArrayRef<int64_t> query, key;
};

Boxes boxesOf(size_t rank) {
  static constexpr int64_t queryPlane[] = {4, 8}, keyPlane[] = {16, 8}, queryVolume[] = {2, 4, 4}, keyVolume[] = {8, 4, 4};
  return rank == 2 ? Boxes{queryPlane, keyPlane} : Boxes{queryVolume, keyVolume};
}

/// Counts of pairs stay below 2^64.
constexpr int64_t kMostPoints = int64_t(1) << 24;

/// The mask of an attention whose rows may be put in another order, else null: nothing but O, and no scores that see positions.
NeighborhoodOp orderableMask(AttentionOp op) {
  auto mask = op.getMask() ? op.getMask().getDefiningOp<NeighborhoodOp>() : NeighborhoodOp();
  if (!mask || mask.getNumDims() < 2 || mask.hasBoxes() || llvm::any_of(mask.getStaticDilation(), [](int64_t d) { return d != 1; }))
    return {};
  bool isBounded = op->hasAttr(AttentionOp::kMaxQueriesAttr) || op->hasAttr(AttentionOp::kMinQueriesAttr);
  if (op.getNumResults() > 1 || !op.getScore().empty() || op.getScheduleAttr() || isBounded)
    return {};
  auto isGather = [](Value v) { return isa_and_nonnull<attn::GatherRowsOp, attn::GatherPagesOp>(v.getDefiningOp()); };
  bool moves = isGather(op.getQuery()) || isGather(op.getKey()) || isGather(op.getValue()) ||
               llvm::any_of(op.getResult(0).getUsers(), llvm::IsaPred<attn::ScatterRowsOp>);
  return moves ? NeighborhoodOp() : mask;
}

class Orderer {
public:
  Orderer(AttentionOp op, NeighborhoodOp mask) : op(op), mask(mask), b(op.getLoc(), op), boxes(boxesOf(mask.getNumDims())), sequence(op.getDims().sequence) {}

  void run() {
    for (auto [extent, window] : llvm::zip(mask.getMixedSpace(), mask.getMixedWindow())) {
      extents.push_back(clamp(extent, constant(b, INT32_MAX)));
      windows.push_back(clamp(window, extents.back()));
    }
    queries = dim(op.getQuery());
    Value inBoxes = emitDecision();
    if (matchPattern(inBoxes, m_Zero()))
      return;
    Value out = op.getResult(0);
    SmallVector<OpOperand *> uses = llvm::map_to_vector(out.getUses(), [](OpOperand &use) { return &use; });
    Value rest = emitRest(select(inBoxes, constant(b, 0), queries), matchPattern(inBoxes, m_One()));
    Value all = emitInBoxes(inBoxes, rest);
    for (OpOperand *use : uses)
      use->set(all);
    if (out.use_empty())
      op.erase();
  }

private:
  Value mul(Value x, Value y) { return b.createOrFold<arith::MulIOp>(x, y); }
  Value div(Value x, Value y) { return b.createOrFold<arith::DivUIOp>(x, y); }
  Value divUp(Value x, int64_t y) { return div(add(b, x, constant(b, y - 1)), constant(b, y)); }
  Value select(Value c, Value x, Value y) { return b.createOrFold<arith::SelectOp>(c, x, y); }
  Value dim(Value tensor) { return b.createOrFold<tensor::DimOp>(tensor, sequence); }
  Value clamp(OpFoldResult x, Value most) { return max(b, min(b, getValueOrCreateConstantIndexOp(b, op.getLoc(), x), most), constant(b, 1)); }

  /// The points of the space are the queries and the keys, and boxes make a good eighth less pairs. Sizes of buffers depend on it: it divides by constants only.
  Value emitDecision() {
    Value points = constant(b, 1), most = constant(b, kMostPoints + 1);
    for (Value extent : extents)
      points = min(b, mul(points, extent), most);
    Value fits = both(b, compare(b, CmpIPredicate::eq, queries, points), compare(b, CmpIPredicate::eq, dim(op.getKey()), points));
    fits = both(b, fits, compare(b, CmpIPredicate::eq, dim(op.getValue()), points)); // gathers bring rows into bounds: raster order refuses another length
    Value ofBoxes = mul(mul(keysOfBoxes(), rowsInBoxes(boxes.query)), constant(b, 9)), ofLines = mul(mul(keysOfLines(), points), constant(b, 8));
    return both(b, fits, both(b, compare(b, CmpIPredicate::ult, ofBoxes, ofLines), compare(b, CmpIPredicate::ule, points, constant(b, kMostPoints))));
  }

  /// Points of the space, rounded up to whole boxes.
  Value rowsInBoxes(ArrayRef<int64_t> box) {
    Value rows = constant(b, pointsOf(box));
    for (Value count : emitBoxCounts(b, extents, box))
      rows = mul(rows, count);
    return rows;
  }

  /// Keys that a tile of one box of queries computes: its lines and those of their windows, in boxes before, around and after it.
  Value keysOfBoxes() {
    Value keys = min(b, extents[0], add(b, windows[0], constant(b, boxes.query[0] - 1)));
    SmallVector<Value> counts = emitBoxCounts(b, extents, boxes.key);
    for (size_t i = 1; i < windows.size(); ++i) {
      int64_t side = boxes.key[i];
      Value before = divUp(div(windows[i], constant(b, 2)), side), after = divUp(div(sub(b, windows[i], constant(b, 1)), constant(b, 2)), side);
      keys = mul(keys, mul(min(b, add(b, add(b, before, after), constant(b, 1)), counts[i]), constant(b, side)));
    }
    return keys;
  }

  /// Keys that a tile of 48 queries in a row visits: tiles of 128 hold whole lines of short ones, of long ones blocks of 8.
  Value keysOfLines() {
    auto isAtMost = [&](Value x, int64_t y) { return compare(b, CmpIPredicate::ule, x, constant(b, y)); };
    Value line = extents.back(), one = constant(b, 1), reached = sub(b, add(b, windows.back(), min(b, line, constant(b, 48))), one);
    Value keys = select(isAtMost(line, 128), line, min(b, line, add(b, reached, constant(b, 8)))), lines = one;
    for (auto [longest, spanned] : {std::pair(47, 2), std::pair(23, 3), std::pair(15, 6), std::pair(7, 48)})
      lines = select(isAtMost(line, longest), constant(b, spanned), lines);
    for (size_t i = extents.size() - 1; i-- > 0;) {
      keys = mul(keys, min(b, extents[i], sub(b, add(b, windows[i], lines), one)));
      lines = select(compare(b, CmpIPredicate::ule, lines, extents[i]), one, lines);
    }
    return keys;
  }

  RankedTensorType withAnyRows(RankedTensorType type) {
    SmallVector<int64_t> shape(type.getShape());
    shape[sequence] = ShapedType::kDynamic;
    return RankedTensorType::get(shape, type.getElementType());
  }

  Value emptyOutput() {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, op.getLoc(), op.getQuery());
    sizes.back() = b.getIndexAttr(op.getValueSize());
    return tensor::EmptyOp::create(b, sizes, cast<RankedTensorType>(op.getResult(0).getType()).getElementType());
  }

  /// O with the attention of the first `count` queries in it, as it was.
  Value emitRest(Value count, bool isNone) {
    Value empty = emptyOutput();
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    if (empty.getType() != type)
      empty = tensor::CastOp::create(b, type, empty);
    if (isNone)
      return empty;
    auto rowsOf = [&](Value tensor) {
      SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(b, op.getLoc(), tensor);
      sizes[sequence] = getAsOpFoldResult(count);
      return sizes;
    };
    SmallVector<OpFoldResult> zeros(type.getRank(), b.getIndexAttr(0)), ones(type.getRank(), b.getIndexAttr(1));
    Value query = tensor::ExtractSliceOp::create(b, withAnyRows(op.getQueryType()), op.getQuery(), zeros, rowsOf(op.getQuery()), ones);
    auto part = cloneWith(query, op.getKey(), op.getValue(), mask);
    part->setAttr(AttentionOp::kMinQueriesAttr, b.getI64IntegerAttr(1)); // a space is not decoded: no kernels for few queries
    return tensor::InsertSliceOp::create(b, part.getResult(0), empty, zeros, rowsOf(empty), ones);
  }

  /// `rest` with the attention of all queries, in boxes; of none, unless `inBoxes`.
  Value emitInBoxes(Value inBoxes, Value rest) {
    Value queryTable = emitTable(inBoxes, boxes.query), keyTable = emitTable(inBoxes, boxes.key);
    auto gathered = [&](Value tensor, Value table) {
      return attn::GatherRowsOp::create(b, withAnyRows(cast<RankedTensorType>(tensor.getType())), tensor, table, op.getLayout()).getResult();
    };
    Value ordered = NeighborhoodOp::create(b, op.getLoc(), mask.getMixedSpace(), mask.getMixedWindow(), mask.getMixedStride(), mask.getMixedDilation(),
                                           mask.getCausal(), boxes.query, boxes.key);
    auto part = cloneWith(gathered(op.getQuery(), queryTable), gathered(op.getKey(), keyTable), gathered(op.getValue(), keyTable), ordered);
    return attn::ScatterRowsOp::create(b, rest.getType(), part.getResult(0), queryTable, rest, op.getLayout());
  }

  AttentionOp cloneWith(Value query, Value key, Value value, Value newMask) {
    auto part = cast<AttentionOp>(b.clone(*op));
    part.getQueryMutable().assign(query), part.getKeyMutable().assign(key), part.getValueMutable().assign(value), part.getMaskMutable().assign(newMask);
    part.getResult(0).setType(withAnyRows(cast<RankedTensorType>(op.getResult(0).getType())));
    return part;
  }

  /// The raster position of every row, or -1 for those that only round a box up.
  Value emitTable(Value inBoxes, ArrayRef<int64_t> box) {
    Value rows = select(inBoxes, rowsInBoxes(box), constant(b, 0));
    Type element = b.getI32Type();
    Value empty = tensor::EmptyOp::create(b, {b.getIndexAttr(1), b.getIndexAttr(1), OpFoldResult(rows)}, element);
    AffineMap identity = b.getMultiDimIdentityMap(3);
    SmallVector<utils::IteratorType> loops(3, utils::IteratorType::parallel);
    auto body = [&](OpBuilder &inner, Location loc, ValueRange) {
      ImplicitLocOpBuilder at(loc, inner);
      Value position = constant(at, 0), inside = boolean(at, true), row = linalg::IndexOp::create(at, 2);
      for (auto [coordinate, extent] : llvm::zip(emitCoordinates(at, extents, box, row), extents)) {
        inside = lacuna::both(at, inside, compare(at, CmpIPredicate::ult, coordinate, extent));
        position = add(at, at.createOrFold<arith::MulIOp>(position, extent), coordinate);
      }
      Value place = arith::IndexCastOp::create(at, element, arith::SelectOp::create(at, inside, position, constant(at, -1)));
      linalg::YieldOp::create(at, place);
    };
    return linalg::GenericOp::create(b, empty.getType(), ValueRange(), empty, ArrayRef(identity), loops, body).getResult(0);
  }

  AttentionOp op;
  NeighborhoodOp mask;
  ImplicitLocOpBuilder b;
  Boxes boxes;
  int64_t sequence;
  SmallVector<Value> extents, windows;
  Value queries;
};

struct AttnOrderSpace final : lacuna::impl::AttnOrderSpacePassBase<AttnOrderSpace> {
  void runOnOperation() override {
    const TargetDescription *target = targetOf(getOperation());
    if (!target)
      return signalPassFailure();
    if (target->kind != TargetKind::Cpu)
      return;
    SmallVector<std::pair<AttentionOp, NeighborhoodOp>> ops;
    getOperation().walk([&](AttentionOp op) {
      if (NeighborhoodOp mask = orderableMask(op))
        ops.emplace_back(op, mask);
    });
    for (auto [op, mask] : ops)
      Orderer(op, mask).run();
  }
};

} // namespace
