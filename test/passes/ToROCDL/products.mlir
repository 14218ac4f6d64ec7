// RUN: lacuna-opt %s -tile-assign-memory -tile-pipeline -tile-assign-layouts -convert-tile-to-rocdl -canonicalize | FileCheck %s
// The same text as for NVIDIA; transposed products, P in registers again.

// CHECK: gpu.module @kernels
// CHECK: llvm.mlir.global internal @products.shared() {addr_space = 3 : i32, alignment = 128 : i64} : !llvm.array<8192 x i8>
// CHECK: llvm.func @products(%{{.*}}: !llvm.ptr<4> {llvm.align = 64 : i64, llvm.byref = !llvm.array<192 x i8>})
// CHECK-SAME: rocdl.flat_work_group_size = "128,128"
// CHECK-SAME: rocdl.kernel
// CHECK: scf.for
// CHECK: scf.for
// A block of 32 keys by 32 queries, eight features a step.
// CHECK: llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr<3> -> vector<4xbf16>
// CHECK-COUNT-8: rocdl.mfma.f32.32x32x8bf16.1k
// CHECK-NOT: gpu.shuffle
// CHECK: llvm.fptrunc %{{.*}} : vector<4xf32> to vector<4xbf16>
// CHECK-COUNT-8: rocdl.mfma.f32.32x32x8bf16.1k
// CHECK: llvm.return

#schedule = #attn.schedule<tile_m = 64, tile_n = 32, warps = 2, stages = 1>
!rows = memref<?x64xbf16, strided<[?, 1], offset: ?>>
!out = memref<?x64xf32, strided<[?, 1], offset: ?>>
module attributes {tile.target = "gfx942"} {
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
