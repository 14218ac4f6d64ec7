// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads (views, nothing moves), conversions into scratch, stores, and reductions.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <cmath>

using namespace mlir;

namespace lacuna {
namespace {

/// Numeric conversion of a scalar or vector. 16-bit formats meet through f32.
Value convertElement(ImplicitLocOpBuilder &b, Value x, Type to) {
  Type from = getElementTypeOrSelf(x.getType());
  auto vector = dyn_cast<VectorType>(x.getType());
  auto typed = [&](Type element) { return vector ? Type(vector.clone(element)) : element; };
  if (from == to)
    return x;
  if (from.getIntOrFloatBitWidth() == to.getIntOrFloatBitWidth())
    return convertElement(b, arith::ExtFOp::create(b, typed(b.getF32Type()), x), to);
  if (from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth())
    return arith::ExtFOp::create(b, typed(to), x);
  return arith::TruncFOp::create(b, typed(to), x);
}

arith::AtomicRMWKind kindOf(tile::Reduction reduction, Type element) {
  bool isFloat = isa<FloatType>(element);
  switch (reduction) {
  case tile::Reduction::Sum:
    return isFloat ? arith::AtomicRMWKind::addf : arith::AtomicRMWKind::addi;
  case tile::Reduction::Max:
    return isFloat ? arith::AtomicRMWKind::maxnumf : arith::AtomicRMWKind::maxs;
  case tile::Reduction::Min:
    return isFloat ? arith::AtomicRMWKind::minnumf : arith::AtomicRMWKind::mins;
  }
  llvm_unreachable("unknown reduction");
}

/// The value that changes nothing. -inf, not NaN, for float maxima: vector code compares with ordinary instructions.
Value neutral(ImplicitLocOpBuilder &b, tile::Reduction reduction, Type element) {
  if (isa<FloatType>(element) && reduction != tile::Reduction::Sum)
    return arith::ConstantOp::create(b, b.getFloatAttr(element, reduction == tile::Reduction::Max ? -INFINITY : INFINITY));
  return arith::getIdentityValue(kindOf(reduction, element), element, b, b.getLoc());
}

vector::CombiningKind combiningKind(tile::Reduction reduction, Type element) {
  bool isFloat = isa<FloatType>(element);
  switch (reduction) {
  case tile::Reduction::Sum:
    return vector::CombiningKind::ADD;
  case tile::Reduction::Max:
    return isFloat ? vector::CombiningKind::MAXNUMF : vector::CombiningKind::MAXSI;
  case tile::Reduction::Min:
    return isFloat ? vector::CombiningKind::MINNUMF : vector::CombiningKind::MINSI;
  }
  llvm_unreachable("unknown reduction");
}

Value combine(ImplicitLocOpBuilder &b, tile::Reduction reduction, Value x, Value y) {
  return vector::makeArithReduction(b, b.getLoc(), combiningKind(reduction, getElementTypeOrSelf(x.getType())), x, y);
}

} // namespace

/// The last `rank` dimensions of `memory` at leading `indices`, as a memref of that rank.
Value CpuLowering::planeOf(Value memory, ValueRange indices, int64_t rank) {
  auto type = cast<MemRefType>(memory.getType());
  SmallVector<OpFoldResult> offsets, sizes, strides(type.getRank(), b.getIndexAttr(1));
  for (Value index : indices) {
    offsets.push_back(scalar(index));
    sizes.push_back(b.getIndexAttr(1));
  }
  SmallVector<int64_t> shape;
  for (int64_t i = type.getRank() - rank; i < type.getRank(); ++i) {
    offsets.push_back(b.getIndexAttr(0));
    shape.push_back(type.getDimSize(i));
    sizes.push_back(type.isDynamicDim(i) ? OpFoldResult(memref::DimOp::create(b, memory, i).getResult()) : b.getIndexAttr(type.getDimSize(i)));
  }
  auto reduced = memref::SubViewOp::inferRankReducedResultType(shape, type, offsets, sizes, strides);
  return memref::SubViewOp::create(b, cast<MemRefType>(reduced), memory, offsets, sizes, strides);
}

Value CpuLowering::viewRow(const RowView &view, Value offset) {
  Value row = b.createOrFold<arith::AddIOp>(view.first, offset);
  if (!view.inBounds) {
    // Rows past the limit repeat the last one. A visited tile has at least one row, so limit > 0.
    Value last = arith::SubIOp::create(b, view.limit, constant(1));
    row = arith::MinSIOp::create(b, row, last);
  }
  return view.map && !view.map->empty() ? mapRow(*view.map, row).front() : row;
}

/// Emits the map of a load or store at one row.
SmallVector<Value> CpuLowering::mapRow(Region &map, Value row) {
  IRMapping values(scalars);
  values.map(map.getArgument(0), row);
  for (Operation &op : map.front().without_terminator())
    b.clone(op, values);
  return llvm::map_to_vector(map.front().getTerminator()->getOperands(), [&](Value v) { return values.lookupOrDefault(v); });
}

void CpuLowering::lowerLoad(tile::LoadOp op) {
  Value plane = planeOf(scalar(op.getSource()), op.getIndices(), op.getResult().getType().getRank());
  views[op.getResult()] = {plane, scalar(op.getFirst()), scalar(op.getLimit()), op.getInBounds(), &op.getMap()};
}

LogicalResult CpuLowering::lowerConvert(tile::ConvertOp op) {
  tile::TileType from = op.getTile().getType(), to = op.getResult().getType();
  Type element = to.getElementType();
  if (auto source = views.find(op.getTile()); source != views.end()) {
    RowView view = source->second;
    Value output = bufferFor(op->getResult(0));
    if (hasPairs(to) && lanesAxis(to) == 1)
      pairRows(view, to, output);
    else
      copyView(view, to, output);
    return success();
  }
  // Scratch to scratch: the lanes stay.
  if (from.getRank() != 2 || hasPairs(from) || lanesAxis(from) != lanesAxis(to) || (hasPairs(to) && lanesAxis(to) != 0))
    return op.emitOpError("expects the same layout on both sides, but got ") << from << " and " << to;
  Value input = buffers.lookup(op.getTile()), output = bufferFor(op->getResult(0));
  if (hasPairs(to)) {
    pairScratch(input, to, output);
    return success();
  }
  ArrayRef<int64_t> shape = bufferType(to).getShape();
  forLoop(shape[0], 1, [&](Value i) {
    forLoop(shape[1], 8, [&](Value j) {
      Value x = vector::LoadOp::create(b, VectorType::get({8}, from.getElementType()), input, ValueRange{i, j});
      vector::StoreOp::create(b, convertElement(b, x, element), output, ValueRange{i, j});
    });
  });
  return success();
}

/// Row by row: transposed (two columns at once where they stay neighbours), or as they lie.
void CpuLowering::copyView(const RowView &view, tile::TileType to, Value output) {
  Type element = to.getElementType();
  int64_t columns = to.getShape()[1], step = lanesAxis(to) == 1 ? 8 : hasPairs(to) ? 2 : 1; // head sizes are multiples of 8
  Type from = cast<MemRefType>(view.plane.getType()).getElementType();
  forLoop(to.getShape()[0], 1, [&](Value i) {
    Value row = viewRow(view, i);
    forLoop(columns, step, [&](Value j) {
      if (step == 1) {
        Value x = memref::LoadOp::create(b, view.plane, ValueRange{row, j});
        memref::StoreOp::create(b, convertElement(b, x, element), output, ValueRange{j, i});
        return;
      }
      Value x = vector::LoadOp::create(b, VectorType::get({step}, from), view.plane, ValueRange{row, j});
      SmallVector<Value> there{i, j};
      if (step == 2)
        there = {arith::DivUIOp::create(b, j, constant(2)), arith::MulIOp::create(b, i, constant(2))};
      vector::StoreOp::create(b, convertElement(b, x, element), output, there);
    });
  });
}

/// Two rows become one of twice the length.
void CpuLowering::pairRows(const RowView &view, tile::TileType to, Value output) {
  int64_t columns = to.getShape()[1], width = columns % 32 == 0 ? 32 : columns % 16 == 0 ? 16 : 8;
  auto type = VectorType::get({width}, cast<MemRefType>(view.plane.getType()).getElementType());
  forLoop(to.getShape()[0] / 2, 1, [&](Value i) {
    Value first = arith::MulIOp::create(b, i, constant(2));
    Value rows[] = {viewRow(view, first), viewRow(view, arith::AddIOp::create(b, first, constant(1)))};
    forLoop(columns, width, [&](Value j) {
      Value x[2];
      for (int n : {0, 1})
        x[n] = convertElement(b, vector::LoadOp::create(b, type, view.plane, ValueRange{rows[n], j}), to.getElementType());
      vector::StoreOp::create(b, vector::InterleaveOp::create(b, x[0], x[1]), output, ValueRange{i, arith::MulIOp::create(b, j, constant(2))});
    });
  });
}

/// The same from a scratch tile whose rows (of its buffer) lie across the lanes.
void CpuLowering::pairScratch(Value input, tile::TileType to, Value output) {
  auto from = cast<MemRefType>(input.getType());
  int64_t width = vectorWidth(from.getElementType());
  auto type = VectorType::get({width}, from.getElementType());
  forLoop(from.getDimSize(0), 2, [&](Value row) {
    forLoop(from.getDimSize(1), width, [&](Value lane) {
      Value x[2];
      for (int n : {0, 1})
        x[n] = convertElement(b, vector::LoadOp::create(b, type, input, ValueRange{arith::AddIOp::create(b, row, constant(n)), lane}), to.getElementType());
      Value there[] = {arith::DivUIOp::create(b, row, constant(2)), arith::MulIOp::create(b, lane, constant(2))};
      vector::StoreOp::create(b, vector::InterleaveOp::create(b, x[0], x[1]), output, there);
    });
  });
}

void CpuLowering::lowerStore(tile::StoreOp op) {
  tile::TileType type = op.getTile().getType();
  Value buffer = buffers.lookup(op.getTile()), plane = planeOf(scalar(op.getDestination()), op.getIndices(), type.getRank());
  Value first = scalar(op.getFirst()), left = arith::SubIOp::create(b, scalar(op.getLimit()), first);
  Value rows = arith::MinSIOp::create(b, left, constant(type.getShape()[0]));
  forLoop(constant(0), rows, 1, [&](Value i) {
    Value row = arith::AddIOp::create(b, first, i);
    OpBuilder::InsertionGuard guard(b);
    if (!op.getMap().empty()) {
      SmallVector<Value> mapped = mapRow(op.getMap(), row);
      row = mapped[0];
      b.setInsertionPointToStart(scf::IfOp::create(b, mapped[1], /*withElseRegion=*/false).thenBlock());
    }
    if (type.getRank() == 1) {
      memref::StoreOp::create(b, memref::LoadOp::create(b, buffer, i), plane, row);
      return;
    }
    forLoop(type.getShape()[1], 1, [&](Value j) {
      Value x = memref::LoadOp::create(b, buffer, lanesAxis(type) == 0 ? ValueRange{j, i} : ValueRange{i, j});
      memref::StoreOp::create(b, x, plane, ValueRange{row, j});
    });
  });
}

LogicalResult CpuLowering::lowerReduce(tile::ReduceOp op) {
  tile::TileType type = op.getTile().getType();
  Value from = buffers.lookup(op.getTile());
  if (type.getRank() == 2 && static_cast<int64_t>(op.getAxis()) != lanesAxis(type))
    return reduceToRows(op, from, bufferFor(op->getResult(0))), success();
  auto both = [&](Value x, Value y) { return combine(b, op.getKind(), x, y); };
  Value start = neutral(b, op.getKind(), type.getElementType());
  if (type.getRank() == 1) {
    reduceAlongLanes(from, Value(), start, both, [&](Value result) { scalars.map(op.getResult(), result); });
    return success();
  }
  Value to = bufferFor(op->getResult(0));
  forLoop(bufferType(type).getDimSize(0), 1, [&](Value row) {
    reduceAlongLanes(from, row, start, both, [&](Value result) { memref::StoreOp::create(b, result, to, row); });
  });
  return success();
}

/// Vertical: one lane per result, four partial results in flight to cover the latency of the operation.
void CpuLowering::reduceToRows(tile::ReduceOp op, Value from, Value to) {
  auto type = cast<MemRefType>(from.getType());
  Type element = type.getElementType();
  int64_t depth = type.getDimSize(0), width = vectorWidth(element), chains = depth % 4 == 0 ? 4 : 1;
  auto vectorType = VectorType::get({width}, element);
  forLoop(type.getDimSize(1), width, [&](Value lane) {
    Value start = splat(b, neutral(b, op.getKind(), element), width);
    auto loop = scf::ForOp::create(b, constant(0), constant(depth), constant(chains), SmallVector<Value>(chains, start),
                                   [&](OpBuilder &inner, Location loc, Value i, ValueRange carried) {
                                     ImplicitLocOpBuilder at(loc, inner);
                                     SmallVector<Value> next;
                                     for (int64_t chain = 0; chain < chains; ++chain) {
                                       Value row = arith::AddIOp::create(at, i, arith::ConstantIndexOp::create(at, chain));
                                       Value x = vector::LoadOp::create(at, vectorType, from, ValueRange{row, lane});
                                       next.push_back(combine(at, op.getKind(), carried[chain], x));
                                     }
                                     scf::YieldOp::create(at, next);
                                   });
    Value result = loop.getResult(0);
    for (Value partial : loop.getResults().drop_front())
      result = combine(b, op.getKind(), result, partial);
    vector::StoreOp::create(b, result, to, lane);
  });
}

} // namespace lacuna
