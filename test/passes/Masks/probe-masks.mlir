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

// Lengths of gathered rows: those of the table, not of its elements; a choice of rows that the tensor itself makes.
// CHECK-LABEL: func.func @gathered.lengths0(
// CHECK-SAME: %[[Q:[^:]*]]: memref<1x2x?x64xf32>, %{{[^:]*}}: memref<1x2x?x64xf32>, %[[ROWS:[^:]*]]: memref<1x1x?xi32>) -> (index, index)
// CHECK: %[[ALL:.*]] = memref.dim %[[Q]], %c2
// CHECK: %[[HALF:.*]] = arith.divui %[[ALL]], %c2
// CHECK: %[[KEYS:.*]] = memref.dim %[[ROWS]], %c2
// CHECK: return %[[HALF]], %[[KEYS]] : index, index
func.func @gathered(%q: !t, %k: !t, %rows: tensor<1x1x?xi32>) -> !t {
  %two = arith.constant 2 : index
  %all = tensor.dim %q, %two : !t
  %half = arith.divui %all, %two : index
  %first = tensor.extract_slice %q[0, 0, 0, 0] [1, 2, %half, 64] [1, 1, 1, 1] : !t to !t
  %ks = attn.gather_rows %k[%rows] layout(bhsd) : !t, tensor<1x1x?xi32> -> !t
  %o = attn.attention %first, %ks, %ks layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
// CHECK-NOT: attn.attention
