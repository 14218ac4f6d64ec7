// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/BlockMasks.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

/// 0 <= x < size.
Value inside(ImplicitLocOpBuilder &b, Value x, Value size) {
  return both(b, compare(b, CmpIPredicate::sge, x, constant(b, 0)), compare(b, CmpIPredicate::slt, x, size));
}

/// Begin of the block that x lies in.
Value blockBegin(ImplicitLocOpBuilder &b, Value x, int64_t size) {
  Value step = constant(b, size);
  return b.createOrFold<arith::MulIOp>(b.createOrFold<arith::DivUIOp>(x, step), step);
}

/// End of the block that begins at `begin`.
Value blockEnd(ImplicitLocOpBuilder &b, Value begin, int64_t size, Value length) {
  return min(b, add(b, begin, constant(b, size)), length);
}

using State = SmallVector<Value, 2>;

/// Nested loops over [begin, end) of queries and of keys; keys are left out once `isDone` says that nothing changes any more.
State emitLoops(ImplicitLocOpBuilder &b, std::pair<Value, Value> queries, std::pair<Value, Value> keys, ArrayRef<int64_t> steps, State initial,
                function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> isDone,
                function_ref<State(ImplicitLocOpBuilder &, Value, Value, ValueRange)> body) {
  Value keyStep = constant(b, steps[1]);
  auto outer = scf::ForOp::create(b, queries.first, queries.second, constant(b, steps[0]), initial,
                                  [&](OpBuilder &outerBuilder, Location loc, Value query, ValueRange state) {
                                    ImplicitLocOpBuilder at(loc, outerBuilder);
                                    Value end = arith::SelectOp::create(at, isDone(at, state), keys.first, keys.second);
                                    auto inner = scf::ForOp::create(at, keys.first, end, keyStep, state,
                                                                    [&](OpBuilder &innerBuilder, Location, Value key, ValueRange soFar) {
                                                                      ImplicitLocOpBuilder in(loc, innerBuilder);
                                                                      scf::YieldOp::create(in, body(in, query, key, soFar));
                                                                    });
                                    scf::YieldOp::create(at, inner.getResults());
                                  });
  return State(outer.getResults());
}

/// Pairs of one block, for masks that know no rows. `at` knows no tile of queries: a row of the block may lie outside of it.
Value emitPairs(ImplicitLocOpBuilder &b, const BlockMask &mask, const Coordinates &at, const TileBox &block, const IRMapping &captures) {
  auto isDone = [&](ImplicitLocOpBuilder &in, ValueRange state) { return mask.isCover ? state[0] : negate(in, state[0]); };
  auto body = [&](ImplicitLocOpBuilder &in, Value query, Value key, ValueRange state) -> State {
    Coordinates pair = at;
    pair.query = query, pair.key = key;
    Value attends = emitAttends(in, in.getLoc(), mask.mask, pair, captures);
    return {mask.isCover ? either(in, state[0], attends) : both(in, state[0], attends)};
  };
  return emitLoops(b, {block.q0, block.q1}, {block.k0, block.k1}, {1, 1}, {boolean(b, !mask.isCover)}, isDone, body)[0];
}

bool isDecidedByRows(const BlockMask &mask) { return isIntervalAlgebra(mask.mask); }

/// Class of one whole block.
TileClass emitOneBlock(ImplicitLocOpBuilder &b, const BlockMask &mask, const TileBox &block, const IRMapping &captures, InnerClass inner) {
  if (!isDecidedByRows(mask))
    return inner(b, block);
  TileClass found = emitExactTileClass(b, b.getLoc(), mask.mask, block, captures);
  Value attends = mask.isCover ? found.any : found.all;
  return {attends, attends};
}

Value isPartial(ImplicitLocOpBuilder &b, ValueRange state) { return both(b, state[0], negate(b, state[1])); }

/// Blocks of a box, one by one.
TileClass emitBlocks(ImplicitLocOpBuilder &b, const BlockMask &mask, const TileBox &box, const IRMapping &captures, InnerClass inner) {
  auto body = [&](ImplicitLocOpBuilder &in, Value query, Value key, ValueRange state) -> State {
    TileBox block = box;
    block.q0 = query, block.q1 = blockEnd(in, query, mask.block[0], box.queryLength);
    block.k0 = key, block.k1 = blockEnd(in, key, mask.block[1], box.keyLength);
    TileClass found = emitOneBlock(in, mask, block, captures, inner);
    return {either(in, state[0], found.any), both(in, state[1], found.all)};
  };
  State result = emitLoops(b, {blockBegin(b, box.q0, mask.block[0]), box.q1}, {blockBegin(b, box.k0, mask.block[1]), box.k1}, mask.block,
                           {boolean(b, false), boolean(b, true)}, isPartial, body);
  return {result[0], result[1]};
}

/// The blocks of a box whose rows have frames. Each row asks its frame; rows that lie in the block of the row before them have its answer.
TileClass emitFramedBlocks(ImplicitLocOpBuilder &b, const BlockMask &mask, const TileBox &box, const IRMapping &captures, InnerClass inner) {
  State initial{boolean(b, false), boolean(b, true)};
  auto answer = forEachRowBlock(b, mask, box, captures, initial, [&](ImplicitLocOpBuilder &at, const RowBlock &rows, ValueRange state) -> State {
    Value zero = constant(at, 0), first = sub(at, box.k0, rows.frame.firstKey), last = sub(at, box.k1, rows.frame.firstKey);
    Value low = max(at, first, zero), high = min(at, last, rows.frame.keys);
    Value whole = both(at, compare(at, CmpIPredicate::sge, first, zero), compare(at, CmpIPredicate::sle, last, rows.frame.keys));
    Value none = either(at, isPartial(at, state), compare(at, CmpIPredicate::sge, low, high));
    TileBox local = box;
    local.q0 = rows.begin, local.q1 = select(at, none, rows.begin, rows.end), local.queryLength = rows.frame.queries;
    local.k0 = low, local.k1 = high, local.keyLength = rows.frame.keys;
    TileClass found = emitBlocks(at, mask, local, captures, inner);
    return {either(at, state[0], found.any), both(at, both(at, state[1], whole), found.all)};
  });
  return {answer.state[0], both(b, answer.state[1], answer.all)};
}

} // namespace

bool isBlockMask(Operation *op) { return isa_and_nonnull<attn::BlockCoverOp, attn::BlockInteriorOp>(op); }

BlockMask::BlockMask(Operation *op) : isCover(isa<attn::BlockCoverOp>(op)), mask(op->getOperand(0)), frame(op->getRegion(0)) {
  block = isCover ? cast<attn::BlockCoverOp>(op).getBlock() : cast<attn::BlockInteriorOp>(op).getBlock();
}

BlockFrame emitFrame(ImplicitLocOpBuilder &b, const BlockMask &mask, const Coordinates &at, const IRMapping &captures) {
  if (mask.frame.empty())
    return {at.query, at.queryLength, constant(b, 0), at.keyLength, inside(b, at.query, at.queryLength)};
  ScalarResult r = emitScalarRegion(b, mask.frame, {at.batch, at.head, at.query}, at, captures);
  Value exists = inside(b, r.values[0], r.values[1]);
  return {r.values[0], r.values[1], r.values[2], r.values[3], r.valid ? both(b, r.valid, exists) : exists};
}

