// RUN: lacuna-opt %s -attn-expand-masks | FileCheck %s
// attn.select is a union of masks, each with an interval that is empty for the heads of others; attn.restrict moves coordinates and replaces lengths.

!t = tensor<2x2x?x64xf32>

// CHECK-LABEL: func.func @select
// CHECK-SAME: %[[P:[^:]*]]: tensor<?xi32>)
// CHECK: %[[C:.*]] = attn.interval
// CHECK: %[[S:.*]] = attn.interval
// CHECK: %[[FIRST:.*]] = attn.interval
// CHECK: ^bb0(%{{.*}}: index, %[[H:.*]]: index, %{{.*}}: index):
// CHECK: %[[ID:.*]] = attn.lookup %[[P]][%[[H]]]
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[ID]], %{{.*}} : index
// CHECK: %[[SK:.*]] = attn.key_length
// CHECK: %[[HI:.*]] = arith.select %[[SAME]], %[[SK]], %[[ZERO:.*]] : index
// CHECK: attn.yield %[[ZERO]], %[[HI]]
// CHECK: %[[X:.*]] = attn.and %[[FIRST]], %[[C]]
// CHECK: %[[SECOND:.*]] = attn.interval
// CHECK: %[[Y:.*]] = attn.and %[[SECOND]], %[[S]]
// CHECK: attn.or %[[X]], %[[Y]]
func.func @select(%q: !t, %k: !t, %v: !t, %p: tensor<?xi32>) -> !t {
  %c = attn.causal align(top_left)
  %s = attn.sink_tokens [4]
  %m = attn.select head %p[%c, %s] : tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @by_batch
// CHECK: ^bb0(%[[B:.*]]: index, %{{.*}}: index, %{{.*}}: index):
// CHECK: attn.lookup %{{.*}}[%[[B]]]
func.func @by_batch(%q: !t, %k: !t, %v: !t, %p: tensor<2xi32>) -> !t {
  %s = attn.sink_tokens [4]
  %m = attn.select batch %p[%s] : tensor<2xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @restrict
// CHECK-SAME: %[[Q0:[^:]*]]: index, %[[S:[^:]*]]: index)
// CHECK: %[[OFFSET:.*]] = arith.minsi
// CHECK: %[[LENGTH:.*]] = arith.minsi
// CHECK: %[[INSIDE:.*]] = attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[X:.*]] = arith.addi %[[Q]], %[[OFFSET]]
// CHECK: arith.cmpi ult, %[[X]], %[[LENGTH]]
// CHECK: attn.yield %c-4{{.*}}, %{{.*}}
// CHECK: %[[LOCAL:.*]] = attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[X:.*]] = arith.addi %[[Q]], %[[OFFSET]]
// CHECK-NOT: attn.key_length
// CHECK-NOT: attn.query_length
// CHECK: %[[OFF:.*]] = arith.subi %{{.*}}, %[[LENGTH]]
// CHECK: arith.addi %[[X]], %[[OFF]]
// CHECK: %[[HI:.*]] = arith.minsi
// CHECK: %[[MOVED:.*]] = arith.subi %[[HI]], %c4
// CHECK: attn.yield %c-4{{.*}}, %[[MOVED]]
// CHECK: attn.and %[[INSIDE]], %[[LOCAL]]
func.func @restrict(%q: !t, %k: !t, %v: !t, %q0: index, %s: index) -> !t {
  %c = attn.causal align(bottom_right)
  %m = attn.restrict %c queries(%q0 of %s) keys(4 of 64)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Blocks count from the whole sequence's first tokens, wherever the part begins.
// CHECK-LABEL: func.func @restricted_blocks
// CHECK: %[[C:.*]] = attn.interval
// CHECK: %[[INSIDE:.*]] = attn.interval
// CHECK: %[[M:.*]] = attn.block_interior %[[C]] [4, 6] within {
// CHECK-NEXT: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[X:.*]] = arith.addi %[[Q]], %c10
// CHECK: attn.yield %[[X]], %c64{{.*}}, %c-4{{.*}}, %c80{{.*}} : index, index, index, index
// CHECK: attn.and %[[INSIDE]], %[[M]]
func.func @restricted_blocks(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(bottom_right)
  %b = attn.block_interior %c [4, 6]
  %m = attn.restrict %b queries(10 of 64) keys(4 of 80)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
