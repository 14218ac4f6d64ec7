// RUN: lacuna-opt %s -split-input-file -host-lower-launch -verify-diagnostics | FileCheck %s
// Launches and requirements call the host's table; a non-zero status leaves the function. Equal kernels share a number.

// CHECK: module attributes {lacuna.kernels = [@k, @other]}
// CHECK: llvm.mlir.global internal constant @lacuna.message0("length of v\00")
// CHECK-LABEL: func.func @f.run(
// CHECK-SAME: %[[HOST:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[STREAM:.*]]: !llvm.ptr) -> i32
// CHECK-DAG: llvm.alloca %{{.*}} x i8 {alignment = 64 : i64}
// CHECK-DAG: llvm.alloca %{{.*}} x i8 {alignment = 8 : i64}
// CHECK: %[[EQUAL:.*]] = arith.cmpi eq
// CHECK: cf.cond_br %[[EQUAL]], ^[[NEXT:.*]], ^[[LEAVE:.*]]
// CHECK: ^[[LEAVE]]:
// CHECK: llvm.getelementptr %[[HOST]][8]
// CHECK: %[[STATUS:.*]] = llvm.call %{{.*}}(%[[HOST]], %{{.*}}, %{{.*}}, %{{.*}}) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, i64, i64) -> i32
// CHECK: return %[[STATUS]] : i32
// CHECK: ^[[NEXT]]:
// CHECK: %[[BASE:.*]], %[[OFFSET:.*]], %[[SIZE:.*]], %[[STRIDE:.*]] = memref.extract_strided_metadata
// CHECK: memref.extract_aligned_pointer_as_index
// CHECK: arith.muli %[[OFFSET]], %c4
// CHECK: llvm.getelementptr %[[HOST]][0]
// CHECK: llvm.call %{{.*}}(%[[HOST]], %[[ZERO:.*]], %{{.*}}, %{{.*}}, %{{.*}}, %[[STREAM]])
func.func @f.run(%host: !llvm.ptr, %params: !llvm.ptr, %workspace: !llvm.ptr, %stream: !llvm.ptr) -> i32 attributes {lacuna.part = "run"} {
  %ok = arith.constant 0 : i32
  %n = arith.constant 5 : index
  %m = arith.constant 7 : index
  %o = memref.alloca() : memref<5xf32>
  tile.require %n, %m, "length of v"
  tile.launch @k grid(%n, %m, %m) ins(%n : index) outs(%o : memref<5xf32>)
  tile.launch @other grid(%n, %m, %m) ins(%n : index) outs(%o : memref<5xf32>)
  tile.launch @k grid(%n, %m, %m) ins(%m : index) outs(%o : memref<5xf32>)
  return %ok : i32
}
tile.kernel @k(%n: index, %o: memref<5xf32>, %x: index, %h: index, %b: index) {
  tile.return
}
tile.kernel @other(%n: index, %o: memref<5xf32>, %x: index, %h: index, %b: index) {
  tile.return
}

// -----

func.func @nested.run(%host: !llvm.ptr, %params: !llvm.ptr, %workspace: !llvm.ptr, %stream: !llvm.ptr) -> i32 attributes {lacuna.part = "run"} {
  %ok = arith.constant 0 : i32
  %n = arith.constant 5 : index
  %c0 = arith.constant 0 : index
  scf.for %i = %c0 to %n step %n {
    // expected-error @below {{expects no structured control flow around a launch, but got 'scf.for'}}
    tile.require %n, %i, "x"
  }
  return %ok : i32
}

// -----

// expected-error @below {{expects launches in the run function of an entry only, but got one in 'g'}}
func.func @g(%n: index) {
  tile.require %n, %n, "x"
  return
}
