// REQUIRES: ptxas
// RUN: sed 's/TARGET/sm_80/; s/xHx/x64x/g; s/TYPE/bf16/g' %s | lacuna-opt -attn-expand-masks -attn-select-schedule -attn-to-tile -canonicalize -cse -o %t.64.bf16.mlir
// RUN: lacuna-test-kernels %t.64.bf16.mlir resources | FileCheck %s --check-prefix=RESOURCES
// RUN: sed 's/TARGET/sm_80/; s/xHx/x128x/g; s/TYPE/bf16/g' %s | lacuna-opt -attn-expand-masks -attn-select-schedule -attn-to-tile -canonicalize -cse -o %t.128.bf16.mlir
// RUN: lacuna-test-kernels %t.128.bf16.mlir resources | FileCheck %s --check-prefix=RESOURCES
// RUN: sed 's/TARGET/sm_80/; s/xHx/x256x/g; s/TYPE/f16/g' %s | lacuna-opt -attn-expand-masks -attn-select-schedule -attn-to-tile -canonicalize -cse -o %t.256.f16.mlir
// RUN: lacuna-test-kernels %t.256.f16.mlir resources | FileCheck %s --check-prefix=RESOURCES
// RUN: lacuna-test-kernels %t.128.bf16.mlir text | FileCheck %s --check-prefix=PTX
// From attention to a cubin: a causal window at head sizes 64, 128 and 256 fits the registers.

// RESOURCES: window.attention0 (window$attention0): threads 128, shared {{[0-9]+}}, parameters 384
// RESOURCES: 0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
// RESOURCES: binary bytes {{[1-9]}}

// PTX: .target sm_80
// PTX: .extern .shared .align 128 .b8 lacuna_shared[]
// PTX: .visible .entry window$attention0
// PTX-SAME: (
// PTX-NEXT: .param .align 64 .b8 window$attention0_param_0[384]
// PTX: .reqntid 128
// PTX: cp.async.cg.shared.global
// PTX: ldmatrix.sync.aligned.m8n8.x4.shared.b16
// PTX: mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32
// PTX: ex2.approx.ftz.f32
// PTX: cvt.rn.bf16x2.f32
// PTX: ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16

module attributes {tile.target = "TARGET"} {
func.func @window(%q: tensor<?x32x?xHxTYPE>, %k: tensor<?x8x?xHxTYPE>, %v: tensor<?x8x?xHxTYPE>, %w: index) -> (tensor<?x32x?xHxTYPE>, tensor<?x32x?xf32>) {
  %c = attn.causal align(bottom_right)
  %s = attn.sliding_window [%w, 0] align(bottom_right)
  %m = attn.and %c, %s
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x32x?xHxTYPE>, tensor<?x8x?xHxTYPE>, tensor<?x8x?xHxTYPE> -> tensor<?x32x?xHxTYPE>, tensor<?x32x?xf32>
  return %o, %lse : tensor<?x32x?xHxTYPE>, tensor<?x32x?xf32>
}
}
