// REQUIRES: lacuna-run, lacuna-compile
// RUN: lacuna-run %s --entry window --raise --check --target=generic | FileCheck %s
// RUN: lacuna-compile %s --entry window --raise --emit=attn -o - 2>&1 | FileCheck %s --check-prefix=ATTN
// RUN: lacuna-compile %s --entry other_axis --raise --emit=attn -o - 2>&1 | FileCheck %s --check-prefix=MISSED
// A module of linalg, compiled with --raise: the mask that it computes from indices is one that kernels skip keys for. A miss says why.

// CHECK: tiles {{ *}}160 visited of 352
// CHECK: check {{ *}}PASS
// ATTN-NOT: remark:
// ATTN: attn.attention
// ATTN-NOT: linalg
// MISSED: raise.mlir:[[@LINE+40]]:{{[0-9]+}}: remark: [Missed] raise-to-attn | Category:lacuna-raise | Reason="the softmax does not run over the keys", op=linalg.batch_matmul
// MISSED-NOT: attn.attention

!x = tensor<8x512x16xf32>
!s = tensor<8x512x512xf32>
#s = affine_map<(b, q, k) -> (b, q, k)>

func.func @window(%q: !x {attn.default = "randn:8x512x16xf32:1"}, %k: !x {attn.default = "randn:8x512x16xf32:2"}, %v: !x {attn.default = "randn:8x512x16xf32:3"}) -> !x {
  %zero = arith.constant 0.0 : f32
  %inf = arith.constant 0xFF800000 : f32
  %w = arith.constant 100 : index
  %e = tensor.empty() : !s
  %z = linalg.fill ins(%zero : f32) outs(%e : !s) -> !s
  %s = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>] ins(%q, %k : !x, !x) outs(%z : !s) -> !s
  %m = linalg.generic {indexing_maps = [#s, #s], iterator_types = ["parallel", "parallel", "parallel"]} ins(%s : !s) outs(%e : !s) {
  ^bb0(%a: f32, %unused: f32):
    %i = linalg.index 1 : index
    %j = linalg.index 2 : index
    %d = arith.subi %i, %j : index
    %near = arith.cmpi slt, %d, %w : index
    %past = arith.cmpi sle, %j, %i : index
    %c = arith.andi %near, %past : i1
    %y = arith.select %c, %a, %inf : f32
    linalg.yield %y : f32
  } -> !s
  %p = linalg.softmax dimension(2) ins(%m : !s) outs(%e : !s) -> !s
  %eo = tensor.empty() : !x
  %zo = linalg.fill ins(%zero : f32) outs(%eo : !x) -> !x
  %o = linalg.batch_matmul ins(%p, %v : !s, !x) outs(%zo : !x) -> !x
  return %o : !x
}

func.func @other_axis(%q: !x, %k: !x, %v: !x) -> !x {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : !s
  %z = linalg.fill ins(%zero : f32) outs(%e : !s) -> !s
  %s = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>] ins(%q, %k : !x, !x) outs(%z : !s) -> !s
  %p = linalg.softmax dimension(1) ins(%s : !s) outs(%e : !s) -> !s
  %eo = tensor.empty() : !x
  %zo = linalg.fill ins(%zero : f32) outs(%eo : !x) -> !x
  %o = linalg.batch_matmul ins(%p, %v : !s, !x) outs(%zo : !x) -> !x
  return %o : !x
}
