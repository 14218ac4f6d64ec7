// Matrix instructions. Parameters: A (row major), B, output (row major). One warp.
gpu.module @matrix {
  llvm.mlir.global internal @a() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<512 x i8>
  llvm.mlir.global internal @b() {addr_space = 3 : i32, alignment = 16 : i64} : !llvm.array<256 x i8>

  // D[16x8] = A[16x16] B[16x8], B row major: cp.async, ldmatrix (B transposed), mma. Lane l copies half a row of A; lanes below 16 a row of B.
  llvm.func @tile_f16(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c2 = llvm.mlir.constant(2 : i32) : i32
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %c8 = llvm.mlir.constant(8 : i32) : i32
    %c15 = llvm.mlir.constant(15 : i32) : i32
    %c16 = llvm.mlir.constant(16 : i32) : i32
    %zero = llvm.mlir.constant(0.0 : f32) : f32
    %ga = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
    %b_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %gb = llvm.load %b_slot : !llvm.ptr -> !llvm.ptr<1>
    %d_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %gd = llvm.load %d_slot : !llvm.ptr -> !llvm.ptr<1>
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %a = llvm.mlir.addressof @a : !llvm.ptr<3>
    %b = llvm.mlir.addressof @b : !llvm.ptr<3>
    %chunk = llvm.mul %lane, %c16 : i32
    %a_to = llvm.getelementptr %a[%chunk] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
    %a_from = llvm.getelementptr %ga[%chunk] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i8
    nvvm.cp.async.shared.global %a_to, %a_from, 16, cache = cg : !llvm.ptr<3>, !llvm.ptr<1>
    nvvm.cp.async.commit.group
    %copies_b = llvm.icmp "ult" %lane, %c16 : i32
    llvm.cond_br %copies_b, ^copy_b, ^wait
  ^copy_b:
    %b_to = llvm.getelementptr %b[%chunk] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
    %b_from = llvm.getelementptr %gb[%chunk] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i8
    nvvm.cp.async.shared.global %b_to, %b_from, 16, cache = cg, %c16 : !llvm.ptr<3>, !llvm.ptr<1>, i32
    llvm.br ^wait
  ^wait:
    nvvm.cp.async.commit.group
    nvvm.cp.async.wait.group 0
    nvvm.barrier0
    // Row lane % 16 of the left (lane < 16) or right half of A.
    %row = llvm.and %lane, %c15 : i32
    %row_bytes = llvm.mlir.constant(32 : i32) : i32
    %row_at = llvm.mul %row, %row_bytes : i32
    %half = llvm.udiv %lane, %c16 : i32
    %half_at = llvm.mul %half, %c16 : i32
    %a_at = llvm.add %row_at, %half_at : i32
    %a_row = llvm.getelementptr %a[%a_at] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
    %fa = nvvm.ldmatrix %a_row {num = 4 : i32, layout = #nvvm.mma_layout<row>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>} : (!llvm.ptr<3>) -> !llvm.struct<(i32, i32, i32, i32)>
    %b_at = llvm.mul %row, %c16 : i32
    %b_row = llvm.getelementptr %b[%b_at] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, i8
    %fb = nvvm.ldmatrix %b_row {num = 2 : i32, layout = #nvvm.mma_layout<col>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>} : (!llvm.ptr<3>) -> !llvm.struct<(i32, i32)>
    %a0i = llvm.extractvalue %fa[0] : !llvm.struct<(i32, i32, i32, i32)>
    %a1i = llvm.extractvalue %fa[1] : !llvm.struct<(i32, i32, i32, i32)>
    %a2i = llvm.extractvalue %fa[2] : !llvm.struct<(i32, i32, i32, i32)>
    %a3i = llvm.extractvalue %fa[3] : !llvm.struct<(i32, i32, i32, i32)>
    %b0i = llvm.extractvalue %fb[0] : !llvm.struct<(i32, i32)>
    %b1i = llvm.extractvalue %fb[1] : !llvm.struct<(i32, i32)>
    %a0 = llvm.bitcast %a0i : i32 to vector<2xf16>
    %a1 = llvm.bitcast %a1i : i32 to vector<2xf16>
    %a2 = llvm.bitcast %a2i : i32 to vector<2xf16>
    %a3 = llvm.bitcast %a3i : i32 to vector<2xf16>
    %b0 = llvm.bitcast %b0i : i32 to vector<2xf16>
    %b1 = llvm.bitcast %b1i : i32 to vector<2xf16>
    %d = nvvm.mma.sync A[%a0, %a1, %a2, %a3] B[%b0, %b1] C[%zero, %zero, %zero, %zero]
        {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, shape = #nvvm.shape<m = 16, n = 8, k = 16>}
        : (vector<2xf16>, vector<2xf16>, f32) -> !llvm.struct<(f32, f32, f32, f32)>
    %d0 = llvm.extractvalue %d[0] : !llvm.struct<(f32, f32, f32, f32)>
    %d1 = llvm.extractvalue %d[1] : !llvm.struct<(f32, f32, f32, f32)>
    %d2 = llvm.extractvalue %d[2] : !llvm.struct<(f32, f32, f32, f32)>
    %d3 = llvm.extractvalue %d[3] : !llvm.struct<(f32, f32, f32, f32)>
    // Element (lane / 4, 2 * (lane % 4)) and the one 8 rows below.
    %g = llvm.udiv %lane, %c4 : i32
    %t = llvm.urem %lane, %c4 : i32
    %t2 = llvm.mul %t, %c2 : i32
    %g8 = llvm.mul %g, %c8 : i32
    %at = llvm.add %g8, %t2 : i32
    %p0 = llvm.getelementptr %gd[%at] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    llvm.store %d0, %p0 : f32, !llvm.ptr<1>
    %p1 = llvm.getelementptr %p0[1] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %d1, %p1 : f32, !llvm.ptr<1>
    %p2 = llvm.getelementptr %p0[64] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %d2, %p2 : f32, !llvm.ptr<1>
    %p3 = llvm.getelementptr %p0[65] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %d3, %p3 : f32, !llvm.ptr<1>
    llvm.return
  }

  // D[16x8] = A[16x8] B[8x8] of f32 taken as tf32, B column major, straight from global memory.
  llvm.func @tile_tf32(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c2 = llvm.mlir.constant(2 : i32) : i32
    %c4 = llvm.mlir.constant(4 : i32) : i32
    %c8 = llvm.mlir.constant(8 : i32) : i32
    %zero = llvm.mlir.constant(0.0 : f32) : f32
    %ga = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
    %b_slot = llvm.getelementptr %params[1] : (!llvm.ptr) -> !llvm.ptr, i64
    %gb = llvm.load %b_slot : !llvm.ptr -> !llvm.ptr<1>
    %d_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %gd = llvm.load %d_slot : !llvm.ptr -> !llvm.ptr<1>
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %g = llvm.udiv %lane, %c4 : i32
    %t = llvm.urem %lane, %c4 : i32
    %g8 = llvm.mul %g, %c8 : i32
    %at = llvm.add %g8, %t : i32
    %ap = llvm.getelementptr %ga[%at] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    %a0 = llvm.load %ap : !llvm.ptr<1> -> i32
    %ap1 = llvm.getelementptr %ap[64] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    %a1 = llvm.load %ap1 : !llvm.ptr<1> -> i32
    %ap2 = llvm.getelementptr %ap[4] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    %a2 = llvm.load %ap2 : !llvm.ptr<1> -> i32
    %ap3 = llvm.getelementptr %ap[68] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    %a3 = llvm.load %ap3 : !llvm.ptr<1> -> i32
    %bp = llvm.getelementptr %gb[%at] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    %b0 = llvm.load %bp : !llvm.ptr<1> -> i32
    %bp1 = llvm.getelementptr %bp[4] : (!llvm.ptr<1>) -> !llvm.ptr<1>, i32
    %b1 = llvm.load %bp1 : !llvm.ptr<1> -> i32
    %d = nvvm.mma.sync A[%a0, %a1, %a2, %a3] B[%b0, %b1] C[%zero, %zero, %zero, %zero]
        {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, multiplicandAPtxType = #nvvm.mma_type<tf32>,
         multiplicandBPtxType = #nvvm.mma_type<tf32>, shape = #nvvm.shape<m = 16, n = 8, k = 8>}
        : (i32, i32, f32) -> !llvm.struct<(f32, f32, f32, f32)>
    %d0 = llvm.extractvalue %d[0] : !llvm.struct<(f32, f32, f32, f32)>
    %d1 = llvm.extractvalue %d[1] : !llvm.struct<(f32, f32, f32, f32)>
    %d2 = llvm.extractvalue %d[2] : !llvm.struct<(f32, f32, f32, f32)>
    %d3 = llvm.extractvalue %d[3] : !llvm.struct<(f32, f32, f32, f32)>
    %t2 = llvm.mul %t, %c2 : i32
    %dat = llvm.add %g8, %t2 : i32
    %p0 = llvm.getelementptr %gd[%dat] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    llvm.store %d0, %p0 : f32, !llvm.ptr<1>
    %p1 = llvm.getelementptr %p0[1] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %d1, %p1 : f32, !llvm.ptr<1>
    %p2 = llvm.getelementptr %p0[64] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %d2, %p2 : f32, !llvm.ptr<1>
    %p3 = llvm.getelementptr %p0[65] : (!llvm.ptr<1>) -> !llvm.ptr<1>, f32
    llvm.store %d3, %p3 : f32, !llvm.ptr<1>
    llvm.return
  }

  // output[lane] = bf16(2^input[lane]), the truncation on vectors of two and on scalars.
  llvm.func @exp2_bf16(%params: !llvm.ptr) attributes {nvvm.kernel} {
    %c0 = llvm.mlir.constant(0 : i32) : i32
    %c1 = llvm.mlir.constant(1 : i32) : i32
    %input = llvm.load %params : !llvm.ptr -> !llvm.ptr<1>
    %d_slot = llvm.getelementptr %params[2] : (!llvm.ptr) -> !llvm.ptr, i64
    %output = llvm.load %d_slot : !llvm.ptr -> !llvm.ptr<1>
    %lane = nvvm.read.ptx.sreg.laneid : i32
    %from = llvm.getelementptr %input[%lane] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
    %x = llvm.load %from : !llvm.ptr<1> -> f32
    %y = llvm.inline_asm "ex2.approx.ftz.f32 $0, $1;", "=f,f" %x : (f32) -> f32
    %z = nvvm.inline_ptx "ex2.approx.ftz.f32 $0, $1;" ro (%x : f32) -> f32
    %undef = llvm.mlir.undef : vector<2xf32>
    %one = llvm.insertelement %y, %undef[%c0 : i32] : vector<2xf32>
    %two = llvm.insertelement %z, %one[%c1 : i32] : vector<2xf32>
    %narrow = llvm.fptrunc %two : vector<2xf32> to vector<2xbf16>
    %scalar = llvm.fptrunc %y : f32 to bf16
    %low = llvm.extractelement %narrow[%c0 : i32] : vector<2xbf16>
    %same = llvm.insertelement %scalar, %narrow[%c1 : i32] : vector<2xbf16>
    %to = llvm.getelementptr %output[%lane] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, i32
    llvm.store %same, %to : vector<2xbf16>, !llvm.ptr<1>
    llvm.return
  }
}
