// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// tile.map: whole vectors along the lanes axis where every op has a vector form, else scalars; what does not depend on the lane stays scalar.

!s = !tile.tile<16x8xf32, scratch, #tile.lanes<0>>
!r = !tile.tile<16xf32, scratch>
!c = !tile.tile<8xf32, scratch>
module attributes {tile.target = "x86-64-v3"} {

// Row values lie along the lanes and are read once per vector of rows; a column value is one scalar, spread.
// CHECK-LABEL: func.func @vectors(
// CHECK-DAG: %[[OUT:.*]] = memref.alloca() {{.*}} memref<8x16xf32>
// CHECK-DAG: %[[ROWS:.*]] = memref.alloca() {{.*}} memref<16xf32>
// CHECK-DAG: %[[COLUMNS:.*]] = memref.alloca() {{.*}} memref<8xf32>
// CHECK: scf.for %{{.*}} = %c0 to %c16 step %c8
// CHECK: vector.load %[[ROWS]][%[[LANE:.*]]] : memref<16xf32>, vector<8xf32>
// CHECK-NEXT: scf.for %[[J:.*]] = %c0 to %c8 step %c1
// CHECK: %[[X:.*]] = memref.load %[[COLUMNS]][%[[J]]]
// CHECK: vector.broadcast %[[X]] : f32 to vector<8xf32>
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: vector.store %{{.*}}, %[[OUT]][%[[J]], %[[LANE]]]
tile.kernel @vectors(%x: f32, %m: index, %h: index, %b: index) {
  %rows = tile.map : !r { tile.yield %x : f32 }
  %columns = tile.map : !c { tile.yield %x : f32 }
  %s = tile.map %rows, %columns broadcast [rows, columns] : !r, !c -> !s { ^bb0(%y: f32, %z: f32):
    %w = arith.addf %y, %z : f32
    tile.yield %w : f32
  }
  tile.return
}

// tile.index of the lanes axis is a step vector, of the other axis a scalar. What depends on the lanes alone is computed before the loop along the other axis.
// CHECK-LABEL: func.func @coordinates(

// CHECK: scf.for %[[LANE:.*]] = %c0 to %c16 step %c8
// CHECK: %[[SPREAD:.*]] = vector.broadcast %[[LANE]] : index to vector<8xindex>
// CHECK: %[[ROW:.*]] = arith.addi %[[SPREAD]], %{{.*}} : vector<8xindex>
// CHECK: scf.for %[[J:.*]] = %c0 to %c8 step %c1
// CHECK: arith.cmpi sge, %[[ROW]], %{{.*}} : vector<8xindex>
tile.kernel @coordinates(%x: f32, %y: f32, %m: index, %h: index, %b: index) {
  %s = tile.map : !s {
    %i = tile.index 0
    %j = tile.index 1
    %c = arith.cmpi sge, %i, %j : index
    %z = arith.select %c, %x, %y : f32
    tile.yield %z : f32
  }
  tile.return
}

// A table lookup has no vector form.
// CHECK-LABEL: func.func @scalars(
// CHECK: scf.for %{{.*}} = %c0 to %c16 step %c1
// CHECK-NOT: vector.
// CHECK: scf.if
// CHECK-NOT: vector.
// CHECK: memref.store %{{.*}} : memref<8x16xf32>
tile.kernel @scalars(%t: memref<?xf32>, %out: memref<?x8xf32>, %n: index, %x: f32, %m: index, %h: index, %b: index) {
  %s = tile.map : !s {
    %i = tile.index 0
    %c = arith.cmpi slt, %i, %n : index
    %z = scf.if %c -> f32 {
      %v = memref.load %t[%i] : memref<?xf32>
      scf.yield %v : f32
    } else {
      scf.yield %x : f32
    }
    tile.yield %z : f32
  }
  tile.store %s, %out[] rows(%m) limit(%n) : !s, memref<?x8xf32>
  tile.return
}
}
