// RUN: cat %S/Inputs/parts.mlir %s | lacuna-opt -inline -raise-to-attn -canonicalize | FileCheck %s
// Forms of the two products and of the softmax. test/Execute/raised.test runs every function here both ways.

//===--- Softmax ------------------------------------------------------------===//

// The example of the pass.
// CHECK-LABEL: func.func @example
// CHECK-SAME: %[[Q:.*]]: tensor<2x4x24x16xf32>, %[[K:.*]]: tensor<2x4x40x16xf32>, %[[V:.*]]: tensor<2x4x40x8xf32>
// CHECK-NEXT: %[[M:.*]] = attn.causal align(top_left)
// CHECK-NEXT: %[[O:.*]] = attn.attention %[[Q]], %[[K]], %[[V]] mask(%[[M]]) layout(bhsd) scale(2.500000e-01)
// CHECK-NEXT: return %[[O]]
func.func @example(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %scale = arith.constant 0.25 : f32
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %y = arith.mulf %x, %scale : f32
    %c = arith.cmpi sle, %j, %i : index
    %z = arith.select %c, %y, %inf : f32
    linalg.yield %z : f32
  } -> !s
  %p = call @softmax(%m) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// Named ops: broadcast, sub, exp, div.
// CHECK-LABEL: func.func @decomposed
// CHECK-NEXT: attn.attention %{{.*}}, %{{.*}}, %{{.*}} layout(bhsd) scale(1.000000e+00) :
// CHECK-NEXT: return
func.func @decomposed(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %e = tensor.empty() : !s
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// Elementwise arith and math on tensors; a maximum that starts from the lowest float and keeps its dimension; a reciprocal.
// CHECK-LABEL: func.func @reciprocal
// CHECK-NEXT: attn.attention %{{.*}}, %{{.*}}, %{{.*}} layout(bhsd) scale(1.000000e+00) :
// CHECK-NEXT: return
func.func @reciprocal(%q: !q, %k: !k, %v: !v) -> !o {
  %low = arith.constant dense<-3.40282347E+38> : tensor<2x4x24x1xf32>
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (b, h, q, 0)>], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%s : !s) outs(%low : tensor<2x4x24x1xf32>) {
  ^bb0(%x: f32, %acc: f32):
    %t = arith.maxnumf %x, %acc : f32
    linalg.yield %t : f32
  } -> tensor<2x4x24x1xf32>
  %e = tensor.empty() : !s
  %mm = linalg.generic {indexing_maps = [affine_map<(b, h, q, k) -> (b, h, q, 0)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%m : tensor<2x4x24x1xf32>) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    linalg.yield %x : f32
  } -> !s
  %d = arith.subf %s, %mm : !s
  %p = math.exp %d : !s
  %l = call @sum(%p) : (!s) -> !r
  %one = arith.constant dense<1.0> : !r
  %inverse = arith.divf %one, %l : !r
  %x = linalg.broadcast ins(%inverse : !r) outs(%e : !s) dimensions = [3]
  %w = arith.mulf %x, %p : !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// exp2 with log2 e, the sum in a generic that computes its exponentials anew, the maximum with its position beside it (as torch has it).
