// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -convert-tile-to-cpu
// Kernels that the CPU lowering refuses.

// expected-error@+1 {{expects a module with attribute tile.target}}
tile.kernel @no_chip(%m: index, %h: index, %b: index) { tile.return }

// -----

!q = !tile.tile<8x8xf32, scratch, #tile.lanes<0>>
module attributes {tile.target = "x86-64-v4"} {
tile.kernel @queries_do_not_fill_vectors(%K: memref<?x8xf32>, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %q = tile.map : !q { tile.yield %zero : f32 }
  %k = tile.load %K[] rows(%m) limit(%n) : memref<?x8xf32> -> !tile.tile<8x8xf32, global>
  // expected-error@+1 {{expects a multiple of 16 query rows in a tile, but got 8}}
  %s = tile.mma %q, %k transpose_rhs : !q, !tile.tile<8x8xf32, global> -> !q
  tile.return
}
}

// -----

!q = !tile.tile<16x8xf32, scratch, #tile.lanes<1>>
module attributes {tile.target = "x86-64-v4"} {
tile.kernel @queries_in_rows(%K: memref<?x8xf32>, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %q = tile.map : !q { tile.yield %zero : f32 }
  %k = tile.load %K[] rows(%m) limit(%n) : memref<?x8xf32> -> !tile.tile<8x8xf32, global>
  // expected-error@+1 {{expects f32 operands with queries in the lanes, or bf16 pairs on a target that multiplies them, but got '!tile.tile<16x8xf32, scratch, #tile.lanes<1>>'}}
  %s = tile.mma %q, %k transpose_rhs : !q, !tile.tile<8x8xf32, global> -> !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
  tile.return
}
}

// -----

!q = !tile.tile<16x8xbf16, scratch, #tile.pairs<0>>
module attributes {tile.target = "x86-64-v4"} {
tile.kernel @pairs_without_the_instruction(%K: memref<?x8xbf16>, %n: index, %m: index, %h: index, %b: index) {
  %k = tile.load %K[] rows(%m) limit(%n) : memref<?x8xbf16> -> !tile.tile<16x8xbf16, global>
  %q = tile.convert %k : !tile.tile<16x8xbf16, global> -> !q
  // expected-error@+1 {{or bf16 pairs on a target that multiplies them, but got '!tile.tile<16x8xbf16, scratch, #tile.pairs<0>>'}}
  %s = tile.mma %q, %k transpose_rhs : !q, !tile.tile<16x8xbf16, global> -> !tile.tile<16x16xf32, scratch, #tile.lanes<0>>
  tile.return
}
}

// -----

!q = !tile.tile<16x8xbf16, scratch, #tile.pairs<0>>
module attributes {tile.target = "x86-64-v4-bf16"} {
tile.kernel @pairs_across_the_depth(%K: memref<?x8xbf16>, %n: index, %m: index, %h: index, %b: index) {
  %k = tile.load %K[] rows(%m) limit(%n) : memref<?x8xbf16> -> !tile.tile<16x8xbf16, global>
  %q = tile.convert %k : !tile.tile<16x8xbf16, global> -> !q
  %v = tile.load %K[] rows(%m) limit(%n) : memref<?x8xbf16> -> !tile.tile<8x8xbf16, global>
  // expected-error@+1 {{expects a right operand whose pairs lie along the depth, but got '!tile.tile<8x8xbf16, global>'}}
  %s = tile.mma %q, %v : !q, !tile.tile<8x8xbf16, global> -> !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
  tile.return
}
}

// -----

!p = !tile.tile<16x8xbf16, scratch, #tile.pairs<0>>
module attributes {tile.target = "x86-64-v4-bf16"} {
tile.kernel @pairs_to_lanes(%K: memref<?x8xbf16>, %n: index, %m: index, %h: index, %b: index) {
  %k = tile.load %K[] rows(%m) limit(%n) : memref<?x8xbf16> -> !tile.tile<16x8xbf16, global>
  %q = tile.convert %k : !tile.tile<16x8xbf16, global> -> !p
  // expected-error@+1 {{expects the same layout on both sides, but got}}
  %r = tile.convert %q : !p -> !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
  tile.return
}
}

