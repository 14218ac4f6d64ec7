// ldmatrix (10) and mma.sync (11): shape and type as constants, then the registers of A, B and C.
// RUN: lacuna-opt %s --emulate-gpu | FileCheck %s

llvm.mlir.global internal @tile() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<1024 x i8>

// CHECK-LABEL: llvm.func @tile_product(
llvm.func @tile_product(%params: !llvm.ptr) attributes {nvvm.kernel} {
  // CHECK: llvm.mlir.constant(14 : i64)
  // CHECK: %[[ARGUMENTS:.*]] = llvm.alloca
  %c = llvm.mlir.constant(0.0 : f32) : f32
  %tile = llvm.mlir.addressof @tile : !llvm.ptr<3>
  // Two matrices, transposed.
  // CHECK: llvm.mlir.constant(2 : i64)
  // CHECK: llvm.mlir.constant(1 : i64)
  // CHECK: llvm.mlir.constant(10 : i32)
  // CHECK: llvm.call @lacuna_operation
  // CHECK: llvm.load {{.*}} -> i32
  // CHECK: llvm.load {{.*}} -> i32
  %b = nvvm.ldmatrix %tile {num = 2 : i32, layout = #nvvm.mma_layout<col>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>,
      eltType = #nvvm.ld_st_matrix_elt_type<b16>} : (!llvm.ptr<3>) -> !llvm.struct<(i32, i32)>
  %b0 = llvm.extractvalue %b[0] : !llvm.struct<(i32, i32)>
  %b1 = llvm.extractvalue %b[1] : !llvm.struct<(i32, i32)>
  // CHECK: llvm.mlir.constant(16 : i64)
  // CHECK: llvm.mlir.constant(8 : i64)
  // CHECK: llvm.mlir.constant(16 : i64)
  // Type 1 is bf16.
  // CHECK: llvm.mlir.constant(1 : i64)
  // CHECK: %[[SLOT13:.*]] = llvm.getelementptr %[[ARGUMENTS]][13]
  // CHECK: llvm.store {{.*}}, %[[SLOT13]] : f32
  // CHECK: llvm.mlir.constant(11 : i32)
  // CHECK: llvm.call @lacuna_operation
  // CHECK-COUNT-4: llvm.insertvalue
  %d = nvvm.mma.sync A[%b0, %b1, %b0, %b1] B[%b0, %b1] C[%c, %c, %c, %c]
      {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, multiplicandAPtxType = #nvvm.mma_type<bf16>,
       multiplicandBPtxType = #nvvm.mma_type<bf16>, shape = #nvvm.shape<m = 16, n = 8, k = 16>}
      : (i32, i32, f32) -> !llvm.struct<(f32, f32, f32, f32)>
  llvm.return
}