// CHECK-LABEL: func.func @fused_base_2
// CHECK-NEXT: attn.attention %{{.*}}, %{{.*}}, %{{.*}} layout(bhsd) scale(1.000000e+00) :
// CHECK-NEXT: return
func.func @fused_base_2(%q: !q, %k: !k, %v: !v) -> !o {
  %log2e = arith.constant 1.44269502 : f32
  %low = arith.constant 0xFF800000 : f32
  %none = arith.constant 0 : i64
  %zero = arith.constant 0.0 : f32
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !r
  %ei = tensor.empty() : tensor<2x4x24xi64>
  %i = linalg.fill ins(%low : f32) outs(%e : !r) -> !r
  %ii = linalg.fill ins(%none : i64) outs(%ei : tensor<2x4x24xi64>) -> tensor<2x4x24xi64>
  %m:2 = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%s : !s) outs(%i, %ii : !r, tensor<2x4x24xi64>) {
  ^bb0(%x: f32, %acc: f32, %at: i64):
    %j = linalg.index 3 : index
    %jj = arith.index_cast %j : index to i64
    %t = arith.maximumf %x, %acc : f32
    %g = arith.cmpf ogt, %x, %acc : f32
    %n = arith.select %g, %jj, %at : i64
    linalg.yield %t, %n : f32, i64
  } -> (!r, tensor<2x4x24xi64>)
  %iz = linalg.fill ins(%zero : f32) outs(%e : !r) -> !r
  %l = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%s, %m#0 : !s, !r) outs(%iz : !r) {
  ^bb0(%x: f32, %most: f32, %acc: f32):
    %d = arith.subf %x, %most : f32
    %c = arith.mulf %d, %log2e : f32
    %p = math.exp2 %c : f32
    %t = arith.addf %p, %acc : f32
    linalg.yield %t : f32
  } -> !r
  %es = tensor.empty() : !s
  %w = linalg.generic {indexing_maps = [#id, #row, #row, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%s, %m#0, %l : !s, !r, !r) outs(%es : !s) {
  ^bb0(%x: f32, %most: f32, %total: f32, %unused: f32):
    %d = arith.subf %x, %most : f32
    %c = arith.mulf %d, %log2e : f32
    %p = math.exp2 %c : f32
    %t = arith.divf %p, %total : f32
    linalg.yield %t : f32
  } -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// A softmax to base 2 is one to base e of smaller scores: ln 2 goes into the scale.
// CHECK-LABEL: func.func @base_2
// CHECK: scale(0.693147182)
func.func @base_2(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %e = tensor.empty() : !s
  %x = linalg.broadcast ins(%m : !r) outs(%e : !s) dimensions = [3]
  %d = arith.subf %s, %x : !s
  %p = math.exp2 %d : !s
  %l = call @sum(%p) : (!s) -> !r
  %y = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = arith.divf %p, %y : !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// The division comes after the product with the values.
// CHECK-LABEL: func.func @late_division
// CHECK-NEXT: attn.attention %{{.*}}, %{{.*}}, %{{.*}} layout(bhsd) scale(1.000000e+00) :
// CHECK-NEXT: return
func.func @late_division(%q: !q, %k: !k, %v: !v) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  %l = call @sum(%p) : (!s) -> !r
  %e = tensor.empty() : !o
  %x = linalg.broadcast ins(%l : !r) outs(%e : !o) dimensions = [3]
  %n = linalg.div ins(%o, %x : !o, !o) outs(%e : !o) -> !o
  return %n : !o
}

//===--- Scale --------------------------------------------------------------===//

// Factors on Q, on K, on the product and in the exponent are one: 0.5 · 3 / 2 · 0.25 · 2.
// CHECK-LABEL: func.func @scales
// CHECK: scale(3.750000e-01) :
func.func @scales(%q: !q, %k: !k, %v: !v) -> !o {
  %half = arith.constant dense<0.5> : !q
  %three = arith.constant 3.0 : f32
  %four = arith.constant dense<4.0> : !s
  %two = arith.constant dense<2.0> : !s
  %kdiv = arith.constant dense<2.0> : !k
  %q2 = arith.mulf %half, %q : !q
  %ek = tensor.empty() : !k
  %k2 = linalg.map ins(%k : !k) outs(%ek : !k) (%x: f32, %unused: f32) {
    %t = arith.mulf %x, %three : f32
    linalg.yield %t : f32
  }
  %k3 = arith.divf %k2, %kdiv : !k
  %s = call @scores(%q2, %k3) : (!q, !k) -> !s
  %s2 = arith.divf %s, %four : !s
  %m = call @max(%s2) : (!s) -> !r
  %e = tensor.empty() : !s
  %x = linalg.broadcast ins(%m : !r) outs(%e : !s) dimensions = [3]
  %d = arith.subf %s2, %x : !s
  %d2 = arith.mulf %d, %two : !s
  %p = math.exp %d2 : !s
  %l = call @sum(%p) : (!s) -> !r
  %y = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = arith.divf %p, %y : !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// A run-time scale is a score.
// CHECK-LABEL: func.func @run_time_scale
// CHECK-SAME: %[[C:[a-z0-9]*]]: f32
// CHECK: attn.attention {{.*}} scale(1.000000e+00) score {
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32, {{.*}}):
// CHECK-NEXT: %[[Y:.*]] = arith.divf %[[X]], %[[C]] : f32
// CHECK-NEXT: attn.yield %[[Y]] : f32
func.func @run_time_scale(%q: !q, %k: !k, %v: !v, %c: f32 {attn.default = "2.5"}) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %e = tensor.empty() : !s
  %cs = linalg.fill ins(%c : f32) outs(%e : !s) -> !s
  %d = linalg.div ins(%s, %cs : !s, !s) outs(%e : !s) -> !s
  %p = call @softmax(%d) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

//===--- Products, layouts, heads -------------------------------------------===//

// Batch and heads in one dimension, nothing that tells them apart: all are heads.
// CHECK-LABEL: func.func @batch_matmul
// CHECK-DAG: tensor.expand_shape %{{.*}} {{\[\[}}0, 1], [2], [3]] output_shape [1, 8, 24, 16]
// CHECK-DAG: tensor.expand_shape %{{.*}} {{\[\[}}0, 1], [2], [3]] output_shape [1, 8, 40, 16]
// CHECK: %[[O:.*]] = attn.attention {{.*}} layout(bhsd) scale(1.000000e+00) : tensor<1x8x24x16xf32>, tensor<1x8x40x16xf32>, tensor<1x8x40x32xf32> -> tensor<1x8x24x32xf32>
// CHECK: tensor.collapse_shape %[[O]] {{\[\[}}0, 1], [2], [3]]
func.func @batch_matmul(%q: tensor<8x24x16xf32>, %k: tensor<8x40x16xf32>, %v: tensor<8x40x32xf32>) -> tensor<8x24x32xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %s = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%q, %k : tensor<8x24x16xf32>, tensor<8x40x16xf32>) outs(%z : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %p = linalg.softmax dimension(2) ins(%s : tensor<8x24x40xf32>) outs(%e : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %eo = tensor.empty() : tensor<8x24x32xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<8x24x32xf32>) -> tensor<8x24x32xf32>
  %o = linalg.batch_matmul ins(%p, %v : tensor<8x24x40xf32>, tensor<8x40x32xf32>) outs(%zo : tensor<8x24x32xf32>) -> tensor<8x24x32xf32>
  return %o : tensor<8x24x32xf32>
}

