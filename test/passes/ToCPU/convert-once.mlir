// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// tile.convert_once: the state decides before anything is copied. Who finds 2 copies nothing, who finds 1 copies into a buffer of its own, who finds 0
// into the slot, and says so afterwards. A slot that is not there counts as 1. Two panels of sixteen columns.

!m = memref<?x32xbf16, strided<[?, 1], offset: ?>>
!slots = memref<?x?x?x512xbf16, strided<[?, ?, ?, 1], offset: ?>>
!states = memref<?x?x?xi32, strided<[?, ?, 1], offset: ?>>
!p = !tile.tile<48x16xbf16, scratch, #tile.pairs<0>>
!o = !tile.tile<48x32xf32, scratch, #tile.lanes<0>>

module attributes {tile.target = "x86-64-v4-bf16"} {
// CHECK-LABEL: func.func @once(
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK-DAG: %[[TWO:.*]] = arith.constant 2 : i32
// CHECK-DAG: %[[OWN:.*]] = memref.alloca() {alignment = 64 : i64} : memref<16x32xbf16>
// CHECK: scf.for
// CHECK: %[[FLAT:.*]] = memref.subview %{{.*}} to memref<512xbf16, strided<[1], offset: ?>>
// CHECK: %[[SLOT:.*]] = memref.expand_shape %[[FLAT]] {{.*}} into memref<16x32xbf16, strided<[32, 1], offset: ?>>
// CHECK: %[[CAST:.*]] = memref.cast %[[OWN]]
// CHECK: %[[COUNT:.*]] = memref.dim %[[STATES:.*]], %c2
// CHECK: %[[EXISTS:.*]] = arith.cmpi ult, %[[T:.*]], %[[COUNT]]
// CHECK: %[[STATE:.*]] = scf.if %[[EXISTS]] -> (i32) {
// CHECK-NEXT: %[[WAS:.*]] = memref.atomic_rmw maxu %[[ONE]], %[[STATES]][%[[B:.*]], %[[H:.*]], %[[T]]] : (i32,
// CHECK-NEXT: scf.yield %[[WAS]]
// CHECK-NEXT: } else {
// CHECK-NEXT: scf.yield %[[ONE]]
// CHECK: %[[BUSY:.*]] = arith.cmpi eq, %[[STATE]], %[[ONE]]
// CHECK: %[[BUFFER:.*]] = arith.select %[[BUSY]], %[[CAST]], %[[SLOT]]
// CHECK: %[[READY:.*]] = arith.cmpi eq, %[[STATE]], %[[TWO]]
// CHECK: scf.if %[[READY]] {
// CHECK-NEXT: } else {
// CHECK-COUNT-2: vector.store %{{.*}}, %[[BUFFER]][{{.*}}, vector<32xbf16>
// CHECK: %[[MINE:.*]] = arith.cmpi eq, %[[STATE]], %[[ZERO]]
// CHECK-NEXT: scf.if %[[MINE]] {
// CHECK-NEXT: memref.atomic_rmw maxu %[[TWO]], %[[STATES]][%[[B]], %[[H]], %[[T]]]
// CHECK: vector.load %[[BUFFER]][{{.*}} vector<2xbf16>
tile.kernel @once(%V: !m, %slots: !slots, %states: !states, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : bf16
  %p = tile.map : !tile.tile<48x16xf32, scratch, #tile.lanes<0>> {
    %f = arith.constant 0.0 : f32
    tile.yield %f : f32
  }
  %p16 = tile.convert %p : !tile.tile<48x16xf32, scratch, #tile.lanes<0>> -> !p
  %x = tile.load %V[] rows(%h) limit(%m) : !m -> !tile.tile<16x32xbf16, global>
  %v = tile.convert_once %x into %slots, %states[%b, %h, %m] : !tile.tile<16x32xbf16, global>, !slots, !states -> !tile.tile<16x32xbf16, global, #tile.pairs<1>>
  %r = tile.mma %p16, %v : !p, !tile.tile<16x32xbf16, global, #tile.pairs<1>> -> !o
  tile.return
}
}
