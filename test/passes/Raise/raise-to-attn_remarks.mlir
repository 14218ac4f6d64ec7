// RUN: cat %S/Inputs/parts.mlir %s | lacuna-opt -inline -raise-to-attn --remarks-filter='lacuna-.*' --remark-format=emitRemark -o %t.after 2>&1 | FileCheck %s
// RUN: cat %S/Inputs/parts.mlir %s | lacuna-opt -inline -o %t.before
// RUN: diff %t.before %t.after
// Every reason not to raise: the remark that says it, in the order of the functions, and the module as it was.

//===--- Softmax ------------------------------------------------------------===//

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the softmax does not run over the keys", op=linalg.contract
func.func @other_dimension(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %w = linalg.softmax dimension(2) ins(%s : !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the exponent is not a difference to the largest score", op=linalg.contract
func.func @no_maximum(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %p = linalg.exp ins(%s : !s) outs(%e : !s) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="what is subtracted from the scores is not their maximum along the keys", op=linalg.contract
func.func @minimum(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %er = tensor.empty() : !r
  %start = arith.constant 0xFF800000 : f32
  %ir = linalg.fill ins(%start : f32) outs(%er : !r) -> !r
  %m = linalg.reduce { arith.minimumf } ins(%s : !s) outs(%ir : !r) dimensions = [3]
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="what is subtracted from the scores is not their maximum along the keys", op=linalg.contract
func.func @given_maximum(%q: !q, %k: !k, %v: !v, %m: !r) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the maximum does not start from -inf or the lowest float", op=linalg.contract
func.func @maximum_from_zero(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %er = tensor.empty() : !r
  %start = arith.constant 0.0 : f32
  %ir = linalg.fill ins(%start : f32) outs(%er : !r) -> !r
  %m = linalg.reduce { arith.maximumf } ins(%s : !s) outs(%ir : !r) dimensions = [3]
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the maximum is not that of the scores that it is subtracted from", op=linalg.contract
func.func @maximum_of_others(%q: !q, %k: !k, %v: !v, %k2: !k) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %s2 = call @scores(%q, %k2) : (!q, !k) -> !s
  %m = call @max(%s2) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the exponent is not a difference to the largest score, times a positive constant", op=linalg.contract
func.func @negative_exponent(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %b = linalg.broadcast ins(%m : !r) outs(%e : !s) dimensions = [3]
  %minus = arith.constant dense<-1.0> : !s
  %d = arith.subf %s, %b : !s
  %n = arith.mulf %d, %minus : !s
  %p = math.exp %n : !s
  %l = call @sum(%p) : (!s) -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the sum is not that of the exponentials that it divides", op=linalg.contract
func.func @sum_of_others(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%s) : (!s) -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the sum of the exponentials does not start from 0", op=linalg.contract
func.func @sum_from_one(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %er = tensor.empty() : !r
  %start = arith.constant 1.0 : f32
  %ir = linalg.fill ins(%start : f32) outs(%er : !r) -> !r
  %l = linalg.reduce { arith.addf } ins(%p : !s) outs(%ir : !r) dimensions = [3]
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the exponentials are not divided by a sum along the keys", op=linalg.contract
func.func @product_of_exponentials(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %er = tensor.empty() : !r
  %start = arith.constant 0.0 : f32
  %ir = linalg.fill ins(%start : f32) outs(%er : !r) -> !r
  %l = linalg.reduce { arith.mulf } ins(%p : !s) outs(%ir : !r) dimensions = [3]
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the exponentials are not multiplied by 1 / their sum", op=linalg.contract
func.func @no_reciprocal(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %two = arith.constant dense<2.0> : !r
  %i = arith.divf %two, %l : !r
  %x = linalg.broadcast ins(%i : !r) outs(%e : !s) dimensions = [3]
  %w = arith.mulf %p, %x : !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the exponentials are not divided by their sum", op=linalg.contract
func.func @no_division(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %o = call @values(%p, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the sum is not that of the exponentials that it divides", op=linalg.contract
func.func @late_division_by_another(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%s) : (!s) -> !r
  %o = call @values(%p, %v) : (!s, !v) -> !o
  %eo = tensor.empty() : !o
  %x = linalg.broadcast ins(%l : !r) outs(%eo : !o) dimensions = [3]
  %n = linalg.div ins(%o, %x : !o, !o) outs(%eo : !o) -> !o
  return %n : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the sum is not that of the exponentials that it divides", op=linalg.contract
func.func @sum_of_another_head(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %w = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (b, 3 - h, q)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%p, %l : !s, !r) outs(%e : !s) {
  ^bb0(%x: f32, %n: f32, %unused: f32):
    %y = arith.divf %x, %n : f32
    linalg.yield %y : f32
  } -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the sum is not that of the exponentials that it divides", op=linalg.contract
func.func @sum_of_another_mask(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c = arith.cmpi sle, %j, %i : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %most = call @max(%m) : (!s) -> !r
  %p = call @exponentials(%m, %most) : (!s, !r) -> !s
  %er = tensor.empty() : !r
  %zero = arith.constant 0.0 : f32
  %zr = linalg.fill ins(%zero : f32) outs(%er : !r) -> !r
  %l = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%s, %most : !s, !r) outs(%zr : !r) {
  ^bb0(%x: f32, %n: f32, %acc: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c = arith.cmpi slt, %j, %i : index
    %y = arith.select %c, %x, %inf : f32
    %d = arith.subf %y, %n : f32
    %t = math.exp %d : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the exponentials are not divided by a sum along the keys", op=linalg.contract
func.func @sum_that_feeds_back(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %zeros = call @zeros() : () -> !s
  %m = linalg.add ins(%s, %zeros : !s, !s) outs(%e : !s) -> !s
  %most = call @max(%m) : (!s) -> !r
  %p = call @exponentials(%m, %most) : (!s, !r) -> !s
  %er = tensor.empty() : !r
  %zero = arith.constant 0.0 : f32
  %zr = linalg.fill ins(%zero : f32) outs(%er : !r) -> !r
  %l = linalg.generic {indexing_maps = [#id, #row, #row], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%s, %most : !s, !r) outs(%zr : !r) {
  ^bb0(%x: f32, %n: f32, %acc: f32):
    %y = arith.addf %x, %acc : f32
    %d = arith.subf %y, %n : f32
    %t = math.exp %d : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the exponentials are not divided by a sum along the keys", op=linalg.contract
func.func @sum_of_copies(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %ec = tensor.empty() : tensor<2x4x24x2x40xf32>
  %copies = linalg.broadcast ins(%p : !s) outs(%ec : tensor<2x4x24x2x40xf32>) dimensions = [3]
  %c = tensor.collapse_shape %copies [[0], [1], [2], [3, 4]] : tensor<2x4x24x2x40xf32> into tensor<2x4x24x80xf32>
  %er = tensor.empty() : !r
  %zero = arith.constant 0.0 : f32
  %zr = linalg.fill ins(%zero : f32) outs(%er : !r) -> !r
  %l = linalg.reduce { arith.addf } ins(%c : tensor<2x4x24x80xf32>) outs(%zr : !r) dimensions = [3]
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

//===--- Products -----------------------------------------------------------===//

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the scores do not come from a product of queries and keys", op=linalg.contract
func.func @given_scores(%s: !s, %v: !v) -> !o {
  %w = call @softmax(%s) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the scores come from more than one product", op=linalg.contract
func.func @two_products(%q: !q, %k: !k, %v: !v, %k2: !k) -> !o {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %s2 = call @scores(%q, %k2) : (!q, !k) -> !s
  %m = arith.addf %s, %s2 : !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the product of queries and keys does not start from 0", op=linalg.contract
func.func @scores_on_top(%q: !q, %k: !k, %v: !v, %start: !s) -> !o {
  %m = linalg.contract indexing_maps = [#qk_q, #qk_k, #qk_s] ins(%q, %k : !q, !k) outs(%start : !s) -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the product with the values does not start from 0", op=linalg.contract
func.func @values_on_top(%q: !q, %k: !k, %v: !v, %start: !o) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %w = call @softmax(%s) : (!s) -> !s
  %o = linalg.contract indexing_maps = [#pv_p, #pv_v, #pv_o] ins(%w, %v : !s, !v) outs(%start : !o) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the product with the values does not start from 0", op=linalg.contract
func.func @uninitialised(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %w = call @softmax(%s) : (!s) -> !s
  %eo = tensor.empty() : !o
  %o = linalg.contract indexing_maps = [#pv_p, #pv_v, #pv_o] ins(%w, %v : !s, !v) outs(%eo : !o) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the product's operands are not one of queries and one of keys", op=linalg.contract
func.func @queries_of_each_key(%q: tensor<2x4x24x40x16xf32>, %k: !k, %v: !v) -> !o {
  %z = call @zeros() : () -> !s
  %m = linalg.contract indexing_maps = [affine_map<(b, h, q, k, d) -> (b, h, q, k, d)>, #qk_k, #qk_s] ins(%q, %k : tensor<2x4x24x40x16xf32>, !k) outs(%z : !s) -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="queries or keys are no elements of a tensor", op=linalg.contract
func.func @scaled_inside(%q: !q, %k: !k, %v: !v, %c: f32) -> !o {
  %z = call @zeros() : () -> !s
  %m = linalg.generic {indexing_maps = [#qk_q, #qk_k, #qk_s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : !q, !k) outs(%z : !s) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %ac = arith.mulf %a, %c : f32
    %t = arith.mulf %ac, %b : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the values are no elements of a tensor", op=linalg.generic
func.func @values_scaled_inside(%q: !q, %k: !k, %v: !v) -> !o {
  %two = arith.constant 2.0 : f32
  %zero = arith.constant 0.0 : f32
  %eo = tensor.empty() : !o
  %zo = linalg.fill ins(%zero : f32) outs(%eo : !o) -> !o
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %w = call @softmax(%s) : (!s) -> !s
  %o = linalg.generic {indexing_maps = [#pv_p, #pv_v, #pv_o], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%w, %v : !s, !v) outs(%zo : !o) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %bc = arith.mulf %b, %two : f32
    %t = arith.mulf %a, %bc : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="scores or weights are also used by func.return", op=linalg.contract
func.func @also_returned(%q: !q, %k: !k, %v: !v) -> (!o, !s) {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %w = call @softmax(%s) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o, %s : !o, !s
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="scores or weights are also used by linalg.contract", op=linalg.contract
func.func @weights_for_two(%q: !q, %k: !k, %v: !v, %v2: !v) -> (!o, !o) {
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %w = call @softmax(%s) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  %o2 = call @values(%w, %v2) : (!s, !v) -> !o
  return %o, %o2 : !o, !o
}
// CHECK: [Missed] {{.*}} Reason="scores or weights are also used by linalg.contract"

//===--- Dimensions and types -----------------------------------------------===//

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the dimensions of K are not batch, heads, sequence and features in some order", op=linalg.contract
func.func @keys_backwards(%q: !q, %k: !k, %v: !v) -> !o {
  %z = call @zeros() : () -> !s
  %ek = tensor.empty() : !k
  %kb = linalg.generic {indexing_maps = [affine_map<(b, h, k, d) -> (b, h, 39 - k, d)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%k : !k) outs(%ek : !k) {
  ^bb0(%x: f32, %unused: f32):
    linalg.yield %x : f32
  } -> !k
  %m = call @scores(%q, %kb) : (!q, !k) -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the dimensions of K are not batch, heads, sequence and features in some order", op=linalg.contract
func.func @one_of_four(%q: !q, %k: tensor<2x4x40x16x4xf32>, %v: !v) -> !o {
  %z = call @zeros() : () -> !s
  %m = linalg.generic {indexing_maps = [#qk_q, affine_map<(b, h, q, k, d) -> (b, h, k, d, 0)>, #qk_s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : !q, tensor<2x4x40x16x4xf32>) outs(%z : !s) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %t = arith.mulf %a, %b : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the dimensions of K are not batch, heads, sequence and features in some order", op=linalg.contract
func.func @fourth_of_four(%q: !q, %k: tensor<2x4x40x16x4xf32>, %v: !v) -> !o {
  %z = call @zeros() : () -> !s
  %m = linalg.generic {indexing_maps = [#qk_q, affine_map<(b, h, q, k, d) -> (b, h, k, d, 3)>, #qk_s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : !q, tensor<2x4x40x16x4xf32>) outs(%z : !s) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %t = arith.mulf %a, %b : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the dimensions of K are not batch, heads, sequence and features in some order", op=linalg.contract
func.func @three_key_heads(%q: !q, %k: tensor<2x3x40x16xf32>, %v: !v) -> !o {
  %z = call @zeros() : () -> !s
  %m = linalg.generic {indexing_maps = [#qk_q, affine_map<(b, h, q, k, d) -> (b, h floordiv 2, k, d)>, #qk_s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : !q, tensor<2x3x40x16xf32>) outs(%z : !s) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %t = arith.mulf %a, %b : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the dimensions of K are not batch, heads, sequence and features in some order", op=linalg.contract
func.func @six_key_heads(%q: !q, %k: tensor<2x3x2x40x16xf32>, %v: !v) -> !o {
  %z = call @zeros() : () -> !s
  %m = linalg.generic {indexing_maps = [#qk_q, affine_map<(b, h, q, k, d) -> (b, h floordiv 2, h mod 2, k, d)>, #qk_s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]} ins(%q, %k : !q, tensor<2x3x2x40x16xf32>) outs(%z : !s) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %t = arith.mulf %a, %b : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="keys have 4 heads, values 2", op=linalg.contract
func.func @values_of_fewer_heads(%q: !q, %k: !k, %v: tensor<2x2x40x8xf32>) -> !o {
  %ev = tensor.empty() : tensor<2x2x2x40x8xf32>
  %bv = linalg.broadcast ins(%v : tensor<2x2x40x8xf32>) outs(%ev : tensor<2x2x2x40x8xf32>) dimensions = [2]
  %cv = tensor.collapse_shape %bv [[0], [1, 2], [3], [4]] : tensor<2x2x2x40x8xf32> into !v
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %w = call @softmax(%s) : (!s) -> !s
  %o = call @values(%w, %cv) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="a tensor is shared by the batch", op=linalg.contract
func.func @keys_of_all_batches(%q: !q, %k: tensor<4x40x16xf32>, %v: !v) -> !o {
  %ek = tensor.empty() : !k
  %kb = linalg.broadcast ins(%k : tensor<4x40x16xf32>) outs(%ek : !k) dimensions = [0]
  %m = call @scores(%q, %kb) : (!q, !k) -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="queries are shared by heads", op=linalg.contract
func.func @queries_of_all_heads(%q: tensor<2x24x16xf32>, %k: !k, %v: !v) -> !o {
  %eq = tensor.empty() : !q
  %qb = linalg.broadcast ins(%q : tensor<2x24x16xf32>) outs(%eq : !q) dimensions = [1]
  %m = call @scores(%qb, %k) : (!q, !k) -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="expects at most batch, heads and groups of constant size beside queries and features, but got 4 dimensions", op=linalg.contract
func.func @four_outer(%q: tensor<2x2x2x2x24x16xf32>, %k: tensor<2x2x2x2x40x16xf32>, %v: tensor<2x2x2x2x40x8xf32>) -> tensor<2x2x2x2x24x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x2x2x2x24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x2x2x2x24x40xf32>) -> tensor<2x2x2x2x24x40xf32>
  %s = linalg.contract indexing_maps = [affine_map<(a, b, h, g, q, k, d) -> (a, b, h, g, q, d)>, affine_map<(a, b, h, g, q, k, d) -> (a, b, h, g, k, d)>, affine_map<(a, b, h, g, q, k, d) -> (a, b, h, g, q, k)>]
      ins(%q, %k : tensor<2x2x2x2x24x16xf32>, tensor<2x2x2x2x40x16xf32>) outs(%z : tensor<2x2x2x2x24x40xf32>) -> tensor<2x2x2x2x24x40xf32>
  %w = linalg.softmax dimension(5) ins(%s : tensor<2x2x2x2x24x40xf32>) outs(%e : tensor<2x2x2x2x24x40xf32>) -> tensor<2x2x2x2x24x40xf32>
  %eo = tensor.empty() : tensor<2x2x2x2x24x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<2x2x2x2x24x8xf32>) -> tensor<2x2x2x2x24x8xf32>
  %o = linalg.contract indexing_maps = [affine_map<(a, b, h, g, q, d, k) -> (a, b, h, g, q, k)>, affine_map<(a, b, h, g, q, d, k) -> (a, b, h, g, k, d)>, affine_map<(a, b, h, g, q, d, k) -> (a, b, h, g, q, d)>]
      ins(%w, %v : tensor<2x2x2x2x24x40xf32>, tensor<2x2x2x2x40x8xf32>) outs(%zo : tensor<2x2x2x2x24x8xf32>) -> tensor<2x2x2x2x24x8xf32>
  return %o : tensor<2x2x2x2x24x8xf32>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="expects at most batch, heads and groups of constant size beside queries and features, but got 3 dimensions", op=linalg.contract
func.func @groups_of_unknown_size(%q: tensor<2x2x?x24x16xf32>, %k: tensor<2x2x40x16xf32>, %v: tensor<2x2x40x8xf32>, %e: tensor<2x2x?x24x40xf32>, %eo: tensor<2x2x?x24x8xf32>) -> tensor<2x2x?x24x8xf32> {
  %zero = arith.constant 0.0 : f32
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x2x?x24x40xf32>) -> tensor<2x2x?x24x40xf32>
  %s = linalg.contract indexing_maps = [affine_map<(b, h, g, q, k, d) -> (b, h, g, q, d)>, affine_map<(b, h, g, q, k, d) -> (b, h, k, d)>, affine_map<(b, h, g, q, k, d) -> (b, h, g, q, k)>]
      ins(%q, %k : tensor<2x2x?x24x16xf32>, tensor<2x2x40x16xf32>) outs(%z : tensor<2x2x?x24x40xf32>) -> tensor<2x2x?x24x40xf32>
  %w = linalg.softmax dimension(4) ins(%s : tensor<2x2x?x24x40xf32>) outs(%e : tensor<2x2x?x24x40xf32>) -> tensor<2x2x?x24x40xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<2x2x?x24x8xf32>) -> tensor<2x2x?x24x8xf32>
  %o = linalg.contract indexing_maps = [affine_map<(b, h, g, q, d, k) -> (b, h, g, q, k)>, affine_map<(b, h, g, q, d, k) -> (b, h, k, d)>, affine_map<(b, h, g, q, d, k) -> (b, h, g, q, d)>]
      ins(%w, %v : tensor<2x2x?x24x40xf32>, tensor<2x2x40x8xf32>) outs(%zo : tensor<2x2x?x24x8xf32>) -> tensor<2x2x?x24x8xf32>
  return %o : tensor<2x2x?x24x8xf32>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="expects dimensions of queries and one of features, but got 0 and 1", op=linalg.contract
func.func @pooling(%q: tensor<2x4x16xf32>, %k: tensor<2x4x40x16xf32>, %v: tensor<2x4x40x8xf32>) -> tensor<2x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x40xf32>) -> tensor<2x4x40xf32>
  %s = linalg.contract indexing_maps = [affine_map<(b, h, k, d) -> (b, h, d)>, affine_map<(b, h, k, d) -> (b, h, k, d)>, affine_map<(b, h, k, d) -> (b, h, k)>]
      ins(%q, %k : tensor<2x4x16xf32>, tensor<2x4x40x16xf32>) outs(%z : tensor<2x4x40xf32>) -> tensor<2x4x40xf32>
  %w = linalg.softmax dimension(2) ins(%s : tensor<2x4x40xf32>) outs(%e : tensor<2x4x40xf32>) -> tensor<2x4x40xf32>
  %eo = tensor.empty() : tensor<2x4x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  %o = linalg.contract indexing_maps = [affine_map<(b, h, d, k) -> (b, h, k)>, affine_map<(b, h, d, k) -> (b, h, k, d)>, affine_map<(b, h, d, k) -> (b, h, d)>]
      ins(%w, %v : tensor<2x4x40xf32>, tensor<2x4x40x8xf32>) outs(%zo : tensor<2x4x8xf32>) -> tensor<2x4x8xf32>
  return %o : tensor<2x4x8xf32>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="expects dimensions of queries and one of features, but got 1 and 2", op=linalg.contract
func.func @two_features(%q: tensor<2x4x24x16xf32>, %k: tensor<2x4x40x16xf32>, %v: tensor<2x4x40x8x8xf32>) -> tensor<2x4x24x8x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4x24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4x24x40xf32>) -> tensor<2x4x24x40xf32>
  %s = linalg.contract indexing_maps = [affine_map<(b, h, q, k, d) -> (b, h, q, d)>, affine_map<(b, h, q, k, d) -> (b, h, k, d)>, affine_map<(b, h, q, k, d) -> (b, h, q, k)>]
      ins(%q, %k : tensor<2x4x24x16xf32>, tensor<2x4x40x16xf32>) outs(%z : tensor<2x4x24x40xf32>) -> tensor<2x4x24x40xf32>
  %w = linalg.softmax dimension(3) ins(%s : tensor<2x4x24x40xf32>) outs(%e : tensor<2x4x24x40xf32>) -> tensor<2x4x24x40xf32>
  %eo = tensor.empty() : tensor<2x4x24x8x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<2x4x24x8x8xf32>) -> tensor<2x4x24x8x8xf32>
  %o = linalg.contract indexing_maps = [affine_map<(b, h, q, e, d, k) -> (b, h, q, k)>, affine_map<(b, h, q, e, d, k) -> (b, h, k, d, e)>, affine_map<(b, h, q, e, d, k) -> (b, h, q, d, e)>]
      ins(%w, %v : tensor<2x4x24x40xf32>, tensor<2x4x40x8x8xf32>) outs(%zo : tensor<2x4x24x8x8xf32>) -> tensor<2x4x24x8x8xf32>
  return %o : tensor<2x4x24x8x8xf32>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="a head size is no constant multiple of 8 from 8 to 256", op=linalg.matmul
func.func @head_size_12(%q: tensor<24x12xf32>, %k: tensor<12x40xf32>, %v: tensor<40x8xf32>) -> tensor<24x8xf32> {
  %zero = arith.constant 0.0 : f32
  %ozero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %s = linalg.matmul ins(%q, %k : tensor<24x12xf32>, tensor<12x40xf32>) outs(%z : tensor<24x40xf32>) -> tensor<24x40xf32>
  %w = linalg.softmax dimension(1) ins(%s : tensor<24x40xf32>) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %eo = tensor.empty() : tensor<24x8xf32>
  %zo = linalg.fill ins(%ozero : f32) outs(%eo : tensor<24x8xf32>) -> tensor<24x8xf32>
  %o = linalg.matmul ins(%w, %v : tensor<24x40xf32>, tensor<40x8xf32>) outs(%zo : tensor<24x8xf32>) -> tensor<24x8xf32>
  return %o : tensor<24x8xf32>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="a head size is no constant multiple of 8 from 8 to 256", op=linalg.matmul
func.func @value_size_12(%q: tensor<24x16xf32>, %k: tensor<16x40xf32>, %v: tensor<40x12xf32>) -> tensor<24x12xf32> {
  %zero = arith.constant 0.0 : f32
  %ozero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %s = linalg.matmul ins(%q, %k : tensor<24x16xf32>, tensor<16x40xf32>) outs(%z : tensor<24x40xf32>) -> tensor<24x40xf32>
  %w = linalg.softmax dimension(1) ins(%s : tensor<24x40xf32>) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %eo = tensor.empty() : tensor<24x12xf32>
  %zo = linalg.fill ins(%ozero : f32) outs(%eo : tensor<24x12xf32>) -> tensor<24x12xf32>
  %o = linalg.matmul ins(%w, %v : tensor<24x40xf32>, tensor<40x12xf32>) outs(%zo : tensor<24x12xf32>) -> tensor<24x12xf32>
  return %o : tensor<24x12xf32>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="elements are not f32, f16 or bf16", op=linalg.matmul
func.func @doubles(%q: tensor<24x16xf64>, %k: tensor<16x40xf64>, %v: tensor<40x8xf64>) -> tensor<24x8xf64> {
  %zero = arith.constant 0.0 : f64
  %ozero = arith.constant 0.0 : f64
  %e = tensor.empty() : tensor<24x40xf64>
  %z = linalg.fill ins(%zero : f64) outs(%e : tensor<24x40xf64>) -> tensor<24x40xf64>
  %s = linalg.matmul ins(%q, %k : tensor<24x16xf64>, tensor<16x40xf64>) outs(%z : tensor<24x40xf64>) -> tensor<24x40xf64>
  %w = linalg.softmax dimension(1) ins(%s : tensor<24x40xf64>) outs(%e : tensor<24x40xf64>) -> tensor<24x40xf64>
  %eo = tensor.empty() : tensor<24x8xf64>
  %zo = linalg.fill ins(%ozero : f64) outs(%eo : tensor<24x8xf64>) -> tensor<24x8xf64>
  %o = linalg.matmul ins(%w, %v : tensor<24x40xf64>, tensor<40x8xf64>) outs(%zo : tensor<24x8xf64>) -> tensor<24x8xf64>
  return %o : tensor<24x8xf64>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="Q, K and V have different element types", op=linalg.matmul
func.func @types_differ(%q: tensor<24x16xf16>, %k: tensor<16x40xf16>, %v: tensor<40x8xf32>) -> tensor<24x8xf32> {
  %zero = arith.constant 0.0 : f32
  %ozero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %s = linalg.matmul ins(%q, %k : tensor<24x16xf16>, tensor<16x40xf16>) outs(%z : tensor<24x40xf32>) -> tensor<24x40xf32>
  %w = linalg.softmax dimension(1) ins(%s : tensor<24x40xf32>) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %eo = tensor.empty() : tensor<24x8xf32>
  %zo = linalg.fill ins(%ozero : f32) outs(%eo : tensor<24x8xf32>) -> tensor<24x8xf32>
  %o = linalg.matmul ins(%w, %v : tensor<24x40xf32>, tensor<40x8xf32>) outs(%zo : tensor<24x8xf32>) -> tensor<24x8xf32>
  return %o : tensor<24x8xf32>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the result is not f32, f16 or bf16", op=linalg.matmul
func.func @double_result(%q: tensor<24x16xf32>, %k: tensor<16x40xf32>, %v: tensor<40x8xf32>) -> tensor<24x8xf64> {
  %zero = arith.constant 0.0 : f32
  %ozero = arith.constant 0.0 : f64
  %e = tensor.empty() : tensor<24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %s = linalg.matmul ins(%q, %k : tensor<24x16xf32>, tensor<16x40xf32>) outs(%z : tensor<24x40xf32>) -> tensor<24x40xf32>
  %w = linalg.softmax dimension(1) ins(%s : tensor<24x40xf32>) outs(%e : tensor<24x40xf32>) -> tensor<24x40xf32>
  %eo = tensor.empty() : tensor<24x8xf64>
  %zo = linalg.fill ins(%ozero : f64) outs(%eo : tensor<24x8xf64>) -> tensor<24x8xf64>
  %o = linalg.matmul ins(%w, %v : tensor<24x40xf32>, tensor<40x8xf32>) outs(%zo : tensor<24x8xf64>) -> tensor<24x8xf64>
  return %o : tensor<24x8xf64>
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the batch size 8 is no multiple of 3 heads", op=linalg.batch_matmul
func.func @odd_batch(%q: tensor<8x24x16xf32>, %k: tensor<8x16x40xf32>, %v: tensor<8x40x8xf32>, %bias: tensor<3x24x40xf32>) -> tensor<8x24x8xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<8x24x40xf32>
  %z = linalg.fill ins(%zero : f32) outs(%e : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %s = linalg.batch_matmul ins(%q, %k : tensor<8x24x16xf32>, tensor<8x16x40xf32>) outs(%z : tensor<8x24x40xf32>) -> tensor<8x24x40xf32>
  %m = linalg.generic {indexing_maps = [affine_map<(b, q, k) -> (b, q, k)>, affine_map<(b, q, k) -> (b floordiv 3, q, k)>, affine_map<(b, q, k) -> (b, q, k)>], iterator_types = ["parallel", "parallel", "parallel"]}
      ins(%s, %bias : tensor<8x24x40xf32>, tensor<3x24x40xf32>) outs(%e : tensor<8x24x40xf32>) {
  ^bb0(%x: f32, %a: f32, %unused: f32):
    %y = arith.addf %x, %a : f32
    linalg.yield %y : f32
  } -> tensor<8x24x40xf32>
  %mx = tensor.empty() : tensor<8x24xf32>
  %low = arith.constant 0xFF800000 : f32
  %mi = linalg.fill ins(%low : f32) outs(%mx : tensor<8x24xf32>) -> tensor<8x24xf32>
  %most = linalg.reduce { arith.maximumf } ins(%m : tensor<8x24x40xf32>) outs(%mi : tensor<8x24xf32>) dimensions = [2]
  %b = linalg.broadcast ins(%most : tensor<8x24xf32>) outs(%e : tensor<8x24x40xf32>) dimensions = [2]
  %d = arith.subf %m, %b : tensor<8x24x40xf32>
  %p = math.exp %d : tensor<8x24x40xf32>
  %li = linalg.fill ins(%zero : f32) outs(%mx : tensor<8x24xf32>) -> tensor<8x24xf32>
  %l = linalg.reduce { arith.addf } ins(%p : tensor<8x24x40xf32>) outs(%li : tensor<8x24xf32>) dimensions = [2]
  %bl = linalg.broadcast ins(%l : tensor<8x24xf32>) outs(%e : tensor<8x24x40xf32>) dimensions = [2]
  %w = arith.divf %p, %bl : tensor<8x24x40xf32>
  %eo = tensor.empty() : tensor<8x24x8xf32>
  %zo = linalg.fill ins(%zero : f32) outs(%eo : tensor<8x24x8xf32>) -> tensor<8x24x8xf32>
  %o = linalg.batch_matmul ins(%w, %v : tensor<8x24x40xf32>, tensor<8x40x8xf32>) outs(%zo : tensor<8x24x8xf32>) -> tensor<8x24x8xf32>
  return %o : tensor<8x24x8xf32>
}

//===--- Masks and scores ---------------------------------------------------===//

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the score reads linalg.reduce, which comes from the product of queries and keys", op=linalg.contract
func.func @score_of_scores(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %l = call @sum(%s) : (!s) -> !r
  %b = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %m = arith.subf %s, %b : !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the score reads linalg.generic, which comes from the product of queries and keys", op=linalg.contract
func.func @threshold(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %inf = arith.constant 0xFF800000 : f32
  %half = arith.constant 0.5 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %c = arith.cmpf ogt, %x, %half : f32
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the mask: arith.remsi has a divisor that is no positive constant", op=linalg.contract
func.func @run_time_divisor(%q: !q, %k: !k, %v: !v, %step: index) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %inf = arith.constant 0xFF800000 : f32
  %c0 = arith.constant 0 : index
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %d = arith.remsi %j, %step : index
    %c = arith.cmpi eq, %d, %c0 : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the mask: arith.floordivsi has a divisor that is no positive constant", op=linalg.contract
func.func @negative_divisor(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %inf = arith.constant 0xFF800000 : f32
  %c0 = arith.constant 0 : index
  %minus = arith.constant -3 : index
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %d = arith.floordivsi %j, %minus : index
    %c = arith.cmpi slt, %d, %i : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the mask: it reads a tensor of elements that attn.lookup does not know", op=linalg.contract
func.func @index_table(%q: !q, %k: !k, %v: !v, %t: tensor<40xindex>) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %inf = arith.constant 0xFF800000 : f32
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (k)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %t : !s, tensor<40xindex>) outs(%e : !s) {
  ^bb0(%x: f32, %n: index, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c = arith.cmpi slt, %n, %i : index
    %y = arith.select %c, %x, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the score: it has the finite constant {{.*}}, which kernels take for -inf (finite-mask-is-infinite allows that)", op=linalg.contract
func.func @lowest_float(%q: !q, %k: !k, %v: !v) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %low = arith.constant -3.40282347E+38 : f32
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %i = linalg.index 2 : index
    %j = linalg.index 3 : index
    %c = arith.cmpi sle, %j, %i : index
    %y = arith.select %c, %x, %low : f32
    linalg.yield %y : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the score: it computes in f64", op=linalg.contract
func.func @double_score(%q: !q, %k: !k, %v: !v, %c: f64) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%x: f32, %unused: f32):
    %xx = arith.extf %x : f32 to f64
    %t = arith.mulf %xx, %c : f64
    %y = arith.truncf %t : f64 to f32
    linalg.yield %y : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the score: arith.cmpf depends on the rounding of a float below f32", op=linalg.contract
func.func @rounded_condition(%q: !q, %k: !k, %v: !v, %bias: tensor<40xf16>) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %zero = arith.constant 0.0 : f16
  %one = arith.constant 1.0 : f32
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (k)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %bias : !s, tensor<40xf16>) outs(%e : !s) {
  ^bb0(%x: f32, %a: f16, %unused: f32):
    %c = arith.cmpf ogt, %a, %zero : f16
    %t = arith.select %c, %one, %x : f32
    %y = arith.addf %t, %x : f32
    linalg.yield %y : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the score: it computes with arith.bitcast", op=linalg.contract
func.func @bits(%q: !q, %k: !k, %v: !v, %bias: tensor<40xi32>) -> !o {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = linalg.generic {indexing_maps = [#id, affine_map<(b, h, q, k) -> (k)>, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s, %bias : !s, tensor<40xi32>) outs(%e : !s) {
  ^bb0(%x: f32, %a: i32, %unused: f32):
    %f = arith.bitcast %a : i32 to f32
    %y = arith.addf %f, %x : f32
    linalg.yield %y : f32
  } -> !s
  %w = call @softmax(%m) : (!s) -> !s
  %o = call @values(%w, %v) : (!s, !v) -> !o
  return %o : !o
}

//===--- Softmax without values, reported last ---------------------------------===//

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="nothing multiplies the softmax with values", op=linalg.softmax
func.func @no_values(%q: !q, %k: !k) -> !s {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %w = linalg.softmax dimension(3) ins(%s : !s) outs(%e : !s) -> !s
  return %w : !s
}

// CHECK: [Missed] raise-to-attn | Category:lacuna-raise | Reason="nothing multiplies the softmax with values", op=linalg.reduce
func.func @no_values_written_out(%q: !q, %k: !k) -> !s {
  %e = tensor.empty() : !s
  %s = call @scores(%q, %k) : (!q, !k) -> !s
  %m = call @max(%s) : (!s) -> !r
  %p = call @exponentials(%s, %m) : (!s, !r) -> !s
  %l = call @sum(%p) : (!s) -> !r
  %x = linalg.broadcast ins(%l : !r) outs(%e : !s) dimensions = [3]
  %w = linalg.div ins(%p, %x : !s, !s) outs(%e : !s) -> !s
  return %w : !s
}

// No other remark.
// CHECK-NOT: remark:
