// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Atoms of an inner mask are copied and their coordinates substituted. Intervals stay intervals (their ends move by
// cu_k[d]). Shared subtrees are copied once.
#include "passes/Masks/DocumentFrame.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

Value lookup(OpBuilder &b, Location loc, Value table, Value index) {
  return LookupOp::create(b, loc, b.getIndexType(), table, ValueRange{index}, /*monotone=*/b.getUnitAttr());
}

Value next(OpBuilder &b, Location loc, Value index) {
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  return arith::AddIOp::create(b, loc, index, one);
}

/// Substitutes coordinates in the region of one copied atom.
class Localizer {
public:
  /// `anchor` is the coordinate whose document is meant: q in row regions, k in the key region of attn.equal.
  Localizer(const DocumentFrame &frame, Block &block, Value anchor, Value boundaries)
      : frame(frame), block(block), b(OpBuilder::atBlockBegin(&block)), loc(block.getParentOp()->getLoc()) {
    document = segment(boundaries, anchor);
  }

  /// Every use of `coordinate` so far becomes coordinate - start of its document. The new ops come first in the block.
  void shift(BlockArgument coordinate, Value boundaries, Value itsDocument) {
    Value start = lookup(b, loc, boundaries, itsDocument);
    Value local = arith::SubIOp::create(b, loc, coordinate, start);
    onRawCoordinates.insert(local.getDefiningOp());
    coordinate.replaceUsesWithIf(local, [&](OpOperand &use) { return !onRawCoordinates.contains(use.getOwner()); });
  }

  /// The length ops become the lengths of the document.
  void replaceLengths() {
    for (Operation &op : llvm::make_early_inc_range(block))
      if (isa<QueryLengthOp, KeyLengthOp>(op)) {
        Value boundaries = isa<QueryLengthOp>(op) ? frame.cuQ : frame.cuK;
        OpBuilder at(&op);
        Value start = lookup(at, loc, boundaries, document);
        Value end = lookup(at, loc, boundaries, next(at, loc, document));
        op.getResult(0).replaceAllUsesWith(arith::SubIOp::create(at, loc, end, start));
        op.erase();
      }
  }

  /// The yielded keys, local so far, move to where the document starts.
  void shiftYields() {
    Operation *yield = block.getTerminator();
    b.setInsertionPoint(yield);
    Value start = lookup(b, loc, frame.cuK, document);
    for (OpOperand &key : yield->getOpOperands())
      key.set(b.createOrFold<arith::AddIOp>(loc, key.get(), start));
  }

  Value segment(Value boundaries, Value position) {
    auto op = SegmentOp::create(b, loc, boundaries, position);
    onRawCoordinates.insert(op);
    return op;
  }
  Value getDocument() const { return document; }

private:
  const DocumentFrame &frame;
  Block &block;
  OpBuilder b;
  Location loc;
  Value document;
  SmallPtrSet<Operation *, 4> onRawCoordinates; ///< our own ops, which keep the raw coordinate
};

void localizeInterval(const DocumentFrame &frame, IntervalOp op) {
  Block &block = op.getBounds().front();
  Localizer localizer(frame, block, block.getArgument(2), frame.cuQ);
  localizer.shift(block.getArgument(2), frame.cuQ, localizer.getDocument());
  localizer.replaceLengths();
  localizer.shiftYields();
}

void localizeEqual(const DocumentFrame &frame, EqualOp op) {
  for (auto [region, boundaries] : {std::pair(&op.getQuery(), frame.cuQ), std::pair(&op.getKey(), frame.cuK)}) {
    Block &block = region->front();
    Localizer localizer(frame, block, block.getArgument(2), boundaries);
    localizer.shift(block.getArgument(2), boundaries, localizer.getDocument());
    localizer.replaceLengths();
  }
}

void localizePredicate(const DocumentFrame &frame, PredicateOp op) {
  Block &block = op.getBody().front();
  Localizer localizer(frame, block, block.getArgument(2), frame.cuQ);
  Value keyDocument = localizer.segment(frame.cuK, block.getArgument(3));
  localizer.shift(block.getArgument(2), frame.cuQ, localizer.getDocument());
  localizer.shift(block.getArgument(3), frame.cuK, keyDocument);
  localizer.replaceLengths();
}

class TreeCopier {
public:
  TreeCopier(const DocumentFrame &frame, OpBuilder &b) : frame(frame), b(b) {}

  Value copy(Value mask) {
    if (Value known = copies.lookup(mask))
      return known;
    Operation *op = mask.getDefiningOp();
    if (!op || !isa<IntervalOp, EqualOp, PredicateOp, AndOp, OrOp, NotOp>(op)) {
      emitError(mask.getLoc(),
                "expects the inner mask of a document to be built from attn mask ops in the same function, but got ")
          << (op ? op->getName().getStringRef() : StringRef("a block argument"));
      return {};
    }
    IRMapping mapping;
    for (Value operand : op->getOperands()) {
      Value copied = copy(operand);
      if (!copied)
        return {};
      mapping.map(operand, copied);
    }
    Operation *local = b.clone(*op, mapping);
    TypeSwitch<Operation *>(local)
        .Case([&](IntervalOp atom) { localizeInterval(frame, atom); })
        .Case([&](EqualOp atom) { localizeEqual(frame, atom); })
        .Case([&](PredicateOp atom) { localizePredicate(frame, atom); });
    return copies[mask] = local->getResult(0);
  }

private:
  const DocumentFrame &frame;
  OpBuilder &b;
  DenseMap<Value, Value> copies;
};

} // namespace

Value DocumentFrame::sameDocument(OpBuilder &b, Location loc) const {
  auto interval = IntervalOp::create(b, loc);
  Type index = b.getIndexType();
  OpBuilder::InsertionGuard guard(b);
  Block *block = b.createBlock(&interval.getBounds(), {}, {index, index, index}, {loc, loc, loc});
  Value document = SegmentOp::create(b, loc, cuQ, block->getArgument(2));
  Value start = lookup(b, loc, cuK, document);
  Value end = lookup(b, loc, cuK, next(b, loc, document));
  YieldOp::create(b, loc, ValueRange{start, end});
  return interval;
}

Value DocumentFrame::localize(OpBuilder &b, Value mask) const { return TreeCopier(*this, b).copy(mask); }