// -----

!q = !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
module attributes {tile.target = "x86-64-v4"} {
tile.kernel @flat_result_of_queries_in_lanes(%K: memref<?x8xf32>, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %q = tile.map : !q { tile.yield %zero : f32 }
  %k = tile.load %K[] rows(%m) limit(%n) : memref<?x8xf32> -> !tile.tile<8x8xf32, global>
  // expected-error@+1 {{expects row-major operands, f32 on the left or bf16 on both sides, but got '!tile.tile<16x8xf32, scratch, #tile.lanes<0>>' and '!tile.tile<8x8xf32, global>'}}
  %s = tile.mma %q, %k transpose_rhs : !q, !tile.tile<8x8xf32, global> -> !tile.tile<16x8xf32, scratch, #tile.lanes<1>>
  tile.return
}
}

// -----

module attributes {tile.target = "x86-64-v4"} {
tile.kernel @mixed_layouts(%m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %s = tile.map : !tile.tile<16x8xf32, scratch, #tile.lanes<0>> { tile.yield %zero : f32 }
  // expected-error@+1 {{expects one layout for all rank-2 tiles}}
  %r = tile.map %s : !tile.tile<16x8xf32, scratch, #tile.lanes<0>> -> !tile.tile<16x8xf32, scratch, #tile.lanes<1>> { ^bb0(%x: f32): tile.yield %x : f32 }
  tile.return
}
}

// -----

module attributes {tile.target = "x86-64-v4"} {
tile.kernel @rings(%m: index, %h: index, %b: index) {
  // expected-error@+1 {{has no CPU lowering}}
  %ring = tile.ring offset 0 : !tile.ring<2, !tile.tile<64x64xbf16, shared>>
  tile.return
}
}

// -----

module attributes {tile.target = "x86-64-v4"} {
tile.kernel @carried_scalar(%x: f32, %m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects carried tiles, but got 'f32'}}
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%x : f32) -> f32
    partial { ^bb0(%k0: index, %a: f32): tile.yield %a : f32 } full { ^bb0(%k0: index, %a: f32): tile.yield %a : f32 }
  tile.return
}
}

// -----

module attributes {tile.target = "x86-64-v4-bf16"} {
tile.kernel @map_of_pairs(%m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : bf16
  %s = tile.map : !tile.tile<16x8xbf16, scratch, #tile.pairs<0>> { tile.yield %zero : bf16 }
  // expected-error@+1 {{expects operands without pairs, but got '!tile.tile<16x8xbf16, scratch, #tile.pairs<0>>'}}
  %r = tile.map %s : !tile.tile<16x8xbf16, scratch, #tile.pairs<0>> -> !tile.tile<16x8xbf16, scratch, #tile.lanes<0>> { ^bb0(%x: bf16): tile.yield %x : bf16 }
  tile.return
}
}

// -----

module attributes {tile.target = "x86-64-v4"} {
tile.kernel @map_reduced_along_lanes(%m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  // expected-error@+1 {{expects to reduce along the axis outside the vector lanes, but got '!tile.tile<16x8xf32, scratch, #tile.lanes<1>>'}}
  %r:2 = tile.map reduce [none, sum] : !tile.tile<16x8xf32, scratch, #tile.lanes<1>>, !tile.tile<16xf32, scratch> { tile.yield %zero, %zero : f32, f32 }
  tile.return
}
}

// -----

module attributes {tile.target = "x86-64-v4-bf16"} {
tile.kernel @once_of_scratch(%slots: memref<?x512xbf16>, %states: memref<?xi32>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : bf16
  %s = tile.map : !tile.tile<16x32xbf16, scratch, #tile.lanes<0>> { tile.yield %zero : bf16 }
  // expected-error@+1 {{expects a loaded tile of rank 2, but got '!tile.tile<16x32xbf16, scratch, #tile.lanes<0>>'}}
  %r = tile.convert_once %s into %slots, %states[%m] : !tile.tile<16x32xbf16, scratch, #tile.lanes<0>>, memref<?x512xbf16>, memref<?xi32> -> !tile.tile<16x32xbf16, global, #tile.pairs<1>>
  tile.return
}
}
