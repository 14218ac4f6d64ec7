// RUN: sed s/CHIP/x86-64-v4/ %s | lacuna-opt -convert-tile-to-cpu -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,V4
// RUN: sed s/CHIP/x86-64-v3/ %s | lacuna-opt -convert-tile-to-cpu -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,V3
// RUN: sed s/CHIP/generic/ %s | lacuna-opt -convert-tile-to-cpu -canonicalize -cse | FileCheck %s --check-prefixes=CHECK,GENERIC
// The register block of a product of 48 queries: 8 rows x 3 vectors of 16 with 32 registers; 4 x 3 of 8 or of 4 with 16. The right operand is read where it
// lies, element by element. A bounded view repeats its last row, an in-bounds one is read without a comparison.

!m = memref<?x8xf32, strided<[?, 1], offset: ?>>
!q = !tile.tile<48x8xf32, scratch, #tile.lanes<0>>
!k = !tile.tile<32x8xf32, global>
!s = !tile.tile<48x32xf32, scratch, #tile.lanes<0>>

module attributes {tile.target = "CHIP"} {
// CHECK-LABEL: func.func @bounded(
// V4: scf.for %{{.*}} = %c0 to %c32 step %c8
// V4-COUNT-8: arith.minsi
// V4: %{{.*}}:24 = scf.for
// V4-COUNT-24: vector.fma {{.*}} : vector<16xf32>
// V4-NOT: vector.fma
// V4-COUNT-24: vector.store {{.*}} memref<32x48xf32>, vector<16xf32>
// V3: scf.for %{{.*}} = %c0 to %c32 step %c4
// V3-COUNT-4: arith.minsi
// V3: scf.for %{{.*}} = %c0 to %c48 step %c24
// V3: %{{.*}}:12 = scf.for
// V3-COUNT-12: vector.fma {{.*}} : vector<8xf32>
// V3-NOT: vector.fma
// V3-COUNT-12: vector.store {{.*}} memref<32x48xf32>, vector<8xf32>
// GENERIC: scf.for %{{.*}} = %c0 to %c32 step %c4
// GENERIC: scf.for %{{.*}} = %c0 to %c48 step %c12
// GENERIC: %{{.*}}:12 = scf.for
// GENERIC-COUNT-12: vector.fma {{.*}} : vector<4xf32>
// GENERIC-NOT: vector.fma
// CHECK: return
tile.kernel @bounded(%K: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %q = tile.map : !q { tile.yield %zero : f32 }
  %k = tile.load %K[] rows(%m) limit(%n) : !m -> !k
  %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
  tile.return
}

// P · V: rows of the result are features, the depth walks the keys; the tile is summed on its own, then added to the accumulator.
// CHECK-LABEL: func.func @accumulated(
// CHECK-NOT: arith.minsi
// V4: %{{.*}}:24 = scf.for %{{.*}} = %c0 to %c32 step %c1
// V4-COUNT-24: vector.fma
// V4-NOT: vector.fma
// V4-COUNT-24: arith.addf {{.*}} : vector<16xf32>
// V3: %{{.*}}:12 = scf.for %{{.*}} = %c0 to %c32 step %c1
// V3-COUNT-12: arith.addf {{.*}} : vector<8xf32>
// CHECK: return
tile.kernel @accumulated(%V: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %p = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.map : !q { tile.yield %zero : f32 }
  %v = tile.load %V[] rows(%m) limit(%n) in_bounds : !m -> !k
  %r = tile.mma %p, %v acc(%o : !q) {tile.reuse = 2 : i64} : !s, !k -> !q
  tile.return
}

// A scaled accumulator: its vectors times the scales of their lanes, and the sum, in one operation.
// CHECK-LABEL: func.func @scaled(
// V4: %[[SUMS:.*]]:24 = scf.for
// V4-COUNT-24: vector.fma {{.*}} : vector<16xf32>
// V4: scf.yield
// V4: %[[ACC:.*]] = vector.load %{{.*}} : memref<8x48xf32>, vector<16xf32>
// V4: %[[SCALE:.*]] = vector.load %{{.*}}[%[[LANE:.*]]] : memref<48xf32>, vector<16xf32>
// V4: %[[NEXT:.*]] = vector.fma %[[ACC]], %[[SCALE]], %[[SUMS]]#0
// V4: vector.store %[[NEXT]], %{{.*}}[%{{.*}}, %[[LANE]]]
// V4-COUNT-23: vector.fma
// V4-NOT: arith.addf
// CHECK: return
tile.kernel @scaled(%V: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %p = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.map : !q { tile.yield %zero : f32 }
  %alpha = tile.map : !tile.tile<48xf32, scratch> { tile.yield %zero : f32 }
  %v = tile.load %V[] rows(%m) limit(%n) in_bounds : !m -> !k
  %r = tile.mma %p, %v acc(%o : !q scaled %alpha : !tile.tile<48xf32, scratch>) {tile.reuse = 2 : i64} : !s, !k -> !q
  tile.return
}
}
