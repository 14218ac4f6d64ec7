// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -attn-lower-states
// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -attn-to-reference

!s = !attn.state<bhsd, 1x8x?x64>
func.func @unknown_origin(%s: !s) -> tensor<1x8x?x64xf32> {
  // expected-error@+1 {{expects a state that attn ops of the same function made, but got <block argument> of type '!attn.state<bhsd, 1x8x?x64>' at index: 0}}
  %r = attn.finalize %s : !s -> tensor<1x8x?x64xf32>
  return %r : tensor<1x8x?x64xf32>
}
