// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The window of a query is computed in the coordinates of its space. All dimensions stand in one predicate: the analysis cuts a tile along the rows of
// the space, and on such a piece the ranges of all coordinates are exact together. Constants fold while the region is built.
#include "passes/Masks/Neighborhood.h"

#include "lib/Analysis/SpaceOrder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::attn;
using arith::CmpIPredicate;

namespace {

/// One dimension: its parameters, legal.
struct Dimension {
  Value extent, window, stride, dilation;
  bool causal;
};

/// Attended coordinates of a query at one coordinate: first, first + dilation, …, last.
struct Window {
  Value first, last, residue; ///< residue: null without dilation
};

/// Folding scalar ops on non-negative numbers.
class Scalars : public ImplicitLocOpBuilder {
public:
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;

  Value constant(int64_t value) { return arith::ConstantIndexOp::create(*this, value); }
  Value value(OpFoldResult x) { return getValueOrCreateConstantIndexOp(*this, getLoc(), x); }
  Value add(Value x, Value y) { return createOrFold<arith::AddIOp>(x, y); }
  Value sub(Value x, Value y) { return createOrFold<arith::SubIOp>(x, y); }
  Value mul(Value x, Value y) { return createOrFold<arith::MulIOp>(x, y); }
  Value div(Value x, Value y) { return createOrFold<arith::DivUIOp>(x, y); }
  Value rem(Value x, Value y) { return createOrFold<arith::RemUIOp>(x, y); }
  Value min(Value x, Value y) { return createOrFold<arith::MinSIOp>(x, y); }
  Value max(Value x, Value y) { return createOrFold<arith::MaxSIOp>(x, y); }
  Value compare(CmpIPredicate predicate, Value x, Value y) { return createOrFold<arith::CmpIOp>(predicate, x, y); }
  Value both(Value x, Value y) { return x ? createOrFold<arith::AndIOp>(x, y) : y; }
  bool isOne(Value x) { return isConstantIntValue(x, 1); }
  /// Ends the region; what folding has left unused goes.
  void finish(ValueRange results) {
    YieldOp::create(*this, results);
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*getBlock())))
      if (isOpTriviallyDead(&op))
        op.erase();
  }
};

/// The expansion of one op.
class Neighborhood {
public:
  explicit Neighborhood(NeighborhoodOp op) : op(op) {}

  Value expand(OpBuilder &b) {
    Value hull = expandHull(b);
    if (op.getNumDims() > 1 || op.hasBoxes())
      return AndOp::create(b, op.getLoc(), ValueRange{hull, expandPairs(b)});
    if (op.getStaticDilation()[0] == 1)
      return hull;
    return AndOp::create(b, op.getLoc(), ValueRange{hull, expandResidues(b)});
  }

private:
  Scalars enter(OpBuilder &b, Region &region, unsigned numArguments) {
    SmallVector<Type> types(numArguments, b.getIndexType());
    OpBuilder::InsertionGuard guard(b);
    Block *block = b.createBlock(&region, {}, types, SmallVector<Location>(numArguments, op.getLoc()));
    Scalars s(op.getLoc(), b.getContext());
    s.setInsertionPointToStart(block);
    return s;
  }

  /// Brings run-time parameters to the nearest legal ones; constants are legal.
  SmallVector<Dimension> dimensions(Scalars &s) {
    auto clamp = [&](OpFoldResult x, Value most) { return s.max(s.min(s.value(x), most), s.constant(1)); };
    SmallVector<OpFoldResult> space = op.getMixedSpace(), window = op.getMixedWindow(), stride = op.getMixedStride(), dilation = op.getMixedDilation();
    SmallVector<Dimension> result;
    for (size_t i = 0; i < space.size(); ++i) {
      Dimension dim;
      dim.extent = clamp(space[i], s.constant(INT32_MAX));
      dim.window = clamp(window[i], dim.extent);
      dim.stride = isConstantIntValue(stride[i], 1) ? s.constant(1) : clamp(stride[i], dim.window);
      dim.dilation = isConstantIntValue(dilation[i], 1) ? s.constant(1) : clamp(dilation[i], s.div(dim.extent, dim.window));
      dim.causal = op.getCausal()[i];
      result.push_back(dim);
    }
    return result;
  }

  SmallVector<Value> coordinates(Scalars &s, ArrayRef<Dimension> dims, ArrayRef<int64_t> box, Value position) {
    return emitCoordinates(s, llvm::map_to_vector(dims, [](const Dimension &dim) { return dim.extent; }), box, position);
  }

  Window windowOf(Scalars &s, const Dimension &dim, Value x) {
    Window result;
    Value one = s.constant(1), inner = x, length = dim.extent;
    if (!s.isOne(dim.dilation)) {
      result.residue = s.rem(x, dim.dilation);
      inner = s.div(x, dim.dilation);
      length = s.div(s.add(s.sub(dim.extent, result.residue), s.sub(dim.dilation, one)), dim.dilation);
    }
    Value leader = inner;
    if (!s.isOne(dim.stride)) {
      Value centre = dim.causal ? s.sub(dim.stride, one) : s.div(dim.stride, s.constant(2));
      leader = s.min(s.add(s.mul(s.div(inner, dim.stride), dim.stride), centre), s.sub(length, one));
    }
    Value before = dim.causal ? s.sub(dim.window, one) : s.div(dim.window, s.constant(2));
    Value first = s.max(s.sub(leader, before), s.constant(0));
    if (!dim.causal)
      first = s.min(first, s.sub(length, dim.window));
    result.first = result.residue ? s.add(s.mul(first, dim.dilation), result.residue) : first;
    result.last = dim.causal ? x : s.add(result.first, s.mul(s.sub(dim.window, one), dim.dilation));
    return result;
  }

