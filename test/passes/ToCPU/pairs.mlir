// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// bf16 in pairs: how Q, P and V are packed, and products by dot products of pairs. K is read where it lies, two elements as one broadcast word.

!m = memref<?x40xbf16, strided<[?, 1], offset: ?>>
!q = !tile.tile<48x40xbf16, scratch, #tile.pairs<0>>
!s = !tile.tile<48x32xf32, scratch, #tile.lanes<0>>
!p = !tile.tile<48x32xbf16, scratch, #tile.pairs<0>>
!o = !tile.tile<48x40xf32, scratch, #tile.lanes<0>>
!v = !tile.tile<32x40xbf16, scratch, #tile.pairs<1>>

module attributes {tile.target = "x86-64-v4-bf16"} {
// CHECK-LABEL: func.func @scores(
// CHECK: scf.for %[[I:.*]] = %c0 to %c48 step %c4
// CHECK: scf.for %[[J:.*]] = %c0 to %c20 step %c4
// CHECK-DAG: %[[COLUMN:.*]] = arith.muli %[[J]], %c2
// CHECK-DAG: %[[LANE:.*]] = arith.muli %[[I]], %c2
// CHECK: vector.load %{{.*}}[%{{.*}}, %[[COLUMN]]] {{.*}} vector<8xbf16>
// CHECK: vector.bitcast %{{.*}} : vector<8xbf16> to vector<4xi32>
// CHECK-COUNT-8: vector.shuffle {{.*}} : vector<4xi32>, vector<4xi32>
// CHECK: vector.store %{{.*}}, %{{.*}}[%[[J]], %[[LANE]]] : memref<20x96xbf16>, vector<8xbf16>
// CHECK: %{{.*}}:24 = scf.for %[[T:.*]] = %c0 to %c20 step %c1
// CHECK-COUNT-3: vector.load %{{.*}}[%[[T]], %{{.*}}] : memref<20x96xbf16>, vector<32xbf16>
// CHECK: %[[DEPTH:.*]] = arith.muli %[[T]], %c2
// CHECK: %[[TWO:.*]] = vector.load %{{.*}}[%{{.*}}, %[[DEPTH]]] : memref<?x40xbf16, strided<[?, 1], offset: ?>>, vector<2xbf16>
// CHECK: %[[WORD:.*]] = vector.bitcast %[[TWO]] : vector<2xbf16> to vector<1xi32>
// CHECK: vector.broadcast %{{.*}} : i32 to vector<16xi32>
// CHECK-COUNT-24: llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"({{.*}}) : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>
// CHECK-NOT: dpbf16ps
// CHECK-COUNT-24: vector.store {{.*}} memref<32x48xf32>, vector<16xf32>
tile.kernel @scores(%K: !m, %n: index, %m: index, %h: index, %b: index) {
  %x = tile.load %K[] rows(%m) limit(%n) : !m -> !tile.tile<48x40xbf16, global>
  %q = tile.convert %x : !tile.tile<48x40xbf16, global> -> !q
  %k = tile.load %K[] rows(%h) limit(%n) : !m -> !tile.tile<32x40xbf16, global>
  %s = tile.mma %q, %k transpose_rhs : !q, !tile.tile<32x40xbf16, global> -> !s
  tile.return
}

// P: two rows of 16 queries rounded and interleaved. V: two rows (the second may repeat the last one below the limit) interleaved; 40 columns in
// five panels of eight, so a product's block reads row after row of one panel.
// CHECK-LABEL: func.func @outputs(
// CHECK: scf.for %[[ROW:.*]] = %c0 to %c32 step %c2
// CHECK: scf.for %[[LANE:.*]] = %c0 to %c48 step %c16
// CHECK: arith.truncf %{{.*}} : vector<16xf32> to vector<16xbf16>
// CHECK: arith.truncf %{{.*}} : vector<16xf32> to vector<16xbf16>
// CHECK: vector.interleave
// CHECK: vector.store %{{.*}} : memref<16x96xbf16>, vector<32xbf16>
// CHECK: scf.for %{{.*}} = %c0 to %c16
// CHECK-COUNT-2: arith.minsi
// CHECK: scf.for %{{.*}} = %c0 to %c40 step %c8
// CHECK: vector.interleave %{{.*}}, %{{.*}} : vector<8xbf16>
// CHECK: %[[PANEL:.*]] = arith.divui %{{.*}}, %c8
// CHECK: %[[FIRST:.*]] = arith.muli %[[PANEL]], %c16
// CHECK: %[[PLACE:.*]] = arith.addi %[[FIRST]], %{{.*}}
// CHECK: vector.store %{{.*}}[%[[PLACE]], %c0] : memref<80x16xbf16>, vector<16xbf16>
// CHECK: %{{.*}}:24 = scf.for %[[T:.*]] = %c0 to %c16 step %c1
// CHECK: %[[IN:.*]] = arith.addi %{{.*}}, %[[T]]
// CHECK: vector.load %{{.*}}[%[[IN]], %{{.*}}] : memref<80x16xbf16>, vector<2xbf16>
// CHECK-COUNT-24: dpbf16ps
tile.kernel @outputs(%V: !m, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %s = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.map : !o { tile.yield %zero : f32 }
  %p = tile.convert %s : !s -> !p
  %x = tile.load %V[] rows(%h) limit(%n) : !m -> !tile.tile<32x40xbf16, global>
  %v = tile.convert %x : !tile.tile<32x40xbf16, global> -> !v
  %r = tile.mma %p, %v acc(%o : !o) {tile.reuse = 2 : i64} : !p, !v -> !o
  tile.return
}
}
