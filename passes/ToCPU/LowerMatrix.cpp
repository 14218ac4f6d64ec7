// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.mma in transposed form: out[r][lane] = acc[r][lane] + sum_t a(r, t) · in[t][lane]. `in` and `out` have queries in the lanes; a(r, t) are scalars of
// the right operand, read where they lie and broadcast, so nothing is packed. One product kernel serves Q·Kᵀ (r = key, t = feature) and P·V (r = feature,
// t = key). With 16-bit operands in pairs a step of t is two elements, multiplied by one dot product per lane. The register block is rows x vectors: with 32 registers 8 x 3, with 16 registers 4 x 3.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace lacuna {

namespace {

/// The largest block of accumulators that leaves room for one row of `in` and one broadcast, and divides the result; of two as large the wider one: 4 x 4 loads
/// less than 8 x 2 (64-blocks, 4k, f32: 3 to 10 % less time).
RegisterBlock chooseRegisterBlock(const TargetDescription &target, int64_t rows, int64_t vectors) {
  RegisterBlock best{1, 1};
  for (int64_t c = 1; c <= 4; ++c)
    for (int64_t r : {1, 2, 4, 8})
      if (vectors % c == 0 && rows % r == 0 && r * c + c + 1 <= target.vectorRegisters && r * c >= best.rows * best.vectors)
        best = {r, c};
  return best;
}

Value at(ImplicitLocOpBuilder &b, Value base, int64_t offset) {
  return arith::AddIOp::create(b, base, arith::ConstantIndexOp::create(b, offset));
}

} // namespace

Value splatPair(ImplicitLocOpBuilder &b, Value memory, Value row, Value column, int64_t width) {
  Value pair = vector::LoadOp::create(b, VectorType::get({2}, b.getBF16Type()), memory, ValueRange{row, column});
  Value word = vector::ExtractOp::create(b, vector::BitCastOp::create(b, VectorType::get({1}, b.getI32Type()), pair), 0);
  return vector::BitCastOp::create(b, VectorType::get({2 * width}, b.getBF16Type()), splat(b, word, width));
}

Value multiplyAdd(ImplicitLocOpBuilder &b, Value a, Value x, Value sum) {
  if (a.getType() == sum.getType())
    return vector::FMAOp::create(b, a, x, sum);
  return LLVM::CallIntrinsicOp::create(b, sum.getType(), b.getStringAttr("llvm.x86.avx512bf16.dpbf16ps.512"), ValueRange{sum, a, x}).getResult(0);
}

/// a(r, t) of the block's row i, in all lanes.
std::function<Value(int64_t)> CpuLowering::blockOperand(const CpuProduct &p, ArrayRef<Value> rows, Value t, llvm::function_ref<Value(Value)> rowOf, Value memory) {
  Value scale = constant(p.perStep()), depth = b.createOrFold<arith::MulIOp>(t, scale);
  if (p.transposed)
    return [=](int64_t i) {
      return p.pairs ? splatPair(b, memory, rows[i], depth, p.width) : splat(b, memref::LoadOp::create(b, memory, ValueRange{rows[i], depth}), p.width);
    };
  if (p.pairs) {
    Value row = arith::AddIOp::create(b, panelRow(memory, rows[0], p.steps), t), inPanel = arith::RemUIOp::create(b, rows[0], constant(panelColumns(memory)));
    return [=](int64_t i) { return splatPair(b, memory, row, arith::MulIOp::create(b, at(b, inPanel, i), scale), p.width); };
  }
  // Neighbours in one row of V: of one view, or LLVM keeps an address for each and has no registers left for the sums.
  OpFoldResult one = b.getIndexAttr(1), count = b.getIndexAttr(p.block.rows);
  Value view = memref::SubViewOp::create(b, memory, ArrayRef<OpFoldResult>{rowOf(t), rows[0]}, ArrayRef<OpFoldResult>{one, count}, ArrayRef<OpFoldResult>{one, one});
  return [=](int64_t i) { return splat(b, memref::LoadOp::create(b, view, ValueRange{constant(0), constant(i)}), p.width); };
}

/// The innermost loop: one register block over the whole depth. `rows` are those of a(r, t), where they do not change with t.
SmallVector<Value> CpuLowering::multiplyBlock(const CpuProduct &p, ArrayRef<Value> rows, Value lane, ValueRange start,
                                              llvm::function_ref<Value(Value)> rowOf, Value memory) {
  Type element = cast<MemRefType>(p.in.getType()).getElementType();
  auto inType = VectorType::get({p.width * p.perStep()}, element);
  auto loop = scf::ForOp::create(b, p.firstStep, p.endStep, constant(1), start);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(loop.getBody());
  Value t = loop.getInductionVar(), scale = constant(p.perStep());
  SmallVector<Value> next(loop.getRegionIterArgs()), x;
  for (int64_t c = 0; c < p.block.vectors; ++c) {
    Value column = b.createOrFold<arith::MulIOp>(at(b, lane, c * p.width), scale);
    x.push_back(vector::LoadOp::create(b, inType, p.in, ValueRange{t, column}));
  }
  std::function<Value(int64_t)> operand = blockOperand(p, rows, t, rowOf, memory);
  for (int64_t i = 0; i < p.block.rows; ++i) {
    Value a = operand(i);
    for (int64_t c = 0; c < p.block.vectors; ++c) {
      Value &sum = next[i * p.block.vectors + c];
      sum = multiplyAdd(b, a, x[c], sum);
    }
  }
  scf::YieldOp::create(b, next);
  return loop.getResults();
}