  /// Of a box, by its number in raster order; numbers from 2^31 on are beyond all keys, and their products would wrap.
  Value firstKeyOf(Scalars &s, Value number) {
    int64_t points = pointsOf(op.getKeyBox());
    return points == 1 ? number : s.mul(s.min(number, s.constant(INT32_MAX)), s.constant(points));
  }

  /// [least attended key, greatest attended key + 1), both rounded to whole boxes: nothing for queries beyond the space.
  Value expandHull(OpBuilder &b) {
    auto interval = IntervalOp::create(b, op.getLoc(), /*implied=*/hasKeyBoxes());
    Scalars s = enter(b, interval.getBounds(), 3);
    SmallVector<Dimension> dims = dimensions(s);
    SmallVector<Value> at = coordinates(s, dims, op.getQueryBox(), interval.getBounds().getArgument(2));
    SmallVector<Value> counts = emitBoxCounts(s, llvm::map_to_vector(dims, [](const Dimension &dim) { return dim.extent; }), op.getKeyBox());
    Value low = s.constant(0), high = s.constant(1), step = s.constant(1);
    for (size_t i = dims.size(); i-- > 0;) {
      Window window = windowOf(s, dims[i], at[i]);
      Value side = s.constant(op.getKeyBox()[i]);
      low = s.add(low, s.mul(s.div(window.first, side), step));
      high = s.add(high, s.mul(s.div(window.last, side), step));
      // Keys are below 2^31: a larger step means the same and would overflow.
      step = s.min(s.mul(step, counts[i]), s.constant(INT32_MAX));
    }
    low = firstKeyOf(s, low), high = firstKeyOf(s, high);
    s.finish({low, s.createOrFold<arith::SelectOp>(exists(s, dims, at), high, s.constant(0))});
    return interval;
  }

  bool hasKeyBoxes() { return pointsOf(op.getKeyBox()) > 1; }

  /// Is the query a point of the space?
  Value exists(Scalars &s, ArrayRef<Dimension> dims, ArrayRef<Value> query) {
    Value exists;
    for (auto [i, dim] : llvm::enumerate(dims))
      if (i == 0 || op.getQueryBox()[i] > 1)
        exists = s.both(exists, s.compare(CmpIPredicate::slt, query[i], dim.extent));
    return exists;
  }

  /// The pair attends in every dimension. In the slowest one of a raster, keys of the hull that attend in the others lie between its first and last anyhow: a row of the
  /// space further on is a whole row of keys away. Boxes ask for all that the hull says: queries that are no point of the space get a window behind all keys.
  Value expandPairs(OpBuilder &b) {
    auto predicate = PredicateOp::create(b, op.getLoc());
    Scalars s = enter(b, predicate.getBody(), 4);
    SmallVector<Dimension> dims = dimensions(s);
    SmallVector<Value> query = coordinates(s, dims, op.getQueryBox(), predicate.getBody().getArgument(2));
    SmallVector<Value> key = coordinates(s, dims, op.getKeyBox(), predicate.getBody().getArgument(3));
    Value attends;
    for (auto [i, dim] : llvm::enumerate(dims)) {
      Value y = key[i];
      Window window = windowOf(s, dim, query[i]);
      if (i == 0 && hasKeyBoxes())
        window.first = s.createOrFold<arith::SelectOp>(exists(s, dims, query), window.first, s.constant(INT32_MAX));
      if (i > 0 || hasKeyBoxes()) {
        attends = s.both(attends, s.compare(CmpIPredicate::sge, y, window.first));
        // The extent is no news for `last`, but bounds its range: comparisons in 32 bits.
        Value last = dim.causal ? window.last : s.min(window.last, s.sub(dim.extent, s.constant(1)));
        attends = s.both(attends, s.compare(CmpIPredicate::sle, y, last));
      }
      if (window.residue)
        attends = s.both(attends, s.compare(CmpIPredicate::eq, s.rem(y, dim.dilation), window.residue));
    }
    s.finish(attends);
    return predicate;
  }

  /// In one dimension: the group of the query is that of the key.
  Value expandResidues(OpBuilder &b) {
    auto equal = EqualOp::create(b, op.getLoc());
    for (Region *region : {&equal.getQuery(), &equal.getKey()}) {
      Scalars s = enter(b, *region, 3);
      s.finish(s.rem(region->getArgument(2), dimensions(s)[0].dilation));
    }
    return equal;
  }

  NeighborhoodOp op;
};

} // namespace

Value lacuna::attn::expandNeighborhood(OpBuilder &b, NeighborhoodOp op) { return Neighborhood(op).expand(b); }
