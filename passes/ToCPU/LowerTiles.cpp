// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.mma on a tile unit (AMX), in transposed form: Sᵀ = K·Qᵀ reads K as rows, Oᵀ += Vᵀ·Pᵀ reads Vᵀ; Q and P come in pairs. Units of 2 x 2 accumulators
// need four loads for four products and use all eight tiles. The depth is unrolled: tiles carried through a loop do not reach LLVM. So units of Sᵀ that the hull of a
// partial tile does not touch are left out, while in Vᵀ·Pᵀ the weights there are zeros.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace lacuna {

/// The right operand's depth is contiguous, all its rows can be read, and the result consists of whole units.
bool CpuLowering::usesTiles(tile::MmaOp op) {
  tile::TileType lhs = op.getLhs().getType(), rhs = op.getRhs().getType();
  ArrayRef<int64_t> shape = op.getResult().getType().getShape();
  if (!hasPairs(lhs) || hasPairs(rhs) || !target.matrix.fills(shape[1], shape[0], lhs.getShape()[1]))
    return false;
  auto view = views.find(op.getRhs());
  return view == views.end() ? lanesAxis(rhs) == (op.getTransposeRhs() ? 1 : 0) : op.getTransposeRhs() && view->second.inBounds;
}

/// Pairs of keys outside the key range become zeros: negative ones, since LLVM makes a call of memset of others, which costs all registers and the configuration
/// of the tiles. A product with them adds nothing, either.
void CpuLowering::clearOutsideRange(tile::MmaOp op) {
  if (!keyRange || !keyRange->tiles.contains(op.getLhs()))
    return;
  Value buffer = buffers.lookup(op.getLhs()), two = constant(2);
  auto type = cast<MemRefType>(buffer.getType());
  auto row = VectorType::get({2 * vectorWidth(b.getF32Type())}, type.getElementType());
  auto zero = SplatElementsAttr::get(row, b.getFloatAttr(type.getElementType(), -0.0));
  auto clear = [&](Value first, Value end) {
    forLoop(first, end, 1, [&](Value pair) {
      forLoop(type.getDimSize(1), row.getDimSize(0), [&](Value lane) {
        vector::StoreOp::create(b, arith::ConstantOp::create(b, zero), buffer, ValueRange{pair, lane});
      });
    });
  };
  clear(constant(0), arith::DivUIOp::create(b, keyRange->begin, two));
  clear(arith::DivUIOp::create(b, keyRange->end, two), constant(type.getDimSize(0)));
}

void CpuLowering::lowerToTiles(tile::MmaOp op) {
  ArrayRef<int64_t> shape = op.getResult().getType().getShape();
  int64_t m = target.matrix.m, n = target.matrix.n, k = target.matrix.k, depth = op.getLhs().getType().getShape()[1];
  auto sumType = amx::TileType::get({m, n}, b.getF32Type()), leftType = amx::TileType::get({m, k}, b.getBF16Type());
  auto rightType = amx::TileType::get({k / 2, 2 * n}, b.getBF16Type());
  Value in = buffers.lookup(op.getLhs()), acc = op.getAcc() ? buffers.lookup(op.getAcc()) : Value(), out = bufferFor(op->getResult(0));
  auto view = views.find(op.getRhs());
  Value memory = view == views.end() ? buffers.lookup(op.getRhs()) : view->second.plane;
  auto at = [&](Value base, int64_t offset) { return b.createOrFold<arith::AddIOp>(base, constant(offset)); };
  clearOutsideRange(op);
  auto [firstRow, endRow] = columnsOf(op.getResult());
  forLoop(firstRow, endRow, 2 * m, [&](Value row) {
    Value first = view == views.end() ? row : viewRow(view->second, row);
    auto unit = [&](Value lane) {
      Value sums[2][2], pairLane = arith::MulIOp::create(b, lane, constant(2));
      for (int i : {0, 1})
        for (int j : {0, 1}) // every accumulator its own zero: a shared one would be copied through memory
          sums[i][j] = acc ? amx::TileLoadOp::create(b, sumType, acc, ValueRange{at(row, i * m), at(lane, j * n)}).getResult()
                           : amx::TileZeroOp::create(b, sumType).getResult();
      for (int64_t t = 0; t < depth; t += k) {
        Value right[2];
        for (int j : {0, 1})
          right[j] = amx::TileLoadOp::create(b, rightType, in, ValueRange{constant(t / 2), at(pairLane, j * 2 * n)});
        for (int i : {0, 1}) {
          Value left = amx::TileLoadOp::create(b, leftType, memory, ValueRange{at(first, i * m), constant(t)});
          for (int j : {0, 1})
            sums[i][j] = amx::TileMulFOp::create(b, sumType, left, right[j], sums[i][j]);
        }
      }
      for (int i : {0, 1})
        for (int j : {0, 1})
          amx::TileStoreOp::create(b, out, ValueRange{at(row, i * m), at(lane, j * n)}, sums[i][j]);
    };
    shape[0] == 2 * n ? unit(constant(0)) : forLoop(shape[0], 2 * n, unit);
  });
}

} // namespace lacuna
