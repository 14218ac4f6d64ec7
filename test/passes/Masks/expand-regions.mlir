// RUN: lacuna-opt %s -attn-expand-masks | FileCheck %s
// Rules for regions: run-time divisors become at least 1, affine.apply becomes arith, frames of blocks do not wrap.

!t = tensor<2x2x?x64xf32>

// CHECK-LABEL: func.func @divisor
// CHECK-SAME: %[[C:[^:]*]]: index)
// CHECK: %[[POS:.*]] = arith.maxsi %[[C]], %{{.*}} : index
// CHECK: arith.floordivsi %{{.*}}, %[[POS]] : index
// CHECK: arith.remsi %{{.*}}, %c3{{.*}} : index
func.func @divisor(%q: !t, %k: !t, %v: !t, %c: index) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %three = arith.constant 3 : index
    %x = arith.floordivsi %i, %c : index
    %y = arith.remsi %j, %three : index
    %e = arith.cmpi eq, %x, %y : index
    attn.yield %e : i1
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Lengths of a frame stay below 2^31, its first key within 2^62; constants and what is known to be near are left alone.
// CHECK-LABEL: func.func @frame
// CHECK-SAME: %[[C:[^:]*]]: index)
// CHECK: attn.block_cover
// CHECK: %[[LENGTH:.*]] = arith.minsi %[[C]], %c2147483647{{.*}} : index
// CHECK: %[[LEAST:.*]] = arith.maxsi %[[C]], %c-4611686018427387904 : index
// CHECK: %[[FIRST:.*]] = arith.minsi %[[LEAST]], %c4611686018427387904 : index
// CHECK-NOT: arith
// CHECK: attn.yield %{{.*}}, %[[LENGTH]], %[[FIRST]], %[[KEYS:.*]] : index, index, index, index
func.func @frame(%q: !t, %k: !t, %v: !t, %c: index) -> !t {
  %all = attn.all
  %m = attn.block_cover %all [4, 4] within {
  ^bb0(%b: index, %h: index, %i: index):
    %keys = attn.key_length
    attn.yield %i, %c, %c, %keys : index, index, index, index
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @affine
// CHECK-NOT: affine.apply
// CHECK: %[[D:.*]] = arith.floordivsi %[[X:.*]], %[[N:.*]] : index
// CHECK: %[[P:.*]] = arith.muli %[[D]], %[[N]] : index
// CHECK: %[[R:.*]] = arith.subi %[[X]], %[[P]] : index
func.func @affine(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %x = affine.apply affine_map<(d0, d1) -> ((d0 - d1) mod 4)>(%i, %j)
    %e = arith.cmpi eq, %x, %zero : index
    attn.yield %e : i1
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
