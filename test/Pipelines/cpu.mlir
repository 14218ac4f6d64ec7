// REQUIRES: lacuna-compile
// RUN: lacuna-compile %s --target=x86-64-v4 --emit=tile -o - | FileCheck %s --check-prefix=TILE
// RUN: lacuna-compile %s --target=x86-64-v4 --emit=mlir -o - | FileCheck %s --check-prefix=MLIR
// RUN: lacuna-compile %s --target=x86-64-v4 --emit=asm -o - | FileCheck %s --check-prefixes=ASM,V4
// RUN: lacuna-compile %s --target=x86-64-v3 --emit=asm -o - | FileCheck %s --check-prefixes=ASM,V3
// RUN: lacuna-compile %s --target=generic --emit=asm -o - | FileCheck %s --check-prefixes=GENERIC
// The whole way to a CPU, one check per stage: a kernel tiled by the table's schedule; LLVM dialect only; machine code whose products fill the register
// file with accumulators and which calls no function of a C library but
// memcpy, which the linked object brings along.

// TILE: tile.launch @f.attention0
// TILE: tile.kernel @f.attention0({{.*}}) attributes {tile.schedule = #attn.schedule<tile_m = 48, tile_n = 128, transposed = true>}
// TILE: tile.visit key step 128

// MLIR-NOT: {{ (attn|tile|scf|memref|vector|arith|math|func)\.[a-z_.]+ [%@(]}}
// MLIR: llvm.func @f.attention0(%{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64)
// MLIR: llvm.intr.fmuladd{{.*}} vector<16xf32>
// MLIR-NOT: {{ (attn|tile|scf|memref|vector|arith|math|func)\.[a-z_.]+ [%@(]}}
// MLIR: llvm.func @f.attention0.cost(%{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: !llvm.ptr)

// ASM: f.attention0:
// ASM-NOT: call{{.*(fma|floor|exp|log|sf2)}}
// V4-COUNT-24: vfmadd231ps {{.*}}%zmm
// V3-COUNT-12: vfmadd231ps {{.*}}%ymm
// ASM-NOT: call{{.*(fma|floor|exp|log|sf2)}}
// ASM: .size f.attention0
// ASM: f.attention0.cost:

// The same without fused products and rounding instructions.
// GENERIC: f.attention0:
// GENERIC-NOT: call{{.*(fma|floor|exp|log)}}
// GENERIC: .size f.attention0.cost
func.func @f(%q: tensor<1x2x?x64xf32>) -> (tensor<1x2x?x64xf32>, tensor<1x2x?xf32>) {
  %m = attn.causal align(bottom_right)
  %o:2 = attn.attention %q, %q, %q mask(%m) layout(bhsd)
    : tensor<1x2x?x64xf32>, tensor<1x2x?x64xf32>, tensor<1x2x?x64xf32> -> tensor<1x2x?x64xf32>, tensor<1x2x?xf32>
  return %o#0, %o#1 : tensor<1x2x?x64xf32>, tensor<1x2x?xf32>
}