// One head: plain matrices.
// CHECK-LABEL: func.func @matmul
// CHECK: attn.attention {{.*}} : tensor<1x1x24x16xf32>, tensor<1x1x40x16xf32>, tensor<1x1x40x32xf32> -> tensor<1x1x24x32xf32>
// CHECK: tensor.collapse_shape %{{.*}} {{\[\[}}0, 1, 2], [3]]
func.func @matmul(%q: tensor<24x16xf32>, %k: tensor<40x16xf32>, %v: tensor<40x32xf32>) -> tensor<24x32xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %et = tensor.empty() : tensor<16x40xf32>
  %kt = linalg.transpose ins(%k : tensor<40x16xf32>) outs(%et : tensor<16x40xf32>) permutation = [1, 0]
  %s = linalg.matmul ins(%q, %kt : tensor<24x16xf32>, tensor<16x40xf32>) outs(%z : tensor<24x40xf32>) -> tensor<24x40xf32>
  %p = linalg.softmax dimension(1) ins(%s : tensor<24x40xf32>) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %eo = tensor.empty() : tensor<24x32xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<24x32xf32>) -> tensor<24x32xf32>
  %o = linalg.matmul ins(%p, %v : tensor<24x40xf32>, tensor<40x32xf32>) outs(%zo : tensor<24x32xf32>) -> tensor<24x32xf32>
  return %o : tensor<24x32xf32>
}

