// RUN: lacuna-opt %s -convert-tile-to-cpu | FileCheck %s
// A flag of the whole tile: where it holds, the map is emitted without what it makes superfluous; else with a loop over a table that does not depend on
// the lane and stays scalar, while the rest works on vectors.
module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @flag
// CHECK: scf.if %{{.*}} {
// CHECK-NOT: scf.while
// CHECK: vector.store %{{.*}} : memref<32x16xf32>, vector<16xf32>
// CHECK: } else {
// CHECK: scf.while
// CHECK: arith.select %{{.*}} : vector<16xi1>, vector<16xf32>
// CHECK: vector.store %{{.*}} : memref<32x16xf32>, vector<16xf32>
tile.kernel @flag(%known: i1, %m: index, %h: index, %b: index) {
  %c0 = arith.constant 0 : index
  %x = tile.map : !tile.tile<16x32xf32, scratch, #tile.lanes<0>> {
    %one = arith.constant 1.0 : f32
    tile.yield %one : f32
  }
  %y = tile.map %x : !tile.tile<16x32xf32, scratch, #tile.lanes<0>> -> !tile.tile<16x32xf32, scratch, #tile.lanes<0>> {
  ^bb0(%e: f32):
    %key = tile.index 1
    %found = scf.while (%i = %key) : (index) -> index {
      %more = arith.cmpi sgt, %i, %c0 : index
      scf.condition(%more) %i : index
    } do {
    ^bb0(%i: index):
      %half = arith.divui %i, %i : index
      scf.yield %half : index
    }
    %hit = arith.cmpi eq, %found, %c0 : index
    %attends = arith.ori %known, %hit : i1
    %row = tile.index 0
    %low = arith.cmpi sge, %row, %key : index
    %both = arith.andi %attends, %low : i1
    %zero = arith.constant 0.0 : f32
    %r = arith.select %both, %e, %zero : f32
    tile.yield %r : f32
  }
  tile.return
}
}
