// RUN: lacuna-opt %s -attn-select-schedule | FileCheck %s
// RUN: lacuna-opt %s -attn-select-schedule="schedule=#attn.schedule<tile_m=32,tile_n=64>" | FileCheck %s --check-prefix=GIVEN
// RUN: lacuna-opt %s -attn-select-schedule --remarks-filter='lacuna-.*' --remark-format=emitRemark 2>&1 | FileCheck %s --check-prefix=REMARK
// A schedule on the op wins over the option, the option over the table; decisions, not what was there before, are remarks.

// REMARK: select-schedule-choice.mlir:[[@LINE+8]]:{{.*}} remark: [Passed] schedule | Category:lacuna-schedule | tile_m=48, tile_n=128
// REMARK-NOT: remark:
module attributes {tile.target = "x86-64-v3"} {
// CHECK: schedule(#attn.schedule<tile_m = 48, tile_n = 128, transposed = true>)
// CHECK: schedule(#attn.schedule<tile_m = 16, tile_n = 8>)
// GIVEN: schedule(#attn.schedule<tile_m = 32, tile_n = 64>)
// GIVEN: schedule(#attn.schedule<tile_m = 16, tile_n = 8>)
func.func @f(%q: tensor<1x1x?x8xf32>) -> (tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>) {
  %o = attn.attention %q, %q, %q layout(bhsd) : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32> -> tensor<1x1x?x8xf32>
  %p = attn.attention %q, %q, %q layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 8>)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32> -> tensor<1x1x?x8xf32>
  return %o, %p : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>
}
}
