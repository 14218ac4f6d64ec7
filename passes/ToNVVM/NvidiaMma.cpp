// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix products of sm_80: mma.sync.m16n8k16 on register fragments, operands brought from swizzled shared tiles by
// ldmatrix.x4.
#include "passes/ToNVVM/NvidiaTarget.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

/// The 8x8 matrices that one ldmatrix.x4 brings. Matrix number i = lane / 8 lies 8 rows below the first if bit `rowBit`
/// of i is set and 8 columns to its right if the other bit is.
///
///     rowBit 0:  0 2    operand A (rows 16, k 16); B from k-major storage, transposed on the way
///                1 3
///     rowBit 1:  0 1    B from n-major storage
///                2 3
class MatrixLoader {
public:
  MatrixLoader(const Build &build, const ThreadIds &ids, Value shared, TileType tile, int rowBit, bool transpose,
               Value firstRow = {})
      : build(build), shared(shared), tile(tile), swizzle(cast<SwizzleAttr>(tile.getLayout())), transpose(transpose) {
    Value matrix = build.div(ids.lane, 8), inner = build.rem(ids.lane, 8);
    Value low = build.rem(matrix, 2), high = build.div(matrix, 2);
    Value row = build.add(inner, build.mul(rowBit == 0 ? low : high, 8));
    laneVector = rowBit == 0 ? high : low;
    // Rows of different matrices differ by multiples of 8, so the swizzle's phase is the lane's.
    phase = build.rem(build.div(inner, swizzle.getRepeat()), swizzle.getPhases());
    laneRow = build.mul(firstRow ? build.add(row, firstRow) : row, swizzle.getPitch());
  }

  /// Four registers from the 16x16 block at (row, column).
  SmallVector<Value> load(int64_t row, int64_t column) const {
    Value slot = build.bitXor(build.add(laneVector, column / 8), phase);
    Value offset = build.add(build.add(laneRow, build.mul(slot, 8)), row * swizzle.getPitch());
    Value address = build.advance(shared, tile.getElementType(), offset);
    SmallVector<Type> registers(4, build.b.getI32Type());
    auto type = LLVM::LLVMStructType::getLiteral(build.b.getContext(), registers);
    Value matrices = NVVM::LdMatrixOp::create(
        build.b, build.loc, type, address, /*num=*/4u, transpose ? NVVM::MMALayout::col : NVVM::MMALayout::row,
        NVVM::LdStMatrixShapeAttr::get(build.b.getContext(), 8, 8), NVVM::LdStMatrixEltType::B16);
    SmallVector<Value> results;
    for (int64_t i = 0; i < 4; ++i)
      results.push_back(LLVM::ExtractValueOp::create(build.b, build.loc, matrices, i));
    return results;
  }

private:
  Build build;
  Value shared;
  TileType tile;
  SwizzleAttr swizzle;
  bool transpose;
  Value laneRow, laneVector, phase;
};

Value bitcast(const Build &build, Value value, Type type) {
  return value.getType() == type ? value : Value(LLVM::BitcastOp::create(build.b, build.loc, type, value));
}

/// One mma.sync; `acc` are its four accumulators, replaced by the results.
void multiplyBlock(const Build &build, Type element, ArrayRef<Value> a, ArrayRef<Value> b, ArrayRef<Value *> acc) {
  bool isBf16 = element.isBF16();
  Type operand = isBf16 ? Type(build.b.getI32Type()) : VectorType::get(2, element);
  auto cast = [&](ArrayRef<Value> values) {
    return llvm::map_to_vector(values, [&](Value v) { return bitcast(build, v, operand); });
  };
  SmallVector<Value> c = llvm::map_to_vector(acc, [](Value *v) { return *v; });
  auto type = LLVM::LLVMStructType::getLiteral(build.b.getContext(), SmallVector<Type>(4, build.b.getF32Type()));
  NVVM::MMATypes kind = isBf16 ? NVVM::MMATypes::bf16 : NVVM::MMATypes::f16;
  Value d = NVVM::MmaOp::create(build.b, build.loc, type, cast(a), cast(b), c, ArrayRef<int64_t>{16, 8, 16},
                                std::nullopt, std::nullopt, std::array<NVVM::MMATypes, 2>{kind, kind},
                                std::array<NVVM::MMALayout, 2>{NVVM::MMALayout::row, NVVM::MMALayout::col});
  for (auto [i, value] : llvm::enumerate(acc))
    *value = LLVM::ExtractValueOp::create(build.b, build.loc, d, static_cast<int64_t>(i));
}

} // namespace

