// A check stands before each access to memory that may be global or shared: address, bytes, flags, instruction.
// Flags: 1 read, 2 write, 4 atomic; plus 256 x address space; plus 65536 x log2(alignment).
// RUN: lacuna-opt %s --emulate-gpu | FileCheck %s

llvm.mlir.global internal constant @table(dense<[1, 2]> : vector<2xi32>) : vector<2xi32>

// CHECK-LABEL: llvm.func @accesses(
// CHECK-SAME: %[[PARAMS:.*]]: !llvm.ptr)
llvm.func @accesses(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // The parameter block: generic, 8 bytes, 8-byte aligned.
  // CHECK: %[[BYTES:.*]] = llvm.mlir.constant(8 : i64)
  // CHECK: %[[FLAGS:.*]] = llvm.mlir.constant(196609 : i32)
  // CHECK: llvm.call @lacuna_access(%[[PARAMS]], %[[BYTES]], %[[FLAGS]], %{{.*}})
  // CHECK-NEXT: %[[GLOBAL:.*]] = llvm.load %[[PARAMS]]
  %global = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
  // A global vector of 16 bytes; invariant loads would move above their checks.
  // CHECK: llvm.mlir.constant(16 : i64)
  // CHECK: llvm.mlir.constant(262401 : i32)
  // CHECK: llvm.call @lacuna_access(%[[GLOBAL]],
  // CHECK-NEXT: %[[VECTOR:.*]] = llvm.load %[[GLOBAL]] : !llvm.ptr -> vector<8xf16>
  %vector = llvm.load %global invariant : !llvm.ptr<1> -> vector<8xf16>
  // The alignment that the access promises.
  // CHECK: llvm.mlir.constant(65794 : i32)
  // CHECK: llvm.call @lacuna_access
  // CHECK-NEXT: llvm.store %[[VECTOR]]
  llvm.store %vector, %global {alignment = 2 : i64} : vector<8xf16>, !llvm.ptr<1>
  // CHECK: llvm.mlir.constant(131335 : i32)
  // CHECK: llvm.call @lacuna_access
  // CHECK-NEXT: llvm.atomicrmw
  %one = llvm.mlir.constant(1 : i32) : i32
  %old = llvm.atomicrmw add %global, %one monotonic : !llvm.ptr<1>, i32
  // Stack slots and constants need no check.
  // CHECK-NOT: lacuna_access
  // CHECK: llvm.load {{.*}} -> f32
  // CHECK-NOT: lacuna_access
  // CHECK: llvm.load {{.*}} -> i32
  %slot = llvm.alloca %one x f32 : (i32) -> !llvm.ptr
  %next = llvm.getelementptr %slot[0] : (!llvm.ptr) -> !llvm.ptr, f32
  %private = llvm.load %next : !llvm.ptr -> f32
  %table = llvm.mlir.addressof @table : !llvm.ptr
  %constant = llvm.load %table : !llvm.ptr -> i32
  // A masked access is operation 18: address, bytes of an element, mask, flags.
  // CHECK: %[[MASK:.*]] = llvm.bitcast %{{.*}} : vector<4xi1> to i4
  // CHECK: llvm.zext %[[MASK]] : i4 to i64
  // CHECK: llvm.mlir.constant(4 : i64)
  // CHECK: llvm.mlir.constant(131329 : i64)
  // CHECK: llvm.mlir.constant(18 : i32)
  // CHECK: llvm.call @lacuna_operation
  // CHECK-NEXT: llvm.intr.masked.load
  %mask = llvm.mlir.constant(dense<[true, false, true, false]> : vector<4xi1>) : vector<4xi1>
  %masked = llvm.intr.masked.load %global, %mask {alignment = 4 : i32} : (!llvm.ptr<1>, vector<4xi1>) -> vector<4xf32>
  // The emulator copies (16) and fills (17) itself: kernels have no C library.
  // CHECK: llvm.mlir.constant(16 : i32)
  // CHECK: llvm.mlir.constant(17 : i32)
  // CHECK-NOT: llvm.intr.mem
  %length = llvm.mlir.constant(64 : i64) : i64
  %byte = llvm.mlir.constant(0 : i8) : i8
  "llvm.intr.memcpy"(%global, %global, %length) <{isVolatile = false}> : (!llvm.ptr<1>, !llvm.ptr<1>, i64) -> ()
  "llvm.intr.memset"(%global, %byte, %length) <{isVolatile = false}> : (!llvm.ptr<1>, i8, i64) -> ()
  // CHECK: llvm.return
  llvm.return
}