// As PyTorch's exporters have it: [B, S, H, D] transposed, collapsed to 3-D for batch_matmul, expanded between, the result transposed back; 16 bits
// multiplied in f32, weights rounded to 16 bits. Nothing of it is left; the output's transpose is the one the next op undoes.
// CHECK-LABEL: func.func @exported
// CHECK-NOT: linalg
// CHECK: %[[M:.*]] = attn.causal align(top_left)
// CHECK: %[[O:.*]] = attn.attention %arg0, %arg1, %arg2 mask(%[[M]]) layout(bshd) scale(2.500000e-01)
// CHECK-SAME: tensor<2x24x4x16xbf16>, tensor<2x40x4x16xbf16>, tensor<2x40x4x16xbf16> -> tensor<2x24x4x16xbf16>
// CHECK-NOT: linalg.transpose
// CHECK: return %[[O]]
func.func @exported(%q: tensor<2x24x4x16xbf16>, %k: tensor<2x40x4x16xbf16>, %v: tensor<2x40x4x16xbf16>) -> tensor<2x24x4x16xbf16> {
  %zero = arith.constant 0.0 : f32
  %scale = arith.constant 0.25 : f32
  %inf = arith.constant 0xFF800000 : f32
  %eq = tensor.empty() : tensor<2x4x24x16xbf16>
  %ekt = tensor.empty() : tensor<2x4x16x40xbf16>
  %ev = tensor.empty() : tensor<2x4x40x16xbf16>
  %qt = linalg.transpose ins(%q : tensor<2x24x4x16xbf16>) outs(%eq : tensor<2x4x24x16xbf16>) permutation = [0, 2, 1, 3]
  %kt = linalg.transpose ins(%k : tensor<2x40x4x16xbf16>) outs(%ev : tensor<2x4x40x16xbf16>) permutation = [0, 2, 1, 3]
  %ktt = linalg.transpose ins(%kt : tensor<2x4x40x16xbf16>) outs(%ekt : tensor<2x4x16x40xbf16>) permutation = [0, 1, 3, 2]
  %vt = linalg.transpose ins(%v : tensor<2x40x4x16xbf16>) outs(%ev : tensor<2x4x40x16xbf16>) permutation = [0, 2, 1, 3]
  %q3 = tensor.collapse_shape %qt [[0, 1], [2], [3]] : tensor<2x4x24x16xbf16> into tensor<8x24x16xbf16>
  %k3 = tensor.collapse_shape %ktt [[0, 1], [2], [3]] : tensor<2x4x16x40xbf16> into tensor<8x16x40xbf16>
  %v3 = tensor.collapse_shape %vt [[0, 1], [2], [3]] : tensor<2x4x40x16xbf16> into tensor<8x40x16xbf16>
  %e3 = tensor.empty() : tensor<8x24x40xf32>
  %z3 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %s3 = linalg.batch_matmul ins(%q3, %k3 : tensor<8x24x16xbf16>, tensor<8x16x40xbf16>) outs(%z3 : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %s = tensor.expand_shape %s3 [[0, 1], [2], [3]] output_shape [2, 4, 24, 40] : tensor<8x24x40xf32> into !s
  %em = tensor.empty() : tensor<24x40xi1>
  %mask = linalg.generic {indexing_maps = [affine_map<(q, k) -> (q, k)>], iterator_types = ["parallel", "parallel"]} outs(%em : tensor<24x40xi1>) {
  ^bb0(%unused: i1):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %ii = arith.index_cast %i : index to i64
    %jj = arith.index_cast %j : index to i64
    %c = arith.cmpi sgt, %jj, %ii : i64
    linalg.yield %c : i1
  } -> tensor<24x40xi1>
  %es = tensor.empty() : !s
  %masked = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (q, k)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%s, %mask : !s, tensor<24x40xi1>) outs(%es : !s) {
  ^bb0(%x: f32, %c: i1, %unused: f32):
    %y = arith.mulf %x, %scale : f32
    %t = arith.select %c, %inf, %y : f32
    linalg.yield %t : f32
  } -> !s
  %p = call @softmax(%masked) : (!s) -> !s
  %pb = arith.truncf %p : !s to tensor<2x4x24x40xbf16>
  %p3 = tensor.collapse_shape %pb [[0, 1], [2], [3]] : tensor<2x4x24x40xbf16> into tensor<8x24x40xbf16>
  %eo = tensor.empty() : tensor<8x24x16xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<8x24x16xf32>) -> tensor<8x24x16xf32>
  %o3 = linalg.batch_matmul ins(%p3, %v3 : tensor<8x24x40xbf16>, tensor<8x40x16xbf16>) outs(%zo : tensor<8x24x16xf32>) -> tensor<8x24x16xf32>
  %ob = arith.truncf %o3 : tensor<8x24x16xf32> to tensor<8x24x16xbf16>
  %o4 = tensor.expand_shape %ob [[0, 1], [2], [3]] output_shape [2, 4, 24, 16] : tensor<8x24x16xbf16> into tensor<2x4x24x16xbf16>
  %eot = tensor.empty() : tensor<2x24x4x16xbf16>
  %o = linalg.transpose ins(%o4 : tensor<2x4x24x16xbf16>) outs(%eot : tensor<2x24x4x16xbf16>) permutation = [0, 2, 1, 3]
  return %o : tensor<2x24x4x16xbf16>
}

// Key heads that groups of query heads share, repeated by a broadcast and a collapse: neither is left.
// CHECK-LABEL: func.func @gqa_expanded
// CHECK-NOT: linalg
// CHECK: attn.attention %arg0, %arg1, %arg2 layout(bhsd) scale(2.500000e-01) : tensor<2x4x24x16xf32>, tensor<2x2x40x16xf32>, tensor<2x2x40x8xf32>
func.func @gqa_expanded(%q: !q, %k: tensor<2x2x40x16xf32>, %v: tensor<2x2x40x8xf32>) -> !o {
  %ek = tensor.empty() : tensor<2x2x2x40x16xf32>
  %bk = linalg.broadcast ins(%k : tensor<2x2x40x16xf32>) outs(%ek : tensor<2x2x2x40x16xf32>) dimensions = [2]
  %ck = tensor.collapse_shape %bk [[0], [1, 2], [3], [4]] : tensor<2x2x2x40x16xf32> into !k
  %ev = tensor.empty() : tensor<2x2x2x40x8xf32>
  %bv = linalg.broadcast ins(%v : tensor<2x2x40x8xf32>) outs(%ev : tensor<2x2x2x40x8xf32>) dimensions = [2]
  %cv = tensor.collapse_shape %bv [[0], [1, 2], [3], [4]] : tensor<2x2x2x40x8xf32> into !v
  %scale = arith.constant dense<0.25> : !s
  %s = call @scores(%q, %ck) : (!q, !k) -> !s
  %s2 = arith.mulf %s, %scale : !s
  %p = call @softmax(%s2) : (!s) -> !s
  %o = call @values(%p, %cv) : (!s, !v) -> !o
  return %o : !o
}

