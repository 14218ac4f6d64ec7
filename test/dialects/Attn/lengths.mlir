// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// attn.query_length and attn.key_length take nothing, so there is nothing to get wrong.
// CHECK-LABEL: func.func @lengths
func.func @lengths() {
  // CHECK: %[[SQ:.*]] = attn.query_length
  // CHECK: %[[SK:.*]] = attn.key_length
  // CHECK: attn.yield %[[SQ]], %[[SK]] : index, index
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    %sq = attn.query_length
    %sk = attn.key_length
    attn.yield %sq, %sk : index, index
  }
  return
}
