// RUN: lacuna-opt %s -split-input-file -verify-diagnostics
// Verifier rules of tile.convert_once.

tile.kernel @shapes(%t: memref<?x32xbf16>, %slots: memref<?x2048xbf16>, %states: memref<?xi32>, %m: index, %h: index, %b: index) {
  %v = tile.load %t[] rows(%m) limit(%h) : memref<?x32xbf16> -> !tile.tile<64x32xbf16>
  // expected-error@+1 {{expects the same shape, but got '!tile.tile<64x32xbf16>' and '!tile.tile<32x64xbf16>'}}
  %p = tile.convert_once %v into %slots, %states[%b] : !tile.tile<64x32xbf16>, memref<?x2048xbf16>, memref<?xi32> -> !tile.tile<32x64xbf16>
  tile.return
}

// -----

tile.kernel @slot_size(%t: memref<?x32xbf16>, %slots: memref<?x1024xbf16>, %states: memref<?xi32>, %m: index, %h: index, %b: index) {
  %v = tile.load %t[] rows(%m) limit(%h) : memref<?x32xbf16> -> !tile.tile<64x32xbf16>
  // expected-error@+1 {{expects slots of 2 dimensions, the last of 2048 x 'bf16', but got 'memref<?x1024xbf16>'}}
  %p = tile.convert_once %v into %slots, %states[%b] : !tile.tile<64x32xbf16>, memref<?x1024xbf16>, memref<?xi32> -> !tile.tile<64x32xbf16>
  tile.return
}

// -----

tile.kernel @slot_type(%t: memref<?x32xbf16>, %slots: memref<?x2048xf32>, %states: memref<?xi32>, %m: index, %h: index, %b: index) {
  %v = tile.load %t[] rows(%m) limit(%h) : memref<?x32xbf16> -> !tile.tile<64x32xbf16>
  // expected-error@+1 {{expects slots of 2 dimensions, the last of 2048 x 'bf16', but got 'memref<?x2048xf32>'}}
  %p = tile.convert_once %v into %slots, %states[%b] : !tile.tile<64x32xbf16>, memref<?x2048xf32>, memref<?xi32> -> !tile.tile<64x32xbf16>
  tile.return
}

// -----

tile.kernel @slot_rank(%t: memref<?x32xbf16>, %slots: memref<?x2048xbf16>, %states: memref<?x?xi32>, %m: index, %h: index, %b: index) {
  %v = tile.load %t[] rows(%m) limit(%h) : memref<?x32xbf16> -> !tile.tile<64x32xbf16>
  // expected-error@+1 {{expects slots of 3 dimensions, the last of 2048 x 'bf16', but got 'memref<?x2048xbf16>'}}
  %p = tile.convert_once %v into %slots, %states[%b, %h] : !tile.tile<64x32xbf16>, memref<?x2048xbf16>, memref<?x?xi32> -> !tile.tile<64x32xbf16>
  tile.return
}

// -----

tile.kernel @states(%t: memref<?x32xbf16>, %slots: memref<?x2048xbf16>, %states: memref<?xi64>, %m: index, %h: index, %b: index) {
  %v = tile.load %t[] rows(%m) limit(%h) : memref<?x32xbf16> -> !tile.tile<64x32xbf16>
  // expected-error@+1 {{expects states of 1 dimensions of i32, but got 'memref<?xi64>'}}
  %p = tile.convert_once %v into %slots, %states[%b] : !tile.tile<64x32xbf16>, memref<?x2048xbf16>, memref<?xi64> -> !tile.tile<64x32xbf16>
  tile.return
}
