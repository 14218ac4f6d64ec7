// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/streaming_blocks.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @streaming_blocks
// LINK: attn.sink_tokens

// Intervals alone.
// CHECK-LABEL: func.func @streaming_blocks
// CHECK: %[[START:.*]] = attn.interval
// CHECK: %[[CAUSAL:.*]] = attn.interval
// CHECK: %[[SINK:.*]] = attn.and %[[CAUSAL]], %[[START]]
// CHECK: %[[NEAR:.*]] = attn.interval
// CHECK: %[[M:.*]] = attn.or %[[SINK]], %[[NEAR]]
// CHECK: mask(%[[M]])
func.func @streaming_blocks(%q: !t, %k: !t, %v: !t, %block: index, %sinks: index, %local: index) -> !t {
  %m = attn.named @streaming_blocks(%block, %sinks, %local : index, index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
