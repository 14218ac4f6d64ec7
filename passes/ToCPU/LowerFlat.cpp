// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.mma and tile.reduce of flat tiles: few rows, and keys or features in the vector lanes (`#tile.lanes<1>`). There is one row of scores for every few
// bytes of K and V, so what counts is to read these once, where they lie, in order: 16-bit elements are widened in registers, or, bf16 where the target multiplies
// pairs, taken as they are. Q·Kᵀ multiplies along the features with several keys in flight and adds up the lanes of all of them together; P·V scales rows of V,
// two at a time in pairs. Both ask for the rows one tile ahead, row by row as they go, so that memory has something to do while the other product or the softmax
// is computed (all at once, or further ahead, is slower).
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace lacuna {
namespace {

struct Block {
  int64_t rows, columns;
};

/// The largest rows x columns of accumulators that fit beside what one step reads; rows divide `rows`, columns are a power of two that divides `columns`.
/// `held` says how many registers the operands of one step take; of blocks as large the `wide` one, or that of most rows.
Block chooseBlock(const TargetDescription &target, int64_t rows, int64_t columns, int64_t maxColumns, bool wide, llvm::function_ref<int64_t(Block)> held) {
  Block best{1, 1};
  auto isBetter = [&](Block x) {
    int64_t size = x.rows * x.columns, largest = best.rows * best.columns;
    return size > largest || (size == largest && (wide ? x.columns > best.columns : x.rows > best.rows));
  };
  for (int64_t r = 1; r <= std::min<int64_t>(rows, 8); ++r)
    for (int64_t c = 1; c <= maxColumns; c *= 2) {
      Block block{r, c};
      if (rows % r == 0 && columns % c == 0 && r * c + held(block) <= target.vectorRegisters && isBetter(block))
        best = block;
    }
  return best;
}

/// How many vectors of `width` elements a cache line holds, at least one.
int64_t vectorsOfLine(tile::TileType type, int64_t width) {
  return std::max<int64_t>(1, kCacheLineBits / (width * type.getElementType().getIntOrFloatBitWidth()));
}

Value shuffle(ImplicitLocOpBuilder &b, Value x, Value y, ArrayRef<int64_t> lanes) { return vector::ShuffleOp::create(b, x, y, lanes); }

/// Vectors whose lane l belongs to sum l mod n each become one vector whose lane l belongs to sum l mod 2n.
Value mergeSums(ImplicitLocOpBuilder &b, Value x, Value y, int64_t n) {
  int64_t width = cast<VectorType>(x.getType()).getDimSize(0);
  SmallVector<int64_t> first(width), second(width);
  for (int64_t l = 0; l < width; ++l) {
    int64_t pair = l / (2 * n), from = l % (2 * n) < n ? 0 : width, lane = pair * 2 * n + l % n;
    first[l] = from + lane, second[l] = from + lane + n;
  }
  return arith::AddFOp::create(b, shuffle(b, x, y, first), shuffle(b, x, y, second));
}

/// Lanes of 16 bytes; VPUNPCKLWD and VPUNPCKHWD interleave within them, at a fraction of a whole interleaving's cost.
constexpr int64_t kPairsOfLane = 4;

/// Elements of x and y side by side: the lower (or upper) half of every 16 bytes.
Value unpacked(ImplicitLocOpBuilder &b, Value x, Value y, int64_t half) {
  int64_t width = cast<VectorType>(x.getType()).getDimSize(0);
  SmallVector<int64_t> lanes;
  for (int64_t pair = 0; pair < width / 2; ++pair) {
    int64_t from = pair / kPairsOfLane * 2 * kPairsOfLane + half * kPairsOfLane + pair % kPairsOfLane;
    lanes.append({from, width + from});
  }
  return shuffle(b, x, y, lanes);
}

/// Sums of both halves in the order of the features again.
void restoreOrder(ImplicitLocOpBuilder &b, Value &lower, Value &upper) {
  int64_t width = cast<VectorType>(lower.getType()).getDimSize(0);
  SmallVector<int64_t> lanes;
  for (int64_t feature = 0; feature < 2 * width; ++feature) {
    int64_t half = feature / kPairsOfLane % 2;
    lanes.push_back(half * width + feature / (2 * kPairsOfLane) * kPairsOfLane + feature % kPairsOfLane);
  }
  Value first = shuffle(b, lower, upper, ArrayRef(lanes).take_front(width)), second = shuffle(b, lower, upper, ArrayRef(lanes).drop_front(width));
  lower = first, upper = second;
}

/// Halves a vector with `combine` until `lanes` lanes are left.
Value foldLanes(ImplicitLocOpBuilder &b, Value x, int64_t lanes, llvm::function_ref<Value(Value, Value)> combine) {
  for (int64_t width = cast<VectorType>(x.getType()).getDimSize(0); width > lanes; width /= 2) {
    auto half = llvm::to_vector(llvm::seq<int64_t>(0, width / 2)), other = llvm::to_vector(llvm::seq<int64_t>(width / 2, width));
    x = combine(shuffle(b, x, x, half), shuffle(b, x, x, other));
  }
  return x;
}

/// One vector with the sum of the lanes of each vector. As many of them as a power of two, at most as many as they have lanes.
Value sumsOfLanes(ImplicitLocOpBuilder &b, SmallVector<Value> vectors) {
  int64_t count = vectors.size();
  for (int64_t n = 1; n < count; n *= 2) {
    SmallVector<Value> merged;
    for (size_t i = 0; i + 1 < vectors.size(); i += 2)
      merged.push_back(mergeSums(b, vectors[i], vectors[i + 1], n));
    vectors = merged;
  }
  return foldLanes(b, vectors.front(), count, [&](Value x, Value y) { return arith::AddFOp::create(b, x, y).getResult(); });
}

} // namespace

int64_t vectorWidthFor(int64_t size, int64_t width) { return std::min<int64_t>(width, size & -size); }

/// A row-major operand: a view of memory or a scratch buffer.
struct CpuLowering::FlatOperand {
  Value memory;
  const RowView *view;
};

CpuLowering::FlatOperand CpuLowering::flatOperand(Value tile) {
  auto view = views.find(tile);
  return view == views.end() ? FlatOperand{buffers.lookup(tile), nullptr} : FlatOperand{view->second.plane, &view->second};
}

Value CpuLowering::flatRow(const FlatOperand &operand, Value offset) { return operand.view ? viewRow(*operand.view, offset) : offset; }

/// Elements of a row as a product's left operand has them: as many f32 as a vector has lanes, or twice as many bf16.
Value CpuLowering::loadRow(Value memory, Value row, Value column, VectorType type) {
  Type element = cast<MemRefType>(memory.getType()).getElementType();
  Value x = vector::LoadOp::create(b, type.clone(element), memory, ValueRange{row, column});
  return element == type.getElementType() ? x : arith::ExtFOp::create(b, type, x).getResult();
}

LogicalResult CpuLowering::lowerFlatMma(tile::MmaOp op) {
  tile::TileType lhs = op.getLhs().getType(), rhs = op.getRhs().getType();
  if (lanesAxis(lhs) != 1 || (!views.contains(op.getRhs()) && lanesAxis(rhs) != 1) ||
      !(lhs.getElementType().isF32() || (lhs.getElementType().isBF16() && lhs.getElementType() == rhs.getElementType())))
    return op.emitOpError("expects row-major operands, f32 on the left or bf16 on both sides, but got ") << lhs << " and " << rhs;
  Value out = bufferFor(op->getResult(0));
  if (op.getTransposeRhs())
    flatDotProducts(op, out);
  else
    flatScaledRows(op, out);
  return success();
}

/// Asks for a cache line of the row that lies `ahead` rows behind `offset`. Nothing is read: an address without memory is no error.
void CpuLowering::prefetchRow(const FlatOperand &operand, Value offset, int64_t ahead, Value column) {
  if (!operand.view)
    return;
  Value row = b.createOrFold<arith::AddIOp>(operand.view->first, b.createOrFold<arith::AddIOp>(offset, constant(ahead)));
  memref::PrefetchOp::create(b, operand.memory, ValueRange{row, column}, /*isWrite=*/false, /*localityHint=*/3, /*isDataCache=*/true);
}

/// out[m][n] = acc[m][n] + sum_d lhs[m][d] · rhs[n][d]: lanes hold features (or pairs of them) until the sum.
void CpuLowering::flatDotProducts(tile::MmaOp op, Value out) {
  tile::TileType lhs = op.getLhs().getType();
  int64_t rows = lhs.getShape()[0], keys = op.getRhs().getType().getShape()[0], perLane = lhs.getElementType().isBF16() ? 2 : 1;
  int64_t depth = lhs.getShape()[1] / perLane, width = vectorWidthFor(depth, vectorWidth(b.getF32Type()));
  int64_t line = vectorsOfLine(op.getRhs().getType(), perLane * width);
  Block block = chooseBlock(target, rows, keys, width, /*wide=*/false, [](Block x) { return x.rows + 1; });
  // Few rows: key by key, so that memory is read in order, which is worth loading the left rows again (bf16, head 128, 1 row: a fifth less time). More: part by part.
  bool keyByKey = block.rows <= 4;
  int64_t parts = vectorWidthFor(depth / width, keyByKey ? 8 : line);
  auto vectorType = VectorType::get({width}, b.getF32Type()), inType = VectorType::get({perLane * width}, lhs.getElementType());
  Value in = buffers.lookup(op.getLhs()), acc = op.getAcc() ? buffers.lookup(op.getAcc()) : Value();
  FlatOperand right = flatOperand(op.getRhs());
  forLoop(keys, block.columns, [&](Value n0) {
    SmallVector<Value> keyRows;
    for (int64_t j = 0; j < block.columns; ++j)
      keyRows.push_back(flatRow(right, b.createOrFold<arith::AddIOp>(n0, constant(j))));
    forLoop(rows, block.rows, [&](Value m0) {
      Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorType));
      auto loop = scf::ForOp::create(b, constant(0), constant(perLane * depth), constant(parts * perLane * width), SmallVector<Value>(block.rows * block.columns, zero));
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToEnd(loop.getBody());
        SmallVector<Value> next(loop.getRegionIterArgs());
        for (int64_t n = 0; n < parts * block.columns; ++n) {
          int64_t j = keyByKey ? n / parts : n % block.columns, part = keyByKey ? n % parts : n / block.columns;
          Value d = arith::AddIOp::create(b, loop.getInductionVar(), constant(part * perLane * width));
          if (part % line == 0)
            prefetchRow(right, arith::AddIOp::create(b, n0, constant(j)), keys, d);
          Value y = loadRow(right.memory, keyRows[j], d, inType);
          for (int64_t i = 0; i < block.rows; ++i) {
            Value x = vector::LoadOp::create(b, inType, in, ValueRange{arith::AddIOp::create(b, m0, constant(i)), d}), &sum = next[i * block.columns + j];
            sum = multiplyAdd(b, x, y, sum);
          }
        }
        scf::YieldOp::create(b, next);
      }
      for (int64_t i = 0; i < block.rows; ++i) {
        Value row = arith::AddIOp::create(b, m0, constant(i));
        Value sums = sumsOfLanes(b, llvm::to_vector_of<Value>(loop.getResults().slice(i * block.columns, block.columns)));
        if (acc)
          sums = arith::AddFOp::create(b, sums, vector::LoadOp::create(b, cast<VectorType>(sums.getType()), acc, ValueRange{row, n0}));
        vector::StoreOp::create(b, sums, out, ValueRange{row, n0});
      }
    });
  });
}

