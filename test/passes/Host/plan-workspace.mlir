// RUN: lacuna-opt %s -split-input-file -host-plan-workspace -canonicalize -cse -verify-diagnostics | FileCheck %s
// Allocations become views of one workspace at 64-byte aligned offsets; those inside loops are placed once.

// CHECK-LABEL: func.func @two(
// CHECK-SAME: %[[N:.*]]: index, %[[WS:.*]]: memref<?xi8> {lacuna.workspace})
// CHECK: %[[BYTES:.*]] = arith.muli %[[N]], %c4
// CHECK: %[[UP:.*]] = arith.addi %[[BYTES]], %c63
// CHECK: %[[SIZE:.*]] = arith.andi %[[UP]], %c-64
// CHECK: memref.view %[[WS]][%c0][%[[N]]] : memref<?xi8> to memref<?xf32>
// CHECK: scf.for
// CHECK: memref.view %[[WS]][%[[SIZE]]][] : memref<?xi8> to memref<3xi16>
// CHECK-LABEL: func.func @two.workspace_bytes(
// CHECK-SAME: -> index attributes {lacuna.part = "workspace_bytes"}
// CHECK: %[[TOTAL:.*]] = arith.addi %{{.*}}, %c64
// CHECK: return %[[TOTAL]]
func.func @two(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1 : i16
  %a = memref.alloc(%n) : memref<?xf32>
  memref.store %zero, %a[%c0] : memref<?xf32>
  scf.for %i = %c0 to %n step %c1 {
    %b = memref.alloc() : memref<3xi16>
    memref.store %one, %b[%c1] : memref<3xi16>
  }
  return
}

// -----

func.func @from_data(%x: memref<?xindex>) {
  %c0 = arith.constant 0 : index
  %n = memref.load %x[%c0] : memref<?xindex>
  // expected-error @below {{expects the size of a temporary buffer to be computed from sizes and scalars of arguments, but got}}
  %a = memref.alloc(%n) : memref<?xindex>
  memref.store %n, %a[%c0] : memref<?xindex>
  return
}
