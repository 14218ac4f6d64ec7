// RUN: lacuna-opt %s -tile-assign-memory -tile-pipeline -tile-assign-layouts -convert-tile-to-nvvm -canonicalize | FileCheck %s
// One kernel function over the parameter block; products by tensor cores, two loops, copies that zero-fill beyond the limit.

// CHECK-NOT: tile.kernel
// CHECK: gpu.module @kernels
// CHECK: llvm.mlir.global external @lacuna_shared() {addr_space = 3 : i32, alignment = 128 : i64} : !llvm.array<0 x i8>
// CHECK: llvm.func @products(%[[BLOCK:.*]]: !llvm.ptr {llvm.align = 64 : i64, llvm.byval = !llvm.array<192 x i8>, nvvm.grid_constant})
// CHECK-SAME: lacuna.kernel = "products"
// CHECK-SAME: lacuna.shared_bytes = 24576
// CHECK-SAME: lacuna.threads = 128
// CHECK-SAME: nvvm.reqntid = array<i32: 128, 1, 1>
// The number of tiles stands behind four tensors of five slots and a scalar.
// CHECK: llvm.getelementptr inbounds %[[BLOCK]][168]
// Q: 8 x 8 x 4 matrices of 16 x 16.
// CHECK: nvvm.cp.async.shared.global {{.*}}, 16, cache = cg, %{{.*}} : !llvm.ptr<3>, !llvm.ptr<1>, i32
// CHECK: nvvm.cp.async.commit.group
// CHECK: nvvm.cp.async.wait.group 0
// CHECK: gpu.barrier
// CHECK-COUNT-4: nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<row>, num = 4
// CHECK: scf.for
// CHECK: scf.for
// CHECK: nvvm.cp.async.wait.group 1
// CHECK: gpu.barrier
// S: 16 rows, 32 keys, 64 features a warp.
// CHECK-COUNT-16: nvvm.mma.sync
// P in registers: pairs converted at once, no shuffle.
// CHECK-NOT: gpu.shuffle
// CHECK: llvm.fptrunc %{{.*}} : vector<2xf32> to vector<2xbf16>
// CHECK: nvvm.cp.async.wait.group 2
// CHECK-NOT: gpu.shuffle
// CHECK: nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<col>, num = 4
// CHECK-COUNT-16: nvvm.mma.sync
// CHECK: llvm.return

#schedule = #attn.schedule<tile_m = 64, tile_n = 32, warps = 4, stages = 2>
!rows = memref<?x64xbf16, strided<[?, 1], offset: ?>>
!out = memref<?x64xf32, strided<[?, 1], offset: ?>>
module attributes {tile.target = "sm_80"} {
  tile.kernel @products(%Q: !rows, %K: !rows, %V: !rows, %O: !out, %n: index, %tiles: index, %m: index, %h: index, %b: index)
      attributes {tile.schedule = #schedule} {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.0 : f32
    %q = tile.load %Q[] rows(%c0) limit(%n) : !rows -> !tile.tile<64x64xbf16>
    %o0 = tile.map : !tile.tile<64x64xf32> { tile.yield %zero : f32 }
    %o = tile.visit key step 32 starts(%c0) partial(%c0) full(%tiles) iter_args(%o0 : !tile.tile<64x64xf32>) -> !tile.tile<64x64xf32>
      partial { ^bb0(%k0: index, %oi: !tile.tile<64x64xf32>):
        %k = tile.load %K[] rows(%k0) limit(%n) : !rows -> !tile.tile<32x64xbf16>
        %v = tile.load %V[] rows(%k0) limit(%n) : !rows -> !tile.tile<32x64xbf16>
        %s = tile.mma %q, %k transpose_rhs : !tile.tile<64x64xbf16>, !tile.tile<32x64xbf16> -> !tile.tile<64x32xf32>
        %o1 = tile.mma %s, %v acc(%oi : !tile.tile<64x64xf32>) : !tile.tile<64x32xf32>, !tile.tile<32x64xbf16> -> !tile.tile<64x64xf32>
        tile.yield %o1 : !tile.tile<64x64xf32>
      }
      full { ^bb0(%k0: index, %oi: !tile.tile<64x64xf32>):
        %k = tile.load %K[] rows(%k0) limit(%n) in_bounds : !rows -> !tile.tile<32x64xbf16>
        %v = tile.load %V[] rows(%k0) limit(%n) in_bounds : !rows -> !tile.tile<32x64xbf16>
        %s = tile.mma %q, %k transpose_rhs : !tile.tile<64x64xbf16>, !tile.tile<32x64xbf16> -> !tile.tile<64x32xf32>
        %o1 = tile.mma %s, %v acc(%oi : !tile.tile<64x64xf32>) : !tile.tile<64x32xf32>, !tile.tile<32x64xbf16> -> !tile.tile<64x64xf32>
        tile.yield %o1 : !tile.tile<64x64xf32>
      }
    tile.store %o, %O[] rows(%c0) limit(%n) : !tile.tile<64x64xf32>, !out
    tile.return
  }
}
