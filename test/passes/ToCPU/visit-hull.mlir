// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// RUN: sed 's/x86-64-v4/sapphirerapids/' %s | lacuna-opt -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// What lies outside the hull is left out of a partial tile's scores, in whole register blocks of eight keys; the full body computes all of them. A tile unit (AMX) has no part
// in f32.

!q = !tile.tile<16x32xf32, scratch, #tile.lanes<0>>
!k = !tile.tile<64x32xf32, global>
!s = !tile.tile<16x64xf32, scratch, #tile.lanes<0>>
!r = !tile.tile<16xf32, scratch>
!m = memref<?x32xf32, strided<[?, 1], offset: ?>>
module attributes {tile.target = "x86-64-v4"} {

// CHECK-LABEL: func.func @trimmed(
// CHECK: %[[K0:.*]] = arith.muli %{{.*}}, %c64
// CHECK: %[[FROM:.*]] = arith.subi %[[LOW:.*]], %[[K0]]
// CHECK-NEXT: %[[FIRST:.*]] = arith.maxsi %[[FROM]], %c0
// CHECK-NEXT: %[[TO:.*]] = arith.subi %[[HIGH:.*]], %[[K0]]
// CHECK-NEXT: %[[LAST:.*]] = arith.minsi %[[TO]], %c64
// CHECK-NEXT: %[[TOUCHES:.*]] = arith.cmpi slt, %[[FIRST]], %[[LAST]]
// CHECK: %[[END:.*]] = arith.andi %{{.*}}, %c-8
// CHECK-NEXT: %[[BEGIN:.*]] = arith.andi %{{.*}}, %c-8
// The scores, and the sum along their rows.
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step %c8
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step %c4
// The full body.
// CHECK: scf.for %{{.*}} = %c0 to %c64 step %c8
// CHECK: scf.for %{{.*}} = %c0 to %c64 step %c4
tile.kernel @trimmed(%Q: !m, %K: !m, %low: index, %high: index, %n: index, %first: index, %mi: index, %h: index, %b: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %nothing = arith.constant 0.0 : f32
  %rows = tile.load %Q[] rows(%zero) limit(%n) : !m -> !tile.tile<16x32xf32, global>
  %q = tile.convert %rows : !tile.tile<16x32xf32, global> -> !q
  %start = tile.map : !r { tile.yield %nothing : f32 }
  %sum = tile.visit key step 64 starts(%first, %one) partial(%one, %zero) full(%zero, %one) hull(%low, %high) iter_args(%start : !r) -> !r
    partial { ^bb0(%k0: index, %acc: !r):
      %k = tile.load %K[] rows(%k0) limit(%n) : !m -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %t = tile.reduce sum %s axis 1 : !s -> !r
      tile.yield %t : !r
    } full { ^bb0(%k0: index, %acc: !r):
      %k = tile.load %K[] rows(%k0) limit(%n) in_bounds : !m -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %t = tile.reduce sum %s axis 1 : !s -> !r
      tile.yield %t : !r
    }
  tile.return
}

// What the test of a tile says is left out as well, without a hull.
// CHECK-LABEL: func.func @tested(
// CHECK: scf.for %{{.*}} = %c0 to %c64 step %c8
// CHECK: } else {
// CHECK: %[[FIRST:.*]] = arith.maxsi %{{.*}}, %c0
// CHECK-NEXT: %[[LAST:.*]] = arith.minsi %{{.*}}, %c64
// CHECK-NEXT: %[[UP:.*]] = arith.addi %[[LAST]], %c7
// CHECK: %[[END:.*]] = arith.andi %[[UP]], %c-8
// CHECK: %[[BEGIN:.*]] = arith.andi %[[FIRST]], %c-8
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step %c8
tile.kernel @tested(%Q: !m, %K: !m, %low: index, %high: index, %n: index, %first: index, %mi: index, %h: index, %b: index) {
  %zero = arith.constant 0 : index
  %nothing = arith.constant 0.0 : f32
  %rows = tile.load %Q[] rows(%zero) limit(%n) : !m -> !tile.tile<16x32xf32, global>
  %q = tile.convert %rows : !tile.tile<16x32xf32, global> -> !q
  %start = tile.map : !r { tile.yield %nothing : f32 }
  %sum = tile.visit key step 64 starts(%zero) partial(%first) full(%zero) iter_args(%start : !r) -> !r
    test { ^bb0(%k0: index):
      %any = arith.cmpi slt, %k0, %n : index
      %all = arith.cmpi slt, %k0, %low : index
      tile.yield %any, %all, %low, %high : i1, i1, index, index
    } partial { ^bb0(%k0: index, %acc: !r):
      %k = tile.load %K[] rows(%k0) limit(%n) : !m -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %t = tile.reduce sum %s axis 1 : !s -> !r
      tile.yield %t : !r
    } full { ^bb0(%k0: index, %acc: !r):
      %k = tile.load %K[] rows(%k0) limit(%n) in_bounds : !m -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %t = tile.reduce sum %s axis 1 : !s -> !r
      tile.yield %t : !r
    }
  tile.return
}
}