/// Where tiles are skipped no hardware prefetcher knows which one comes next: beside the rows of K's product, those of V that the following product reads where
/// they lie (blocks of 64, 4k, f32: 2 to 3 % less time; of all tiles: none, or 1 % more).
void CpuLowering::prefetchNextOperand(tile::MmaOp op, ArrayRef<Value> rows) {
  auto visit = op->getParentOfType<tile::VisitOp>();
  if (!visit || visit.getTest().empty() || !op.getTransposeRhs())
    return;
  auto following = llvm::make_range(std::next(op->getIterator()), op->getBlock()->end());
  auto products = llvm::make_filter_range(following, [](Operation &next) { return isa<tile::MmaOp>(next); });
  auto view = products.empty() ? views.end() : views.find(cast<tile::MmaOp>(*products.begin()).getRhs());
  if (view == views.end() || (view->second.map && !view->second.map->empty())) // a row of a gathered tile costs a look-up
    return;
  auto type = cast<tile::TileType>(view->first.getType());
  for (Value row : rows)
    forLoop(type.getShape()[1], kCacheLineBits / type.getElementType().getIntOrFloatBitWidth(), [&](Value column) {
      memref::PrefetchOp::create(b, view->second.plane, ValueRange{viewRow(view->second, row), column}, /*isWrite=*/false, /*localityHint=*/3, /*isDataCache=*/true);
    });
}

LogicalResult CpuLowering::checkMma(tile::MmaOp op) {
  tile::TileType outType = op.getResult().getType(), lhs = op.getLhs().getType();
  bool typed = hasPairs(lhs) ? lhs.getElementType().isBF16() && op.getRhs().getType().getElementType().isBF16() && target.matrix.k >= 2
                             : lhs.getElementType().isF32();
  if (lanesAxis(outType) != 0 || hasPairs(outType) || lanesAxis(lhs) != 0 || !typed)
    return op.emitOpError("expects f32 operands with queries in the lanes, or bf16 pairs on a target that multiplies them, but got ")
           << lhs << " and " << outType;
  bool isPacked = hasPairs(op.getRhs().getType());
  if (!usesTiles(op) && isPacked != (hasPairs(lhs) && !op.getTransposeRhs()))
    return op.emitOpError("expects a right operand whose pairs lie along the depth, but got ") << op.getRhs().getType();
  int64_t width = vectorWidth(outType.getElementType()), lanes = outType.getShape()[0];
  if (lanes % width)
    return op.emitOpError("expects a multiple of ") << width << " query rows in a tile, but got " << lanes;
  return success();
}

LogicalResult CpuLowering::lowerMma(tile::MmaOp op) {
  if (lanesAxis(op.getResult().getType()) == 1 && !hasPairs(op.getResult().getType()))
    return lowerFlatMma(op);
  if (failed(checkMma(op)))
    return failure();
  if (usesTiles(op))
    return lowerToTiles(op), success();
  tile::TileType outType = op.getResult().getType(), lhs = op.getLhs().getType();
  CpuProduct p;
  p.width = vectorWidth(outType.getElementType()), p.lanes = outType.getShape()[0], p.rows = outType.getShape()[1];
  p.pairs = hasPairs(lhs), p.transposed = op.getTransposeRhs(), p.steps = lhs.getShape()[1] / p.perStep();
  p.block = chooseRegisterBlock(target, p.rows, p.lanes / p.width);
  p.in = buffers.lookup(op.getLhs()), p.acc = op.getAcc() ? buffers.lookup(op.getAcc()) : Value(), p.out = bufferFor(op->getResult(0));
  p.scale = op.getAccScale() ? buffers.lookup(op.getAccScale()) : Value();
  auto view = views.find(op.getRhs());
  bool isView = view != views.end();
  Value memory = isView ? view->second.plane : buffers.lookup(op.getRhs());
  auto rowOf = [&](Value offset) { return isView ? viewRow(view->second, offset) : offset; };
  auto vectorType = VectorType::get({p.width}, outType.getElementType());

  auto scaled = [&](Value step) { return b.createOrFold<arith::DivUIOp>(step, constant(p.perStep())); };
  auto [firstKey, endKey] = columnsOf(op.getLhs());
  p.firstStep = scaled(firstKey), p.endStep = scaled(endKey);
  auto [firstRow, endRow] = columnsOf(op.getResult());
  forLoop(firstRow, endRow, p.block.rows, [&](Value r0) {
    SmallVector<Value> outRows, rows;
    for (int64_t i = 0; i < p.block.rows; ++i) {
      outRows.push_back(at(b, r0, i));
      rows.push_back(p.transposed ? rowOf(outRows.back()) : outRows.back());
    }
    prefetchNextOperand(op, outRows);
    forLoop(p.lanes, p.block.vectors * p.width, [&](Value lane) {
      // A tile is summed on its own and then added: the error of a long row grows with its tiles, not with its keys.
      Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorType));
      SmallVector<Value> sums = multiplyBlock(p, rows, lane, SmallVector<Value>(p.block.rows * p.block.vectors, zero), rowOf, memory);
      for (auto [i, row] : llvm::enumerate(outRows))
        for (int64_t c = 0; c < p.block.vectors; ++c) {
          Value sum = sums[i * p.block.vectors + c];
          SmallVector<Value> place{row, at(b, lane, c * p.width)};
          if (p.acc) {
            Value acc = vector::LoadOp::create(b, vectorType, p.acc, place);
            sum = p.scale ? vector::FMAOp::create(b, acc, vector::LoadOp::create(b, vectorType, p.scale, place[1]), sum).getResult()
                          : arith::AddFOp::create(b, acc, sum).getResult();
          }
          vector::StoreOp::create(b, sum, p.out, place);
        }
    });
  });
  return success();
}

} // namespace lacuna
