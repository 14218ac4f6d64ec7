// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Matrix products of CDNA3: mfma.f32.32x32x8 on transposed tiles. The tile's rows (queries) are the instruction's
// columns n = lane % 32, its A operand comes from LDS. With h = lane / 32 and i = 0 … 3 an operand register holds k =
// 4h + i and accumulator 4j + i holds m = 8j + 4h + i, which is why scores become the next product's operand without
// moving.
#include "passes/ToROCDL/AmdTarget.h"

#include "mlir/Dialect/LLVMIR/ROCDLDialect.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

constexpr int64_t kBlock = 32, kDepth = 8, kPacking = 4, kAccumulators = 16;

/// Reads operand registers of four 16-bit elements from a swizzled shared tile.
class OperandLoader {
public:
  OperandLoader(const Build &build, Value shared, TileType tile, const ThreadIds &ids)
      : build(build), shared(shared), tile(tile), swizzle(cast<SwizzleAttr>(tile.getLayout())),
        column(build.rem(ids.lane, kBlock)), half(build.div(ids.lane, kBlock)) {}

  /// k along the rows of memory: element i is (row + lane % 32, k + 4h + i), one read of 8 bytes.
  Value loadAlongRow(Value row, int64_t k) const {
    Value at = build.add(row, column), first = build.add(build.mul(half, kPacking), k);
    return LLVM::LoadOp::create(build.b, build.loc, packed(), address(at, first), /*alignment=*/8);
  }

  /// k across the rows of memory: element i is (k + 4h + i, columns + lane % 32), four reads of 2 bytes.
  Value loadAcrossRows(int64_t k, int64_t columns) const {
    Value at = build.add(column, columns), first = build.add(build.mul(half, kPacking), k);
    Value vector = LLVM::PoisonOp::create(build.b, build.loc, packed());
    for (int64_t i = 0; i < kPacking; ++i) {
      Value element = LLVM::LoadOp::create(build.b, build.loc, tile.getElementType(), address(build.add(first, i), at));
      vector = LLVM::InsertElementOp::create(build.b, build.loc, vector, element, build.i32(i));
    }
    return vector;
  }

private:
  Type packed() const { return VectorType::get(kPacking, tile.getElementType()); }
  Value address(Value row, Value at) const {
    return build.advance(shared, tile.getElementType(), swizzledOffset(build, swizzle, row, at));
  }

  Build build;
  Value shared;
  TileType tile;
  SwizzleAttr swizzle;
  Value column, half;
};

/// acc + A · B with A and B as packed registers.
Value multiplyBlock(const Build &build, Value a, Value b, Value acc) {
  Value zero = build.i32(0);
  bool isBf16 = getElementTypeOrSelf(a.getType()).isBF16();
  if (isBf16) {
    Type integers = VectorType::get(kPacking, build.b.getI16Type());
    a = LLVM::BitcastOp::create(build.b, build.loc, integers, a);
    b = LLVM::BitcastOp::create(build.b, build.loc, integers, b);
  }
  SmallVector<Value> arguments{a, b, acc, zero, zero, zero};
  if (isBf16)
    return ROCDL::mfma_f32_32x32x8bf16_1k::create(build.b, build.loc, acc.getType(), arguments);
  return ROCDL::mfma_f32_32x32x8f16::create(build.b, build.loc, acc.getType(), arguments);
}

Value gather(const Build &build, ArrayRef<Value> scalars) {
  Value vector = LLVM::PoisonOp::create(build.b, build.loc, VectorType::get(kAccumulators, scalars.front().getType()));
  for (auto [i, scalar] : llvm::enumerate(scalars))
    vector = LLVM::InsertElementOp::create(build.b, build.loc, vector, scalar, build.i32(i));
  return vector;
}

void scatter(const Build &build, Value vector, MutableArrayRef<Value> scalars) {
  for (auto [i, scalar] : llvm::enumerate(scalars))
    scalar = LLVM::ExtractElementOp::create(build.b, build.loc, vector, build.i32(i));
}

} // namespace

SmallVector<Value> AmdTarget::loadFragment(OpBuilder &b, Location loc, Value shared, TileType from,
                                           TileType type) const {
  Build build{b, loc};
  ThreadIds ids(build, warpSize());
  auto fragment = cast<FragmentAttr>(type.getLayout());
  SpreadAttr rows = fragment.getRows();
  OperandLoader loader(build, shared, from, ids);
  Value firstRow = build.mul(ids.warp, kBlock * rows.getRegisters());
  SmallVector<Value> registers;
  for (int64_t r = 0; r < rows.getRegisters(); ++r)
    for (int64_t k = 0; k < type.getShape()[1]; k += kDepth)
      registers.push_back(loader.loadAlongRow(build.add(firstRow, r * kBlock), k));
  return registers;
}

SmallVector<Value> AmdTarget::multiply(OpBuilder &b, MmaOp op, ValueRange lhs, Value rhs,
                                       SmallVector<Value> acc) const {
  Build build{b, op.getLoc()};
  ThreadIds ids(build, warpSize());
  OperandLoader loader(build, rhs, op.getRhs().getType(), ids);
  int64_t rows = cast<FragmentAttr>(op.getResult().getType().getLayout()).getRows().getRegisters();
  int64_t columns = op.getResult().getType().getShape()[1], depth = op.getLhs().getType().getShape()[1];
  // A block of 32 columns is 16 consecutive accumulators of a row register.
  for (int64_t n = 0; n < columns; n += kBlock) {
    auto block = [&](int64_t r) { return MutableArrayRef<Value>(acc).slice((r * columns + n) / 2, kAccumulators); };
    SmallVector<Value> vectors;
    for (int64_t r = 0; r < rows; ++r)
      vectors.push_back(gather(build, block(r)));
    for (int64_t k = 0; k < depth; k += kDepth) {
      Value a = op.getTransposeRhs() ? loader.loadAlongRow(build.i32(n), k) : loader.loadAcrossRows(k, n);
      for (int64_t r = 0; r < rows; ++r)
        vectors[r] = multiplyBlock(build, a, lhs[(r * depth + k) / kDepth], vectors[r]);
    }
    for (int64_t r = 0; r < rows; ++r)
      scatter(build, vectors[r], block(r));
  }
  return acc;
}
