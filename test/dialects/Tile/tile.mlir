// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// Round trip of every computing op: what is printed parses again. Rings and copies are in rings.mlir.

!rows = memref<?x?x?x8xf32, strided<[?, ?, ?, 1], offset: ?>>
!row = memref<?xf32, strided<[1], offset: ?>>

// CHECK-LABEL: tile.kernel @fill(
// CHECK-SAME: %{{.*}}: memref<?xf32, strided<[1], offset: ?>>, %{{.*}}: index, %{{.*}}: index, %{{.*}}: index, %{{.*}}: index)
// CHECK: tile.map : !tile.tile<64xf32> {
// CHECK-NEXT: tile.yield %{{.*}} : f32
// CHECK: tile.store %{{.*}}, %{{.*}}[] rows(%{{.*}}) limit(%{{.*}}) : !tile.tile<64xf32>, memref<?xf32, strided<[1], offset: ?>>
// CHECK: tile.return{{$}}
tile.kernel @fill(%out: !row, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %t = tile.map : !tile.tile<64xf32> { tile.yield %zero : f32 }
  %c64 = arith.constant 64 : index
  %first = arith.muli %m, %c64 : index
  tile.store %t, %out[] rows(%first) limit(%n) : !tile.tile<64xf32>, !row
  tile.return
}

// CHECK-LABEL: tile.kernel @counts
// CHECK-SAME: -> (index, index, index)
// CHECK: tile.return %{{.*}}, %{{.*}}, %{{.*}} : index, index, index
tile.kernel @counts(%m: index, %h: index, %b: index) -> (index, index, index) {
  tile.return %m, %h, %b : index, index, index
}

// CHECK-LABEL: tile.kernel @step
// CHECK: tile.load %{{.*}}[%{{.*}}, %{{.*}}] rows(%{{.*}}) limit(%{{.*}}) : memref<{{.*}}> -> !tile.tile<16x8xf32>
// CHECK: tile.load %{{.*}} limit(%{{.*}}) in_bounds : memref<{{.*}}> -> !tile.tile<32x8xf32>
// CHECK: %[[S:.*]] = tile.mma %{{.*}}, %{{.*}} transpose_rhs : !tile.tile<16x8xf32>, !tile.tile<32x8xf32> -> !tile.tile<16x32xf32>
// CHECK: %[[MAX:.*]] = tile.reduce max %[[S]] axis 1 : !tile.tile<16x32xf32> -> !tile.tile<16xf32>
// CHECK: tile.reduce sum %[[MAX]] axis 0 : !tile.tile<16xf32> -> f32
// CHECK: %[[P:.*]] = tile.map %[[S]], %[[MAX]], %{{.*}} broadcast [none, rows, columns] : !tile.tile<16x32xf32>, !tile.tile<16xf32>, !tile.tile<32xf32> -> !tile.tile<16x32xf32> {
// CHECK: tile.index 1
// CHECK: %[[P16:.*]] = tile.convert %[[P]] : !tile.tile<16x32xf32> -> !tile.tile<16x32xbf16>
// CHECK: %[[O:.*]] = tile.mma %[[P16]], %{{.*}} acc(%{{.*}} : !tile.tile<16x8xf32>) : !tile.tile<16x32xbf16>, !tile.tile<32x8xf32> -> !tile.tile<16x8xf32>
// CHECK: tile.mma %[[P16]], %{{.*}} acc(%[[O]] : !tile.tile<16x8xf32> scaled %[[MAX]] : !tile.tile<16xf32>) : !tile.tile<16x32xbf16>,
tile.kernel @step(%Q: !rows, %bias: !row, %n: index, %m: index, %h: index, %b: index) {
  %q = tile.load %Q[%b, %h] rows(%m) limit(%n) : !rows -> !tile.tile<16x8xf32>
  %k = tile.load %Q[%b, %h] rows(%m) limit(%n) in_bounds : !rows -> !tile.tile<32x8xf32>
  %column = tile.load %bias[] rows(%m) limit(%n) : !row -> !tile.tile<32xf32>
  %s = tile.mma %q, %k transpose_rhs : !tile.tile<16x8xf32>, !tile.tile<32x8xf32> -> !tile.tile<16x32xf32>
  %max = tile.reduce max %s axis 1 : !tile.tile<16x32xf32> -> !tile.tile<16xf32>
  %all = tile.reduce sum %max axis 0 : !tile.tile<16xf32> -> f32
  %p = tile.map %s, %max, %column broadcast [none, rows, columns]
    : !tile.tile<16x32xf32>, !tile.tile<16xf32>, !tile.tile<32xf32> -> !tile.tile<16x32xf32> {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %i = tile.index 1
    %d = arith.subf %x, %y : f32
    tile.yield %d : f32
  }
  %p16 = tile.convert %p : !tile.tile<16x32xf32> -> !tile.tile<16x32xbf16>
  %o = tile.mma %p16, %k acc(%q : !tile.tile<16x8xf32>) : !tile.tile<16x32xbf16>, !tile.tile<32x8xf32> -> !tile.tile<16x8xf32>
  %next = tile.mma %p16, %k acc(%o : !tile.tile<16x8xf32> scaled %max : !tile.tile<16xf32>) : !tile.tile<16x32xbf16>, !tile.tile<32x8xf32> -> !tile.tile<16x8xf32>
  tile.return
}

// CHECK-LABEL: func.func @host
// CHECK: tile.require %{{.*}}, %{{.*}}, "length of v"
// CHECK: tile.launch @ones grid(%{{.*}}, %{{.*}}, %{{.*}}) ins() outs(%{{.*}} : tensor<?xf32>) -> tensor<?xf32>
func.func @host(%n: index, %o: tensor<?xf32>) -> tensor<?xf32> {
  %c0 = arith.constant 0 : index
  %size = tensor.dim %o, %c0 : tensor<?xf32>
  tile.require %n, %size, "length of v"
  %r = tile.launch @ones grid(%n, %n, %n) ins() outs(%o : tensor<?xf32>) -> tensor<?xf32>
  return %r : tensor<?xf32>
}
tile.kernel @ones(%out: !row, %m: index, %h: index, %b: index) { tile.return }
