// RUN: lacuna-opt %s -tile-fuse-maps -tile-reuse-buffers | FileCheck %s
// Reductions and roundings that a map takes over, accumulators that a product scales, and those that they must not.

!s = !tile.tile<16x32xf32, scratch, #tile.lanes<0>>
!p = !tile.tile<16x32xbf16, scratch, #tile.pairs<0>>
!r = !tile.tile<16xf32, scratch>
!o = !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
!v = !tile.tile<32x8xf32, global>
module attributes {tile.target = "x86-64-v4-bf16"} {

// The example of the pass: exponential, sum and rounding in one.
// CHECK-LABEL: tile.kernel @softmax
// CHECK: %[[P:.*]]:2 = tile.map %[[S:.*]] reduce [none, sum] : {{.*}} -> !tile.tile<16x32xbf16, scratch, #tile.pairs<0>>, !tile.tile<16xf32, scratch> {
// CHECK: %[[E:.*]] = math.exp2
// CHECK: %[[R:.*]] = arith.truncf %[[E]] : f32 to bf16
// CHECK: tile.yield %[[R]], %[[E]] : bf16, f32
// CHECK-NOT: tile.convert
// CHECK: tile.reduce max %[[P]]#1 axis 0
// CHECK: tile.map %[[P]]#0
tile.kernel @softmax(%m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %s = tile.map : !s { tile.yield %zero : f32 }
  %x = tile.map %s : !s -> !s { ^bb0(%e: f32):
    %y = math.exp2 %e : f32
    tile.yield %y : f32
  }
  %sum = tile.reduce sum %x axis 1 : !s -> !r
  %p = tile.convert %x : !s -> !p
  %t = tile.reduce max %sum axis 0 : !r -> f32
  %u = tile.map %p : !p -> !p { ^bb0(%e: bf16): tile.yield %e : bf16 }
  tile.return
}

// The values are needed in f32, too: they stay, in their operand's place; both reductions are taken, in the order of the text.
// CHECK-LABEL: tile.kernel @read_later
// CHECK: %[[X:.*]]:3 = tile.map %{{.*}} reduce [none, max, sum] : {{.*}} attributes {tile.reuse = 0 : i64} {
// CHECK: tile.convert %[[X]]#0
// CHECK: tile.map %[[X]]#0
tile.kernel @read_later(%m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %s = tile.map : !s { tile.yield %zero : f32 }
  %x = tile.map %s : !s -> !s { ^bb0(%e: f32):
    %y = arith.negf %e : f32
    tile.yield %y : f32
  }
  %max = tile.reduce max %x axis 1 : !s -> !r
  %sum = tile.reduce sum %x axis 1 : !s -> !r
  %p = tile.convert %x : !s -> !p
  %u = tile.map %x : !s -> !s { ^bb0(%e: f32): tile.yield %e : f32 }
  tile.return
}

// Along the lanes, in another block, or from a tile whose keys lie in the lanes: left alone.
// CHECK-LABEL: tile.kernel @left_alone
// CHECK-NOT: reduce [
// CHECK: tile.return
tile.kernel @left_alone(%n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %x = tile.map : !s { tile.yield %zero : f32 }
  %columns = tile.reduce sum %x axis 0 : !s -> !tile.tile<32xf32, scratch>
  %y = tile.map : !tile.tile<16x32xf32, scratch, #tile.lanes<1>> { tile.yield %zero : f32 }
  %rows = tile.reduce sum %y axis 1 : !tile.tile<16x32xf32, scratch, #tile.lanes<1>> -> !r
  scf.for %i = %m to %n step %h {
    %inner = tile.reduce sum %x axis 1 : !s -> !r
  }
  tile.return
}

// The second example of the pass: the accumulator is read once, where it lives.
// CHECK-LABEL: tile.kernel @rescale
// CHECK: %[[O:.*]] = tile.map : !tile.tile<16x8xf32
// CHECK-NOT: tile.map
// CHECK: tile.mma %{{.*}}, %{{.*}} acc(%[[O]] : !tile.tile<16x8xf32, scratch, #tile.lanes<0>> scaled %{{.*}} : !tile.tile<16xf32, scratch>) {tile.reuse = 2 : i64}
tile.kernel @rescale(%V: memref<?x8xf32, strided<[?, 1], offset: ?>>, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %p = tile.map : !s { tile.yield %zero : f32 }
  %alpha = tile.reduce sum %p axis 1 : !s -> !r
  %v = tile.load %V[] rows(%m) limit(%n) : memref<?x8xf32, strided<[?, 1], offset: ?>> -> !v
  %o = tile.map : !o { tile.yield %zero : f32 }
  %scaled = tile.map %o, %alpha broadcast [none, rows] : !o, !r -> !o { ^bb0(%x: f32, %a: f32):
    %y = arith.mulf %x, %a : f32
    tile.yield %y : f32
  }
  %next = tile.mma %p, %v acc(%scaled : !o) : !s, !v -> !o
  tile.return
}

// Read by somebody else; another sum; the other way round; on a tile unit (pairs on the left, rows on the right): left alone.
// CHECK-LABEL: tile.kernel @not_rescaled
// CHECK-NOT: scaled
// CHECK: tile.return
tile.kernel @not_rescaled(%V: memref<?x8xf32, strided<[?, 1], offset: ?>>, %V16: memref<?x8xbf16, strided<[?, 1], offset: ?>>, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %p = tile.map : !s { tile.yield %zero : f32 }
  %p16 = tile.convert %p : !s -> !p
  %alpha = tile.reduce sum %p axis 1 : !s -> !r
  %v = tile.load %V[] rows(%m) limit(%n) : memref<?x8xf32, strided<[?, 1], offset: ?>> -> !v
  %v16 = tile.load %V16[] rows(%m) limit(%n) : memref<?x8xbf16, strided<[?, 1], offset: ?>> -> !tile.tile<32x8xbf16, global>
  %o = tile.map : !o { tile.yield %zero : f32 }
  %read = tile.map %o, %alpha broadcast [none, rows] : !o, !r -> !o { ^bb0(%x: f32, %a: f32):
    %y = arith.mulf %x, %a : f32
    tile.yield %y : f32
  }
  %o0 = tile.mma %p, %v acc(%read : !o) : !s, !v -> !o
  %o1 = tile.mma %p, %v acc(%read : !o) : !s, !v -> !o
  %sum = tile.map %o1, %alpha broadcast [none, rows] : !o, !r -> !o { ^bb0(%x: f32, %a: f32):
    %y = arith.addf %x, %a : f32
    tile.yield %y : f32
  }
  %o2 = tile.mma %p, %v acc(%sum : !o) : !s, !v -> !o
  %square = tile.map %o2, %alpha broadcast [none, rows] : !o, !r -> !o { ^bb0(%x: f32, %a: f32):
    %y = arith.mulf %x, %x : f32
    tile.yield %y : f32
  }
  %o3 = tile.mma %p, %v acc(%square : !o) : !s, !v -> !o
  %scaled = tile.map %o3, %alpha broadcast [none, rows] : !o, !r -> !o { ^bb0(%x: f32, %a: f32):
    %y = arith.mulf %x, %a : f32
    tile.yield %y : f32
  }
  %o4 = tile.mma %p16, %v16 acc(%scaled : !o) : !p, !tile.tile<32x8xbf16, global> -> !o
  tile.return
}
}
