// Shapes and the parts of an attention that the tests of raise-to-attn are put together from; they are inlined first.
!q = tensor<2x4x24x16xf32>
!k = tensor<2x4x40x16xf32>
!v = tensor<2x4x40x8xf32>
!s = tensor<2x4x24x40xf32>
!r = tensor<2x4x24xf32>
!o = tensor<2x4x24x8xf32>
#qk_q = affine_map<(b, h, q, k, d) -> (b, h, q, d)>
#qk_k = affine_map<(b, h, q, k, d) -> (b, h, k, d)>
#qk_s = affine_map<(b, h, q, k, d) -> (b, h, q, k)>
#pv_p = affine_map<(b, h, q, d, k) -> (b, h, q, k)>
#pv_v = affine_map<(b, h, q, d, k) -> (b, h, k, d)>
#pv_o = affine_map<(b, h, q, d, k) -> (b, h, q, d)>
#id = affine_map<(b, h, q, k) -> (b, h, q, k)>
#row = affine_map<(b, h, q, k) -> (b, h, q)>

func.func private @zeros() -> !s {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : !s
  %z = linalg.fill ins(%zero : f32) outs(%e : !s) -> !s
  return %z : !s
}
func.func private @scores(%q: !q, %k: !k) -> !s {
  %z = call @zeros() : () -> !s
  %s = linalg.generic {indexing_maps = [#qk_q, #qk_k, #qk_s], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%q, %k : !q, !k) outs(%z : !s) {
  ^bb0(%a: f32, %b: f32, %acc: f32):
    %t = arith.mulf %a, %b : f32
    %u = arith.addf %acc, %t : f32
    linalg.yield %u : f32
  } -> !s
  return %s : !s
}
func.func private @softmax(%s: !s) -> !s {
  %e = tensor.empty() : !s
  %p = linalg.softmax dimension(3) ins(%s : !s) outs(%e : !s) -> !s
  return %p : !s
}
func.func private @values(%p: !s, %v: !v) -> !o {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : !o
  %z = linalg.fill ins(%zero : f32) outs(%e : !o) -> !o
  %o = linalg.contract indexing_maps = [#pv_p, #pv_v, #pv_o] ins(%p, %v : !s, !v) outs(%z : !o) -> !o
  return %o : !o
}
func.func private @max(%s: !s) -> !r {
  %low = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : !r
  %i = linalg.fill ins(%low : f32) outs(%e : !r) -> !r
  %m = linalg.reduce { arith.maximumf } ins(%s : !s) outs(%i : !r) dimensions = [3]
  return %m : !r
}
func.func private @sum(%p: !s) -> !r {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : !r
  %i = linalg.fill ins(%zero : f32) outs(%e : !r) -> !r
  %l = linalg.reduce { arith.addf } ins(%p : !s) outs(%i : !r) dimensions = [3]
  return %l : !r
}
func.func private @exponentials(%s: !s, %m: !r) -> !s {
  %e = tensor.empty() : !s
  %x = linalg.broadcast ins(%m : !r) outs(%e : !s) dimensions = [3]
  %d = linalg.sub ins(%s, %x : !s, !s) outs(%e : !s) -> !s
  %p = linalg.exp ins(%d : !s) outs(%e : !s) -> !s
  return %p : !s
}
