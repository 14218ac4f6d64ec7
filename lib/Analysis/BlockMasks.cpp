// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/BlockMasks.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace lacuna {
namespace {

Value negate(ImplicitLocOpBuilder &b, Value x) { return b.createOrFold<arith::XOrIOp>(x, boolean(b, true)); }

/// What the two ops have in common.
struct BlockMask {
  explicit BlockMask(Operation *op) : isCover(isa<attn::BlockCoverOp>(op)), mask(op->getOperand(0)) {
    block = isCover ? cast<attn::BlockCoverOp>(op).getBlock() : cast<attn::BlockInteriorOp>(op).getBlock();
  }
  bool isCover;
  Value mask;
  ArrayRef<int64_t> block;
};

/// Begin of the block that x lies in.
Value blockBegin(ImplicitLocOpBuilder &b, Value x, int64_t size) {
  Value step = constant(b, size);
  return b.createOrFold<arith::MulIOp>(b.createOrFold<arith::DivUIOp>(x, step), step);
}

/// End of the block that begins at `begin`.
Value blockEnd(ImplicitLocOpBuilder &b, Value begin, int64_t size, Value length) {
  return b.createOrFold<arith::MinSIOp>(b.createOrFold<arith::AddIOp>(begin, constant(b, size)), length);
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

/// Pairs of one block, for masks that know no rows.
Value emitPairs(ImplicitLocOpBuilder &b, const BlockMask &mask, const Coordinates &at, const TileBox &block, const IRMapping &captures) {
  auto isDone = [&](ImplicitLocOpBuilder &in, ValueRange state) { return mask.isCover ? state[0] : negate(in, state[0]); };
  auto body = [&](ImplicitLocOpBuilder &in, Value query, Value key, ValueRange state) -> State {
    Coordinates pair = at;
    pair.query = query, pair.key = key;
    pair.queryTile = 0; // a row of the block may lie outside the tile
    Value attends = emitAttends(in, in.getLoc(), mask.mask, pair, captures);
    return {mask.isCover ? either(in, state[0], attends) : both(in, state[0], attends)};
  };
  return emitLoops(b, {block.q0, block.q1}, {block.k0, block.k1}, {1, 1}, {boolean(b, !mask.isCover)}, isDone, body)[0];
}

/// Blocks of a box, each decided exactly.
TileClass emitExactBlocks(ImplicitLocOpBuilder &b, const BlockMask &mask, const TileBox &box, const IRMapping &captures) {
  auto isDone = [&](ImplicitLocOpBuilder &in, ValueRange state) { return both(in, state[0], negate(in, state[1])); };
  auto body = [&](ImplicitLocOpBuilder &in, Value query, Value key, ValueRange state) -> State {
    TileBox block = box;
    block.q0 = query, block.q1 = blockEnd(in, query, mask.block[0], box.queryLength);
    block.k0 = key, block.k1 = blockEnd(in, key, mask.block[1], box.keyLength);
    TileClass found = emitExactTileClass(in, in.getLoc(), mask.mask, block, captures);
    Value attends = mask.isCover ? found.any : found.all;
    return {either(in, state[0], attends), both(in, state[1], attends)};
  };
  State result = emitLoops(b, {blockBegin(b, box.q0, mask.block[0]), box.q1}, {blockBegin(b, box.k0, mask.block[1]), box.k1}, mask.block,
                           {boolean(b, false), boolean(b, true)}, isDone, body);
  return {result[0], result[1]};
}

} // namespace

bool isBlockMask(Operation *op) { return isa_and_nonnull<attn::BlockCoverOp, attn::BlockInteriorOp>(op); }

Value emitBlockAttends(OpBuilder &builder, Location loc, Operation *op, const Coordinates &at, const IRMapping &captures) {
  ImplicitLocOpBuilder b(loc, builder);
  BlockMask mask(op);
  Value q0 = blockBegin(b, at.query, mask.block[0]), k0 = blockBegin(b, at.key, mask.block[1]);
  TileBox block{at.batch, at.head, q0, blockEnd(b, q0, mask.block[0], at.queryLength), k0, blockEnd(b, k0, mask.block[1], at.keyLength),
                at.queryLength, at.keyLength, at.heads};
  if (!isIntervalAlgebra(mask.mask))
    return emitPairs(b, mask, at, block, captures);
  TileClass found = emitExactTileClass(b, loc, mask.mask, block, captures);
  return mask.isCover ? found.any : found.all;
}

TileClass emitBlockClass(ImplicitLocOpBuilder &b, Operation *op, const TileBox &box, const IRMapping &captures,
                         function_ref<TileClass(const TileBox &)> inner) {
  BlockMask mask(op);
  if (isIntervalAlgebra(mask.mask))
    return emitExactBlocks(b, mask, box, captures);
  // The blocks that the box touches: empty or full there is empty or full here.
  auto lastBlockEnd = [&](Value end, int64_t size, Value length) {
    Value last = b.createOrFold<arith::SubIOp>(end, constant(b, 1));
    return blockEnd(b, blockBegin(b, last, size), size, length);
  };
  TileBox rounded = box;
  rounded.q0 = blockBegin(b, box.q0, mask.block[0]), rounded.q1 = lastBlockEnd(box.q1, mask.block[0], box.queryLength);
  rounded.k0 = blockBegin(b, box.k0, mask.block[1]), rounded.k1 = lastBlockEnd(box.k1, mask.block[1], box.keyLength);
  return inner(rounded);
}

} // namespace lacuna
