// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// Reduced results stay in registers, four partial ones; results in pairs are interleaved two by two; regions without a vector form do both by element.

!s = !tile.tile<16x32xf32, scratch, #tile.lanes<0>>
!p = !tile.tile<16x32xbf16, scratch, #tile.pairs<0>>
!r = !tile.tile<16xf32, scratch>
module attributes {tile.target = "x86-64-v4-bf16"} {

// CHECK-LABEL: func.func @vectors(
// CHECK: %[[SUMS:.*]]:4 = scf.for %[[I:.*]] = %c0 to %c32 step %c4 iter_args(%[[A:.*]] = %{{.*}}, %[[B:.*]] = %{{.*}}, %[[C:.*]] = %{{.*}}, %[[D:.*]] = %{{.*}}) -> (vector<16xf32>
// CHECK-COUNT-4: math.exp2
// CHECK: vector.interleave
// CHECK: vector.store {{.*}} memref<16x32xbf16>, vector<32xbf16>
// CHECK: vector.interleave
// CHECK: vector.store {{.*}} memref<16x32xbf16>, vector<32xbf16>
// CHECK: arith.addf %[[A]]
// CHECK: arith.addf %[[D]]
// CHECK: scf.yield
// CHECK-COUNT-3: arith.addf
// CHECK: vector.store {{.*}} memref<16xf32>, vector<16xf32>
tile.kernel @vectors(%m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %s = tile.map : !s { tile.yield %zero : f32 }
  %p:2 = tile.map %s reduce [none, sum] : !s -> !p, !r { ^bb0(%e: f32):
    %y = math.exp2 %e : f32
    %z = arith.truncf %y : f32 to bf16
    tile.yield %z, %y : bf16, f32
  }
  tile.return
}

// CHECK-LABEL: func.func @elements(
// CHECK: scf.for %[[LANE:.*]] = %c0 to %c16 step %c1
// CHECK: %{{.*}}:4 = scf.for {{.*}} -> (f32, f32, f32, f32)
// CHECK: memref.load %{{.*}} : memref<?xf32>
// CHECK-COUNT-2: vector.store {{.*}} memref<16x32xbf16>, vector<2xbf16>
// CHECK-COUNT-4: arith.select
// CHECK: scf.yield {{.*}} : f32, f32, f32, f32
tile.kernel @elements(%table: memref<?xf32>, %m: index, %h: index, %b: index) {
  %p:2 = tile.map reduce [none, max] : !p, !r {
    %i = tile.index 0
    %j = arith.muli %i, %i : index
    %y = memref.load %table[%j] : memref<?xf32>
    %z = arith.truncf %y : f32 to bf16
    tile.yield %z, %y : bf16, f32
  }
  tile.return
}

// Lanes that read neighbours take one vector; where the index falls from lane to lane it is reversed.
// CHECK-LABEL: func.func @neighbours(
// CHECK: vector.load %{{.*}}[%{{.*}}] : memref<?xf32>, vector<16xf32>
// CHECK: %[[FALLING:.*]] = vector.load %{{.*}}[%{{.*}}] : memref<?xf32>, vector<16xf32>
// CHECK: vector.shuffle %[[FALLING]], %[[FALLING]] [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
tile.kernel @neighbours(%table: memref<?xf32>, %m: index, %h: index, %b: index) {
  %s = tile.map : !s {
    %i = tile.index 0
    %j = tile.index 1
    %sum = arith.addi %m, %i : index
    %difference = arith.subi %j, %i : index
    %x = memref.load %table[%sum] : memref<?xf32>
    %y = memref.load %table[%difference] : memref<?xf32>
    %z = arith.addf %x, %y : f32
    tile.yield %z : f32
  }
  tile.return
}

// Steps are added to the position, not to the index: LLVM then sees that four of them share a row of eight. A division of what does not change along the keys is no
// reason to take them one by one.
// CHECK-LABEL: func.func @positions(
// CHECK: arith.divui
// CHECK: scf.for %[[I:.*]] = %c0 to %c32 step %c4 iter_args
// CHECK: %[[AT:.*]] = arith.addi %{{.*}}, %[[I]]
// CHECK-DAG: arith.divui %[[AT]], %c8
// CHECK-DAG: %[[NEXT:.*]] = arith.addi %[[AT]], %c1
// CHECK: arith.divui %[[NEXT]], %c8
tile.kernel @positions(%k0: index, %n: index, %m: index, %h: index, %b: index) {
  %eight = arith.constant 8 : index
  %zero = arith.constant 0.0 : f32
  %s = tile.map : !s { tile.yield %zero : f32 }
  %p:2 = tile.map %s reduce [none, max] : !s -> !s, !r { ^bb0(%e: f32):
    %i = tile.index 1
    %k = arith.addi %k0, %i : index
    %row = arith.divui %k, %eight : index
    %box = arith.divui %k0, %n : index
    %in = arith.cmpi slt, %row, %box : index
    %y = arith.select %in, %e, %zero : f32
    tile.yield %y, %y : f32, f32
  }
  tile.return
}
}
