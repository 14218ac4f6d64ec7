// RUN: lacuna-opt %s -tile-assign-memory -tile-pipeline | FileCheck %s
// RUN: sed 's/stages = 2/stages = 1/' %s | lacuna-opt -tile-assign-memory -tile-pipeline | FileCheck %s --check-prefix=ONE
// RUN: sed 's/sm_80/gfx942/; s/stages = 2/stages = 1/' %s | lacuna-opt -tile-assign-memory -tile-pipeline | FileCheck %s --check-prefix=AMD

// Two buffers a ring: `before` starts tile 0, each body waits for its tile and starts the next one.
// CHECK: tile.shared_bytes = 24576
// CHECK: %[[RK:.*]] = tile.ring offset 8192 : !tile.ring<2,
// CHECK: %[[RV:[0-9]+]] = tile.ring offset 16384 : !tile.ring<2,
// CHECK: before {
// CHECK-NEXT: ^bb0(%[[FIRST:.*]]: index):
// CHECK: tile.copy %{{.*}}[] rows(%[[FIRST]]) limit(%{{.*}}), %[[RK]]
// CHECK: tile.copy %{{.*}}[] rows(%[[FIRST]]) limit(%{{.*}}), %[[RV]]
// CHECK: full {
// CHECK-NEXT: ^bb0(%{{.*}}: index, %[[T:.*]]: index, %[[NEXT:.*]]: index, %{{.*}}):
// CHECK: %[[T1:.*]] = arith.addi %[[T]], %c1
// CHECK: tile.acquire %[[RK]][%[[T]]] pending 1
// CHECK-NEXT: tile.copy %{{.*}}[] rows(%[[NEXT]]) limit(%{{.*}}), %[[RK]][%[[T1]]]
// CHECK-NEXT: tile.copy %{{.*}}[] rows(%[[NEXT]]) limit(%{{.*}}), %[[RV]][%[[T1]]]
// CHECK-NEXT: tile.mma
// CHECK-NEXT: tile.release %[[RK]][%[[T]]] :
// CHECK: tile.acquire %[[RV]][%[[T]]] pending 2
// CHECK: tile.mma
// CHECK-NEXT: tile.release %[[RV]][%[[T]]] :

// One buffer a ring: V is copied while K is read, the next K while V is.
// ONE: tile.shared_bytes = 16384
// ONE: before {
// ONE: tile.copy {{.*}}, %[[RK:[0-9]+]][
// ONE-NEXT: tile.yield
// ONE: full {
// ONE-NEXT: ^bb0(%[[ROW:.*]]: index, %{{.*}}: index, %[[NEXT:.*]]: index, %{{.*}}):
// ONE: tile.acquire %[[RK]][%{{.*}}] pending 0
// ONE-NEXT: tile.copy %{{.*}}[] rows(%[[ROW]]) limit(%{{.*}}) in_bounds, %[[RV:[0-9]+]][
// ONE: tile.release %[[RK]]
// ONE: tile.acquire %[[RV]][%{{.*}}] pending 0
// ONE-NEXT: tile.copy %{{.*}}[] rows(%[[NEXT]]) limit(%{{.*}}), %[[RK]][

// No asynchronous copies: they stand where the loads stood, and V's release is a barrier, since K and V of the next tile are written before any other.
// AMD-NOT: before {
// AMD: full {
// AMD: tile.copy {{.*}} in_bounds, %[[RK:[0-9]+]][
// AMD: tile.copy {{.*}} in_bounds, %[[RV:[0-9]+]][
// AMD: tile.acquire %[[RK]]
// AMD: tile.release %[[RK]][%{{.*}}] :
// AMD: tile.acquire %[[RV]]
// AMD: tile.release %[[RV]][%{{.*}}] fence :

#schedule = #attn.schedule<tile_m = 64, tile_n = 32, warps = 4, stages = 2>
!rows = memref<?x64xbf16, strided<[?, 1], offset: ?>>
!out = memref<?x64xf32, strided<[?, 1], offset: ?>>
module attributes {tile.target = "sm_80"} {
  tile.kernel @products(%Q: !rows, %K: !rows, %V: !rows, %O: !out, %n: index, %tiles: index, %m: index, %h: index, %b: index)
      attributes {tile.schedule = #schedule} {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.0 : f32
    %q = tile.load %Q[] rows(%c0) limit(%n) : !rows -> !tile.tile<64x64xbf16>
    %o0 = tile.map : !tile.tile<64x64xf32> { tile.yield %zero : f32 }
    %o = tile.visit key step 32 starts(%c0) partial(%c0) full(%tiles) iter_args(%o0 : !tile.tile<64x64xf32>) -> !tile.tile<64x64xf32>
      partial { ^bb0(%k0: index, %oi: !tile.tile<64x64xf32>):
        %k = tile.load %K[] rows(%k0) limit(%n) : !rows -> !tile.tile<32x64xbf16>
        %v = tile.load %V[] rows(%k0) limit(%n) : !rows -> !tile.tile<32x64xbf16>
        %s = tile.mma %q, %k transpose_rhs : !tile.tile<64x64xbf16>, !tile.tile<32x64xbf16> -> !tile.tile<64x32xf32>
        %o1 = tile.mma %s, %v acc(%oi : !tile.tile<64x64xf32>) : !tile.tile<64x32xf32>, !tile.tile<32x64xbf16> -> !tile.tile<64x64xf32>
        tile.yield %o1 : !tile.tile<64x64xf32>
      }
      full { ^bb0(%k0: index, %oi: !tile.tile<64x64xf32>):
        %k = tile.load %K[] rows(%k0) limit(%n) in_bounds : !rows -> !tile.tile<32x64xbf16>
        %v = tile.load %V[] rows(%k0) limit(%n) in_bounds : !rows -> !tile.tile<32x64xbf16>
        %s = tile.mma %q, %k transpose_rhs : !tile.tile<64x64xbf16>, !tile.tile<32x64xbf16> -> !tile.tile<64x32xf32>
        %o1 = tile.mma %s, %v acc(%oi : !tile.tile<64x64xf32>) : !tile.tile<64x32xf32>, !tile.tile<32x64xbf16> -> !tile.tile<64x64xf32>
        tile.yield %o1 : !tile.tile<64x64xf32>
      }
    tile.store %o, %O[] rows(%c0) limit(%n) : !tile.tile<64x64xf32>, !out
    tile.return
  }
}
