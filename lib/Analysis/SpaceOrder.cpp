// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/SpaceOrder.h"

#include "lib/Analysis/IndexArithmetic.h"

using namespace mlir;

namespace lacuna {
namespace {

Value div(ImplicitLocOpBuilder &b, Value x, Value y) { return b.createOrFold<arith::DivUIOp>(x, y); }
Value rem(ImplicitLocOpBuilder &b, Value x, Value y) { return b.createOrFold<arith::RemUIOp>(x, y); }

} // namespace

int64_t pointsOf(ArrayRef<int64_t> box) { return llvm::product_of(box); }

SmallVector<Value> emitBoxCounts(ImplicitLocOpBuilder &b, ValueRange extents, ArrayRef<int64_t> box) {
  SmallVector<Value> counts;
  for (auto [extent, side] : llvm::zip(extents, box))
    counts.push_back(side == 1 ? extent : div(b, add(b, extent, constant(b, side - 1)), constant(b, side)));
  return counts;
}

SmallVector<Value> emitCoordinates(ImplicitLocOpBuilder &b, ValueRange extents, ArrayRef<int64_t> box, Value position) {
  int64_t points = pointsOf(box);
  SmallVector<Value> counts = emitBoxCounts(b, extents, box), coordinates(extents.size());
  Value inner = position;
  if (points > 1) { // of all divisions the one that schedules look for
    inner = rem(b, position, constant(b, points));
    position = b.createOrFold<arith::FloorDivSIOp>(position, constant(b, points));
  }
  for (size_t i = extents.size(); i-- > 0;) {
    coordinates[i] = i > 0 ? rem(b, position, counts[i]) : position;
    if (i > 0)
      position = div(b, position, counts[i]);
    if (box[i] == 1)
      continue;
    Value side = constant(b, box[i]);
    coordinates[i] = add(b, b.createOrFold<arith::MulIOp>(coordinates[i], side), rem(b, inner, side));
    inner = div(b, inner, side);
  }
  return coordinates;
}

} // namespace lacuna