// The same in three dimensions: batch, key heads and groups collapsed to one, batch and heads told apart again.
// CHECK-LABEL: func.func @gqa_batch_matmul
// CHECK-NOT: linalg
// CHECK: attn.attention %arg0, %arg1, %arg2 layout(bhsd) scale(1.000000e+00) : tensor<2x4x24x16xf32>, tensor<2x2x40x16xf32>, tensor<2x2x40x8xf32> -> tensor<2x4x24x8xf32>
func.func @gqa_batch_matmul(%q: !q, %k: tensor<2x2x40x16xf32>, %v: tensor<2x2x40x8xf32>) -> !o {
  %zero = arith.constant 0.0 : f32
  %ek = tensor.empty() : tensor<2x2x2x40x16xf32>
  %bk = linalg.broadcast ins(%k : tensor<2x2x40x16xf32>) outs(%ek : tensor<2x2x2x40x16xf32>) dimensions = [2]
  %k3 = tensor.collapse_shape %bk [[0, 1, 2], [3], [4]] : tensor<2x2x2x40x16xf32> into tensor<8x40x16xf32>
  %ev = tensor.empty() : tensor<2x2x2x40x8xf32>
  %bv = linalg.broadcast ins(%v : tensor<2x2x40x8xf32>) outs(%ev : tensor<2x2x2x40x8xf32>) dimensions = [2]
  %v3 = tensor.collapse_shape %bv [[0, 1, 2], [3], [4]] : tensor<2x2x2x40x8xf32> into tensor<8x40x8xf32>
  %q3 = tensor.collapse_shape %q [[0, 1], [2], [3]] : !q into tensor<8x24x16xf32>
  %e = tensor.empty() : tensor<8x24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %s = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%q3, %k3 : tensor<8x24x16xf32>, tensor<8x40x16xf32>) outs(%z : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %p = linalg.softmax dimension(2) ins(%s : tensor<8x24x40xf32>) outs(%e : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %eo = tensor.empty() : tensor<8x24x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<8x24x8xf32>) -> tensor<8x24x8xf32>
  %o = linalg.batch_matmul ins(%p, %v3 : tensor<8x24x40xf32>, tensor<8x40x8xf32>) outs(%zo : tensor<8x24x8xf32>) -> tensor<8x24x8xf32>
  %o4 = tensor.expand_shape %o [[0, 1], [2], [3]] output_shape [2, 4, 24, 8] : tensor<8x24x8xf32> into !o
  return %o4 : !o
}

