// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// The function around a kernel: parameters at the offsets of docs/design/abi.md, two sizes of the grid after them, a loop over work items.

!m = memref<?xf32, strided<[1], offset: ?>>
module attributes {tile.target = "x86-64-v4"} {

// Slots: pointer, size and stride of %out at 0, 8 and 16, %n at 24, grid x and y at 32 and 40.
// CHECK-LABEL: func.func @fill(
// CHECK-SAME: %[[P:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
// CHECK: memref.alloca() {alignment = 64 : i64} : memref<64xf32>
// CHECK: llvm.load %[[P]]
// CHECK: llvm.getelementptr inbounds %[[P]][24]
// CHECK: llvm.getelementptr inbounds %[[P]][32]
// CHECK-NEXT: llvm.load
// CHECK-NEXT: %[[GX:.*]] = arith.index_cast
// CHECK-NEXT: llvm.getelementptr inbounds %[[P]][40]
// CHECK-NEXT: llvm.load
// CHECK-NEXT: %[[GY:.*]] = arith.index_cast
// CHECK: %[[FROM:.*]] = arith.index_cast %[[BEGIN]]
// CHECK: %[[TO:.*]] = arith.index_cast %[[END]]
// CHECK: scf.for %[[ITEM:.*]] = %[[FROM]] to %[[TO]] step %c1
// CHECK: %[[REST:.*]] = arith.divui %[[ITEM]], %[[GX]]
// CHECK: %[[X:.*]] = arith.remui %[[ITEM]], %[[GX]]
// CHECK: %[[Y:.*]] = arith.remui %[[REST]], %[[GY]]
// CHECK: arith.divui %[[REST]], %[[GY]]
// CHECK: vector.store %{{.*}} : memref<64xf32>, vector<16xf32>
// CHECK: %[[FIRST:.*]] = arith.muli %[[X]], %c64
// CHECK: %[[LEFT:.*]] = arith.subi %{{.*}}, %[[FIRST]]
// CHECK: %[[ROWS:.*]] = arith.minsi %[[LEFT]], %c64
// CHECK: scf.for %{{.*}} = %c0 to %[[ROWS]]
tile.kernel @fill(%out: !m, %n: index, %m: index, %h: index, %b: index) {
  %i = arith.addi %h, %b : index
  %t = tile.map : !tile.tile<64xf32, scratch> {
    %j = arith.index_cast %i : index to i32
    %x = arith.sitofp %j : i32 to f32
    tile.yield %x : f32
  }
  %c64 = arith.constant 64 : index
  %first = arith.muli %m, %c64 : index
  tile.store %t, %out[] rows(%first) limit(%n) : !tile.tile<64xf32, scratch>, !m
  tile.return
}

// CHECK-LABEL: func.func @fill.cost(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[ITEM:.*]]: i64, %[[COUNTS:.*]]: !llvm.ptr)
// CHECK-NOT: scf.for
// CHECK: llvm.store %{{.*}}, %[[COUNTS]]
// CHECK: %[[SECOND:.*]] = llvm.getelementptr %[[COUNTS]][1]
// CHECK: llvm.store %{{.*}}, %[[SECOND]]
// CHECK: return
tile.kernel @fill.cost(%out: !m, %n: index, %m: index, %h: index, %b: index) -> (index, index) {
  tile.return %m, %h : index, index
}
}
