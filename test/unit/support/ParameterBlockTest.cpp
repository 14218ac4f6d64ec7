// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Offsets that the compiler computes against the table of docs/design/abi.md (the runtime's own are in test/unit/runtime).
#include "lib/Support/ParameterBlock.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace mlir;

namespace lacuna {
namespace {

struct ParameterBlock : testing::Test {
  MLIRContext context;
  Builder b{&context};
  Type f32 = b.getF32Type(), index = b.getIndexType();
  Type memref(ArrayRef<int64_t> shape) { return MemRefType::get(shape, f32); }
  Type tensor(ArrayRef<int64_t> shape) { return RankedTensorType::get(shape, f32); }
  int64_t dynamic = ShapedType::kDynamic;
};

TEST_F(ParameterBlock, TensorsTakeAPointerSizesAndStrides) {
  EXPECT_EQ(parameterSlots(memref({})), 1);
  EXPECT_EQ(parameterSlots(memref({dynamic})), 3);
  EXPECT_EQ(parameterSlots(memref({2, 4, dynamic, 64})), 9); // static sizes are passed too
  EXPECT_EQ(parameterSlots(tensor({2, 4, dynamic, 64})), 9);
}

TEST_F(ParameterBlock, ScalarsTakeOneSlot) {
  const Type types[] = {index,         b.getI64Type(), b.getI32Type(), b.getIntegerType(16), b.getI8Type(),
                        b.getI1Type(), b.getF64Type(), f32,            b.getF16Type(),       b.getBF16Type()};
  for (Type type : types)
    EXPECT_EQ(parameterSlots(type), 1);
}

// The header example of abi.md: q of rank 4 at 0, window at 72, result of rank 4 at 80; 152 bytes, rounded up to 192.
TEST_F(ParameterBlock, ArgumentsFollowOneAnother) {
  Type q = tensor({dynamic, 32, dynamic, 128});
  ParameterLayout layout = layoutParameters({q, index, q});
  EXPECT_EQ(layout.offsets, (SmallVector<int64_t>{0, 72, 80}));
  EXPECT_EQ(layout.bytes, 192);
}

TEST_F(ParameterBlock, BlocksAreWholeLinesAndNeverEmpty) {
  EXPECT_EQ(layoutParameters({}).bytes, 64);
  for (size_t count = 1; count <= 20; ++count) {
    ParameterLayout layout = layoutParameters(SmallVector<Type>(count, index));
    EXPECT_EQ(layout.offsets.back(), static_cast<int64_t>(8 * (count - 1)));
    EXPECT_EQ(layout.bytes % ParameterLayout::kAlignment, 0);
    EXPECT_GE(layout.bytes, static_cast<int64_t>(8 * count));
    EXPECT_LT(layout.bytes, static_cast<int64_t>(8 * count + 64));
  }
}

} // namespace
} // namespace lacuna
