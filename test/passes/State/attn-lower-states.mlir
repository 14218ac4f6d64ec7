// RUN: lacuna-opt %s -attn-lower-states | FileCheck %s
// A merge is one generic over rows and one over the output; finalize rounds; the order of the parts is that of the operands.

// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-DAG: #[[ALL:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-DAG: #[[PACKED:.*]] = affine_map<(d0, d1, d2) -> (d1, d0)>

!o = tensor<1x8x?x64xf32>
!l = tensor<1x8x?xf32>
!s = !attn.state<bhsd, 1x8x?x64>

// CHECK-LABEL: func.func @merge(
// CHECK-SAME: %[[OA:[^:]*]]: tensor<1x8x?x64xf32>, %[[LA:[^:]*]]: tensor<1x8x?xf32>, %[[OB:[^:]*]]: tensor<1x8x?x64xf32>, %[[LB:[^:]*]]: tensor<1x8x?xf32>
// CHECK: tile.require %{{.*}}, %{{.*}}, "make_state: size of the lse"
// CHECK: tile.require %{{.*}}, %{{.*}}, "make_state: size of the lse"
// CHECK: tile.require %{{.*}}, %{{.*}}, "merge_states: size of a part"
// CHECK: %[[R:.*]]:3 = linalg.generic {indexing_maps = [#[[ROWS]], #[[ROWS]], #[[ROWS]], #[[ROWS]], #[[ROWS]]], iterator_types = ["parallel", "parallel", "parallel"]} ins(%[[LA]], %[[LB]] :
// CHECK-NEXT: ^bb0(%[[A:[^:,]*]]: f32, %[[B:[^:,]*]]: f32,
// CHECK: %[[MOST:.*]] = arith.maximumf %[[A]], %[[B]]
// CHECK-COUNT-2: math.exp
// CHECK: math.log
// CHECK-COUNT-2: arith.divf
// CHECK: %[[O:.*]] = linalg.generic {indexing_maps = [#[[ROW]], #[[ROW]], #[[ALL]], #[[ALL]], #[[ALL]]], {{.*}} ins(%[[R]]#1, %[[R]]#2, %[[OA]], %[[OB]] :
// CHECK: %[[X:.*]] = arith.mulf
// CHECK: %[[Y:.*]] = arith.mulf
// CHECK: arith.addf %[[X]], %[[Y]]
// CHECK: %[[H:.*]] = linalg.generic {{.*}} ins(%[[O]] :
// CHECK: arith.truncf {{.*}} : f32 to bf16
// CHECK: return %[[H]], %[[R]]#0
func.func @merge(%oa: !o, %la: !l, %ob: !o, %lb: !l) -> (tensor<1x8x?x64xbf16>, !l) {
  %a = attn.make_state %oa, %la : !o, !l -> !s
  %b = attn.make_state %ob, %lb : !o, !l -> !s
  %s = attn.merge_states %a, %b : !s, !s -> !s
  %o, %l = attn.finalize %s : !s -> tensor<1x8x?x64xbf16>, !l
  return %o, %l : tensor<1x8x?x64xbf16>, !l
}

// An empty part stays empty, whatever its temperature and weight: 0 · -inf is never taken.
// CHECK-LABEL: func.func @weighted(
// CHECK-SAME: %[[T:[^:,]*]]: f32, %[[W:[^:,]*]]: f32)
// CHECK: linalg.generic
// CHECK-NEXT: ^bb0(%[[L:[^:,]*]]: f32,
// CHECK-NEXT: %[[X:.*]] = arith.mulf %[[L]], %[[T]] : f32
// CHECK-NEXT: %[[Y:.*]] = arith.addf %[[X]], %[[W]] : f32
// CHECK: %[[E:.*]] = arith.cmpf oeq, %[[L]], %{{.*}} : f32
// CHECK-NEXT: arith.select %[[E]], %[[L]], %[[Y]] : f32
func.func @weighted(%o: !o, %l: !l, %t: f32, %w: f32) -> !o {
  %a = attn.make_state %o, %l : !o, !l -> !s
  %s = attn.merge_states %a temperatures(%t) log_weights(%w) : !s -> !s
  %r = attn.finalize %s : !s -> !o
  return %r : !o
}

// CHECK-LABEL: func.func @gates(
// CHECK-SAME: %[[A:[^:]*]]: tensor<?x8x64xf16>, %[[G:[^:]*]]: tensor<8x?xf32>
// CHECK: tile.require %{{.*}}, %{{.*}}, "gate_sum: size of a gate"
// CHECK: linalg.generic {indexing_maps = [#[[PACKED]], #[[ROWS]], #[[ROWS]]], {{.*}} ins(%[[G]], %[[A]] :
// CHECK: arith.extf
// CHECK: arith.mulf
// CHECK: arith.truncf {{.*}} : f32 to f16
func.func @gates(%a: tensor<?x8x64xf16>, %g: tensor<8x?xf32>) -> tensor<?x8x64xf16> {
  %r = attn.gate_sum %a gates(%g : tensor<8x?xf32>) layout(shd) : tensor<?x8x64xf16> -> tensor<?x8x64xf16>
  return %r : tensor<?x8x64xf16>
}
