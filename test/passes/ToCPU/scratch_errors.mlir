// RUN: lacuna-opt %s -convert-tile-to-cpu -verify-diagnostics
// Tiles that do not fit a thread's stack are refused, with the buffer and the limit.

module attributes {tile.target = "x86-64-v4"} {
tile.kernel @tiles_beyond_the_stack(%o: memref<?xf32, strided<[1], offset: ?>>, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  // expected-error @below {{kernel 'tiles_beyond_the_stack': expects at most 4194304 bytes of scratch buffers, but got 19200000000; the largest is this 'memref<100000000x48xf32>': choose smaller tiles}}
  %t = tile.map : !tile.tile<48x100000000xf32, scratch, #tile.lanes<0>> { tile.yield %zero : f32 }
  tile.return
}
}
