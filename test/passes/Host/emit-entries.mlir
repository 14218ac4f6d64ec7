// RUN: lacuna-opt %s -split-input-file -host-emit-entries -verify-diagnostics | FileCheck %s
// Entry points of the ABI: arguments come from the parameter block, slot by slot.

// CHECK-LABEL: func.func @f.run(
// CHECK-SAME: %[[HOST:.*]]: !llvm.ptr, %[[PARAMS:.*]]: !llvm.ptr, %[[WORKSPACE:.*]]: !llvm.ptr, %[[STREAM:.*]]: !llvm.ptr) -> i32
// CHECK: llvm.getelementptr inbounds %[[PARAMS]][0]
// CHECK: %[[N:.*]] = arith.index_cast %{{.*}} : i64 to index
// CHECK: llvm.getelementptr inbounds %[[PARAMS]][8]
// CHECK: llvm.getelementptr inbounds %[[PARAMS]][24]
// CHECK: %[[OUT:.*]] = builtin.unrealized_conversion_cast %{{.*}} to memref<?xf32, strided<[1], offset: ?>>
// CHECK: llvm.insertvalue %[[WORKSPACE]]
// CHECK: %[[WS:.*]] = builtin.unrealized_conversion_cast %{{.*}} to memref<?xi8>
// CHECK: memref.view %[[WS]][%[[N]]]
// CHECK: %[[OK:.*]] = arith.constant 0 : i32
// CHECK: return %[[OK]] : i32
func.func @f(%n: index, %out: memref<?xf32, strided<[1], offset: ?>>, %workspace: memref<?xi8> {lacuna.workspace}) {
  %v = memref.view %workspace[%n][%n] : memref<?xi8> to memref<?xf32>
  memref.copy %v, %out : memref<?xf32> to memref<?xf32, strided<[1], offset: ?>>
  return
}

// CHECK-LABEL: func.func @f.result_shapes(
// CHECK-SAME: %[[PARAMS:.*]]: !llvm.ptr, %[[SIZES:.*]]: !llvm.ptr)
// CHECK: llvm.getelementptr inbounds %[[SIZES]][0]
// CHECK: llvm.store
// CHECK: llvm.getelementptr inbounds %[[SIZES]][8]
// CHECK: llvm.store
// CHECK: return{{$}}
func.func @f.result_shapes(%n: index) -> (index, index) attributes {lacuna.part = "result_shapes"} {
  return %n, %n : index, index
}

// CHECK-LABEL: func.func @f.workspace_bytes(
// CHECK-SAME: %{{.*}}: !llvm.ptr) -> i64
func.func @f.workspace_bytes(%n: index, %out: memref<?xf32, strided<[1], offset: ?>>) -> index attributes {lacuna.part = "workspace_bytes"} {
  return %n : index
}

// -----

// expected-error @below {{expects a bufferized entry without results, but got '(tensor<4xf32>) -> ()'}}
func.func @tensor(%x: tensor<4xf32>) {
  return
}
