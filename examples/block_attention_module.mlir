// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A module of two attention ops with upstream ops around them: a local layer, a residual, a chunked layer, and a gate per head that mixes both.
//   local:   A(b, h, q, k) = p - left <= k <= p,  p = q + Sk - Sq
//   chunked: A(b, h, q, k) = k <= p  and  k >= chunk * (p // chunk)
//   out = gate[h] * local + (1 - gate[h]) * chunked(q + local, k, v)
// Source: local layers mixed with others as in Gemma 3 (Gemma team 2025), section 2; chunks as in Llama 4; the gate is ours.
// 8k: q=randn:1x8x8192x64xf32:1 k=randn:1x8x8192x64xf32:2 v=randn:1x8x8192x64xf32:3 gate=randn:8xf32:4 left=511 chunk=2048
!qkv = tensor<?x8x?x64xf32>
#all = affine_map<(b, h, s, d) -> (b, h, s, d)>
#head = affine_map<(b, h, s, d) -> (h)>
func.func @block(
    %q: !qkv {attn.name = "q", attn.default = "randn:1x8x200x64xf32:1"},
    %k: !qkv {attn.name = "k", attn.default = "randn:1x8x200x64xf32:2"},
    %v: !qkv {attn.name = "v", attn.default = "randn:1x8x200x64xf32:3"},
    %gate: tensor<8xf32> {attn.name = "gate", attn.default = "randn:8xf32:4"},
    %left: index {attn.name = "left", attn.default = "31"},
    %chunk: index {attn.name = "chunk", attn.default = "64"}) -> !qkv {
  %near = attn.sliding_window [%left, 0] align(bottom_right)
  %local = attn.attention %q, %k, %v mask(%near) layout(bhsd) : !qkv, !qkv, !qkv -> !qkv

  %zero = arith.constant 0 : index
  %two = arith.constant 2 : index
  %batch = tensor.dim %q, %zero : !qkv
  %length = tensor.dim %q, %two : !qkv
  %empty = tensor.empty(%batch, %length) : !qkv
  %residual = linalg.add ins(%q, %local : !qkv, !qkv) outs(%empty : !qkv) -> !qkv

  %inside = attn.named @chunked(%chunk : index)
  %wide = attn.attention %residual, %k, %v mask(%inside) layout(bhsd) : !qkv, !qkv, !qkv -> !qkv

  %out = linalg.generic {indexing_maps = [#head, #all, #all, #all], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%gate, %local, %wide : tensor<8xf32>, !qkv, !qkv) outs(%empty : !qkv) {
  ^bb0(%g: f32, %x: f32, %y: f32, %unused: f32):
    %one = arith.constant 1.0 : f32
    %rest = arith.subf %one, %g : f32
    %gx = arith.mulf %g, %x : f32
    %ry = arith.mulf %rest, %y : f32
    %mixed = arith.addf %gx, %ry : f32
    linalg.yield %mixed : f32
  } -> !qkv
  return %out : !qkv
}
