// RUN: lacuna-opt %s -tile-assign-memory | FileCheck %s
// RUN: sed 's/sm_80/gfx942/; s/tile_m = 64/tile_m = 128/' %s | lacuna-opt -tile-assign-memory | FileCheck %s --check-prefix=AMD
// Loaded operands of products live in shared memory, the rest in registers; P is converted before the second product.

// CHECK: %[[QS:.*]] = tile.load %{{.*}} -> !tile.tile<64x64xbf16, shared>
// CHECK: %[[Q:.*]] = tile.convert %[[QS]] : !tile.tile<64x64xbf16, shared> -> !tile.tile<64x64xbf16, registers>
// CHECK: tile.map : !tile.tile<64x64xf32, registers>
// CHECK: full {
// CHECK: %[[K:.*]] = tile.load %{{.*}} in_bounds {{.*}} -> !tile.tile<32x64xbf16, shared>
// CHECK: %[[V:.*]] = tile.load %{{.*}} in_bounds {{.*}} -> !tile.tile<32x64xbf16, shared>
// CHECK: %[[S:.*]] = tile.mma %[[Q]], %[[K]] transpose_rhs : {{.*}} -> !tile.tile<64x32xf32, registers>
// CHECK: %[[P:.*]] = tile.convert %[[S]] : !tile.tile<64x32xf32, registers> -> !tile.tile<64x32xbf16, registers>
// CHECK: tile.mma %[[P]], %[[V]] acc

// An MFMA operand register is four elements of one row, so lanes read the left operand themselves.
// AMD: tile.load %{{.*}} -> !tile.tile<64x64xbf16, registers>
// AMD-NOT: !tile.tile<64x64xbf16, shared>

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
