// Shared globals become offsets into the block's buffer (operation 1): static ones in order of use, each aligned, dynamic
// ones behind them. Numbers become pointers into the buffer (operation 2).
// RUN: lacuna-opt %s --emulate-gpu | FileCheck %s

// CHECK-NOT: llvm.mlir.global {{.*}}@first
llvm.mlir.global internal @first() {addr_space = 3 : i32} : !llvm.array<3 x f32>
llvm.mlir.global internal @second() {addr_space = 3 : i32, alignment = 64 : i64} : !llvm.array<8 x i8>
llvm.mlir.global external @dynamic() {addr_space = 3 : i32, alignment = 128 : i64} : !llvm.array<0 x i8>

// CHECK-LABEL: llvm.func @three(
// CHECK-SAME: lacuna.shared_bytes = 72 : i64
llvm.func @three(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // CHECK: llvm.mlir.constant(1 : i32)
  // CHECK: %[[BASE:.*]] = llvm.load {{.*}} -> !llvm.ptr
  // CHECK: llvm.getelementptr %[[BASE]][128]
  %dynamic = llvm.mlir.addressof @dynamic : !llvm.ptr<3>
  // CHECK: llvm.getelementptr {{.*}}[0] : (!llvm.ptr) -> !llvm.ptr, i8
  %first = llvm.mlir.addressof @first : !llvm.ptr<3>
  // CHECK: llvm.getelementptr {{.*}}[64]
  %second = llvm.mlir.addressof @second : !llvm.ptr<3>
  // CHECK: %[[ADDRESS:.*]] = llvm.ptrtoint
  %address = llvm.ptrtoint %second : !llvm.ptr<3> to i32
  // CHECK: llvm.store %[[ADDRESS]]
  // CHECK: llvm.mlir.constant(2 : i32)
  // CHECK: %[[POINTER:.*]] = llvm.load {{.*}} -> !llvm.ptr
  %pointer = llvm.inttoptr %address : i32 to !llvm.ptr<3>
  // Casts between spaces disappear.
  // CHECK-NOT: addrspacecast
  // CHECK: llvm.call @lacuna_access(%[[POINTER]]
  %generic = llvm.addrspacecast %pointer : !llvm.ptr<3> to !llvm.ptr
  %value = llvm.load %generic : !llvm.ptr -> i8
  llvm.return
}

// Another kernel has its own layout.
// CHECK-LABEL: llvm.func @one(
// CHECK-SAME: lacuna.shared_bytes = 8 : i64
llvm.func @one(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // CHECK: llvm.getelementptr {{.*}}[0] : (!llvm.ptr) -> !llvm.ptr, i8
  %second = llvm.mlir.addressof @second : !llvm.ptr<3>
  llvm.return
}

// With the dynamic bytes that launches give.
// CHECK-LABEL: llvm.func @launched(
// CHECK-SAME: lacuna.shared_bytes = 1152 : i64
llvm.func @launched(%params: !llvm.ptr) attributes {nvvm.kernel, lacuna.shared_bytes = 1024 : i64} {
  // CHECK: llvm.getelementptr {{.*}}[0]
  %second = llvm.mlir.addressof @second : !llvm.ptr<3>
  // CHECK: llvm.getelementptr {{.*}}[128]
  %dynamic = llvm.mlir.addressof @dynamic : !llvm.ptr<3>
  llvm.return
}
