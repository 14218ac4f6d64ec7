// RUN: lacuna-opt %s -attn-expand-masks -attn-probe-masks -canonicalize -cse | FileCheck %s
// RUN: lacuna-opt %s -attn-expand-masks -attn-probe-masks=rows=false -canonicalize -cse | FileCheck %s --check-prefix=TWIN
// Attention becomes a function of a box: class, and bits. Only what the mask needs of the function is kept.

!t = tensor<1x2x?x64xf32>

// CHECK-LABEL: func.func @causal.probe0(
// CHECK-SAME: %{{.*}}: memref<1x2x?x64xf32>, %{{.*}}: memref<1x2x?x64xf32>, %{{.*}}: memref<1x2x?x64xf32>,
// CHECK-SAME: %[[B:[^:]*]]: index, %[[H:[^:]*]]: index, %[[SQ:[^:]*]]: index, %[[SK:[^:]*]]: index, %[[Q0:[^:]*]]: index, %[[Q1:[^:]*]]: index, %[[K0:[^:]*]]: index, %[[K1:[^:]*]]: index,
// CHECK-SAME: %[[BITS:[^:]*]]: memref<?x?xi8>) -> (i1, i1)
// Intervals: row by row.
// CHECK: %[[CLASS:.*]]:2 = scf.for %[[Q:.*]] = %[[Q0]] to %[[Q1]]
// CHECK: scf.for
// CHECK: scf.for
// CHECK: memref.store %{{.*}}, %[[BITS]]
// CHECK: return %[[CLASS]]#0, %[[CLASS]]#1

// With the twin there is no loop before the one over pairs: hi(q) = q + Sk - Sq + 1 is between its values at q0 and q1 - 1.
// TWIN-LABEL: func.func @causal.probe0(
// TWIN-NOT: scf.for
// TWIN: %[[ANY:.*]] = arith.andi
// TWIN: %[[ALL:.*]] = arith.andi
// TWIN: scf.for
// TWIN: scf.for
// TWIN: memref.store
func.func @causal(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// The product is needed, the exponential is not. An op without mask attends everything.
// CHECK-LABEL: func.func @slice.probe0(
// CHECK: arith.muli
// CHECK-NOT: math.exp
// CHECK: return
// CHECK-LABEL: func.func @slice.probe1(
// CHECK: return %true, %true
func.func @slice(%q: !t, %k: !t, %v: !t, %w: index, %x: f32) -> (!t, !t, f32) {
  %two = arith.constant 2 : index
  %left = arith.muli %w, %two : index
  %y = math.exp %x : f32
  %m = attn.sliding_window [%left, 0] align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  %p = attn.attention %q, %k, %v layout(bhsd) : !t, !t, !t -> !t
  return %o, %p, %y : !t, !t, f32
}
// CHECK-NOT: attn.attention
