// RUN: lacuna-opt %s -tile-assign-memory -tile-assign-layouts | FileCheck %s
// A CPU with a tile unit: K is read where it lies if all its rows are there, else from a copy; V is transposed so that the depth is contiguous. What does not
// fill units of 32 x 32 with a depth of 32 is multiplied in pairs.

!m = memref<?x32xbf16, strided<[?, 1], offset: ?>>
!m40 = memref<?x40xbf16, strided<[?, 1], offset: ?>>
!s = !tile.tile<32x64xf32>

module attributes {tile.target = "sapphirerapids"} {

// CHECK-LABEL: tile.kernel @units
// CHECK: %[[QP:.*]] = tile.convert %{{.*}} -> !tile.tile<32x32xbf16, scratch, #tile.pairs<0>>
// CHECK: %[[K:.*]] = tile.load {{.*}} in_bounds
// CHECK-NEXT: tile.mma %[[QP]], %[[K]] transpose_rhs : {{.*}}, !tile.tile<64x32xbf16, global>
// CHECK: %[[E:.*]] = tile.load
// CHECK-NEXT: %[[EC:.*]] = tile.convert %[[E]] : {{.*}} -> !tile.tile<64x32xbf16, scratch, #tile.lanes<1>>
// CHECK-NEXT: %[[S:.*]] = tile.mma %[[QP]], %[[EC]] transpose_rhs
// CHECK-NEXT: %[[P:.*]] = tile.convert %[[S]] : {{.*}} -> !tile.tile<32x64xbf16, scratch, #tile.pairs<0>>
// CHECK-NEXT: %[[V:.*]] = tile.convert %[[E]] : {{.*}} -> !tile.tile<64x32xbf16, scratch, #tile.lanes<0>>
// CHECK-NEXT: tile.mma %[[P]], %[[V]] :
tile.kernel @units(%Q: !m, %n: index, %m: index, %h: index, %b: index) {
  %q = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<32x32xbf16>
  %k = tile.load %Q[] rows(%h) limit(%n) in_bounds : !m -> !tile.tile<64x32xbf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<32x32xbf16>, !tile.tile<64x32xbf16> -> !s
  %e = tile.load %Q[] rows(%b) limit(%n) : !m -> !tile.tile<64x32xbf16>
  %t = tile.mma %q, %e transpose_rhs : !tile.tile<32x32xbf16>, !tile.tile<64x32xbf16> -> !s
  %o = tile.mma %t, %e : !s, !tile.tile<64x32xbf16> -> !tile.tile<32x32xf32>
  tile.return
}

// CHECK-LABEL: tile.kernel @no_units
// CHECK: tile.mma %{{.*}} transpose_rhs : !tile.tile<32x40xbf16, scratch, #tile.pairs<0>>, !tile.tile<64x40xbf16, global>
// CHECK: tile.convert %{{.*}} -> !tile.tile<64x40xbf16, scratch, #tile.pairs<1>>
tile.kernel @no_units(%Q: !m40, %n: index, %m: index, %h: index, %b: index) {
  %q = tile.load %Q[] rows(%m) limit(%n) : !m40 -> !tile.tile<32x40xbf16>
  %k = tile.load %Q[] rows(%h) limit(%n) : !m40 -> !tile.tile<64x40xbf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<32x40xbf16>, !tile.tile<64x40xbf16> -> !s
  %o = tile.mma %s, %k : !s, !tile.tile<64x40xbf16> -> !tile.tile<32x40xf32>
  tile.return
}
}
