// RUN: lacuna-opt %s -attn-expand-masks | FileCheck %s
// Rules for regions: run-time divisors become at least 1, affine.apply becomes arith.

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
