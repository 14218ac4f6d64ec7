// RUN: lacuna-opt %s -attn-expand-masks | FileCheck %s
// Every core mask, one per function.

!t = tensor<2x2x?x64xf32>

// CHECK-LABEL: func.func @all
// CHECK: %[[M:.*]] = attn.interval {
// CHECK-DAG: %[[LO:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[HI:.*]] = attn.key_length
// CHECK: attn.yield %[[LO]], %[[HI]]
// CHECK: mask(%[[M]])
func.func @all(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.all
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @causal
// CHECK: ^bb0(%[[B:.*]]: index, %[[H:.*]]: index, %[[Q:.*]]: index):
// CHECK-DAG: %[[LO:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[SK:.*]] = attn.key_length
// CHECK-DAG: %[[SQ:.*]] = attn.query_length
// CHECK: %[[OFF:.*]] = arith.subi %[[SK]], %[[SQ]] : index
// CHECK: %[[P:.*]] = arith.addi %[[Q]], %[[OFF]] : index
// CHECK: %[[HI:.*]] = arith.addi %[[P]], %{{.*}} : index
// CHECK: attn.yield %[[LO]], %[[HI]]
func.func @causal(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @causal_top_left
// CHECK-NOT: attn.key_length
// CHECK: attn.yield
func.func @causal_top_left(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.causal align(top_left)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @sliding_window
// CHECK-SAME: %[[W:[^:]*]]: index)
// A run-time bound is brought back to 2^62, where nothing wraps.
// CHECK: %[[ABOVE:.*]] = arith.maxsi %[[W]], %{{.*}} : index
// CHECK: %[[LEFT:.*]] = arith.minsi %[[ABOVE]], %{{.*}} : index
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[LO:.*]] = arith.subi %[[Q]], %[[LEFT]] : index
// CHECK: %[[R:.*]] = arith.addi %[[Q]], %{{.*}} : index
// CHECK: %[[HI:.*]] = arith.addi %[[R]], %{{.*}} : index
// CHECK: attn.yield %[[LO]], %[[HI]]
func.func @sliding_window(%q: !t, %k: !t, %v: !t, %w: index) -> !t {
  %m = attn.sliding_window [%w, 3] align(top_left)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @sink_tokens
// CHECK: %[[LO:.*]] = arith.constant 0 : index
// CHECK: %[[HI:.*]] = arith.constant 4 : index
// CHECK: attn.yield %[[LO]], %[[HI]]
func.func @sink_tokens(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.sink_tokens [4]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @key_lengths
// CHECK-SAME: %[[T:[^:]*]]: tensor<2xi32>)
// CHECK: ^bb0(%[[B:.*]]: index, %{{.*}}: index, %{{.*}}: index):
// CHECK: %[[HI:.*]] = attn.lookup %[[T]][%[[B]]] : tensor<2xi32> -> index
// CHECK: attn.yield %{{.*}}, %[[HI]]
func.func @key_lengths(%q: !t, %k: !t, %v: !t, %lengths: tensor<2xi32>) -> !t {
  %m = attn.key_lengths %lengths : tensor<2xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// A mask used by two attentions is expanded once; attn.all disappears from a conjunction; not(not x) is x.
// CHECK-LABEL: func.func @shared
// CHECK-COUNT-2: attn.interval
// CHECK-NOT: attn.interval
// CHECK: %[[M:.*]] = attn.and %{{.*}}, %{{.*}}
// CHECK: attn.attention {{.*}} mask(%[[M]])
// CHECK: attn.attention {{.*}} mask(%[[M]])
func.func @shared(%q: !t, %k: !t, %v: !t) -> (!t, !t) {
  %a = attn.all
  %c = attn.causal align(bottom_right)
  %s = attn.sink_tokens [4]
  %n = attn.not %s
  %nn = attn.not %n
  %one = attn.or %nn
  %ac = attn.and %a, %c
  %m = attn.and %ac, %one, %c
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  %p = attn.attention %o, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o, %p : !t, !t
}
