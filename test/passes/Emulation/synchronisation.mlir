// Barriers and warp syncs become operations 3 (barrier: id, threads, reduction, predicate), 4 (arrive) and 5 (warp sync).
// RUN: lacuna-opt %s --emulate-gpu --split-input-file | FileCheck %s

// CHECK-LABEL: llvm.mlir.global external @lacuna_emulator()
// CHECK-LABEL: llvm.func @barrier0(
gpu.module @a {
  llvm.func @barrier0(%params: !llvm.ptr) attributes {nvvm.kernel} {
    // CHECK: %[[ARGUMENTS:.*]] = llvm.alloca
    // CHECK: %[[RESULTS:.*]] = llvm.alloca
    // CHECK: %[[ID:.*]] = llvm.mlir.constant(0 : i64)
    // CHECK: llvm.store %[[ID]], %[[ARGUMENTS]] : i64
    // CHECK: %[[NUMBER:.*]] = llvm.mlir.constant(3 : i32)
    // CHECK: %[[SITE:.*]] = llvm.mlir.addressof @lacuna_site0
    // CHECK: llvm.call @lacuna_operation(%[[NUMBER]], %[[ARGUMENTS]], %[[RESULTS]], %[[SITE]])
    // CHECK-NEXT: llvm.return
    nvvm.barrier0
    llvm.return
  }
}

// The function that calls the table, and the name of the instruction.
// CHECK: llvm.func internal @lacuna_operation(
// CHECK: %[[TABLE:.*]] = llvm.mlir.addressof @lacuna_emulator
// CHECK: %[[MEMBERS:.*]] = llvm.load %[[TABLE]]
// CHECK: %[[MEMBER:.*]] = llvm.getelementptr %[[MEMBERS]][0]
// CHECK: llvm.load %[[MEMBER]]
// CHECK: llvm.mlir.global internal constant @lacuna_site0("nvvm.barrier0 at {{.*}}synchronisation.mlir:{{[0-9]+}}:5\00")

// -----

// CHECK-LABEL: llvm.func @named_barriers(
gpu.module @b {
  llvm.func @named_barriers(%params: !llvm.ptr) attributes {nvvm.kernel} {
    // CHECK: %[[TWO:.*]] = llvm.mlir.constant(2 : i32)
    %id = llvm.mlir.constant(2 : i32) : i32
    %threads = llvm.mlir.constant(64 : i32) : i32
    // CHECK: llvm.store %[[TWO]], {{.*}} : i32
    // CHECK: llvm.mlir.constant(4 : i32)
    // CHECK: llvm.call @lacuna_operation
    nvvm.barrier.arrive id = %id number_of_threads = %threads
    // CHECK: llvm.mlir.constant(3 : i32)
    // CHECK: llvm.call @lacuna_operation
    nvvm.barrier id = %id number_of_threads = %threads
    // Reduction 2 is "all"; the count comes back in slot 0.
    // CHECK: llvm.mlir.constant(2 : i64)
    // CHECK: llvm.mlir.constant(3 : i32)
    // CHECK: llvm.call @lacuna_operation
    // CHECK-NEXT: llvm.load {{.*}} -> i32
    %all = nvvm.barrier #nvvm.reduction<and> %id -> i32
    // CHECK: llvm.mlir.constant(5 : i32)
    // CHECK: llvm.call @lacuna_operation
    nvvm.bar.warp.sync %id : i32
    // Fences need nothing.
    // CHECK-NEXT: llvm.return
    nvvm.memory.barrier #nvvm.mem_scope<cta>
    llvm.return
  }
}
