// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.mma in transposed form: out[r][lane] = acc[r][lane] + sum_t a(r, t) · in[t][lane]. `in` and `out` have queries in the lanes; a(r, t) are scalars of
// the right operand, read where they lie and broadcast, so nothing is packed. One product kernel serves Q·Kᵀ (r = key, t = feature) and P·V (r = feature,
// t = key). The register block is rows x vectors: with 32 registers 8 x 3, with 16 registers 4 x 3.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace lacuna {
namespace {

struct RegisterBlock {
  int64_t rows, vectors;
};

/// The largest block of accumulators that leaves room for one row of `in` and one broadcast, and divides the result.
RegisterBlock chooseRegisterBlock(const TargetDescription &target, int64_t rows, int64_t vectors) {
  RegisterBlock best{1, 1};
  for (int64_t c = 1; c <= 4; ++c)
    for (int64_t r : {1, 2, 4, 8})
      if (vectors % c == 0 && rows % r == 0 && r * c + c + 1 <= target.vectorRegisters && r * c > best.rows * best.vectors)
        best = {r, c};
  return best;
}

} // namespace

LogicalResult CpuLowering::lowerMma(tile::MmaOp op) {
  tile::TileType outType = op.getResult().getType();
  if (lanesAxis(outType) == 1)
    return lowerFlatMma(op);
  if (lanesAxis(op.getLhs().getType()) != 0 || !op.getLhs().getType().getElementType().isF32())
    return op.emitOpError("expects f32 operands with queries in the lanes, but got ") << op.getLhs().getType() << " and " << outType;
  int64_t width = vectorWidth(outType.getElementType()), lanes = outType.getShape()[0], rows = outType.getShape()[1];
  int64_t depth = op.getLhs().getType().getShape()[1];
  if (lanes % width)
    return op.emitOpError("expects a multiple of ") << width << " query rows in a tile, but got " << lanes;
  RegisterBlock block = chooseRegisterBlock(target, rows, lanes / width);
  auto vectorType = VectorType::get({width}, outType.getElementType());
  Value in = buffers.lookup(op.getLhs()), acc = op.getAcc() ? buffers.lookup(op.getAcc()) : Value(), out = bufferFor(op->getResult(0));
  auto view = views.find(op.getRhs());
  bool transposed = op.getTransposeRhs();
  Value scratch = view == views.end() ? buffers.lookup(op.getRhs()) : Value();

  auto lanesAt = [&](Value lane, int64_t vector) { return arith::AddIOp::create(b, lane, constant(vector * width)).getResult(); };
  auto rowOf = [&](Value offset) { return scratch ? offset : viewRow(view->second, offset); };
  auto read = [&](Value row, Value column) -> Value { return memref::LoadOp::create(b, scratch ? scratch : view->second.plane, ValueRange{row, column}); };

  forLoop(rows, block.rows, [&](Value r0) {
    // Rows of a(r, t) that do not change with t are computed once.
    SmallVector<Value> r;
    for (int64_t i = 0; i < block.rows; ++i) {
      Value offset = arith::AddIOp::create(b, r0, constant(i));
      r.push_back(transposed ? rowOf(offset) : offset);
    }
    forLoop(lanes, block.vectors * width, [&](Value lane) {
      SmallVector<Value> start;
      for (int64_t i = 0; i < block.rows; ++i)
        for (int64_t c = 0; c < block.vectors; ++c) {
          Value outRow = arith::AddIOp::create(b, r0, constant(i));
          start.push_back(acc ? vector::LoadOp::create(b, vectorType, acc, ValueRange{outRow, lanesAt(lane, c)}).getResult()
                              : arith::ConstantOp::create(b, b.getZeroAttr(vectorType)).getResult());
        }
      auto loop = scf::ForOp::create(b, constant(0), constant(depth), constant(1), start);
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToEnd(loop.getBody());
        Value t = loop.getInductionVar();
        SmallVector<Value> next(loop.getRegionIterArgs()), x;
        for (int64_t c = 0; c < block.vectors; ++c)
          x.push_back(vector::LoadOp::create(b, vectorType, in, ValueRange{t, lanesAt(lane, c)}));
        Value row = transposed ? Value() : rowOf(t);
        for (int64_t i = 0; i < block.rows; ++i) {
          Value a = splat(b, transposed ? read(r[i], t) : read(row, r[i]), width);
          for (int64_t c = 0; c < block.vectors; ++c) {
            Value &sum = next[i * block.vectors + c];
            sum = vector::FMAOp::create(b, a, x[c], sum);
          }
        }
        scf::YieldOp::create(b, next);
      }
      for (int64_t i = 0; i < block.rows; ++i)
        for (int64_t c = 0; c < block.vectors; ++c) {
          Value outRow = arith::AddIOp::create(b, r0, constant(i));
          vector::StoreOp::create(b, loop.getResult(i * block.vectors + c), out, ValueRange{outRow, lanesAt(lane, c)});
        }
    });
  });
  return success();
}

} // namespace lacuna