// The product itself reads key head h floordiv 2; one value head for all.
// CHECK-LABEL: func.func @gqa_indexed
// CHECK: attn.attention {{.*}} : tensor<2x4x24x16xf32>, tensor<2x1x40x16xf32>, tensor<2x1x40x8xf32> -> tensor<2x4x24x8xf32>
func.func @gqa_indexed(%q: !q, %k: tensor<2x1x40x16xf32>, %v: tensor<2x40x8xf32>) -> !o {
  %z = call @zeros() : () -> !s
  %s = linalg.generic {indexing_maps = [#qk_q, affine_map<(b, h, q, k, d) -> (b, h floordiv 4, k, d)>, #qk_s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : !q, tensor<2x1x40x16xf32>) outs(%z : !s) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %t = arith.mulf %a, %b : f32
    %u = arith.addf %t, %acc : f32
    linalg.yield %u : f32
  } -> !s
  %p = call @softmax(%s) : (!s) -> !s
  %ev = tensor.empty() : !v
  %bv = linalg.broadcast ins(%v : tensor<2x40x8xf32>) outs(%ev : !v) dimensions = [1]
  %o = call @values(%p, %bv) : (!s, !v) -> !o
  return %o : !o
}

// Dynamic batch and lengths; 16 bits widened in the bodies, an f32 result; K stored transposed is transposed once.
// CHECK-LABEL: func.func @dynamic
// CHECK: %[[K:.*]] = linalg.transpose ins(%arg1 : tensor<?x2x16x?xf16>) {{.*}} permutation = [0, 1, 3, 2]
// CHECK: attn.attention %arg0, %[[K]], %arg2 layout(bhsd) scale(1.000000e+00) : tensor<?x2x?x16xf16>, tensor<?x2x?x16xf16>, tensor<?x2x?x16xf16> -> tensor<?x2x?x16xf32>
func.func @dynamic(%q: tensor<?x2x?x16xf16> {attn.default = "randn:2x2x50x16xf16:1"}, %k: tensor<?x2x16x?xf16> {attn.default = "randn:2x2x16x70xf16:2"},
    %v: tensor<?x2x?x16xf16> {attn.default = "randn:2x2x70x16xf16:3"}) -> tensor<?x2x?x16xf32> {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %b = tensor.dim %q, %c0 : tensor<?x2x?x16xf16>
  %sq = tensor.dim %q, %c2 : tensor<?x2x?x16xf16>
  %sk = tensor.dim %v, %c2 : tensor<?x2x?x16xf16>
  %e = tensor.empty(%b, %sq, %sk) : tensor<?x2x?x?xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %s = linalg.generic {indexing_maps = [#qk_q, affine_map<(b, h, q, k, d) -> (b, h, d, k)>, #qk_s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : tensor<?x2x?x16xf16>, tensor<?x2x16x?xf16>) outs(%z : tensor<?x2x?x?xf32>) {
  ^bb0(%x: f16, %y: f16, %acc: f32):
    %xx = arith.extf %x : f16 to f32
    %yy = arith.extf %y : f16 to f32
    %t = arith.mulf %xx, %yy : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> tensor<?x2x?x?xf32>
  %p = linalg.softmax dimension(3) ins(%s : tensor<?x2x?x?xf32>) outs(%e : tensor<?x2x?x?xf32>) -> tensor<?x2x?x?xf32>
  %eo = tensor.empty(%b, %sq) : tensor<?x2x?x16xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<?x2x?x16xf32>) -> tensor<?x2x?x16xf32>
  %o = linalg.generic {indexing_maps = [#pv_p, #pv_v, #pv_o], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%p, %v : tensor<?x2x?x?xf32>, tensor<?x2x?x16xf16>) outs(%zo : tensor<?x2x?x16xf32>) {
  ^bb0(%x: f32, %y: f16, %acc: f32):
    %yy = arith.extf %y : f16 to f32
    %t = arith.mulf %x, %yy : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> tensor<?x2x?x16xf32>
  return %o : tensor<?x2x?x16xf32>
}

// Scores and output transposed (keys first, features first), operands of both products exchanged.
// CHECK-LABEL: func.func @transposed_products
// CHECK: %[[O:.*]] = attn.attention {{.*}} : tensor<1x4x24x16xf32>, tensor<1x4x40x16xf32>, tensor<1x4x40x8xf32> -> tensor<1x4x24x8xf32>
// CHECK: linalg.transpose ins(%[[O]] : tensor<1x4x24x8xf32>) {{.*}} permutation = [0, 1, 3, 2]
func.func @transposed_products(%q: tensor<4x24x16xf32>, %k: tensor<4x40x16xf32>, %v: tensor<4x40x8xf32>) -> tensor<4x8x24xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x40x24xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<4x40x24xf32>) -> tensor<4x40x24xf32>
  %s = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%k, %q : tensor<4x40x16xf32>, tensor<4x24x16xf32>) outs(%z : tensor<4x40x24xf32>) -> tensor<4x40x24xf32>
  %p = linalg.softmax dimension(1) ins(%s : tensor<4x40x24xf32>) outs(%e : tensor<4x40x24xf32>) -> tensor<4x40x24xf32>
  %eo = tensor.empty() : tensor<4x8x24xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<4x8x24xf32>) -> tensor<4x8x24xf32>
  %o = linalg.contract indexing_maps = [affine_map<(b, d, q, k) -> (b, k, d)>, affine_map<(b, d, q, k) -> (b, k, q)>, affine_map<(b, d, q, k) -> (b, d, q)>]
      ins(%v, %p : tensor<4x40x8xf32>, tensor<4x40x24xf32>) outs(%zo : tensor<4x8x24xf32>) -> tensor<4x8x24xf32>
  return %o : tensor<4x8x24xf32>
}

