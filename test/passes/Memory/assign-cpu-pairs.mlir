// RUN: lacuna-opt %s -tile-assign-memory -tile-assign-layouts | FileCheck %s
// A CPU that multiplies pairs of bf16: Q is packed once, K stays where it is, P is rounded and V packed so that two keys are neighbours. With few columns a
// rounded P would be too coarse, so that product stays in f32; f16 is widened as everywhere.

!m = memref<?x32xbf16, strided<[?, 1], offset: ?>>
!m8 = memref<?x8xbf16, strided<[?, 1], offset: ?>>
!h = memref<?x32xf16, strided<[?, 1], offset: ?>>
!s = !tile.tile<16x48xf32>

module attributes {tile.target = "x86-64-v4-bf16"} {

// CHECK-LABEL: tile.kernel @bf16
// CHECK: %[[Q:.*]] = tile.load
// CHECK-NEXT: %[[QP:.*]] = tile.convert %[[Q]] : !tile.tile<16x32xbf16, global> -> !tile.tile<16x32xbf16, scratch, #tile.pairs<0>>
// CHECK: %[[K:.*]] = tile.load
// CHECK-NEXT: %[[S:.*]] = tile.mma %[[QP]], %[[K]] transpose_rhs : {{.*}} !tile.tile<48x32xbf16, global> -> !tile.tile<16x48xf32, scratch, #tile.lanes<0>>
// CHECK-NEXT: tile.mma %[[QP]], %[[K]] transpose_rhs
// CHECK-NEXT: %[[P:.*]] = tile.convert %[[S]] : {{.*}} -> !tile.tile<16x48xbf16, scratch, #tile.pairs<0>>
// CHECK-NEXT: %[[V:.*]] = tile.convert %[[K]] : {{.*}} -> !tile.tile<48x32xbf16, scratch, #tile.pairs<1>>
// CHECK-NEXT: tile.mma %[[P]], %[[V]] acc
// CHECK-NOT: tile.convert
// CHECK-LABEL: tile.kernel @few_columns
tile.kernel @bf16(%Q: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %acc = tile.map : !tile.tile<16x32xf32> { tile.yield %zero : f32 }
  %q = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<16x32xbf16>
  %k = tile.load %Q[] rows(%h) limit(%n) : !m -> !tile.tile<48x32xbf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<16x32xbf16>, !tile.tile<48x32xbf16> -> !s
  %t = tile.mma %q, %k transpose_rhs : !tile.tile<16x32xbf16>, !tile.tile<48x32xbf16> -> !s
  %o = tile.mma %s, %k acc(%acc : !tile.tile<16x32xf32>) : !s, !tile.tile<48x32xbf16> -> !tile.tile<16x32xf32>
  tile.return
}

// CHECK: tile.mma %{{.*}}, %{{.*}} transpose_rhs : !tile.tile<16x8xbf16, scratch, #tile.pairs<0>>, !tile.tile<48x8xbf16, global>
// CHECK: tile.convert %{{.*}} -> !tile.tile<48x8xf32, scratch, #tile.lanes<1>>
// CHECK-NEXT: tile.mma {{.*}} : !tile.tile<16x48xf32, scratch, #tile.lanes<0>>, !tile.tile<48x8xf32, scratch, #tile.lanes<1>>
tile.kernel @few_columns(%Q: !m8, %n: index, %m: index, %h: index, %b: index) {
  %q = tile.load %Q[] rows(%m) limit(%n) : !m8 -> !tile.tile<16x8xbf16>
  %k = tile.load %Q[] rows(%h) limit(%n) : !m8 -> !tile.tile<48x8xbf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<16x8xbf16>, !tile.tile<48x8xbf16> -> !s
  %o = tile.mma %s, %k : !s, !tile.tile<48x8xbf16> -> !tile.tile<16x8xf32>
  tile.return
}

// CHECK-LABEL: tile.kernel @f16
// CHECK: tile.convert %{{.*}} : !tile.tile<16x32xf16, global> -> !tile.tile<16x32xf32, scratch, #tile.lanes<0>>
// CHECK: tile.convert %{{.*}} : !tile.tile<48x32xf16, global> -> !tile.tile<48x32xf32, scratch, #tile.lanes<1>>
// CHECK-NOT: pairs
tile.kernel @f16(%Q: !h, %n: index, %m: index, %h: index, %b: index) {
  %q = tile.load %Q[] rows(%m) limit(%n) : !h -> !tile.tile<16x32xf16>
  %k = tile.load %Q[] rows(%h) limit(%n) : !h -> !tile.tile<48x32xf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<16x32xf16>, !tile.tile<48x32xf16> -> !s
  tile.return
}

// Few queries, flat tiles: Q stays in bf16, P is rounded, rows of K and V are taken as they lie; features that do not fill registers are widened as everywhere.
// CHECK-LABEL: tile.kernel @flat
// CHECK: %[[Q:.*]] = tile.convert %{{.*}} : !tile.tile<4x32xbf16, global> -> !tile.tile<4x32xbf16, scratch, #tile.lanes<1>>
// CHECK: %[[K:.*]] = tile.load {{.*}} -> !tile.tile<64x32xbf16, global>
// CHECK-NEXT: %[[S:.*]] = tile.mma %[[Q]], %[[K]] transpose_rhs : {{.*}} -> !tile.tile<4x64xf32, scratch, #tile.lanes<1>>
// CHECK-NEXT: %[[P:.*]] = tile.convert %[[S]] : {{.*}} -> !tile.tile<4x64xbf16, scratch, #tile.lanes<1>>
// CHECK-NEXT: tile.mma %[[P]], %[[K]] : {{.*}} -> !tile.tile<4x32xf32, scratch, #tile.lanes<1>>
tile.kernel @flat(%Q: !m, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #attn.schedule<tile_m = 4, tile_n = 64>} {
  %q = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<4x32xbf16>
  %k = tile.load %Q[] rows(%h) limit(%n) : !m -> !tile.tile<64x32xbf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<4x32xbf16>, !tile.tile<64x32xbf16> -> !tile.tile<4x64xf32>
  %o = tile.mma %s, %k : !tile.tile<4x64xf32>, !tile.tile<64x32xbf16> -> !tile.tile<4x32xf32>
  tile.return
}

// CHECK-LABEL: tile.kernel @flat_few_columns
// CHECK: tile.convert %{{.*}} : !tile.tile<4x8xbf16, global> -> !tile.tile<4x8xf32, scratch, #tile.lanes<1>>
// CHECK-NOT: tile.convert
// CHECK: tile.return
tile.kernel @flat_few_columns(%Q: !m8, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #attn.schedule<tile_m = 4, tile_n = 64>} {
  %q = tile.load %Q[] rows(%m) limit(%n) : !m8 -> !tile.tile<4x8xbf16>
  %k = tile.load %Q[] rows(%h) limit(%n) : !m8 -> !tile.tile<64x8xbf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<4x8xbf16>, !tile.tile<64x8xbf16> -> !tile.tile<4x64xf32>
  %o = tile.mma %s, %k : !tile.tile<4x64xf32>, !tile.tile<64x8xbf16> -> !tile.tile<4x8xf32>
  tile.return
}
}
