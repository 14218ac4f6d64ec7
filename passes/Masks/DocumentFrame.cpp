// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An interval's ends and the keys of a pair move by cu_k[d], d the document of the query; a key's own document counts in the key's side of an equality.
#include "passes/Masks/DocumentFrame.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

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

} // namespace

Value DocumentFrame::locate(OpBuilder &b, Location loc, Side side, Value coordinate) const {
  return SegmentOp::create(b, loc, boundaries(side), coordinate);
}

Value DocumentFrame::toLocal(OpBuilder &b, Location loc, Side side, Value coordinate, Value document) const {
  Value start = lookup(b, loc, boundaries(side), document);
  return arith::SubIOp::create(b, loc, coordinate, start);
}

Value DocumentFrame::fromLocal(OpBuilder &b, Location loc, Value key, Value document) const {
  Value start = lookup(b, loc, cuK, document);
  return b.createOrFold<arith::AddIOp>(loc, key, start);
}

Value DocumentFrame::length(OpBuilder &b, Location loc, Side side, Value document) const {
  Value start = lookup(b, loc, boundaries(side), document);
  Value end = lookup(b, loc, boundaries(side), next(b, loc, document));
  return arith::SubIOp::create(b, loc, end, start);
}

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
