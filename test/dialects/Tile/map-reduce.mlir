// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// tile.map whose later results are combined along the rows; `reduce` comes after `broadcast`.

// CHECK-LABEL: func.func @reduced
// CHECK: tile.map %{{.*}}, %{{.*}} broadcast [none, rows] reduce [none, sum, none, max] : !tile.tile<16x8xf32>, !tile.tile<16xf32> ->
// CHECK-SAME: !tile.tile<16x8xbf16>, !tile.tile<16xf32>, !tile.tile<16x8xf32>, !tile.tile<16xf32> {
func.func @reduced(%s: !tile.tile<16x8xf32>, %m: !tile.tile<16xf32>) {
  %r:4 = tile.map %s, %m broadcast [none, rows] reduce [none, sum, none, max] : !tile.tile<16x8xf32>, !tile.tile<16xf32>
      -> !tile.tile<16x8xbf16>, !tile.tile<16xf32>, !tile.tile<16x8xf32>, !tile.tile<16xf32> {
  ^bb0(%x: f32, %y: f32):
    %z = arith.truncf %x : f32 to bf16
    tile.yield %z, %x, %x, %y : bf16, f32, f32, f32
  }
  return
}
