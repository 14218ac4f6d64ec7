// RUN: lacuna-compile %s --target=aarch64 --emit=asm -o - | FileCheck %s
// RUN: lacuna-compile %s --target=aarch64 --emit=obj -o %t.o
// RUN: llvm-readelf -h %t.o | FileCheck %s --check-prefix=OBJECT
// A kernel for another architecture than the host's: four lanes, fused multiply-adds with a broadcast element, nothing undefined.

// CHECK-LABEL: f.attention0:
// CHECK: fmla v{{[0-9]+}}.4s, v{{[0-9]+}}.4s, v{{[0-9]+}}.
// OBJECT: Machine: AArch64
!t = tensor<1x2x?x64xf32>
func.func @f(%q: !t, %k: !t, %v: !t, %p: tensor<1x1x?xi32>, %i: tensor<?xi32>) -> !t {
  %s = attn.csr_set %p, %i granule = [64, 64] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %b = attn.block_sparse %s : !attn.set<csr>
  %c = attn.causal align(bottom_right)
  %m = attn.and %b, %c
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
