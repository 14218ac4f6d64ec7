// RUN: lacuna-opt %s -tile-assign-memory -tile-assign-layouts | FileCheck %s
// CPU rules. f32: K and V stay in global memory, one transposed copy of Q serves both products. 16-bit: K and V are widened into rows of f32 scratch.
// Computed rank-2 tiles have queries in the lanes; rank-1 tiles need no layout. A .cost twin gets spaces too.

!m32 = memref<?x8xf32, strided<[?, 1], offset: ?>>
!m16 = memref<?x8xbf16, strided<[?, 1], offset: ?>>
!q = !tile.tile<16x8xf32>
!k = !tile.tile<32x8xf32>

module attributes {tile.target = "x86-64-v3"} {

// CHECK-LABEL: tile.kernel @f32
// CHECK: %[[Q:.*]] = tile.load {{.*}} -> !tile.tile<16x8xf32, global>
// CHECK-NEXT: %[[QT:.*]] = tile.convert %[[Q]] : !tile.tile<16x8xf32, global> -> !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
// CHECK: %[[K:.*]] = tile.load {{.*}} -> !tile.tile<32x8xf32, global>
// CHECK-NOT: tile.convert
// CHECK: tile.mma %[[QT]], %[[K]] transpose_rhs : {{.*}} -> !tile.tile<16x32xf32, scratch, #tile.lanes<0>>
// CHECK: tile.mma %[[QT]], %[[K]] transpose_rhs
// CHECK: tile.reduce max %{{.*}} axis 1 : !tile.tile<16x32xf32, scratch, #tile.lanes<0>> -> !tile.tile<16xf32, scratch>
tile.kernel @f32(%Q: !m32, %n: index, %m: index, %h: index, %b: index) {
  %q = tile.load %Q[] rows(%m) limit(%n) : !m32 -> !q
  %k = tile.load %Q[] rows(%h) limit(%n) : !m32 -> !k
  %s = tile.mma %q, %k transpose_rhs : !q, !k -> !tile.tile<16x32xf32>
  %t = tile.mma %q, %k transpose_rhs : !q, !k -> !tile.tile<16x32xf32>
  %max = tile.reduce max %s axis 1 : !tile.tile<16x32xf32> -> !tile.tile<16xf32>
  tile.return
}

// CHECK-LABEL: tile.kernel @bf16
// CHECK: tile.convert %{{.*}} : !tile.tile<16x8xbf16, global> -> !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
// CHECK: %[[K:.*]] = tile.load {{.*}} -> !tile.tile<32x8xbf16, global>
// CHECK-NEXT: %[[KW:.*]] = tile.convert %[[K]] : !tile.tile<32x8xbf16, global> -> !tile.tile<32x8xf32, scratch, #tile.lanes<1>>
// CHECK-NEXT: %[[S:.*]] = tile.mma %{{.*}}, %[[KW]] transpose_rhs
// CHECK-NEXT: %[[VW:.*]] = tile.convert %[[K]] : {{.*}} #tile.lanes<1>>
// CHECK-NEXT: tile.mma %[[S]], %[[VW]] acc(%{{.*}} : !tile.tile<16x8xf32, scratch, #tile.lanes<0>>)
// CHECK: tile.convert %{{.*}} : !tile.tile<16x8xf32, scratch, #tile.lanes<0>> -> !tile.tile<16x8xbf16, scratch, #tile.lanes<0>>
tile.kernel @bf16(%Q: !m16, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %q = tile.load %Q[] rows(%m) limit(%n) : !m16 -> !tile.tile<16x8xbf16>
  %acc = tile.map : !q { tile.yield %zero : f32 }
  %k = tile.load %Q[] rows(%h) limit(%n) : !m16 -> !tile.tile<32x8xbf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<16x8xbf16>, !tile.tile<32x8xbf16> -> !tile.tile<16x32xf32>
  %o = tile.mma %s, %k acc(%acc : !q) : !tile.tile<16x32xf32>, !tile.tile<32x8xbf16> -> !q
  %r = tile.convert %o : !q -> !tile.tile<16x8xbf16>
  tile.store %r, %Q[] rows(%m) limit(%n) : !tile.tile<16x8xbf16>, !m16
  tile.return
}

// CHECK-LABEL: tile.kernel @f32.cost
// CHECK: tile.map : !tile.tile<16xi32, scratch>
// CHECK: tile.visit {{.*}} iter_args(%{{.*}} : !tile.tile<16xi32, scratch>) -> !tile.tile<16xi32, scratch>
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: !tile.tile<16xi32, scratch>):
tile.kernel @f32.cost(%m: index, %h: index, %b: index) -> index {
  %zero = arith.constant 0 : i32
  %t = tile.map : !tile.tile<16xi32> { tile.yield %zero : i32 }
  %r = tile.visit key step 32 starts(%m) partial(%m) full(%m) iter_args(%t : !tile.tile<16xi32>) -> !tile.tile<16xi32>
    partial { ^bb0(%k0: index, %x: !tile.tile<16xi32>): tile.yield %x : !tile.tile<16xi32> }
    full { ^bb0(%k0: index, %x: !tile.tile<16xi32>): tile.yield %x : !tile.tile<16xi32> }
  tile.return %m : index
}

// A schedule that is not transposed (few queries): K and V stay where they are in any type, computed tiles have keys and features in the lanes.
// CHECK-LABEL: tile.kernel @flat
// CHECK: tile.convert %{{.*}} : !tile.tile<4x8xbf16, global> -> !tile.tile<4x8xf32, scratch, #tile.lanes<1>>
// CHECK: %[[K:.*]] = tile.load {{.*}} -> !tile.tile<32x8xbf16, global>
// CHECK-NOT: tile.convert
// CHECK: %[[S:.*]] = tile.mma %{{.*}}, %[[K]] transpose_rhs : {{.*}} -> !tile.tile<4x32xf32, scratch, #tile.lanes<1>>
// CHECK: tile.mma %[[S]], %[[K]] : {{.*}} -> !tile.tile<4x8xf32, scratch, #tile.lanes<1>>
tile.kernel @flat(%Q: !m16, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #attn.schedule<tile_m = 4, tile_n = 32>} {
  %q = tile.load %Q[] rows(%m) limit(%n) : !m16 -> !tile.tile<4x8xbf16>
  %k = tile.load %Q[] rows(%h) limit(%n) : !m16 -> !tile.tile<32x8xbf16>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<4x8xbf16>, !tile.tile<32x8xbf16> -> !tile.tile<4x32xf32>
  %o = tile.mma %s, %k : !tile.tile<4x32xf32>, !tile.tile<32x8xbf16> -> !tile.tile<4x8xf32>
  tile.return
}
}
