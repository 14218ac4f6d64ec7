// RUN: lacuna-opt %s -host-bufferize -canonicalize | FileCheck %s
// Arguments have any strides but the last; launches read inputs in place and write inits; an input whose last stride is not 1 is copied.

tile.kernel @k(%x: memref<?x4xf32, strided<[?, 1], offset: ?>>, %o: memref<?x4xf32, strided<[?, 1], offset: ?>>, %m: index, %h: index, %b: index) {
  tile.return
}

// CHECK-LABEL: func.func @launch(
// CHECK-SAME: %[[X:.*]]: memref<?x4xf32, strided<[?, 1], offset: ?>>, %[[OUT:.*]]: memref<?x4xf32, strided<[?, 1], offset: ?>>, %[[N:.*]]: index)
// CHECK-NOT: memref.copy
// CHECK: tile.launch @k grid(%[[N]], %[[N]], %[[N]]) ins(%[[X]] : memref<?x4xf32, strided<[?, 1], offset: ?>>) outs(%[[OUT]] :
func.func @launch(%x: tensor<?x4xf32> {bufferization.writable = false}, %out: memref<?x4xf32, strided<[?, 1], offset: ?>>, %n: index) {
  %init = bufferization.to_tensor %out restrict writable : memref<?x4xf32, strided<[?, 1], offset: ?>> to tensor<?x4xf32>
  %y = tile.launch @k grid(%n, %n, %n) ins(%x : tensor<?x4xf32>) outs(%init : tensor<?x4xf32>) -> tensor<?x4xf32>
  bufferization.materialize_in_destination %y in writable %out : (tensor<?x4xf32>, memref<?x4xf32, strided<[?, 1], offset: ?>>) -> ()
  return
}

// CHECK-LABEL: func.func @every_other_column(
// CHECK: %[[VIEW:.*]] = memref.subview {{.*}} [1, 2] : {{.*}} to memref<?x4xf32, strided<[?, 2], offset: ?>>
// CHECK: %[[COPY:.*]] = memref.alloc(%{{.*}}) {alignment = 64 : i64} : memref<?x4xf32>
// CHECK: memref.copy %[[VIEW]], %[[COPY]]
// CHECK: tile.launch @k {{.*}}ins(%[[COPY]] : memref<?x4xf32>)
func.func @every_other_column(%x: tensor<?x8xf32> {bufferization.writable = false}, %out: memref<?x4xf32, strided<[?, 1], offset: ?>>, %n: index) {
  %half = tensor.extract_slice %x[0, 0] [%n, 4] [1, 2] : tensor<?x8xf32> to tensor<?x4xf32>
  %init = bufferization.to_tensor %out restrict writable : memref<?x4xf32, strided<[?, 1], offset: ?>> to tensor<?x4xf32>
  %y = tile.launch @k grid(%n, %n, %n) ins(%half : tensor<?x4xf32>) outs(%init : tensor<?x4xf32>) -> tensor<?x4xf32>
  bufferization.materialize_in_destination %y in writable %out : (tensor<?x4xf32>, memref<?x4xf32, strided<[?, 1], offset: ?>>) -> ()
  return
}
