// RUN: lacuna-opt %s -split-input-file -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// A block mask is asked tile by tile, but only within the keys that the rows of its blocks touch. Tests of the numbers: test/unit/analysis, kernels.py.

!t = tensor<1x1x?x8xf32>
// The loop over the item's rows finds the keys, rounded to blocks of 4; the hull of the visit is what is left.
// CHECK-LABEL: tile.kernel @cover.attention0
// CHECK: %[[ROWS:.*]]:7 = scf.for %[[Q:.*]] = %{{.*}} to %{{.*}} step %c1
// CHECK: %[[FIRST:.*]] = arith.divui %[[Q]], %c8
// CHECK: scf.for
// CHECK: arith.subi %{{.*}}, %c9
// CHECK: arith.divui %{{.*}}, %c4
// CHECK: arith.ceildivui %{{.*}}, %c4
// CHECK: %[[LOW:.*]] = arith.maxsi %[[ROWS]]#5, %c0
// CHECK: %[[HIGH:.*]] = arith.minsi %{{.*}}, %[[ROWS]]#6
// CHECK: tile.visit
// CHECK-SAME: hull
// CHECK: test
func.func @cover(%q: !t) -> !t {
  %c = attn.sliding_window [9, 0] align(top_left)
  %m = attn.block_cover %c [8, 4]
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x1x?x8xf32>
// Nothing is known of the keys of a predicate: no loop over rows before the walk.
// CHECK-LABEL: tile.kernel @predicate.attention0
// CHECK-NOT: scf.for
// CHECK: tile.visit
func.func @predicate(%q: !t) -> !t {
  %p = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %e = arith.cmpi ne, %i, %j : index
    attn.yield %e : i1
  }
  %m = attn.block_cover %p [8, 4]
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}
