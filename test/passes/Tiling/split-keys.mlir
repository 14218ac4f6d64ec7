// RUN: lacuna-opt %s -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// Three work items share the key tiles of a query tile: item number = 3 · query tile + share. The kernel's outputs have the shares first; the results are merged
// in their order. Sink logits count in the first share only.

!q = tensor<1x4x2x64xbf16>
!k = tensor<1x2x?x64xbf16>

// CHECK-LABEL: func.func @f
// CHECK-DAG: %[[O:.*]] = tensor.empty() : tensor<3x1x4x2x64xf32>
// CHECK-DAG: %[[L:.*]] = tensor.empty() : tensor<3x1x4x2xf32>
// CHECK: %[[R:.*]]:2 = tile.launch @f.attention0 grid(%c3, %c4, %c1) {{.*}} outs(%[[O]], %[[L]] :
// CHECK: %[[O0:.*]] = tensor.extract_slice %[[R]]#0[0, 0, 0, 0, 0] [1, 1, 4, 2, 64]
// CHECK: %[[L0:.*]] = tensor.extract_slice %[[R]]#1[0, 0, 0, 0] [1, 1, 4, 2]
// CHECK: %[[S0:.*]] = attn.make_state %[[O0]], %[[L0]]
// CHECK: %[[S1:.*]] = attn.make_state
// CHECK: %[[S2:.*]] = attn.make_state
// CHECK: %[[S:.*]] = attn.merge_states %[[S0]], %[[S1]], %[[S2]]
// CHECK: attn.finalize %[[S]] : !attn.state<bhsd, 1x4x2x64> -> tensor<1x4x2x64xbf16>
// CHECK-LABEL: tile.kernel @f.attention0
// CHECK-SAME: %[[X:[^:]*]]: index, %[[H:[^:]*]]: index, %[[B:[^:]*]]: index) attributes {tile.schedule = #attn.schedule<tile_m = 2, tile_n = 32, split = 3>}
// CHECK-DAG: %[[SHARE:.*]] = arith.remui %[[X]], %c3
// CHECK-DAG: arith.divui %[[X]], %c3
// CHECK: %[[NEXT:.*]] = arith.addi %[[SHARE]], %c1
// CHECK: tile.visit
// CHECK: %[[FIRST:.*]] = arith.cmpi eq, %[[SHARE]], %c0
// CHECK: arith.select %[[FIRST]], %{{.*}}, %cst{{.*}} : f32
// CHECK: tile.store %{{.*}}, %{{.*}}[%[[SHARE]], %[[B]], %[[H]]] {{.*}} !tile.tile<2x64xf32>, memref<3x1x4x2x64xf32
// CHECK: tile.store %{{.*}}, %{{.*}}[%[[SHARE]], %[[B]], %[[H]]] {{.*}} !tile.tile<2xf32>, memref<3x1x4x2xf32
func.func @f(%q: !q, %k: !k, %sinks: tensor<4xf32>) -> !q {
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %k mask(%m) layout(bhsd) sink_logits(%sinks : tensor<4xf32>) schedule(#attn.schedule<tile_m = 2, tile_n = 32, split = 3>) : !q, !k, !k -> !q
  return %o : !q
}
