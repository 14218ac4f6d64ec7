// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// Regression: a .cost twin asks its test in a loop of another dialect; the tiles inside that loop are lowered too.

module attributes {tile.target = "x86-64-v3"} {
// CHECK-LABEL: func.func @f.cost
// CHECK: memref.alloca() {{.*}} memref<16xi32>
// CHECK: %[[COUNT:.*]] = scf.for %[[I:.*]] = %{{.*}} iter_args(%[[N:.*]] = %c0) -> (index) {
// CHECK: scf.for
// CHECK: vector.store {{.*}} memref<16xi32>, vector<8xi32>
// CHECK-COUNT-3: arith.maxsi {{.*}} : vector<{{4|2|1}}xi32>
// CHECK: vector.extract {{.*}} : i32 from vector<1xi32>
// CHECK: scf.yield
// CHECK-NOT: tile.
// CHECK: arith.index_cast %[[COUNT]]
tile.kernel @f.cost(%n: index, %m: index, %h: index, %b: index) -> index {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0 : i32
  %count = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %c0) -> index {
    %rows = tile.map : !tile.tile<16xi32, scratch> {
      %row = tile.index 0
      %x = arith.addi %row, %i : index
      %y = arith.index_cast %x : index to i32
      tile.yield %y : i32
    }
    %any = tile.reduce max %rows axis 0 : !tile.tile<16xi32, scratch> -> i32
    %yes = arith.cmpi sgt, %any, %zero : i32
    %more = arith.addi %sum, %c1 : index
    %next = arith.select %yes, %more, %sum : index
    scf.yield %next : index
  }
  tile.return %count : index
}
}
