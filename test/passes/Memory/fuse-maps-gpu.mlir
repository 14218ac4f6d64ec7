// RUN: lacuna-opt %s -tile-fuse-maps | FileCheck %s
// Only for CPUs.

!s = !tile.tile<16x32xf32, scratch, #tile.lanes<0>>
module attributes {tile.target = "sm_80"} {
// CHECK: tile.reduce
tile.kernel @gpu(%m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %x = tile.map : !s { tile.yield %zero : f32 }
  %sum = tile.reduce sum %x axis 1 : !s -> !tile.tile<16xf32, scratch>
  tile.return
}
}