/// What a step of the depth reads of V: `count` vectors of features from one key's row, or, of two keys whose values stand in pairs, twice as far.
SmallVector<Value> CpuLowering::loadKeys(tile::MmaOp op, const FlatOperand &right, Value k, Value d0, int64_t count, bool pairs) {
  SmallVector<Value> y, keyRows{flatRow(right, k)};
  int64_t keys = op.getLhs().getType().getShape()[1], width = vectorWidthFor(op.getRhs().getType().getShape()[1], vectorWidth(b.getF32Type()));
  if (pairs)
    keyRows.push_back(flatRow(right, arith::AddIOp::create(b, k, constant(1))));
  auto type = pairs ? VectorType::get({2 * width}, b.getBF16Type()) : VectorType::get({width}, b.getF32Type());
  for (int64_t c = 0; c < count; c += keyRows.size()) {
    Value column = arith::AddIOp::create(b, d0, constant(c * width));
    SmallVector<Value> x;
    for (auto [i, row] : llvm::enumerate(keyRows)) {
      if (c % vectorsOfLine(op.getRhs().getType(), width) == 0)
        prefetchRow(right, k, keys + i, column);
      x.push_back(loadRow(right.memory, row, column, type));
    }
    if (!pairs) {
      y.push_back(x[0]);
      continue;
    }
    for (int64_t half : {0, 1})
      y.push_back(unpacked(b, x[0], x[1], half));
  }
  return y;
}

