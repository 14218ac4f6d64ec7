// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// Where a test skips tiles, V of a tile is prefetched beside the rows of Q·Kᵀ: three cache lines of 16 f32 for each of the block's keys. Where none does, hardware knows
// what comes next.

!m = memref<?x32xf32, strided<[?, 1], offset: ?>>
!q = !tile.tile<16x32xf32, scratch, #tile.lanes<0>>
!mv = memref<?x48xf32, strided<[?, 1], offset: ?>>
!k = !tile.tile<8x32xf32, global>
!v = !tile.tile<8x48xf32, global>
!o = !tile.tile<16x48xf32, scratch, #tile.lanes<0>>
!s = !tile.tile<16x8xf32, scratch, #tile.lanes<0>>

module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @tested(
// CHECK: scf.for %[[COLUMN:.*]] = %c0 to %c48 step %c16
// CHECK-NEXT: memref.prefetch %[[V:.*]][%{{.*}}, %[[COLUMN]]], read, locality<3>, data : memref<?x48xf32
// CHECK-COUNT-7: memref.prefetch %[[V]]
// CHECK-NOT: memref.prefetch
// CHECK: vector.fma
// CHECK-NOT: memref.prefetch
// CHECK-LABEL: func.func @untested(
// CHECK-NOT: memref.prefetch
tile.kernel @tested(%K: !m, %V: !mv, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %true = arith.constant true
  %x = arith.constant 0.0 : f32
  %q = tile.map : !q { tile.yield %x : f32 }
  %o0 = tile.map : !o { tile.yield %x : f32 }
  %o = tile.visit key step 8 starts(%zero) partial(%zero) full(%one) hull(%zero, %n) iter_args(%o0 : !o) -> !o
    test { ^bb0(%k0: index):
      tile.yield %true, %true : i1, i1
    } partial { ^bb0(%k0: index, %acc: !o):
      tile.yield %acc : !o
    } full { ^bb0(%k0: index, %acc: !o):
      %k = tile.load %K[] rows(%k0) limit(%n) in_bounds : !m -> !k
      %v = tile.load %V[] rows(%k0) limit(%n) in_bounds : !mv -> !v
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %next = tile.mma %s, %v acc(%acc : !o) : !s, !v -> !o
      tile.yield %next : !o
    }
  tile.return
}
tile.kernel @untested(%K: !m, %V: !mv, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %x = arith.constant 0.0 : f32
  %q = tile.map : !q { tile.yield %x : f32 }
  %o0 = tile.map : !o { tile.yield %x : f32 }
  %o = tile.visit key step 8 starts(%zero) partial(%zero) full(%one) hull(%zero, %n) iter_args(%o0 : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o):
      tile.yield %acc : !o
    } full { ^bb0(%k0: index, %acc: !o):
      %k = tile.load %K[] rows(%k0) limit(%n) in_bounds : !m -> !k
      %v = tile.load %V[] rows(%k0) limit(%n) in_bounds : !mv -> !v
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %next = tile.mma %s, %v acc(%acc : !o) : !s, !v -> !o
      tile.yield %next : !o
    }
  tile.return
}
}
