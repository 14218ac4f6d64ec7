// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The slots that generated code reads. Messages for bad arguments are in ErrorTest.cpp.
#include "TestProgram.h"

#include "runtime/ParameterBlock.h"

#include <gtest/gtest.h>

using namespace lacuna::runtime;
using namespace lacuna::test;

namespace {
class ParameterBlockTest : public ::testing::Test {
protected:
  std::vector<int64_t> slots(const std::vector<lacunaValue> &values) {
    Result<ParameterBlock> block = packArguments(entry, values.data(), int64_t(values.size()), DataPointers::required);
    EXPECT_TRUE(block.ok()) << block.status().message;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(block->data()) % 64, 0u);
    return std::vector<int64_t>(block->slot(0), block->slot(entry.parameterBytes));
  }

  Argument tensor(std::vector<int64_t> shape) { return {"t", LACUNA_TENSOR, LACUNA_F32, shape, 0, std::nullopt}; }
  Argument scalar(lacunaDType dtype) { return {"s", LACUNA_SCALAR, dtype, {}, 0, std::nullopt}; }

  Entry entry;
  float data[1] = {};
  int64_t address = int64_t(reinterpret_cast<intptr_t>(data));
};
} // namespace

TEST_F(ParameterBlockTest, tensorIsPointerSizesStrides) {
  entry.arguments = {tensor({-1, 3, -1})};
  assignOffsets(entry);
  std::vector<int64_t> sizes = {2, 3, 4}, strides = {-100, 0, 1};
  EXPECT_EQ(slots({tensorValue(data, LACUNA_F32, sizes, strides.data())}),
            (std::vector<int64_t>{address, 2, 3, 4, -100, 0, 1}));
  EXPECT_EQ(slots({tensorValue(data, LACUNA_F32, sizes)}), (std::vector<int64_t>{address, 2, 3, 4, 12, 4, 1}));
  sizes = {2, 3, 0}; // empty dimensions do not make the strides of others zero
  EXPECT_EQ(slots({tensorValue(nullptr, LACUNA_F32, sizes)}), (std::vector<int64_t>{0, 2, 3, 0, 3, 1, 1}));
}

TEST_F(ParameterBlockTest, lastStrideIsAlwaysOne) {
  // Code may rely on it even where a single element makes the caller's number meaningless.
  entry.arguments = {tensor({-1, -1})};
  assignOffsets(entry);
  std::vector<int64_t> sizes = {5, 1}, strides = {7, 99};
  EXPECT_EQ(slots({tensorValue(data, LACUNA_F32, sizes, strides.data())}), (std::vector<int64_t>{address, 5, 1, 7, 1}));
}

TEST_F(ParameterBlockTest, scalarsAreSignExtendedOrBits) {
  entry.arguments = {scalar(LACUNA_I8), scalar(LACUNA_F32), scalar(LACUNA_BF16), scalar(LACUNA_F64), scalar(LACUNA_I1)};
  assignOffsets(entry);
  EXPECT_EQ(slots({integerValue(-2, LACUNA_I8), floatValue(-1), floatValue(-1, LACUNA_BF16), floatValue(1, LACUNA_F64),
                   integerValue(1, LACUNA_I1)}),
            (std::vector<int64_t>{-2, 0xbf800000, 0xbf80, 0x3ff0000000000000, 1}));
}

TEST_F(ParameterBlockTest, usesTheOffsetsOfTheHeader) {
  entry.arguments = {scalar(LACUNA_I64), tensor({})};
  entry.arguments[0].offset = 16;
  entry.arguments[1].offset = 80; // beyond the first 64 bytes
  entry.parameterBytes = 96;
  std::vector<int64_t> expected(12, 0);
  expected[2] = 42;
  expected[10] = address;
  EXPECT_EQ(slots({integerValue(42), tensorValue(data, LACUNA_F32, {})}), expected);
}

TEST_F(ParameterBlockTest, resultShapesBecomeContiguousTensors) {
  entry.results = {tensor({-1, -1}), tensor({-1})};
  assignOffsets(entry);
  ParameterBlock block(entry.parameterBytes);
  ASSERT_TRUE(packResultShapes(block, entry, {6, 7, 8}).ok());
  EXPECT_EQ(std::vector<int64_t>(block.slot(0), block.slot(entry.parameterBytes)),
            (std::vector<int64_t>{0, 6, 7, 7, 1, 0, 8, 1}));
}

TEST_F(ParameterBlockTest, rangesCoverEveryElement) {
  entry.arguments = {tensor({-1, -1}), scalar(LACUNA_I64), tensor({-1, -1}), tensor({})};
  entry.results = {tensor({-1})};
  assignOffsets(entry);
  float memory[100];
  std::vector<int64_t> matrix = {3, 4}, empty = {5, 0}, strides = {-10, 1};
  std::vector<lacunaValue> values = {tensorValue(memory + 50, LACUNA_F32, matrix, strides.data()), integerValue(1),
                                     tensorValue(memory, LACUNA_F32, empty), tensorValue(memory + 7, LACUNA_F32, {})};
  Result<ParameterBlock> block = packArguments(entry, values.data(), 4, DataPointers::required);
  ASSERT_TRUE(block.ok()) << block.status().message;
  std::vector<int64_t> sizes = {6};
  lacunaTensor result = tensorValue(memory + 80, LACUNA_F32, sizes).tensor;
  ASSERT_TRUE(packResults(*block, entry, &result, 1, sizes).ok());
  std::vector<MemoryRange> ranges = memoryRanges(entry, *block);
  ASSERT_EQ(ranges.size(), 3u); // none without elements
  EXPECT_EQ(ranges[0].begin, memory + 30);
  EXPECT_EQ(ranges[0].bytes, 4 * 24); // two strides of 10, then a row of 4
  EXPECT_FALSE(ranges[0].writable);
  EXPECT_EQ(ranges[1].begin, memory + 7);
  EXPECT_EQ(ranges[1].bytes, 4);
  EXPECT_EQ(ranges[2].begin, memory + 80);
  EXPECT_EQ(ranges[2].bytes, 24);
  EXPECT_TRUE(ranges[2].writable);
}