// [B, S, H, D] read and written by the products themselves; weights and output rounded to f16.
// CHECK-LABEL: func.func @bshd
// CHECK-NEXT: %[[O:.*]] = attn.attention %arg0, %arg1, %arg2 layout(bshd) scale(1.000000e+00) : tensor<2x24x4x16xf16>, tensor<2x40x4x16xf16>, tensor<2x40x4x8xf16> -> tensor<2x24x4x8xf16>
// CHECK-NEXT: return %[[O]]
func.func @bshd(%q: tensor<2x24x4x16xf16>, %k: tensor<2x40x4x16xf16>, %v: tensor<2x40x4x8xf16>) -> tensor<2x24x4x8xf16> {
  %zero = arith.constant 0.0 : f32
  %z = call @zeros() : () -> !s
  %s = linalg.contract indexing_maps = [affine_map<(b, h, q, k, d) -> (b, q, h, d)>, affine_map<(b, h, q, k, d) -> (b, k, h, d)>, #qk_s]
      ins(%q, %k : tensor<2x24x4x16xf16>, tensor<2x40x4x16xf16>) outs(%z : !s) -> !s
  %p = call @softmax(%s) : (!s) -> !s
  %p16 = arith.truncf %p : !s to tensor<2x4x24x40xf16>
  %e = tensor.empty() : tensor<2x24x4x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%e : tensor<2x24x4x8xf32>) -> tensor<2x24x4x8xf32>
  %o32 = linalg.contract indexing_maps = [#pv_p, affine_map<(b, h, q, d, k) -> (b, k, h, d)>, affine_map<(b, h, q, d, k) -> (b, q, h, d)>]
      ins(%p16, %v : tensor<2x4x24x40xf16>, tensor<2x40x4x8xf16>) outs(%zo : tensor<2x24x4x8xf32>) -> tensor<2x24x4x8xf32>
  %o = arith.truncf %o32 : tensor<2x24x4x8xf32> to tensor<2x24x4x8xf16>
  return %o : tensor<2x24x4x8xf16>
}

// Exponential, division and product with the values in one generic.
// CHECK-LABEL: func.func @fused_values
// CHECK-NEXT: attn.attention %{{.*}}, %{{.*}}, %{{.*}} layout(bhsd) scale(1.000000e+00) :
// CHECK-NEXT: return
func.func @fused_values(%q: !q, %k: !k, %v: !v) -> !o {
  %zero = arith.constant 0.0 : f32
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %e = tensor.empty() : !o
  %z = linalg.fill ins(%zero : f32) outs(%e : !o) -> !o
  %o = linalg.generic {indexing_maps = [#pv_p, affine_map<(b, h, q, d, k) -> (b, h, q)>, affine_map<(b, h, q, d, k) -> (b, h, q)>, #pv_v, #pv_o],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%s, %m, %l, %v : !s, !r, !r, !v) outs(%z : !o) {
  ^bb0(%x: f32, %most: f32, %total: f32, %y: f32, %acc: f32):
    %d = arith.subf %x, %most : f32
    %w = math.exp %d : f32
    %n = arith.divf %w, %total : f32
    %t = arith.mulf %n, %y : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !o
  return %o : !o
}

// What is computed from the output stays.
// CHECK-LABEL: func.func @residual
// CHECK: %[[O:.*]] = attn.attention
// CHECK-NEXT: %[[R:.*]] = arith.addf %[[O]], %arg3
// CHECK-NEXT: return %[[R]]
func.func @residual(%q: !q, %k: !k, %v: !v, %x: !o) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %p = call @softmax(%s) : (!s) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  %r = arith.addf %o, %x : !o
  return %r : !o
}

// A base of 2 is a factor of the whole score where that is more than a scale: ln 2.
// CHECK-LABEL: func.func @base_2_score
// CHECK: attn.attention {{.*}} scale(1.000000e+00) score {
// CHECK: %[[T:.*]] = math.tanh
// CHECK: %[[Y:.*]] = arith.mulf %[[T]], %cst : f32
// CHECK: attn.yield %[[Y]]
func.func @base_2_score(%q: !q, %k: !k, %v: !v) -> !o {
  %x = call @scores(%q, %k) : (!q, !k) -> !s
  %s = math.tanh %x : !s
  %m = call @max(%s) : (!s) -> !r
  %e = tensor.empty() : !s
  %mx = linalg.broadcast ins(%m : !r) outs(%e : !s) dimensions = [3]
  %d = arith.subf %s, %mx : !s
  %p = math.exp2 %d : !s
  %l = call @sum(%p) : (!s) -> !r
  %lx = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = arith.divf %p, %lx : !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// Groups of query heads as a dimension of their own: [B, Hkv, G, S, D] against [B, Hkv, S, D].
// CHECK-LABEL: func.func @grouped
// CHECK: %[[Q:.*]] = tensor.collapse_shape %arg0 {{\[\[}}0], [1, 2], [3], [4]]
// CHECK: %[[O:.*]] = attn.attention %[[Q]], %arg1, %arg2 layout(bhsd) scale(1.000000e+00) : tensor<2x6x24x16xf32>, tensor<2x2x40x16xf32>, tensor<2x2x40x8xf32> -> tensor<2x6x24x8xf32>
// CHECK: tensor.expand_shape %[[O]] {{\[\[}}0], [1, 2], [3], [4]] output_shape [2, 2, 3, 24, 8]
func.func @grouped(%q: tensor<2x2x3x24x16xf32>, %k: tensor<2x2x40x16xf32>, %v: tensor<2x2x40x8xf32>) -> tensor<2x2x3x24x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x2x3x24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x2x3x24x40xf32>) -> tensor<2x2x3x24x40xf32>
  %s = linalg.contract indexing_maps = [affine_map<(b, h, g, q, k, d) -> (b, h, g, q, d)>, affine_map<(b, h, g, q, k, d) -> (b, h, k, d)>, affine_map<(b, h, g, q, k, d) -> (b, h, g, q, k)>]
      ins(%q, %k : tensor<2x2x3x24x16xf32>, tensor<2x2x40x16xf32>) outs(%z : tensor<2x2x3x24x40xf32>) -> tensor<2x2x3x24x40xf32>
  %p = linalg.softmax dimension(4) ins(%s : tensor<2x2x3x24x40xf32>) outs(%e : tensor<2x2x3x24x40xf32>) -> tensor<2x2x3x24x40xf32>
  %eo = tensor.empty() : tensor<2x2x3x24x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<2x2x3x24x8xf32>) -> tensor<2x2x3x24x8xf32>
  %o = linalg.contract indexing_maps = [affine_map<(b, h, g, q, d, k) -> (b, h, g, q, k)>, affine_map<(b, h, g, q, d, k) -> (b, h, k, d)>, affine_map<(b, h, g, q, d, k) -> (b, h, g, q, d)>]
      ins(%p, %v : tensor<2x2x3x24x40xf32>, tensor<2x2x40x8xf32>) outs(%zo : tensor<2x2x3x24x8xf32>) -> tensor<2x2x3x24x8xf32>
  return %o : tensor<2x2x3x24x8xf32>
}