/// out[m][d] = acc[m][d] + sum_k lhs[m][k] · rhs[k][d]: lanes hold features of the result. A tile's sum starts at zero and joins the accumulator
/// once: added key by key, half a million keys lose three bits of an f32.
void CpuLowering::flatScaledRows(tile::MmaOp op, Value out) {
  tile::TileType lhs = op.getLhs().getType();
  int64_t rows = lhs.getShape()[0], keys = lhs.getShape()[1], columns = op.getRhs().getType().getShape()[1];
  int64_t width = vectorWidthFor(columns, vectorWidth(b.getF32Type()));
  bool pairs = lhs.getElementType().isBF16();
  // Wide: V is read in order, in one pass (bf16, head 128, 4 rows: 2 x 8 takes a fifth less time than 4 x 4); not where 8 rows or more of f32 make products the work.
  Block block = chooseBlock(target, rows, columns / width, 8, /*wide=*/pairs || rows <= 4, [](Block x) { return x.columns + 1; });
  auto vectorType = VectorType::get({width}, b.getF32Type());
  Value in = buffers.lookup(op.getLhs()), acc = op.getAcc() ? buffers.lookup(op.getAcc()) : Value();
  FlatOperand right = flatOperand(op.getRhs());
  auto at = [&](Value m0, Value d0, int64_t i, int64_t c) {
    return SmallVector<Value>{arith::AddIOp::create(b, m0, constant(i)), arith::AddIOp::create(b, d0, constant(c * width))};
  };
  forLoop(rows, block.rows, [&](Value m0) {
    forLoop(columns, block.columns * width, [&](Value d0) {
      Value zero = arith::ConstantOp::create(b, b.getZeroAttr(vectorType));
      auto loop = scf::ForOp::create(b, constant(0), constant(keys), constant(pairs ? 2 : 1), SmallVector<Value>(block.rows * block.columns, zero));
      {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPointToEnd(loop.getBody());
        Value k = loop.getInductionVar();
        SmallVector<Value> next(loop.getRegionIterArgs()), y = loadKeys(op, right, k, d0, block.columns, pairs);
        for (int64_t i = 0; i < block.rows; ++i) {
          Value row = arith::AddIOp::create(b, m0, constant(i));
          Value x = pairs ? splatPair(b, in, row, k, width) : splat(b, memref::LoadOp::create(b, in, ValueRange{row, k}), width);
          for (int64_t c = 0; c < block.columns; ++c) {
            Value &sum = next[i * block.columns + c];
            sum = multiplyAdd(b, x, y[c], sum);
          }
        }
        scf::YieldOp::create(b, next);
      }
      SmallVector<Value> sums(loop.getResults());
      for (size_t i = 0; pairs && i < sums.size(); i += 2)
        restoreOrder(b, sums[i], sums[i + 1]);
      for (int64_t i = 0; i < block.rows; ++i)
        for (int64_t c = 0; c < block.columns; ++c) {
          Value sum = sums[i * block.columns + c];
          if (acc)
            sum = arith::AddFOp::create(b, sum, vector::LoadOp::create(b, vectorType, acc, at(m0, d0, i, c)));
          vector::StoreOp::create(b, sum, out, at(m0, d0, i, c));
        }
    });
  });
}

/// Along the lanes: vectors are combined first, then the lanes of the last one, in a fixed order.
void CpuLowering::reduceAlongLanes(Value from, Value row, Value start, llvm::function_ref<Value(Value, Value)> combine,
                                   llvm::function_ref<void(Value)> use) {
  auto type = cast<MemRefType>(from.getType());
  int64_t size = type.getShape().back(), width = vectorWidthFor(size, vectorWidth(type.getElementType()));
  auto vectorType = VectorType::get({width}, type.getElementType());
  auto loop = scf::ForOp::create(b, constant(0), constant(size), constant(width), splat(b, start, width));
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(loop.getBody());
    SmallVector<Value> at = row ? SmallVector<Value>{row, loop.getInductionVar()} : SmallVector<Value>{loop.getInductionVar()};
    Value x = vector::LoadOp::create(b, vectorType, from, at);
    scf::YieldOp::create(b, combine(loop.getRegionIterArg(0), x));
  }
  Value last = foldLanes(b, loop.getResult(0), 1, combine);
  use(vector::ExtractOp::create(b, last, ArrayRef<int64_t>{0}));
}

} // namespace lacuna
