// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -emulate-cpu
// What the emulation of a CPU refuses.

func.func @integers(%a: !amx.tile<16x64xi8>, %b: !amx.tile<16x64xi8>) {
  %zero = amx.tile_zero : !amx.tile<16x16xi32>
  // expected-error@+1 {{has no emulation}}
  %r = amx.tile_muli %a, %b, %zero : !amx.tile<16x64xi8>, !amx.tile<16x64xi8>, !amx.tile<16x16xi32>
  return
}

// -----

func.func @shared_accumulator(%a: memref<16x32xbf16>, %i: index) {
  %zero = amx.tile_zero : !amx.tile<16x16xf32>
  %x = amx.tile_load %a[%i, %i] : memref<16x32xbf16> into !amx.tile<16x32xbf16>
  // expected-error@+1 {{expects bf16 tiles and an accumulator that nobody else reads}}
  %r = amx.tile_mulf %x, %x, %zero : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
  %t = amx.tile_mulf %x, %x, %zero : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
  return
}
