// RUN: lacuna-opt %s -attn-drop-masks | FileCheck %s
// Every attention attends everything; only what masks were made of goes.

!t = tensor<1x2x?x64xf32>

// CHECK-LABEL: func.func @example
// CHECK-NEXT: %[[O:.*]] = attn.attention %{{.*}}, %{{.*}}, %{{.*}} layout(bhsd)
// CHECK-NEXT: return %[[O]]
func.func @example(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Masks of masks go, from the last to the first; a set that a mask was built on stays for others to remove.
// CHECK-LABEL: func.func @nested
// CHECK-NOT: attn.causal
// CHECK-NOT: attn.document
// CHECK-NOT: attn.and
// CHECK: attn.attention %{{.*}} scale(5.000000e-01)
// CHECK-SAME: score {
func.func @nested(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32>) -> !t {
  %c = attn.causal align(bottom_right)
  %d = attn.document %cu, %cu where %c : tensor<?xi32>, tensor<?xi32>
  %m = attn.and %d, %c
  %o = attn.attention %q, %k, %v scale(0.5) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    attn.yield %x : f32
  } mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// States, too, and each of several.
// CHECK-LABEL: func.func @states
// CHECK-COUNT-2: attn.attention_state %{{[a-z0-9]+}}, %{{[a-z0-9]+}}, %{{[a-z0-9]+}} layout(bhsd)
// CHECK: attn.merge_states
func.func @states(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.causal align(bottom_right)
  %n = attn.not %m
  %a = attn.attention_state %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !attn.state<bhsd, 1x2x?x64>
  %b = attn.attention_state %q, %k, %v mask(%n) layout(bhsd) : !t, !t, !t -> !attn.state<bhsd, 1x2x?x64>
  %s = attn.merge_states %a, %b : !attn.state<bhsd, 1x2x?x64>, !attn.state<bhsd, 1x2x?x64> -> !attn.state<bhsd, 1x2x?x64>
  %o = attn.finalize %s : !attn.state<bhsd, 1x2x?x64> -> !t
  return %o : !t
}

// Without a mask nothing changes; mask functions stay.
// CHECK-LABEL: func.func @dense
// CHECK: attn.attention
// CHECK-LABEL: func.func @library
// CHECK: return %{{.*}} : !attn.mask
func.func @dense(%q: !t, %k: !t, %v: !t) -> !t {
  %o = attn.attention %q, %k, %v layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
func.func @library() -> !attn.mask {
  %m = attn.causal align(top_left)
  return %m : !attn.mask
}
