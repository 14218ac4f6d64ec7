// RUN: lacuna-opt %s -split-input-file -verify-diagnostics
// Verifier rules of tile.copy and tile.acquire.

!k = !tile.tile<64x64xbf16, shared>
tile.kernel @copy_indices(%K: memref<?x?x64xbf16>, %n: index, %m: index, %h: index, %b: index) {
  %ring = tile.ring offset 0 : !tile.ring<2, !k>
  // expected-error@+1 {{expects 1 leading indices, but got 2}}
  tile.copy %K[%b, %h] rows(%m) limit(%n), %ring[%m] : memref<?x?x64xbf16>, !tile.ring<2, !k>
  tile.return
}

// -----

!k = !tile.tile<64x64xbf16, shared>
tile.kernel @copy_element_type(%K: memref<?x64xf16>, %n: index, %m: index, %h: index, %b: index) {
  %ring = tile.ring offset 0 : !tile.ring<2, !k>
  // expected-error@+1 {{expects elements of type 'bf16', but got 'f16'}}
  tile.copy %K[] rows(%m) limit(%n), %ring[%m] : memref<?x64xf16>, !tile.ring<2, !k>
  tile.return
}

// -----

!k = !tile.tile<64x64xbf16, shared>
tile.kernel @acquire_type(%m: index, %h: index, %b: index) {
  %ring = tile.ring offset 0 : !tile.ring<2, !k>
  // expected-error@+1 {{expects a tile of type '!tile.tile<64x64xbf16, shared>', but got '!tile.tile<64x32xbf16, shared>'}}
  %k = tile.acquire %ring[%m] pending 0 : !tile.ring<2, !k> -> !tile.tile<64x32xbf16, shared>
  tile.return
}

// -----

!k = !tile.tile<64x64xbf16, shared>
tile.kernel @acquire_negative_pending(%m: index, %h: index, %b: index) {
  %ring = tile.ring offset 0 : !tile.ring<2, !k>
  // expected-error@+1 {{expects a pending count of at least 0, but got -1}}
  %k = tile.acquire %ring[%m] pending -1 : !tile.ring<2, !k> -> !k
  tile.return
}
