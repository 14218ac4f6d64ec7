// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -tile-assign-memory -tile-pipeline -tile-assign-layouts
// What a GPU cannot do is refused, with the numbers.

#schedule = #attn.schedule<tile_m = 64, tile_n = 512, warps = 4, stages = 2>
!rows = memref<?x128xbf16, strided<[?, 1], offset: ?>>
module attributes {tile.target = "sm_80"} {
  // expected-error@+1 {{expects at most 166912 bytes of shared memory on sm_80, but got 278528}}
  tile.kernel @shared(%Q: !rows, %K: !rows, %O: memref<?x512xf32, strided<[?, 1], offset: ?>>, %n: index, %m: index, %h: index, %b: index)
      attributes {tile.schedule = #schedule} {
    %zero = arith.constant 0.0 : f32
    // expected-note@+1 {{buffer of argument #0 takes 1 x 16384 bytes}}
    %q = tile.load %Q[] rows(%m) limit(%n) : !rows -> !tile.tile<64x128xbf16>
    %o0 = tile.map : !tile.tile<64x512xf32> { tile.yield %zero : f32 }
    %o = tile.visit key step 512 starts(%m) partial(%n) full(%n) iter_args(%o0 : !tile.tile<64x512xf32>) -> !tile.tile<64x512xf32>
      partial { ^bb0(%k0: index, %oi: !tile.tile<64x512xf32>):
        // expected-note@+1 {{buffer of argument #1 takes 2 x 131072 bytes}}
        %k = tile.load %K[] rows(%k0) limit(%n) : !rows -> !tile.tile<512x128xbf16>
        %s = tile.mma %q, %k acc(%oi : !tile.tile<64x512xf32>) transpose_rhs : !tile.tile<64x128xbf16>, !tile.tile<512x128xbf16> -> !tile.tile<64x512xf32>
        tile.yield %s : !tile.tile<64x512xf32>
      }
      full { ^bb0(%k0: index, %oi: !tile.tile<64x512xf32>):
        tile.yield %oi : !tile.tile<64x512xf32>
      }
    tile.store %o, %O[] rows(%m) limit(%n) : !tile.tile<64x512xf32>, memref<?x512xf32, strided<[?, 1], offset: ?>>
    tile.return
  }
}

// -----

#schedule = #attn.schedule<tile_m = 64, tile_n = 64, warps = 4, stages = 1>
!rows = memref<?x64xf32, strided<[?, 1], offset: ?>>
module attributes {tile.target = "gfx942"} {
  tile.kernel @types(%Q: !rows, %K: !rows, %O: !rows, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #schedule} {
    %q = tile.load %Q[] rows(%m) limit(%n) : !rows -> !tile.tile<64x64xf32>
    %k = tile.load %K[] rows(%m) limit(%n) : !rows -> !tile.tile<64x64xf32>
    // expected-error@+1 {{expects operands of 16-bit floats on gfx942, but got 'f32'}}
    %s = tile.mma %q, %k transpose_rhs : !tile.tile<64x64xf32>, !tile.tile<64x64xf32> -> !tile.tile<64x64xf32>
    tile.store %s, %O[] rows(%m) limit(%n) : !tile.tile<64x64xf32>, !rows
    tile.return
  }
}

// -----

#schedule = #attn.schedule<tile_m = 64, tile_n = 64, warps = 4, stages = 3>
module attributes {tile.target = "sm_80"} {
  // expected-error@+1 {{expects 1 or 2 stages on sm_80, but got 3}}
  tile.kernel @stages(%m: index, %h: index, %b: index) attributes {tile.schedule = #schedule} {
    tile.return
  }
}

// -----

#schedule = #attn.schedule<tile_m = 64, tile_n = 64, warps = 4>
module attributes {tile.target = "gfx942"} {
  tile.kernel @rows(%O: memref<?x32xf32>, %m: index, %h: index, %b: index) attributes {tile.schedule = #schedule} {
    %zero = arith.constant 0.0 : f32
    // expected-error@+1 {{expects a multiple of 128 rows for 4 warps on gfx942, but got '!tile.tile<64x32xf32, registers>'}}
    %t = tile.map : !tile.tile<64x32xf32> { tile.yield %zero : f32 }
    tile.store %t, %O[] rows(%m) limit(%m) : !tile.tile<64x32xf32>, memref<?x32xf32>
    tile.return
  }
}

// -----

module attributes {tile.target = "sm_80"} {
tile.kernel @gathered(%x: memref<?x8xbf16>, %m: index, %h: index, %b: index) attributes {tile.schedule = #attn.schedule<tile_m = 64, tile_n = 64, warps = 4>} {
  // expected-error@+1 {{expects rows at their own positions on sm_80, but got gathered ones}}
  %a = tile.load %x[] rows(%m) limit(%h) map {
  ^bb0(%row: index):
    tile.yield %row : index
  } : memref<?x8xbf16> -> !tile.tile<16x8xbf16>
  tile.return
}
}
