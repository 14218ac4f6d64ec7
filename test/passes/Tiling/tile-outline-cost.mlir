// RUN: lacuna-opt %s -split-input-file -attn-expand-masks -attn-to-tile -canonicalize -cse -tile-outline-cost | FileCheck %s
// The .cost twin is the kernel's own walk: sums of counts, and of answers of the test where there is one. No matrix work is left in it.

!t = tensor<1x1x?x8xf32>
// CHECK-LABEL: tile.kernel @runs.attention0(
// CHECK: tile.visit key step 32 starts(%{{.*}}) partial(%{{[^,]*}}, %c0, %{{[^,]*}}) full(%c0, %{{[^,]*}}, %c0)
// CHECK-LABEL: tile.kernel @runs.attention0.cost(
// CHECK-SAME: -> (index, index, index)
// CHECK-COUNT-4: tile.reduce
// CHECK: %[[HEAD:.*]] = arith.subi
// CHECK: %[[TAIL:.*]] = arith.subi
// CHECK: %[[FULL:.*]] = arith.subi
// CHECK-NOT: tile.load
// CHECK-NOT: tile.mma
// CHECK-NOT: scf.for
// CHECK: %[[PARTIAL:.*]] = arith.addi %[[HEAD]], %[[TAIL]]
// CHECK: %[[ALL:.*]] = arith.ceildivui
// CHECK: tile.return %[[FULL]], %[[PARTIAL]], %[[ALL]] : index, index, index
func.func @runs(%q: !t) -> !t {
  %m = attn.causal align(top_left)
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x1x?x8xf32>
// CHECK-LABEL: tile.kernel @tested.attention0.cost(
// CHECK: %[[COUNTS:.*]]:2 = scf.for %{{.*}} to %c2{{.*}} iter_args
// CHECK: scf.for %[[I:[^ ]*]] = %c0{{.*}} iter_args(%[[F:.*]] = %{{.*}}, %[[P:.*]] = %{{.*}}) -> (index, index) {
// CHECK: %[[NUMBER:.*]] = arith.addi %{{.*}}, %[[I]]
// CHECK: arith.muli %[[NUMBER]], %c32
// CHECK-NOT: tile.reduce
// CHECK: %[[F1:.*]] = arith.addi %[[F]], %c1
// CHECK: arith.select %{{.*}}, %[[F1]], %[[F]]
// CHECK: %[[P1:.*]] = arith.addi %[[P]], %c1
// CHECK: arith.select %{{.*}}, %[[P1]], %[[P]]
// CHECK-NOT: tile.mma
// CHECK: tile.return
func.func @tested(%q: !t, %c: index) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = arith.xori %i, %j : index
    %y = arith.cmpi sge, %x, %c : index
    attn.yield %y : i1
  }
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// Intervals beside a predicate are asked row by row, where the predicate may attend at all.
!t = tensor<1x1x?x8xf32>
// CHECK-LABEL: tile.kernel @both.attention0.cost(
// CHECK: scf.for
// CHECK: scf.if
// CHECK: tile.reduce max
// CHECK: tile.reduce min
// CHECK: tile.return
func.func @both(%q: !t, %c: index) -> !t {
  %p = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = arith.xori %i, %j : index
    %y = arith.cmpi sge, %x, %c : index
    attn.yield %y : i1
  }
  %causal = attn.causal align(top_left)
  %m = attn.and %p, %causal
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// Two terms have seven gaps between their ends: one test for all, or code would grow with the product.
!t = tensor<1x1x?x8xf32>
// CHECK-LABEL: tile.kernel @terms.attention0.cost(
// CHECK: scf.for %[[GAP:.*]] = %c0{{.*}} to %c7{{.*}} iter_args
// CHECK: arith.cmpi eq, %[[GAP]], %c1
// CHECK: scf.for
// CHECK: tile.reduce max
// CHECK: tile.reduce min
// CHECK-NOT: tile.reduce
// CHECK: tile.return
func.func @terms(%q: !t, %c: index) -> !t {
  %p = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = arith.xori %i, %j : index
    %y = arith.cmpi sge, %x, %c : index
    attn.yield %y : i1
  }
  %window = attn.sliding_window [4, 0] align(top_left)
  %sinks = attn.sink_tokens [3]
  %near = attn.and %p, %window
  %m = attn.or %near, %sinks
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}
