// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The grammar of --arg: what is accepted, and the message of what is not.
#include "ArgumentSpec.h"

#include <gtest/gtest.h>

using namespace lacuna::run;

template <typename T> static T parsed(const char *text) {
  auto spec = parseArgumentSpec(text);
  EXPECT_TRUE(spec.ok()) << text << ": " << spec.status().message;
  EXPECT_TRUE(std::holds_alternative<T>(*spec)) << text;
  return std::get<T>(*spec);
}

static std::string errorOf(const char *text) {
  auto spec = parseArgumentSpec(text);
  EXPECT_FALSE(spec.ok()) << text;
  return spec.ok() ? "" : spec.status().message;
}

TEST(ArgumentSpecTest, generators) {
  Generator full = parsed<Generator>("randn:1x8x4096x128xbf16:7");
  EXPECT_EQ(full.distribution, Distribution::Randn);
  EXPECT_EQ(full.shape, (std::vector<int64_t>{1, 8, 4096, 128}));
  EXPECT_EQ(full.dtype, LACUNA_BF16);
  EXPECT_EQ(full.seed, 7u);
  EXPECT_EQ(parsed<Generator>("rand:f64").shape.size(), 0u);
  EXPECT_FALSE(parsed<Generator>("rand:0x3xf16").seed);
  EXPECT_EQ(parsed<Generator>("randn:2xf32:18446744073709551615").seed, ~uint64_t(0));
  EXPECT_EQ(parsed<Generator>("arange:4xindex").dtype, LACUNA_INDEX);
  EXPECT_EQ(parsed<Generator>("ones:4xi1").distribution, Distribution::Ones);
  EXPECT_EQ(parsed<Generator>(" zeros:4xi32 ").distribution, Distribution::Zeros);
  EXPECT_EQ(parsed<Generator>("randint:4xi32:17").limit, 17);
  EXPECT_FALSE(parsed<Generator>("randint:4xi32:17").seed);
  EXPECT_EQ(parsed<Generator>("randint:4xi32:17:3").seed, 3u);
}

TEST(ArgumentSpecTest, listsNumbersFiles) {
  EXPECT_EQ(parsed<NumberList>("[0, 512 ,1024]").numbers, (std::vector<std::string>{"0", "512", "1024"}));
  EXPECT_TRUE(parsed<NumberList>("[ ]").numbers.empty());
  NumberList nested = parsed<NumberList>("[[[1, 2],[3,4]] , [[5,6],[7 , 8]], [[9,10],[11,12]]]");
  EXPECT_EQ(nested.shape, (std::vector<int64_t>{3, 2, 2}));
  EXPECT_EQ(nested.numbers.size(), 12u);
  EXPECT_EQ(nested.numbers[7], "8");
  EXPECT_EQ(parsed<NumberList>("[[],[]]").shape, (std::vector<int64_t>{2, 0}));
  EXPECT_EQ(parsed<Number>("-4096").text, "-4096");
  EXPECT_EQ(parsed<Number>("0.5").text, "0.5");
  EXPECT_EQ(parsed<FileTensor>("@a.safetensors:q").path, "a.safetensors");
  EXPECT_EQ(parsed<FileTensor>("@a.safetensors:q").key, "q");
  EXPECT_EQ(parsed<FileTensor>("@c:/a.safetensors:q").path, "c:/a.safetensors");
  EXPECT_EQ(parsed<FileTensor>("@a.safetensors").key, "");
}

TEST(ArgumentSpecTest, errors) {
  EXPECT_EQ(errorOf("randn:2x3:0"), "type: expects sizes and an element type like 2x3xf32, but got '2x3'");
  EXPECT_EQ(errorOf("randn:2x-3xf32"), "type: expects sizes and an element type like 2x3xf32, but got '2x-3xf32'");
  EXPECT_EQ(errorOf("randn:99999999999999999999xf32"),
            "type: expects sizes and an element type like 2x3xf32, but got '99999999999999999999xf32'");
  EXPECT_EQ(errorOf("randn:2xf8"), "type: expects sizes and an element type like 2x3xf32, but got '2xf8'");
  EXPECT_EQ(errorOf("randn:2xf32:-1"), "seed: expects an integer from 0, but got '-1'");
  EXPECT_EQ(errorOf("randn:2xf32:"), "seed: expects an integer from 0, but got ''");
  EXPECT_EQ(errorOf("ones:2xf32:1"), "ones takes no seed, but got '1'");
  EXPECT_EQ(errorOf("normal:2xf32"), "generator: expects randn, rand, randint, zeros, ones or arange, but got 'normal'");
  EXPECT_EQ(errorOf("[1, 2"), "list: expects numbers in brackets, but got '[1, 2'");
  EXPECT_EQ(errorOf("[[1, 2], 3]"), "list: expects numbers all nested to one depth, but got '[[1, 2], 3]'");
  EXPECT_EQ(errorOf("[1, [2]]"), "list: expects numbers all nested to one depth, but got '[1, [2]]'");
  EXPECT_EQ(errorOf("[[1, 2], [3]]"), "list: expects lists of one length, but got '[[1, 2], [3]]'");
  EXPECT_EQ(errorOf("[1, 2] 3"), "list: expects numbers in brackets, but got '[1, 2] 3'");
  EXPECT_EQ(errorOf("randint:4xi32"), "limit: expects an integer in [1, 2^32], but got ''");
  EXPECT_EQ(errorOf("randint:4xi32:0"), "limit: expects an integer in [1, 2^32], but got '0'");
  EXPECT_EQ(errorOf("randint:4xi32:5:x"), "seed: expects an integer from 0, but got 'x'");
  EXPECT_EQ(errorOf("@:q"), "file: expects @PATH:KEY, but got '@:q'");
  EXPECT_EQ(errorOf("  "), "value: expects a generator, a list, a number or a file, but got ''");
}

TEST(ArgumentSpecTest, assignments) {
  auto assignment = parseAssignment("q=@a=b:c");
  ASSERT_TRUE(assignment.ok());
  EXPECT_EQ(assignment->name, "q");
  EXPECT_EQ(assignment->value, "@a=b:c");
  EXPECT_EQ(parseAssignment("q").status().message, "expects NAME=VALUE, but got 'q'");
  EXPECT_EQ(parseAssignment("=3").status().message, "expects NAME=VALUE, but got '=3'");
}
