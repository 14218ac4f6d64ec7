// RUN: sed 's/TARGET/gfx942/; s/xHx/x64x/g; s/TYPE/bf16/g' %s | lacuna-opt -attn-expand-masks -attn-select-schedule -attn-to-tile -canonicalize -cse -o %t.64.bf16.mlir
// RUN: lacuna-test-kernels %t.64.bf16.mlir text | FileCheck %s --check-prefix=ISA
// RUN: sed 's/TARGET/gfx942/; s/xHx/x128x/g; s/TYPE/f16/g' %s | lacuna-opt -attn-expand-masks -attn-select-schedule -attn-to-tile -canonicalize -cse -o %t.128.f16.mlir
// RUN: lacuna-test-kernels %t.128.f16.mlir text | FileCheck %s --check-prefix=ISA16
// RUN: lacuna-test-kernels %t.64.bf16.mlir resources | FileCheck %s --check-prefix=RESOURCES
// RUN: lacuna-test-kernels %t.128.f16.mlir binary | llvm-readobj --file-headers --notes - | FileCheck %s --check-prefix=HSACO
// From attention to HSACO, with MFMA on the transposes, no spills, the parameter block is the whole kernarg segment.

// ISA: .amdgcn_target "amdgcn-amd-amdhsa--gfx942"
// ISA: v_mfma_f32_32x32x8_bf16
// ISA: v_exp_f32
// ISA: .kernarg_segment_size: 384
// ISA: .vgpr_spill_count: 0
// ISA16: v_mfma_f32_32x32x8_f16
// ISA16: .vgpr_spill_count: 0

// RESOURCES: window.attention0 (window.attention0): threads 256, shared {{[0-9]+}}, parameters 384
// RESOURCES: binary bytes {{[1-9]}}

// HSACO: Type: SharedObject
// HSACO: EF_AMDGPU_MACH_AMDGCN_GFX942
// HSACO: window.attention0.kd

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
