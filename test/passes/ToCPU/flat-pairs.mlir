// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// Flat tiles in pairs of bf16: features of a row of K are pairs as they lie; two rows of V are interleaved within every 16 bytes, and the sums are put in order
// after the last key.

!m = memref<?x64xbf16, strided<[?, 1], offset: ?>>
!q = !tile.tile<1x64xbf16, scratch, #tile.lanes<1>>
!k = !tile.tile<32x64xbf16, global>
!s = !tile.tile<1x32xf32, scratch, #tile.lanes<1>>
!p = !tile.tile<1x32xbf16, scratch, #tile.lanes<1>>
!o = !tile.tile<1x64xf32, scratch, #tile.lanes<1>>

module attributes {tile.target = "x86-64-v4-bf16"} {
// CHECK-LABEL: func.func @scores(
// CHECK-NOT: arith.extf
// CHECK: memref.prefetch
// CHECK: %[[K:.*]] = vector.load %{{.*}} : memref<?x64xbf16, strided<[?, 1], offset: ?>>, vector<32xbf16>
// CHECK: %[[Q:.*]] = vector.load %{{.*}} : memref<1x64xbf16>, vector<32xbf16>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%{{.*}}, %[[Q]], %[[K]])
// CHECK-COUNT-31: dpbf16ps
// CHECK-NOT: dpbf16ps
// CHECK: vector.store {{.*}} memref<1x32xf32>, vector<16xf32>
tile.kernel @scores(%K: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : bf16
  %q = tile.map : !q { tile.yield %zero : bf16 }
  %k = tile.load %K[] rows(%m) limit(%n) in_bounds : !m -> !k
  %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
  tile.return
}

// CHECK-LABEL: func.func @outputs(
// CHECK: %[[SUM:.*]]:4 = scf.for %[[T:.*]] = %c0 to %c32 step %c2
// CHECK: %[[ROW0:.*]] = vector.load %{{.*}} : memref<?x64xbf16, strided<[?, 1], offset: ?>>, vector<32xbf16>
// CHECK: %[[ROW1:.*]] = vector.load %{{.*}} : memref<?x64xbf16, strided<[?, 1], offset: ?>>, vector<32xbf16>
// CHECK: %[[LOW:.*]] = vector.shuffle %[[ROW0]], %[[ROW1]] [0, 32, 1, 33, 2, 34, 3, 35, 8, 40, 9, 41, {{.*}}, 27, 59]
// CHECK: %[[HIGH:.*]] = vector.shuffle %[[ROW0]], %[[ROW1]] [4, 36, 5, 37, 6, 38, 7, 39, 12, 44, {{.*}}, 31, 63]
// CHECK: vector.load %{{.*}}[%c0, %[[T]]] : memref<1x32xbf16>, vector<2xbf16>
// CHECK: dpbf16ps.512"(%{{.*}}, %{{.*}}, %[[LOW]])
// CHECK: dpbf16ps.512"(%{{.*}}, %{{.*}}, %[[HIGH]])
// CHECK: scf.yield
// CHECK: vector.shuffle %[[SUM]]#0, %[[SUM]]#1 [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]
// CHECK: vector.shuffle %[[SUM]]#0, %[[SUM]]#1 [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31]
tile.kernel @outputs(%V: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %x = arith.constant 0.0 : bf16
  %p = tile.map : !p { tile.yield %x : bf16 }
  %o = tile.map : !o { tile.yield %zero : f32 }
  %v = tile.load %V[] rows(%m) limit(%n) in_bounds : !m -> !k
  %r = tile.mma %p, %v acc(%o : !o) {tile.reuse = 2 : i64} : !p, !k -> !o
  tile.return
}
}
