// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Masks/Combinators.h"

#include "passes/Masks/CoordinateFrame.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

/// An attn.interval whose ends `bounds` computes from (batch, head, query).
Value createInterval(OpBuilder &b, Location loc, function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)> bounds) {
  auto interval = IntervalOp::create(b, loc);
  OpBuilder::InsertionGuard guard(b);
  Type index = b.getIndexType();
  Block *block = b.createBlock(&interval.getBounds(), {}, {index, index, index}, {loc, loc, loc});
  ImplicitLocOpBuilder at = ImplicitLocOpBuilder::atBlockBegin(loc, block);
  YieldOp::create(at, bounds(at, block->getArguments()));
  return interval;
}

/// Coordinates of a part of a longer sequence.
class RestrictedFrame final : public CoordinateFrame {
public:
  /// Bounds as values or constants, in the order of RestrictOp::Bound.
  explicit RestrictedFrame(ArrayRef<OpFoldResult> bounds) : bounds(bounds) {}

  Value toLocal(OpBuilder &b, Location loc, Side side, Value coordinate, Value) const override {
    return b.createOrFold<arith::AddIOp>(loc, coordinate, bound(b, loc, offsetOf(side)));
  }
  Value fromLocal(OpBuilder &b, Location loc, Value key, Value) const override {
    return b.createOrFold<arith::SubIOp>(loc, key, bound(b, loc, RestrictOp::KeyOffset));
  }
  Value length(OpBuilder &b, Location loc, Side side, Value) const override { return bound(b, loc, offsetOf(side) + 1); }
  StringRef name() const override { return "attn.restrict"; }

  Value bound(OpBuilder &b, Location loc, unsigned which) const { return getValueOrCreateConstantIndexOp(b, loc, bounds[which]); }

private:
  static unsigned offsetOf(Side side) { return side == Query ? RestrictOp::QueryOffset : RestrictOp::KeyOffset; }
  ArrayRef<OpFoldResult> bounds;
};

/// Run-time bounds brought to where nothing wraps: lengths to [0, 2^31), offsets to [-2^31, 2^31], which is beyond every sequence.
SmallVector<OpFoldResult> clampBounds(OpBuilder &b, RestrictOp op) {
  constexpr int64_t limit = int64_t(1) << 31;
  SmallVector<OpFoldResult> bounds = op.getMixedBounds();
  for (auto [which, bound] : llvm::enumerate(bounds)) {
    auto value = dyn_cast<Value>(bound);
    if (!value)
      continue;
    bool isLength = which == RestrictOp::QueryLength || which == RestrictOp::KeyLength;
    Value low = arith::ConstantIndexOp::create(b, op.getLoc(), isLength ? 0 : -limit);
    Value high = arith::ConstantIndexOp::create(b, op.getLoc(), isLength ? limit - 1 : limit);
    bound = arith::MinSIOp::create(b, op.getLoc(), arith::MaxSIOp::create(b, op.getLoc(), value, low), high).getResult();
  }
  return bounds;
}

} // namespace

Value lacuna::attn::expandSelect(OpBuilder &b, SelectOp op) {
  SmallVector<Value> chosen;
  for (auto [number, mask] : llvm::enumerate(op.getMasks())) {
    int64_t id = number;
    Value here = createInterval(b, op.getLoc(), [&](ImplicitLocOpBuilder &at, ValueRange coordinates) -> SmallVector<Value> {
      Value zero = arith::ConstantIndexOp::create(at, 0), wanted = arith::ConstantIndexOp::create(at, id);
      Value coordinate = coordinates[op.getAxis() == SelectAxis::Batch ? 0 : 1];
      Value entry = LookupOp::create(at, at.getIndexType(), op.getTable(), ValueRange{coordinate});
      Value isThis = arith::CmpIOp::create(at, arith::CmpIPredicate::eq, entry, wanted);
      Value keys = KeyLengthOp::create(at);
      return {zero, arith::SelectOp::create(at, isThis, keys, zero)};
    });
    chosen.push_back(AndOp::create(b, op.getLoc(), ValueRange{here, mask}));
  }
  return OrOp::create(b, op.getLoc(), chosen);
}

Value lacuna::attn::expandRestrict(OpBuilder &b, RestrictOp op) {
  SmallVector<OpFoldResult> bounds = clampBounds(b, op);
  RestrictedFrame frame(bounds);
  Value inside = createInterval(b, op.getLoc(), [&](ImplicitLocOpBuilder &at, ValueRange coordinates) -> SmallVector<Value> {
    Location loc = op.getLoc();
    Value query = frame.toLocal(at, loc, CoordinateFrame::Query, coordinates[2], {});
    // One unsigned comparison is 0 <= query < length.
    Value exists = at.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::ult, query, frame.length(at, loc, CoordinateFrame::Query, {}));
    Value zero = arith::ConstantIndexOp::create(at, 0), keys = frame.length(at, loc, CoordinateFrame::Key, {});
    Value low = frame.fromLocal(at, loc, zero, {}), high = frame.fromLocal(at, loc, keys, {});
    return {low, arith::SelectOp::create(at, exists, high, low)};
  });
  Value local = frame.localize(b, op.getMask());
  return local ? AndOp::create(b, op.getLoc(), ValueRange{inside, local}) : Value();
}