RowBlocksAnswer forEachRowBlock(ImplicitLocOpBuilder &b, const BlockMask &mask, const TileBox &box, const IRMapping &captures, ValueRange initial,
                                function_ref<SmallVector<Value, 2>(ImplicitLocOpBuilder &, const RowBlock &, ValueRange)> body) {
  Value none = constant(b, -1); // no block begins there
  SmallVector<Value> carried{boolean(b, true), none, none, none, none};
  size_t fixed = carried.size();
  llvm::append_range(carried, initial);
  auto loop = scf::ForOp::create(b, box.q0, box.q1, constant(b, 1), carried, [&](OpBuilder &inner, Location loc, Value query, ValueRange soFar) {
    ImplicitLocOpBuilder at(loc, inner);
    Coordinates here{box.batch, box.head, query, {}, box.queryLength, box.keyLength, box.heads};
    BlockFrame frame = emitFrame(at, mask, here, captures);
    Value begin = blockBegin(at, frame.query, mask.block[0]);
    Value isNew = boolean(at, false), identity[] = {begin, frame.queries, frame.firstKey, frame.keys};
    SmallVector<Value> next{both(at, soFar[0], frame.exists)};
    for (auto [i, value] : llvm::enumerate(identity)) {
      isNew = either(at, isNew, compare(at, CmpIPredicate::ne, value, soFar[1 + i]));
      next.push_back(select(at, frame.exists, value, soFar[1 + i]));
    }
    auto branch = scf::IfOp::create(at, initial.getTypes(), both(at, frame.exists, isNew), /*withElseRegion=*/true);
    ImplicitLocOpBuilder inThen(loc, branch.getThenBodyBuilder()), inElse(loc, branch.getElseBodyBuilder());
    ValueRange state = soFar.drop_front(fixed);
    scf::YieldOp::create(inThen, body(inThen, {frame, begin, blockEnd(inThen, begin, mask.block[0], frame.queries)}, state));
    scf::YieldOp::create(inElse, state);
    llvm::append_range(next, branch.getResults());
    scf::YieldOp::create(at, next);
  });
  return {loop.getResult(0), SmallVector<Value>(loop.getResults().drop_front(fixed))};
}

Value emitBlockAttends(OpBuilder &builder, Location loc, Operation *op, const Coordinates &at, const IRMapping &captures) {
  ImplicitLocOpBuilder b(loc, builder);
  BlockMask mask(op);
  BlockFrame frame = emitFrame(b, mask, at, captures);
  Coordinates local{at.batch, at.head, frame.query, sub(b, at.key, frame.firstKey), frame.queries, frame.keys, at.heads};
  Value q0 = blockBegin(b, local.query, mask.block[0]), k0 = blockBegin(b, local.key, mask.block[1]);
  TileBox block{at.batch, at.head, q0, blockEnd(b, q0, mask.block[0], frame.queries), k0, blockEnd(b, k0, mask.block[1], frame.keys),
                frame.queries, frame.keys, at.heads};
  Value attends;
  if (isDecidedByRows(mask)) {
    TileClass found = emitExactTileClass(b, loc, mask.mask, block, captures);
    attends = mask.isCover ? found.any : found.all;
  } else {
    attends = emitPairs(b, mask, local, block, captures);
  }
  return mask.frame.empty() ? attends : both(b, attends, both(b, frame.exists, inside(b, local.key, frame.keys)));
}

TileClass emitBlockClass(ImplicitLocOpBuilder &b, Operation *op, const TileBox &asked, const IRMapping &captures, InnerClass inner) {
  BlockMask mask(op);
  TileBox box = asked;
  box.queryTile = box.keyTile = {}; // blocks reach beyond
  if (!mask.frame.empty())
    return emitFramedBlocks(b, mask, box, captures, inner);
  if (isDecidedByRows(mask))
    return emitBlocks(b, mask, box, captures, inner);
  // The blocks that the box touches: empty or full there is empty or full here.
  auto lastBlockEnd = [&](Value end, int64_t size, Value length) {
    Value last = sub(b, end, constant(b, 1));
    return blockEnd(b, blockBegin(b, last, size), size, length);
  };
  TileBox rounded = box;
  rounded.q0 = blockBegin(b, box.q0, mask.block[0]), rounded.q1 = lastBlockEnd(box.q1, mask.block[0], box.queryLength);
  rounded.k0 = blockBegin(b, box.k0, mask.block[1]), rounded.k1 = lastBlockEnd(box.k1, mask.block[1], box.keyLength);
  return inner(b, rounded);
}

} // namespace lacuna