SmallVector<Value> NvidiaTarget::loadFragment(OpBuilder &b, Location loc, Value shared, TileType from,
                                              TileType type) const {
  Build build{b, loc};
  ThreadIds ids(build, warpSize());
  auto fragment = cast<FragmentAttr>(type.getLayout());
  SpreadAttr rows = fragment.getRows();
  int64_t vectors = fragment.getColumns().getOuter();
  Value firstRow = build.mul(ids.warp, rows.getLanes() * rows.getRegisters());
  MatrixLoader loader(build, ids, shared, from, /*rowBit=*/0, /*transpose=*/false, firstRow);
  SmallVector<Value> registers(rows.getRegisters() * vectors);
  auto packed = VectorType::get(2, type.getElementType());
  for (int64_t r = 0; r < rows.getRegisters(); r += 2)
    for (int64_t v = 0; v < vectors; v += 2)
      for (auto [i, value] : llvm::enumerate(loader.load(r * 8, v * 8)))
        registers[(r + i % 2) * vectors + v + i / 2] = bitcast(build, value, packed);
  return registers;
}

SmallVector<Value> NvidiaTarget::multiply(OpBuilder &b, MmaOp op, ValueRange lhs, Value rhs,
                                          SmallVector<Value> acc) const {
  Build build{b, op.getLoc()};
  ThreadIds ids(build, warpSize());
  TileType left = op.getLhs().getType(), right = op.getRhs().getType(), result = op.getResult().getType();
  int64_t rowRegisters = cast<FragmentAttr>(result.getLayout()).getRows().getRegisters();
  int64_t columns = result.getShape()[1], depth = left.getShape()[1], perRow = columns / 4;
  bool nMajor = op.getTransposeRhs();
  MatrixLoader loader(build, ids, rhs, right, /*rowBit=*/nMajor ? 1 : 0, /*transpose=*/!nMajor);
  std::optional<MatrixLoader> leftLoader;
  if (left.getSpace() == Space::Shared) {
    Value firstRow = build.mul(ids.warp, 8 * rowRegisters);
    leftLoader.emplace(build, ids, lhs.front(), left, /*rowBit=*/0, /*transpose=*/false, firstRow);
  }
  // Operand A of rows 8 r … 8 r + 15: from the fragment's registers, or from shared memory.
  auto operandA = [&](int64_t r, int64_t k) -> SmallVector<Value> {
    if (leftLoader)
      return leftLoader->load(r * 8, k);
    auto at = [&](int64_t i) { return lhs[(r + i % 2) * (depth / 8) + k / 8 + i / 2]; };
    return {at(0), at(1), at(2), at(3)};
  };
  for (int64_t k = 0; k < depth; k += 16) {
    SmallVector<SmallVector<Value>> rows;
    for (int64_t r = 0; r < rowRegisters; r += 2)
      rows.push_back(operandA(r, k));
    for (int64_t n = 0; n < columns; n += 16) {
      SmallVector<Value> b = nMajor ? loader.load(n, k) : loader.load(k, n); // k halves of columns n.., then of n + 8..
      for (int64_t r = 0; r < rowRegisters; r += 2)
        for (int64_t half = 0; half < 2; ++half) {
          int64_t first = r * perRow + (n / 8 + half) * 2, second = first + perRow; // rows g and g + 8
          multiplyBlock(build, left.getElementType(), rows[r / 2], {b[half * 2], b[half * 2 + 1]},
                        {&acc[first], &acc[first + 1], &acc[second], &acc[second + 1]});
        }
    }
  }
  return acc;
}