// One head of keys for all: of the two dimensions that only the weights have, the last one is called queries.
// CHECK-LABEL: func.func @queries_of_heads
// CHECK: attn.attention {{.*}} : tensor<1x5x24x16xf32>, tensor<1x1x40x16xf32>, tensor<1x1x40x8xf32> -> tensor<1x5x24x8xf32>
func.func @queries_of_heads(%q: tensor<5x24x16xf32>, %k: tensor<40x16xf32>, %v: tensor<40x8xf32>) -> tensor<5x24x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<5x24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<5x24x40xf32>) -> tensor<5x24x40xf32>
  %s = linalg.contract indexing_maps = [affine_map<(h, q, k, d) -> (h, q, d)>, affine_map<(h, q, k, d) -> (k, d)>, affine_map<(h, q, k, d) -> (h, q, k)>]
      ins(%q, %k : tensor<5x24x16xf32>, tensor<40x16xf32>) outs(%z : tensor<5x24x40xf32>) -> tensor<5x24x40xf32>
  %p = linalg.softmax dimension(2) ins(%s : tensor<5x24x40xf32>) outs(%e : tensor<5x24x40xf32>) -> tensor<5x24x40xf32>
  %eo = tensor.empty() : tensor<5x24x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<5x24x8xf32>) -> tensor<5x24x8xf32>
  %o = linalg.contract indexing_maps = [affine_map<(h, q, d, k) -> (h, q, k)>, affine_map<(h, q, d, k) -> (k, d)>, affine_map<(h, q, d, k) -> (h, q, d)>]
      ins(%p, %v : tensor<5x24x40xf32>, tensor<40x8xf32>) outs(%zo : tensor<5x24x8xf32>) -> tensor<5x24x8xf32>
  return %o : tensor<5x24x8xf32>
}

// The output gets a dimension of size 1 in front and one before features, and its heads inside, which the inputs have not.
// CHECK-LABEL: func.func @units
// CHECK: %[[O:.*]] = attn.attention {{.*}} layout(bhsd) {{.*}} -> tensor<1x4x24x8xf32>
// CHECK: %[[T:.*]] = linalg.transpose ins(%[[O]] : tensor<1x4x24x8xf32>) {{.*}} permutation = [0, 2, 1, 3]
// CHECK: %[[R:.*]] = tensor.expand_shape {{.*}} into tensor<1x24x4x1x8xf32>
// CHECK-NEXT: return %[[R]]
func.func @units(%q: tensor<4x24x16xf32>, %k: tensor<4x40x16xf32>, %v: tensor<4x40x8xf32>) -> tensor<1x24x4x1x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<4x24x40xf32>) -> tensor<4x24x40xf32>
  %s = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
      ins(%q, %k : tensor<4x24x16xf32>, tensor<4x40x16xf32>) outs(%z : tensor<4x24x40xf32>) -> tensor<4x24x40xf32>
  %p = linalg.softmax dimension(2) ins(%s : tensor<4x24x40xf32>) outs(%e : tensor<4x24x40xf32>) -> tensor<4x24x40xf32>
  %eo = tensor.empty() : tensor<4x24x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<4x24x8xf32>) -> tensor<4x24x8xf32>
  %o = linalg.batch_matmul ins(%p, %v : tensor<4x24x40xf32>, tensor<4x40x8xf32>) outs(%zo : tensor<4x24x8xf32>) -> tensor<4x24x8xf32>
  %o4 = tensor.expand_shape %o [[0, 1], [2], [3]] output_shape [1, 4, 24, 8] : tensor<4x24x8xf32> into tensor<1x4x24x8xf32>
  %et = tensor.empty() : tensor<1x24x4x8xf32>
  %t = linalg.transpose ins(%o4 : tensor<1x4x24x8xf32>) outs(%et : tensor<1x24x4x8xf32>) permutation = [0, 2, 1, 3]
  %r = tensor.expand_shape %t [[0], [1], [2], [3, 4]] output_shape [1, 24, 4, 1, 8] : tensor<1x24x4x8xf32> into tensor<1x24x4x1x8xf32>
  return %r : tensor<1x24x4x1x8xf32>
}
