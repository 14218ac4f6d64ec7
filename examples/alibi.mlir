// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// ALiBi: no position embedding, but a penalty on each score that grows with the distance, with a slope of its own for every head. The slopes are a table, so
// that learned ones need no other program; a slope missing in the table counts as 0.
//   A(b, h, q, k) = k <= p;  score = q k / sqrt(D) - slopes[h] * (p - k),  p = q + Sk - Sq
// Source: ALiBi (Press et al. 2021), section 3; slopes 2^-1 … 2^-8 for 8 heads.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 slopes=[0.5,0.25,0.125,0.0625,0.03125,0.015625,0.0078125,0.00390625]
func.func @alibi(
    %q: tensor<?x8x?x64xf32> {attn.name = "q", attn.default = "randn:1x8x200x64xf32:1"},
    %k: tensor<?x8x?x64xf32> {attn.name = "k", attn.default = "randn:1x8x220x64xf32:2"},
    %v: tensor<?x8x?x64xf32> {attn.name = "v", attn.default = "randn:1x8x220x64xf32:3"},
    %slopes: tensor<?xf32> {attn.name = "slopes", attn.default = "[0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625]"})
    -> tensor<?x8x?x64xf32> {
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    %slope = attn.lookup %slopes[%h] : tensor<?xf32> -> f32
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %i, %off : index
    %distance = arith.subi %j, %p : index
    %whole = arith.index_cast %distance : index to i32
    %steps = arith.sitofp %whole : i32 to f32
    %penalty = arith.mulf %slope, %steps : f32
    %y = arith.addf %x, %penalty : f32
    attn.yield %y : f32
  } : tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x?x64xf32>
  return %o : tensor<?x8x?x64xf32>
}
