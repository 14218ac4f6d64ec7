// REQUIRES: lacuna-run
// RUN: lacuna-run %s --entry=set --check | FileCheck %s --check-prefixes=CHECK,SET
// RUN: lacuna-run %s --entry=lookup --check | FileCheck %s
// RUN: lacuna-run %s --entry=gather --check | FileCheck %s
// RUN: lacuna-mask %s --entry=set --tile=64x64 | FileCheck %s --check-prefix=MASK
// Tables that are constants of the program reach the kernel like those that a caller passes.

!t = tensor<1x2x256x64xf32>

// SET: tiles {{.*}}8 visited of 32
// MASK: density 0.2500
// CHECK: check PASS
func.func @set(%q: !t {attn.name = "q", attn.default = "randn:1x2x256x64xf32:1"}, %k: !t {attn.name = "k", attn.default = "randn:1x2x256x64xf32:2"},
               %v: !t {attn.name = "v", attn.default = "randn:1x2x256x64xf32:3"}) -> !t {
  %p = arith.constant dense<[[[0, 1, 2, 3, 4]]]> : tensor<1x1x5xi32>
  %i = arith.constant dense<[0, 1, 1, 2]> : tensor<4xi32>
  %s = attn.csr_set %p, %i granule = [64, 64] : tensor<1x1x5xi32>, tensor<4xi32> -> !attn.set<csr>
  %m = attn.block_sparse %s : !attn.set<csr>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @lookup(%q: !t {attn.name = "q", attn.default = "randn:1x2x256x64xf32:1"}, %k: !t {attn.name = "k", attn.default = "randn:1x2x256x64xf32:2"},
                  %v: !t {attn.name = "v", attn.default = "randn:1x2x256x64xf32:3"}) -> !t {
  %lengths = arith.constant dense<[100]> : tensor<1xi32>
  %m = attn.key_lengths %lengths : tensor<1xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @gather(%q: !t {attn.name = "q", attn.default = "randn:1x2x256x64xf32:1"}, %k: !t {attn.name = "k", attn.default = "randn:1x2x256x64xf32:2"},
                  %v: !t {attn.name = "v", attn.default = "randn:1x2x256x64xf32:3"}) -> tensor<1x2x3x64xf32> {
  %rows = arith.constant dense<[[[7, 0, 255]]]> : tensor<1x1x3xi32>
  %qs = attn.gather_rows %q[%rows] layout(bhsd) : !t, tensor<1x1x3xi32> -> tensor<1x2x3x64xf32>
  %m = attn.all
  %o = attn.attention %qs, %k, %v mask(%m) layout(bhsd) : tensor<1x2x3x64xf32>, !t, !t -> tensor<1x2x3x64xf32>
  return %o : tensor<1x2x3x64xf32>
}
