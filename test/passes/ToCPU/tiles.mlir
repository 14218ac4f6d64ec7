// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// Products on a tile unit: 2 x 2 accumulators, each with its own zero; the depth unrolled, four loads for four products. A view that may end is multiplied in
// pairs, row by row.

!m = memref<?x64xbf16, strided<[?, 1], offset: ?>>
!q = !tile.tile<32x64xbf16, scratch, #tile.pairs<0>>
!k = !tile.tile<64x64xbf16, global>
!s = !tile.tile<32x64xf32, scratch, #tile.lanes<0>>
!p = !tile.tile<32x64xbf16, scratch, #tile.pairs<0>>
!v = !tile.tile<64x64xbf16, scratch, #tile.lanes<0>>
!o = !tile.tile<32x64xf32, scratch, #tile.lanes<0>>

module attributes {tile.target = "sapphirerapids"} {
// CHECK-LABEL: func.func @scores(
// CHECK: scf.for %[[ROW:.*]] = %c0 to %c64 step %c32
// CHECK: %[[FIRST:.*]] = arith.addi %{{.*}}, %[[ROW]]
// CHECK-COUNT-4: amx.tile_zero : !amx.tile<16x16xf32>
// CHECK-NOT: amx.tile_zero
// CHECK: amx.tile_load %[[Q:.*]][%c0, %{{.*}}] : memref<32x64xbf16> into !amx.tile<16x32xbf16>
// CHECK: amx.tile_load %[[Q]][%c0, %{{.*}}]
// CHECK: amx.tile_load %{{.*}}[%[[FIRST]], %c0] : memref<?x64xbf16, strided<[?, 1], offset: ?>> into !amx.tile<16x32xbf16>
// CHECK-COUNT-2: amx.tile_mulf
// CHECK: amx.tile_load
// CHECK-COUNT-2: amx.tile_mulf
// CHECK: amx.tile_load %[[Q]][%c16, %{{.*}}]
// CHECK: amx.tile_load %{{.*}}[%[[FIRST]], %c32]
// CHECK-COUNT-4: amx.tile_mulf
// CHECK-NOT: amx.tile_mulf
// CHECK-COUNT-4: amx.tile_store {{.*}} : memref<64x32xf32>, !amx.tile<16x16xf32>
// CHECK: return
tile.kernel @scores(%K: !m, %n: index, %m: index, %h: index, %b: index) {
  %x = tile.load %K[] rows(%m) limit(%n) : !m -> !tile.tile<32x64xbf16, global>
  %q = tile.convert %x : !tile.tile<32x64xbf16, global> -> !q
  %k = tile.load %K[] rows(%h) limit(%n) in_bounds : !m -> !k
  %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
  tile.return
}

// CHECK-LABEL: func.func @may_end(
// CHECK-NOT: amx
// CHECK: dpbf16ps
tile.kernel @may_end(%K: !m, %n: index, %m: index, %h: index, %b: index) {
  %x = tile.load %K[] rows(%m) limit(%n) : !m -> !tile.tile<32x64xbf16, global>
  %q = tile.convert %x : !tile.tile<32x64xbf16, global> -> !q
  %k = tile.load %K[] rows(%h) limit(%n) : !m -> !k
  %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
  tile.return
}

// CHECK-LABEL: func.func @outputs(
// CHECK: vector.interleave %{{.*}} : vector<16xbf16> -> vector<32xbf16>
// CHECK-COUNT-64: vector.shuffle {{.*}} : vector<16xi32>, vector<16xi32>
// CHECK-COUNT-16: vector.store {{.*}} : memref<64x64xbf16>, vector<32xbf16>
// CHECK-NOT: amx.tile_zero
// CHECK-COUNT-4: amx.tile_load %[[O:.*]][%{{.*}}] : memref<64x32xf32> into !amx.tile<16x16xf32>
// CHECK-COUNT-8: amx.tile_mulf
// CHECK-COUNT-4: amx.tile_store
tile.kernel @outputs(%V: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %s = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.map : !o { tile.yield %zero : f32 }
  %p = tile.convert %s : !s -> !p
  %x = tile.load %V[] rows(%h) limit(%n) : !m -> !k
  %v = tile.convert %x : !k -> !v
  %r = tile.mma %p, %v acc(%o : !o) {tile.reuse = 2 : i64} : !p, !v -> !o
  tile.return
}
}
