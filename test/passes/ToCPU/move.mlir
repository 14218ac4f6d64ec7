// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// Loads are views (nothing moves until a conversion); Q is transposed in squares, 16-bit rows are widened by eight; a store transposes whole squares
// and ends at the limit; reductions over the
// axis outside the lanes are vertical, with four partial results in flight.

!m = memref<?x4x?x8xbf16, strided<[?, ?, ?, 1], offset: ?>>
!s = !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
module attributes {tile.target = "x86-64-v3"} {

// CHECK-LABEL: func.func @loads(
// CHECK: %[[PLANE:.*]] = memref.subview %{{.*}}[%{{.*}}, %{{.*}}, 0, 0] [1, 1, %{{.*}}, 8] [1, 1, 1, 1]
// CHECK-SAME: to memref<?x8xbf16, strided<[?, 1], offset: ?>>
// CHECK: scf.for %[[I:.*]] = %c0 to %c16 step %c8
// CHECK: %[[ROW:.*]] = arith.minsi
// CHECK: %[[X:.*]] = vector.load %[[PLANE]][%[[ROW]], %{{.*}}] {{.*}} vector<8xbf16>
// CHECK: %[[Y:.*]] = arith.extf %[[X]] : vector<8xbf16> to vector<8xf32>
// CHECK-COUNT-24: vector.shuffle {{.*}} : vector<8xf32>, vector<8xf32>
// CHECK-NOT: vector.shuffle
// CHECK-COUNT-8: vector.store {{.*}} : memref<8x16xf32>, vector<8xf32>
// CHECK: scf.for %[[I:.*]] = %c0 to %c32
// CHECK-NOT: arith.minsi
// CHECK: %[[X:.*]] = vector.load %{{.*}} : memref<?x8xbf16, strided<[?, 1], offset: ?>>, vector<8xbf16>
// CHECK: %[[Y:.*]] = arith.extf %[[X]] : vector<8xbf16> to vector<8xf32>
// CHECK: vector.store %[[Y]], %{{.*}}[%[[I]], {{.*}}] : memref<32x8xf32>
tile.kernel @loads(%Q: !m, %out: memref<?x8xf32>, %n: index, %m: index, %h: index, %b: index) {
  %q = tile.load %Q[%b, %h] rows(%m) limit(%n) : !m -> !tile.tile<16x8xbf16, global>
  %qt = tile.convert %q : !tile.tile<16x8xbf16, global> -> !s
  %k = tile.load %Q[%b, %h] rows(%m) limit(%n) in_bounds : !m -> !tile.tile<32x8xbf16, global>
  %kw = tile.convert %k : !tile.tile<32x8xbf16, global> -> !tile.tile<32x8xf32, scratch, #tile.lanes<1>>
  tile.store %qt, %out[] rows(%m) limit(%n) : !s, memref<?x8xf32>
  tile.return
}

// CHECK-LABEL: func.func @finish(
// CHECK: scf.for %[[LANE:.*]] = %c0 to %c16 step %c8
// CHECK: %[[FOUR:.*]]:4 = scf.for %{{.*}} = %c0 to %c8 step %c4
// CHECK-COUNT-4: arith.select {{.*}} : vector<8xi1>, vector<8xf32>
// CHECK: scf.yield
// CHECK-COUNT-3: arith.select {{.*}} : vector<8xi1>, vector<8xf32>
// CHECK: arith.select {{.*}} : vector<8xi1>, vector<8xf32>
// CHECK: vector.shuffle {{.*}} [0, 1, 2, 3]
// CHECK: vector.shuffle {{.*}} [4, 5, 6, 7]
// CHECK: arith.select {{.*}} : vector<4xi1>, vector<4xf32>
// CHECK: arith.select {{.*}} : vector<2xi1>, vector<2xf32>
// CHECK: arith.select {{.*}} : vector<1xi1>, vector<1xf32>
// CHECK: %[[TOTAL:.*]] = vector.extract {{.*}}[0]
// CHECK: %[[LEFT:.*]] = arith.subi
// CHECK: %[[ROWS:.*]] = arith.minsi %[[LEFT]], %c16
// CHECK: %[[SQUARES:.*]] = arith.divsi %[[ROWS]], %c8
// CHECK: %[[DONE:.*]] = arith.muli %[[SQUARES]], %c8
// CHECK: scf.for %{{.*}} = %c0 to %[[DONE]] step %c8
// CHECK-COUNT-24: vector.shuffle {{.*}} : vector<8xi16>, vector<8xi16>
// CHECK-COUNT-8: vector.store {{.*}} vector<8xbf16>
// CHECK: scf.for %[[I:.*]] = %[[DONE]] to %[[ROWS]]
// CHECK: scf.for %[[J:.*]] = %c0 to %c8 step %c1
// CHECK: memref.load %{{.*}}[%[[J]], %[[I]]] : memref<8x16xbf16>
tile.kernel @finish(%O: !m, %n: index, %x: f32, %m: index, %h: index, %b: index) {
  %o = tile.map : !s { tile.yield %x : f32 }
  %max = tile.reduce max %o axis 1 : !s -> !tile.tile<16xf32, scratch>
  %all = tile.reduce max %max axis 0 : !tile.tile<16xf32, scratch> -> f32
  %r = tile.map %o : !s -> !s { ^bb0(%y: f32):
    %z = arith.addf %y, %all : f32
    tile.yield %z : f32
  }
  %r16 = tile.convert %r : !s -> !tile.tile<16x8xbf16, scratch, #tile.lanes<0>>
  tile.store %r16, %O[%b, %h] rows(%m) limit(%n) : !tile.tile<16x8xbf16, scratch, #tile.lanes<0>>, !m
  tile.return
}
}
