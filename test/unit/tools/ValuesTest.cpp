// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values against an artifact's header: defaults, names and numbers, every mismatch with its message.
#include "Values.h"

#include "test/unit/runtime/TestProgram.h"

#include <gtest/gtest.h>

using namespace lacuna::run;

namespace {
class ValuesTest : public ::testing::Test {
protected:
  lacuna::test::ProgramHandle program = lacuna::test::loadProgram(lacuna::test::fixtureArtifact());

  auto make(const std::vector<Assignment> &assignments) { return makeValues(program.get(), 0, assignments); }
  /// With what "rows" has no default for.
  std::string errorOf(std::vector<Assignment> assignments) {
    auto values = make(assignments);
    return values.ok() ? "" : values.status().message;
  }
};
} // namespace

TEST_F(ValuesTest, defaultsNamesAndNumbers) {
  auto values = make({{"table", "[1, -2, 3]"}, {"2", "0.5"}});
  ASSERT_TRUE(values.ok()) << values.status().message;
  ASSERT_EQ(values->size(), 4u);
  EXPECT_EQ(valueText((*values)[0]), "4x8xf32");
  EXPECT_EQ((*values)[1].tensor.integer(1), -2);
  EXPECT_EQ((*values)[2].real, 0.5);
  EXPECT_EQ((*values)[3].integer, 100000);
  EXPECT_EQ(valueText((*values)[3]), "100000");
}

TEST_F(ValuesTest, generatorsWithoutSeedDifferByArgument) {
  lacunaArgumentInfo info = {};
  info.kind = LACUNA_TENSOR;
  info.dtype = LACUNA_F32;
  auto data = [&](const char *text, int64_t number) {
    return makeValue(*parseArgumentSpec(text), info, number)->tensor.bytes;
  };
  EXPECT_EQ(data("randn:8xf32", 2), data("randn:8xf32:2", 0));
  EXPECT_NE(data("randn:8xf32", 1), data("randn:8xf32", 2));
}

TEST_F(ValuesTest, errors) {
  EXPECT_EQ(errorOf({{"factor", "1"}}), "argument 'table' has no default: give it with --arg table=VALUE");
  EXPECT_EQ(errorOf({{"y", "1"}}), "argument: expects one of x, table, factor, limit, but got 'y'");
  EXPECT_EQ(errorOf({{"4", "1"}}), "argument: expects one of x, table, factor, limit, but got '4'");
  EXPECT_EQ(errorOf({{"x", "zeros:1x8xf32"}, {"0", "1"}}), "argument 'x' is given twice");
  EXPECT_EQ(errorOf({{"x", "zeros:1x8xbf16"}}), "argument 'x': expects elements of type f32, but got bf16");
  EXPECT_EQ(errorOf({{"x", "3"}}), "argument 'x': expects a tensor of f32 (randn:…, [1, 2] or @file), but got '3'");
  EXPECT_EQ(errorOf({{"x", "zeros:4611686018427387904x8xf32"}}),
            "argument 'x': 4611686018427387904x8xf32 is too large");
  EXPECT_EQ(errorOf({{"table", "[1, 2.5]"}}), "argument 'table': expects a number of type i32, but got '2.5'");
  EXPECT_EQ(errorOf({{"table", "[1, 2147483648]"}}),
            "argument 'table': expects a number of type i32, but got '2147483648'");
  EXPECT_EQ(errorOf({{"table", "[1,]"}}), "argument 'table': expects a number of type i32, but got ''");
  EXPECT_EQ(errorOf({{"table", "[1]"}, {"factor", "x"}}),
            "argument 'factor': expects a number of type f32, but got 'x'");
  EXPECT_EQ(errorOf({{"table", "[1]"}, {"factor", "[1]"}}),
            "argument 'factor': expects a number of type f32, but got a tensor");
  EXPECT_EQ(errorOf({{"table", "[1]"}, {"factor", "1"}, {"limit", "1.5"}}),
            "argument 'limit': expects a number of type index, but got '1.5'");
  EXPECT_EQ(errorOf({{"table", "@/nonexistent:a"}}),
            "argument 'table': cannot read '/nonexistent': No such file or directory");
}

TEST_F(ValuesTest, wrongDefaultsAreNamed) {
  auto artifact = lacuna::test::fixtureArtifact();
  artifact.entries[0].arguments[0].defaultValue = "randn:8";
  program = lacuna::test::loadProgram(artifact);
  EXPECT_EQ(errorOf({}),
            "argument 'x', default value: type: expects sizes and an element type like 2x3xf32, but got '8'");
}

TEST_F(ValuesTest, results) {
  EXPECT_EQ(*findResult(program.get(), 0, "sums"), 1);
  EXPECT_EQ(*findResult(program.get(), 0, "1"), 1);
  EXPECT_EQ(*findResult(program.get(), 0, "result1"), 1);
  EXPECT_EQ(findResult(program.get(), 0, "result2").status().message,
            "result: expects one of scaled, sums, but got '2'");
}
