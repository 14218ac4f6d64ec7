// REQUIRES: lacuna-run
// RUN: lacuna-run %s --check | FileCheck %s
// RUN: lacuna-run %s --check --target=generic | FileCheck %s
// The whole host side: values of results, against the f64 reference of the attention ops (the ops around them share their lowering).
// CHECK: PASS result0
// CHECK: PASS result1
// Two attention ops with upstream ops between and around them: elementwise, a matrix product, a reduction, a transpose, a slice.
func.func @block(%q: tensor<?x4x?x32xf32> {attn.name = "q", attn.default = "randn:2x4x70x32xf32:1"}, %k: tensor<?x2x?x32xf32> {attn.name = "k", attn.default = "randn:2x2x90x32xf32:2"},
    %v: tensor<?x2x?x32xf32> {attn.name = "v", attn.default = "randn:2x2x90x32xf32:3"}, %w: tensor<32x32xf32> {attn.name = "w", attn.default = "randn:32x32xf32:4"}) -> (tensor<?x?x4x32xf32>, tensor<?x4x?xf32>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f32
  %scale = arith.constant 0.125 : f32
  %b = tensor.dim %q, %c0 : tensor<?x4x?x32xf32>
  %s = tensor.dim %q, %c2 : tensor<?x4x?x32xf32>
  %m = attn.causal align(bottom_right)
  %q2 = math.tanh %q : tensor<?x4x?x32xf32>
  %o, %lse = attn.attention %q2, %k, %v mask(%m) layout(bhsd) : tensor<?x4x?x32xf32>, tensor<?x2x?x32xf32>, tensor<?x2x?x32xf32> -> tensor<?x4x?x32xf32>, tensor<?x4x?xf32>
  %e0 = tensor.empty(%b, %s) : tensor<?x4x?x32xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e0 : tensor<?x4x?x32xf32>) -> tensor<?x4x?x32xf32>
  %p = linalg.generic {indexing_maps = [affine_map<(b,h,s,n,d) -> (b,h,s,d)>, affine_map<(b,h,s,n,d) -> (d,n)>, affine_map<(b,h,s,n,d) -> (b,h,s,n)>],
      iterator_types = ["parallel","parallel","parallel","parallel","reduction"]} ins(%o, %w : tensor<?x4x?x32xf32>, tensor<32x32xf32>) outs(%z : tensor<?x4x?x32xf32>) {
  ^bb0(%x: f32, %y: f32, %acc: f32):
    %xs = arith.mulf %x, %scale : f32
    %t = arith.mulf %xs, %y : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> tensor<?x4x?x32xf32>
  %r = arith.addf %p, %q : tensor<?x4x?x32xf32>
  %o2 = attn.attention %r, %k, %v layout(bhsd) : tensor<?x4x?x32xf32>, tensor<?x2x?x32xf32>, tensor<?x2x?x32xf32> -> tensor<?x4x?x32xf32>
  %e1 = tensor.empty(%b, %s) : tensor<?x?x4x32xf32>
  %tr = linalg.transpose ins(%o2 : tensor<?x4x?x32xf32>) outs(%e1 : tensor<?x?x4x32xf32>) permutation = [0, 2, 1, 3]
  return %tr, %lse : tensor<?x?x4x32xf32>, tensor<?x4x?xf32>
}
