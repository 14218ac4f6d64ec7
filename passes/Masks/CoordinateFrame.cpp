// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Atoms of an inner mask are copied and their coordinates substituted. Intervals stay intervals (their ends move). Shared subtrees are copied once. The mask of a
// block op stays as it is: the blocks are those of local coordinates, which the op's own frame finds.
#include "passes/Masks/CoordinateFrame.h"

#include "passes/Masks/Combinators.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

/// Ends beyond it mean the same and would wrap when they are moved.
constexpr int64_t maxEnd = int64_t(1) << 62;

/// Substitutes coordinates in the region of one copied atom. The new ops come first in the block.
class Localizer {
public:
  using Side = CoordinateFrame::Side;

  Localizer(const CoordinateFrame &frame, Block &block, ArrayRef<Side> sides)
      : frame(frame), block(block), b(OpBuilder::atBlockBegin(&block)), loc(block.getParentOp()->getLoc()) {
    // Uses by the atom itself, before there are any of ours.
    SmallVector<SmallVector<OpOperand *>> uses(sides.size());
    for (size_t i = 0; i < sides.size(); ++i)
      for (OpOperand &use : coordinate(i).getUses())
        uses[i].push_back(&use);
    place = frame.locate(b, loc, sides[0], coordinate(0));
    for (auto [i, side] : llvm::enumerate(sides)) {
      if (uses[i].empty())
        continue;
      Value local = frame.toLocal(b, loc, side, coordinate(i), place);
      for (OpOperand *use : uses[i])
        use->set(local);
    }
    replaceLengths();
  }

  /// Yielded keys, local so far, move to where they are outside.
  void moveYields(ArrayRef<unsigned> keys) {
    Operation *yield = block.getTerminator();
    b.setInsertionPoint(yield);
    for (unsigned key : keys)
      yield->setOperand(key, frame.fromLocal(b, loc, withinEnds(yield->getOperand(key)), place));
  }

private:
  /// Batch and head come first.
  BlockArgument coordinate(size_t i) { return block.getArgument(2 + i); }

  void replaceLengths() {
    for (Operation &op : llvm::make_early_inc_range(block))
      if (isa<QueryLengthOp, KeyLengthOp>(op)) {
        OpBuilder at(&op);
        Side side = isa<QueryLengthOp>(op) ? CoordinateFrame::Query : CoordinateFrame::Key;
        op.getResult(0).replaceAllUsesWith(frame.length(at, loc, side, place));
        op.erase();
      }
  }

  Value withinEnds(Value end) {
    APInt constant;
    if (matchPattern(end, m_ConstantInt(&constant)) && constant.sge(-maxEnd) && constant.sle(maxEnd))
      return end;
    Value low = arith::ConstantIndexOp::create(b, loc, -maxEnd), high = arith::ConstantIndexOp::create(b, loc, maxEnd);
    return arith::MinSIOp::create(b, loc, arith::MaxSIOp::create(b, loc, end, low), high);
  }

  const CoordinateFrame &frame;
  Block &block;
  OpBuilder b;
  Location loc;
  Value place; ///< of the first coordinate, and so of the pair: pairs of two places attend nothing, whatever their atoms say
};

/// The frame of blocks that have none: coordinates and lengths as they are.
void addFrame(Region &region, Location loc) {
  OpBuilder b(region.getContext());
  Type index = b.getIndexType();
  Block *block = b.createBlock(&region, {}, {index, index, index}, {loc, loc, loc});
  Value queries = QueryLengthOp::create(b, loc), zero = arith::ConstantIndexOp::create(b, loc, 0), keys = KeyLengthOp::create(b, loc);
  YieldOp::create(b, loc, ValueRange{block->getArgument(2), queries, zero, keys});
}

void localizeBlocks(const CoordinateFrame &frame, Operation *op) {
  Region &region = op->getRegion(0);
  if (region.empty())
    addFrame(region, op->getLoc());
  Localizer(frame, region.front(), {CoordinateFrame::Query}).moveYields({2});
}

void localizeAtom(const CoordinateFrame &frame, Operation *op) {
  constexpr auto Query = CoordinateFrame::Query, Key = CoordinateFrame::Key;
  TypeSwitch<Operation *>(op)
      .Case([&](IntervalOp atom) {
        Localizer(frame, atom.getBounds().front(), {Query}).moveYields({0, 1});
        atom.setImplied(false); // nothing is, outside of the frame
      })
      .Case([&](EqualOp atom) {
        Localizer(frame, atom.getQuery().front(), {Query});
        Localizer(frame, atom.getKey().front(), {Key});
      })
      .Case([&](PredicateOp atom) { Localizer(frame, atom.getBody().front(), {Query, Key}); })
      .Case<BlockCoverOp, BlockInteriorOp>([&](Operation *blocks) { localizeBlocks(frame, blocks); });
}

class TreeCopier {
public:
  TreeCopier(const CoordinateFrame &frame, OpBuilder &b) : frame(frame), b(b) {}

  Value copy(Value mask) {
    if (Value known = copies.lookup(mask))
      return known;
    Operation *op = mask.getDefiningOp();
    if (!isExpandedMask(op)) {
      emitError(mask.getLoc(), "expects the inner mask of ")
          << frame.name() << " to be built from attn mask ops in the same function, but got "
          << (op ? op->getName().getStringRef() : StringRef("a block argument"));
      return {};
    }
    IRMapping mapping;
    for (Value operand : isa<BlockCoverOp, BlockInteriorOp>(op) ? ValueRange() : ValueRange(op->getOperands())) {
      Value copied = copy(operand);
      if (!copied)
        return {};
      mapping.map(operand, copied);
    }
    Operation *local = b.clone(*op, mapping);
    localizeAtom(frame, local);
    return copies[mask] = local->getResult(0);
  }

private:
  const CoordinateFrame &frame;
  OpBuilder &b;
  DenseMap<Value, Value> copies;
};

} // namespace

Value CoordinateFrame::localize(OpBuilder &b, Value mask) const { return TreeCopier(*this, b).copy(mask); }
