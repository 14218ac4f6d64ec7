// Operations in which lanes exchange data: 6 (shuffle), 7 (vote), 8 (elect), 9 (reduce), and registers (0).
// RUN: lacuna-opt %s --emulate-gpu | FileCheck %s

// CHECK-LABEL: llvm.func @exchange(
llvm.func @exchange(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // Register 12 is the lane.
  // CHECK: llvm.mlir.constant(12 : i64)
  // CHECK: llvm.mlir.constant(0 : i32)
  // CHECK: llvm.call @lacuna_operation
  // CHECK-NEXT: %[[LANE:.*]] = llvm.load %[[RESULTS:.*]] : !llvm.ptr -> i32
  %lane = nvvm.read.ptx.sreg.laneid : i32
  // Kind 2 is down; mask, value, offset and clamp follow.
  // CHECK: %[[KIND:.*]] = llvm.mlir.constant(2 : i64)
  // CHECK: llvm.store %[[KIND]], %[[ARGUMENTS:[^ ]*]]
  // CHECK: %[[SLOT4:.*]] = llvm.getelementptr %[[ARGUMENTS]][4]
  // CHECK: llvm.store %[[LANE]], %[[SLOT4]] : i32
  // CHECK: llvm.mlir.constant(6 : i32)
  // CHECK: llvm.call @lacuna_operation
  // CHECK: llvm.load %[[RESULTS]] : !llvm.ptr -> i32
  // CHECK: %[[SLOT1:.*]] = llvm.getelementptr %[[RESULTS]][1]
  // CHECK: llvm.load %[[SLOT1]] : !llvm.ptr -> i1
  // CHECK: llvm.insertvalue {{.*}}[0] : !llvm.struct<(i32, i1)>
  // CHECK: llvm.insertvalue {{.*}}[1] : !llvm.struct<(i32, i1)>
  %pair = nvvm.shfl.sync down %lane, %lane, %lane, %lane {return_value_and_is_valid} : i32 -> !llvm.struct<(i32, i1)>
  %valid = llvm.extractvalue %pair[1] : !llvm.struct<(i32, i1)>
  // CHECK: llvm.mlir.constant(2 : i64)
  // CHECK: llvm.mlir.constant(7 : i32)
  %ballot = nvvm.vote.sync ballot %lane, %valid -> i32
  // CHECK: llvm.mlir.constant(8 : i32)
  %elected = nvvm.elect.sync -> i1
  // Kind 4 is max.
  // CHECK: llvm.mlir.constant(4 : i64)
  // CHECK: llvm.mlir.constant(9 : i32)
  %max = nvvm.redux.sync max %lane, %ballot : i32 -> i32
  llvm.return
}
