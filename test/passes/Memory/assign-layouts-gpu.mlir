// RUN: lacuna-opt %s -tile-assign-memory -tile-pipeline -tile-assign-layouts | FileCheck %s
// RUN: sed 's/sm_80/gfx942/; s/warps = 4, stages = 2/warps = 2, stages = 1/' %s | lacuna-opt -tile-assign-memory -tile-pipeline -tile-assign-layouts | FileCheck %s --check-prefix=AMD
// Accumulators, left operands and P of one shape have one layout, so nothing moves between the products; shared rows of 128 bytes are swizzled.

// CHECK-DAG: #[[ROWS:.*]] = #tile.spread<inner = 1, lanes = 8, stride = 4, outer = 2, warps = 4>
// CHECK-DAG: #[[C64:.*]] = #tile.spread<inner = 2, lanes = 4, stride = 1, outer = 8, warps = 1>
// CHECK-DAG: #[[C32:.*]] = #tile.spread<inner = 2, lanes = 4, stride = 1, outer = 4, warps = 1>
// CHECK-DAG: #[[SHARED:.*]] = #tile.swizzle<pitch = 64, vector = 8, phases = 8, repeat = 1>
// CHECK-DAG: #[[F64:.*]] = #tile.fragment<rows = #[[ROWS]], columns = #[[C64]]>
// CHECK-DAG: #[[F32:.*]] = #tile.fragment<rows = #[[ROWS]], columns = #[[C32]]>
// CHECK: tile.ring offset 0 : !tile.ring<1, !tile.tile<64x64xbf16, shared, #[[SHARED]]>>
// CHECK: tile.mma {{.*}} : !tile.tile<64x64xbf16, registers, #[[F64]]>, !tile.tile<32x64xbf16, shared, #[[SHARED]]> -> !tile.tile<64x32xf32, registers, #[[F32]]>
// CHECK: tile.convert {{.*}} : !tile.tile<64x32xf32, registers, #[[F32]]> -> !tile.tile<64x32xbf16, registers, #[[F32]]>

// AMD-DAG: #[[ROWS:.*]] = #tile.spread<inner = 1, lanes = 32, stride = 1, outer = 1, warps = 2>
// AMD-DAG: #[[C64:.*]] = #tile.spread<inner = 4, lanes = 2, stride = 32, outer = 8, warps = 1>
// AMD-DAG: #tile.swizzle<pitch = 64, vector = 4, phases = 16, repeat = 1>
// AMD-DAG: #tile.fragment<rows = #[[ROWS]], columns = #[[C64]]>

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
