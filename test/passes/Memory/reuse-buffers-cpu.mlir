// RUN: lacuna-opt %s -tile-reuse-buffers | FileCheck %s
// Which results take over an operand's buffer (tile.reuse), and which must not.

!s = !tile.tile<16x32xf32, scratch, #tile.lanes<0>>
!o = !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
!r = !tile.tile<16xf32, scratch>
!v = !tile.tile<32x8xf32, scratch, #tile.lanes<1>>

// The example of the pass: the score tile dies in the map, the row bound is spread and cannot hold it.
// CHECK-LABEL: func.func @elementwise
// CHECK: tile.map {{.*}} broadcast [none, rows] {{.*}} attributes {tile.reuse = 0 : i64} {
// CHECK: tile.map {{.*}} broadcast [rows, none] {{.*}} attributes {tile.reuse = 1 : i64} {
func.func @elementwise(%s: !s, %m: !r) {
  %p = tile.map %s, %m broadcast [none, rows] : !s, !r -> !s { ^bb0(%x: f32, %y: f32): tile.yield %x : f32 }
  %t = tile.map %m, %p broadcast [rows, none] : !r, !s -> !s { ^bb0(%x: f32, %y: f32): tile.yield %y : f32 }
  return
}

// CHECK-LABEL: func.func @used_later
// CHECK: tile.map %{{.*}} : !tile.tile<16x32xf32, scratch, #tile.lanes<0>> -> !tile.tile<16x32xf32, scratch, #tile.lanes<0>> {
// CHECK: tile.reduce
func.func @used_later(%s: !s) {
  %p = tile.map %s : !s -> !s { ^bb0(%x: f32): tile.yield %x : f32 }
  %m = tile.reduce max %s axis 1 : !s -> !r
  return
}

// CHECK-LABEL: func.func @used_twice
// CHECK-NOT: tile.reuse
// CHECK: return
func.func @used_twice(%s: !s) {
  %p = tile.map %s, %s : !s, !s -> !s { ^bb0(%x: f32, %y: f32): tile.yield %x : f32 }
  return
}

// CHECK-LABEL: func.func @other_type
// CHECK-NOT: tile.reuse
// CHECK: return
func.func @other_type(%s: !s) {
  %p = tile.map %s : !s -> !tile.tile<16x32xi32, scratch, #tile.lanes<0>> {
  ^bb0(%x: f32):
    %i = arith.bitcast %x : f32 to i32
    tile.yield %i : i32
  }
  return
}

// A product adds into its accumulator, but never over a factor that it still reads.
// CHECK-LABEL: func.func @products
// CHECK: tile.mma %{{.*}}, %{{.*}} acc({{.*}}) {tile.reuse = 2 : i64} :
// CHECK: tile.mma %{{.*}}, %{{.*}} : !tile.tile<16x8xf32, scratch
func.func @products(%p: !s, %v: !v, %o: !o, %square: !o, %w: !tile.tile<8x8xf32, global>) {
  %a = tile.mma %p, %v acc(%o : !o) : !s, !v -> !o
  %b = tile.mma %square, %w : !o, !tile.tile<8x8xf32, global> -> !o
  return
}

// What the next iteration reads again is not overwritten: %outside belongs to the block around. A carried tile is the body's own.
// CHECK-LABEL: tile.kernel @carried
// CHECK: partial {
// CHECK: tile.map %{{.*}} : !tile.tile<16xf32, scratch> -> !tile.tile<16xf32, scratch> {
// CHECK: full {
// CHECK: tile.map {{.*}} attributes {tile.reuse = 0 : i64} {
tile.kernel @carried(%m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %init = tile.map : !r { tile.yield %zero : f32 }
  %outside = tile.map : !r { tile.yield %zero : f32 }
  %r = tile.visit key step 32 starts(%m) partial(%m) full(%m) iter_args(%init : !r) -> !r
    partial { ^bb0(%k0: index, %acc: !r):
      %x = tile.map %outside : !r -> !r { ^bb0(%e: f32): tile.yield %e : f32 }
      tile.yield %x : !r
    }
    full { ^bb0(%k0: index, %acc: !r):
      %x = tile.map %acc : !r -> !r { ^bb0(%e: f32): tile.yield %e : f32 }
      tile.yield %x : !r
    }
  tile.return
}
