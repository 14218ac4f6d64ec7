// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.reduce: along the axis outside the lanes (vertical), or a rank-1 tile to a scalar.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <cmath>

using namespace mlir;

namespace lacuna {
namespace {

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

} // namespace

/// The value that changes nothing. -inf, not NaN, for float maxima: vector code compares with ordinary instructions.
Value neutralElement(ImplicitLocOpBuilder &b, tile::Reduction reduction, Type element) {
  if (isa<FloatType>(element) && reduction != tile::Reduction::Sum)
    return arith::ConstantOp::create(b, b.getFloatAttr(element, reduction == tile::Reduction::Max ? -INFINITY : INFINITY));
  return arith::getIdentityValue(kindOf(reduction, element), element, b, b.getLoc());
}

/// `sum` combined with `x`. Extrema of floats by comparison: one instruction on x86 (maxnum takes three), and a NaN in x is passed over just the same.
Value combine(ImplicitLocOpBuilder &b, tile::Reduction reduction, Value sum, Value x) {
  if (reduction != tile::Reduction::Sum && isa<FloatType>(getElementTypeOrSelf(x.getType()))) {
    auto better = reduction == tile::Reduction::Max ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT;
    return arith::SelectOp::create(b, arith::CmpFOp::create(b, better, x, sum), x, sum);
  }
  return vector::makeArithReduction(b, b.getLoc(), combiningKind(reduction, getElementTypeOrSelf(x.getType())), sum, x);
}

LogicalResult CpuLowering::lowerReduce(tile::ReduceOp op) {
  tile::TileType type = op.getTile().getType();
  Value from = buffers.lookup(op.getTile());
  if (type.getRank() == 2 && static_cast<int64_t>(op.getAxis()) != lanesAxis(type))
    return reduceToRows(op, from, bufferFor(op->getResult(0))), success();
  auto both = [&](Value x, Value y) { return combine(b, op.getKind(), x, y); };
  Value start = neutralElement(b, op.getKind(), type.getElementType());
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
  int64_t width = vectorWidth(element), chains = type.getDimSize(0) % 4 == 0 ? 4 : 1;
  std::pair<Value, Value> columns = columnsOf(op.getTile());
  auto vectorType = VectorType::get({width}, element);
  forLoop(type.getDimSize(1), width, [&](Value lane) {
    Value start = splat(b, neutralElement(b, op.getKind(), element), width);
    auto loop = scf::ForOp::create(b, columns.first, columns.second, constant(chains), SmallVector<Value>(chains, start),
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
