// RUN: lacuna-opt %s -host-copy-to-linalg | FileCheck %s
// No call of a runtime function for strided copies.

// CHECK-LABEL: func.func @copy(
// CHECK-SAME: %[[X:.*]]: memref<?x4xf32, strided<[?, 2], offset: ?>>, %[[Y:.*]]: memref<?x4xf32>)
// CHECK-NOT: memref.copy
// CHECK: linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[Y]] :
func.func @copy(%x: memref<?x4xf32, strided<[?, 2], offset: ?>>, %y: memref<?x4xf32>) {
  memref.copy %x, %y : memref<?x4xf32, strided<[?, 2], offset: ?>> to memref<?x4xf32>
  return
}
