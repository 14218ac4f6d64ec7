// RUN: sed s/CHIP/x86-64-v4/ %s | lacuna-opt -convert-tile-to-cpu -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,V4
// RUN: sed s/CHIP/x86-64-v3/ %s | lacuna-opt -convert-tile-to-cpu -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,V3
// Flat tiles: 16-bit rows of K and V are read where they lie and widened in registers, the rows one tile ahead are asked for. Q·Kᵀ: one query and as many keys
// as lanes, whose vectors of partial sums are merged pairwise into one vector of scores. P·V: rows of V times a broadcast. Reductions along the lanes
// halve a vector in fixed order.

!m = memref<?x64xbf16, strided<[?, 1], offset: ?>>
!q = !tile.tile<1x64xf32, scratch, #tile.lanes<1>>
!k = !tile.tile<64x64xbf16, global>
!s = !tile.tile<1x64xf32, scratch, #tile.lanes<1>>

module attributes {tile.target = "CHIP"} {
// CHECK-LABEL: func.func @scores(
// V4: scf.for %{{.*}} = %c0 to %c64 step %c16
// V4-COUNT-16: arith.minsi
// One row, so key by key: its four vectors of 16 features, two a cache line, then the next key's.
// V4: memref.prefetch %{{.*}}[%[[NEXT:.*]], %c0], read, locality<3>, data
// V4: arith.extf {{.*}} : vector<16xbf16> to vector<16xf32>
// V4: vector.fma {{.*}} : vector<16xf32>
// V4: memref.prefetch %{{.*}}[%[[NEXT]], %c32], read, locality<3>, data
// V4-COUNT-30: memref.prefetch
// V4-NOT: memref.prefetch
// V4: vector.shuffle {{.*}} [0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30]
// V4-COUNT-15: arith.addf {{.*}} : vector<16xf32>
// V4-NOT: arith.addf
// V4: vector.store {{.*}} memref<1x64xf32>, vector<16xf32>
// V3: scf.for %{{.*}} = %c0 to %c64 step %c8
// V3-COUNT-7: arith.addf {{.*}} : vector<8xf32>
// CHECK: return
tile.kernel @scores(%K: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %q = tile.map : !q { tile.yield %zero : f32 }
  %k = tile.load %K[] rows(%m) limit(%n) : !m -> !k
  %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
  tile.return
}

// CHECK-LABEL: func.func @outputs(
// The tile's sum starts at zero and joins the accumulator after the loop.
// V4: %[[SUM:.*]]:4 = scf.for %[[T:.*]] = %c0 to %c64 step %c1 iter_args(%{{.*}} = %[[ZERO:[^,]*]], %{{.*}} = %[[ZERO]], %{{.*}} = %[[ZERO]], %{{.*}} = %[[ZERO]])
// V4-COUNT-2: memref.prefetch
// V4-NOT: memref.prefetch
// V4: memref.load %{{.*}}[%c0, %[[T]]] : memref<1x64xf32>
// V4-COUNT-4: vector.fma
// V4: arith.addf %[[SUM]]#0, %{{.*}} : vector<16xf32>
// V3: %{{.*}}:4 = scf.for %{{.*}} = %c0 to %c64 step %c1
// CHECK: return
tile.kernel @outputs(%V: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %p = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.map : !q { tile.yield %zero : f32 }
  %v = tile.load %V[] rows(%m) limit(%n) in_bounds : !m -> !k
  %r = tile.mma %p, %v acc(%o : !q) {tile.reuse = 2 : i64} : !s, !k -> !q
  tile.return
}

// Per-row operands are read outside of the loop over lanes.
// CHECK-LABEL: func.func @softmax(
// CHECK: scf.for %[[ROW:.*]] = %c0 to %c3
// V4: scf.for %{{.*}} = %c0 to %c64 step %c16
// CHECK: arith.cmpf ogt
// CHECK: arith.select {{.*}} : vector<4xi1>, vector<4xf32>
// CHECK: arith.select {{.*}} : vector<2xi1>, vector<2xf32>
// CHECK: arith.select {{.*}} : vector<1xi1>, vector<1xf32>
// CHECK: memref.store %{{.*}}, %{{.*}}[%[[ROW]]] : memref<3xf32>
// CHECK: scf.for %[[ROW:.*]] = %c0 to %c3
// V4: scf.for %[[LANE:.*]] = %c0 to %c64 step %c16
// V4: memref.load %{{.*}}[%[[ROW]]] : memref<3xf32>
// V4: arith.subf {{.*}} : vector<16xf32>
// CHECK: return
tile.kernel @softmax(%x: f32, %m: index, %h: index, %b: index) {
  %s = tile.map : !tile.tile<3x64xf32, scratch, #tile.lanes<1>> { tile.yield %x : f32 }
  %max = tile.reduce max %s axis 1 : !tile.tile<3x64xf32, scratch, #tile.lanes<1>> -> !tile.tile<3xf32, scratch>
  %p = tile.map %s, %max broadcast [none, rows] : !tile.tile<3x64xf32, scratch, #tile.lanes<1>>, !tile.tile<3xf32, scratch> -> !tile.tile<3x64xf32, scratch, #tile.lanes<1>> {
  ^bb0(%y: f32, %z: f32):
    %d = arith.subf %y, %z : f32
    tile.yield %d : f32
  }
  tile.return
}
}
