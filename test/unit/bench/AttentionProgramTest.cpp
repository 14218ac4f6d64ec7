// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "AttentionProgram.h"

#include "llvm/ADT/StringRef.h"

#include <gtest/gtest.h>

using namespace lacuna::bench;

static Program make(const char *text, const std::optional<std::string> &mask = {}) {
  std::vector<std::string> list;
  Problems problems{"file", list};
  Program program = makeAttentionProgram(Json::parse(text), "a", problems, mask);
  EXPECT_TRUE(list.empty()) << list.front();
  return program;
}

TEST(AttentionProgram, Dense) {
  Program program = make(R"({"queries": 100})");
  EXPECT_EQ(
      *program.text,
      R"(func.func @attention(%q: tensor<1x1x?x64xf32> {attn.name = "q"}, %k: tensor<1x1x?x64xf32> {attn.name = "k"}, )"
      R"(%v: tensor<1x1x?x64xf32> {attn.name = "v"}) -> (tensor<1x1x?x64xf32>, tensor<1x1x?xf32>) {

  %o, %lse = attn.attention %q, %k, %v layout(bhsd) : tensor<1x1x?x64xf32>, tensor<1x1x?x64xf32>, tensor<1x1x?x64xf32> -> tensor<1x1x?x64xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x64xf32>, tensor<1x1x?xf32>
}
)");
  EXPECT_EQ(program.arguments, (std::vector<std::string>{"q=randn:1x1x100x64xf32:1", "k=randn:1x1x100x64xf32:2",
                                                         "v=randn:1x1x100x64xf32:3"}));
}

TEST(AttentionProgram, AllNumbers) {
  Program program = make(
      R"J({"batch": 2, "heads": [8, 4], "queries": 3, "keys": 500, "head_size": [32, 48], "dtype": "bf16", "seed": 7,
                             "parameters": {"w": 5, "t": {"type": "tensor<?xi32>", "value": [0, 3]}, "r": {"type": "f32", "value": "0.5"}},
                             "mask": "%m = attn.causal align(top_left)"})J");
  llvm::StringRef text = *program.text;
  EXPECT_TRUE(text.contains("%q: tensor<2x8x3x32xbf16>")); // few queries are compiled in
  EXPECT_TRUE(text.contains("%k: tensor<2x4x?x32xbf16>"));
  EXPECT_TRUE(text.contains("%v: tensor<2x4x?x48xbf16>"));
  EXPECT_TRUE(text.contains(
      "%w: index {attn.name = \"w\"}, %t: tensor<?xi32> {attn.name = \"t\"}, %r: f32 {attn.name = \"r\"}) -> "
      "(tensor<2x8x3x48xbf16>, tensor<2x8x3xf32>)"));
  EXPECT_TRUE(text.contains("%m = attn.causal align(top_left)\n"));
  EXPECT_TRUE(text.contains("%v mask(%m) layout(bhsd)"));
  EXPECT_EQ(program.arguments, (std::vector<std::string>{"q=randn:2x8x3x32xbf16:7", "k=randn:2x4x500x32xbf16:8",
                                                         "v=randn:2x4x500x48xbf16:9", "w=5", "t=[0,3]", "r=0.5"}));
}

TEST(AttentionProgram, AnotherMask) {
  Program program = make(R"({"queries": 8, "mask": "%m = attn.all"})", "%m = attn.causal align(top_left)");
  EXPECT_TRUE(llvm::StringRef(*program.text).contains("attn.causal"));
  EXPECT_FALSE(llvm::StringRef(*program.text).contains("attn.all"));
}
