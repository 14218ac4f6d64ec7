// RUN: lacuna-opt %s -split-input-file -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// Scale, score region and sinks: where each enters the online softmax.

// The scale is folded with log2(e) into one factor: 1/sqrt(64) · 1.4427 = 0.18034.
!t = tensor<1x2x?x64xf32>
// CHECK-LABEL: tile.kernel @folded.attention0
// CHECK: %[[F:.*]] = arith.constant 0.180336878 : f32
// CHECK: full {
// CHECK: %[[S:.*]] = tile.mma
// CHECK-NEXT: tile.reduce max %[[S]] axis 1
// CHECK: math.fma %{{.*}}, %[[F]], %{{.*}} : f32
func.func @folded(%q: !t) -> !t {
  %o = attn.attention %q, %q, %q layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// A negative factor would turn the maximum into a minimum: scores are multiplied before the reduction, also in the full body.
!t = tensor<1x2x?x64xf32>
// CHECK-LABEL: tile.kernel @negative_scale.attention0
// CHECK: full {
// CHECK: tile.mma
// CHECK: tile.map
// CHECK: arith.mulf
// CHECK: tile.reduce max
// CHECK-NOT: math.fma
// CHECK: arith.subf
// CHECK: math.exp2
func.func @negative_scale(%q: !t) -> !t {
  %o = attn.attention %q, %q, %q layout(bhsd) scale(-1.0) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// A score region runs between scale and mask, in both bodies, with logical coordinates; then base 2.
!t = tensor<1x2x?x64xf32>
// CHECK-LABEL: tile.kernel @score.attention0
// CHECK-SAME: %[[BIAS:[^:]*]]: memref<?xf32, strided<[1], offset: ?>>,
// CHECK-DAG: %[[SCALE:.*]] = arith.constant 1.250000e-01 : f32
// CHECK-DAG: %[[LOG2E:.*]] = arith.constant 1.44269502 : f32
// CHECK: partial {
// CHECK: math.tanh
// CHECK: arith.select
// CHECK: full {
// CHECK: tile.map
// CHECK: %[[X:.*]] = arith.mulf %{{.*}}, %[[SCALE]] : f32
// CHECK: %[[Y:.*]] = math.tanh %[[X]] : f32
// CHECK: scf.if
// CHECK: memref.load %[[BIAS]]
// CHECK: arith.mulf %{{.*}}, %[[LOG2E]] : f32
// CHECK-NOT: arith.select
// CHECK: tile.reduce max
func.func @score(%q: !t, %bias: tensor<?xf32>) -> !t {
  %o = attn.attention %q, %q, %q layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    %y = math.tanh %x : f32
    %z = attn.lookup %bias[%j] : tensor<?xf32> -> f32
    %r = arith.addf %y, %z : f32
    attn.yield %r : f32
  } : !t, !t, !t -> !t
  return %o : !t
}

// -----

// A sink joins after the visit: it may raise the maximum, and adds one exponential to the sum. LSE and row max come after it.
!t = tensor<1x2x?x64xf32>
!l = tensor<1x2x?xf32>
// CHECK-LABEL: tile.kernel @sinks.attention0
// CHECK-SAME: %[[SINKS:[^:]*]]: memref<2xf32, strided<[1], offset: ?>>,
// CHECK-SAME: %{{[^:]*}}: index, %[[H:[^:]*]]: index, %[[B:[^:]*]]: index)
// CHECK: tile.visit
// CHECK: full {
// CHECK: memref.load %[[SINKS]][%[[H]]]
// CHECK: arith.maxnumf
// CHECK: math.log2
// CHECK: tile.store {{.*}} !tile.tile<16x64xf32>
// CHECK: tile.store {{.*}} !tile.tile<16xf32>
// CHECK: tile.store {{.*}} !tile.tile<16xf32>
func.func @sinks(%q: !t, %s: tensor<2xf32>) -> (!t, !l, !l) {
  %o:3 = attn.attention %q, %q, %q sink_logits(%s : tensor<2xf32>) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t, !l, !l
  return %o#0, %o#1, %o#2 : !t, !l, !l
}
