// RUN: lacuna-opt %s -attn-expand-masks | FileCheck %s
// One dimension is one interval; dilation adds an equality of groups; more dimensions add a predicate beside the interval of the hull. Constants fold.

!t = tensor<2x2x?x64xf32>

// CHECK-LABEL: func.func @line
// CHECK: %[[M:.*]] = attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[L:.*]] = arith.subi %[[Q]], %c7
// CHECK: %[[A:.*]] = arith.maxsi %[[L]], %c0
// CHECK: %[[LO:.*]] = arith.minsi %[[A]], %c81
// CHECK: %[[LAST:.*]] = arith.addi %[[LO]], %c14
// CHECK: %[[END:.*]] = arith.addi %[[LAST]], %c1
// CHECK: %[[IN:.*]] = arith.cmpi slt, %[[Q]], %c96
// CHECK: %[[HI:.*]] = arith.select %[[IN]], %[[END]], %c0
// CHECK: attn.yield %[[LO]], %[[HI]]
// CHECK: attn.attention {{.*}} mask(%[[M]])
func.func @line(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[96] window[15]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK-LABEL: func.func @dilated
// CHECK: %[[HULL:.*]] = attn.interval
// CHECK: %[[GROUP:.*]] = attn.equal query
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK: %[[R:.*]] = arith.remui %[[Q]], %c3
// CHECK: attn.yield %[[R]]
// CHECK: attn.and %[[HULL]], %[[GROUP]]
func.func @dilated(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[96] window[15] dilation[3] causal[true]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// The hull of 8 x 12 points: from 12 * first + first' to 12 * last + last', each inclusive. It decides the row; the pair is asked for its column alone.
// CHECK-LABEL: func.func @plane
// CHECK: %[[HULL:.*]] = attn.interval
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index):
// CHECK-DAG: %[[COLUMN:.*]] = arith.remui %[[Q]], %c12
// CHECK-DAG: %[[ROW:.*]] = arith.divui %[[Q]], %c12
// CHECK: arith.divui %[[COLUMN]], %c2
// CHECK: arith.muli
// CHECK: %[[START:.*]] = arith.muli %[[FIRST:.*]], %c12
// CHECK: arith.addi %{{.*}}, %[[START]]
// CHECK: arith.cmpi slt, %[[ROW]], %c8
// CHECK: %[[PAIRS:.*]] = attn.predicate
// CHECK: ^bb0(%{{.*}}: index, %{{.*}}: index, %[[Q:.*]]: index, %[[K:.*]]: index):
// CHECK: %[[X:.*]] = arith.remui %[[K]], %c12
// CHECK-NOT: arith.divui %[[K]]
// CHECK: arith.cmpi sge, %[[X]], %{{.*}}
// CHECK: %[[LAST:.*]] = arith.minsi %{{.*}}, %c11
// CHECK: arith.cmpi sle, %[[X]], %[[LAST]]
// CHECK: attn.and %[[HULL]], %[[PAIRS]]
func.func @plane(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.neighborhood space[8, 12] window[5, 4] stride[1, 2]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Run-time values are brought to legal ones: the extent to [1, 2^31), the window to [1, extent].
// CHECK-LABEL: func.func @run_time
// CHECK-SAME: %[[N:[^:]*]]: index, %[[W:[^:]*]]: index)
// CHECK: %[[LEAST:.*]] = arith.minsi %[[N]], %c2147483647
// CHECK: %[[EXTENT:.*]] = arith.maxsi %[[LEAST]], %c1
// CHECK: %[[LESS:.*]] = arith.minsi %[[W]], %[[EXTENT]]
// CHECK: %[[WINDOW:.*]] = arith.maxsi %[[LESS]], %c1
// CHECK: arith.divui %[[WINDOW]], %c2
func.func @run_time(%q: !t, %k: !t, %v: !t, %n: index, %w: index) -> !t {
  %m = attn.neighborhood space[%n] window[%w]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
