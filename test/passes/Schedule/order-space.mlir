// RUN: lacuna-opt %s -attn-order-space -canonicalize -cse | FileCheck %s
// Boxes where they visit fewer keys: rows are gathered by a table and scattered back. With run-time extents the attention in raster order stays; one of the two
// gets no queries.

!t = tensor<1x2x?x64xf32>
module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @known
// CHECK-SAME: %[[Q:.*]]: tensor<1x2x4096x64xf32>
// CHECK: %[[POINTS:.*]] = linalg.generic
// CHECK: linalg.index 2
// CHECK: %[[QUERIES:.*]] = tensor.cast %[[POINTS]]
// CHECK: %[[POINTS:.*]] = linalg.generic
// CHECK: %[[KEYS:.*]] = tensor.cast %[[POINTS]]
// CHECK: %[[MASK:.*]] = attn.neighborhood space[64, 64] window[15, 15] query_box[4, 8] key_box[16, 8]
// CHECK: %[[Q_ROWS:.*]] = attn.gather_rows %[[Q]][%[[QUERIES]]]
// CHECK: %[[K_ROWS:.*]] = attn.gather_rows %[[Q]][%[[KEYS]]]
// CHECK: %[[O:.*]] = attn.attention %[[Q_ROWS]], %[[K_ROWS]], %[[K_ROWS]] mask(%[[MASK]])
// CHECK-NOT: attn.attention
// CHECK: attn.scatter_rows %[[O]][%[[QUERIES]]]
func.func @known(%q: tensor<1x2x4096x64xf32>) -> tensor<1x2x4096x64xf32> {
  %m = attn.neighborhood space[64, 64] window[15, 15]
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : tensor<1x2x4096x64xf32>, tensor<1x2x4096x64xf32>, tensor<1x2x4096x64xf32> -> tensor<1x2x4096x64xf32>
  return %o : tensor<1x2x4096x64xf32>
}

// CHECK-LABEL: func.func @run_time
// CHECK: %[[REST:.*]] = arith.select %[[BOXES:.*]], %c0, %{{.*}}
// CHECK: %[[LINES:.*]] = attn.attention {{.*}} {attn.min_queries = 1 : i64}
// CHECK: %[[INTO:.*]] = tensor.insert_slice %[[LINES]]
// CHECK: %[[ALL:.*]] = arith.select %[[BOXES]], %{{.*}}, %c0
// CHECK: %[[TABLE:.*]] = linalg.generic
// CHECK: attn.neighborhood space[%{{.*}}, 6, 8] window[3, 3, 3] causal[true, false, false] query_box[2, 4, 4] key_box[8, 4, 4]
// CHECK: %[[O:.*]] = attn.attention
// CHECK: attn.scatter_rows %[[O]][%[[TABLE]]] into %[[INTO]] layout(shd)
func.func @run_time(%q: tensor<?x2x64xf32>, %n: index) -> tensor<?x2x64xf32> {
  %m = attn.neighborhood space[%n, 6, 8] window[3, 3, 3] causal[true, false, false]
  %o = attn.attention %q, %q, %q mask(%m) layout(shd) : tensor<?x2x64xf32>, tensor<?x2x64xf32>, tensor<?x2x64xf32> -> tensor<?x2x64xf32>
  return %o : tensor<?x2x64xf32>
}

// The output has a type of its own, and so has the tensor that rows are scattered into.
// CHECK-LABEL: func.func @wide
// CHECK: %[[INTO:.*]] = tensor.empty() : tensor<1x2x4096x64xf32>
// CHECK: attn.scatter_rows %{{.*}} into %[[INTO]]
func.func @wide(%q: tensor<1x2x4096x64xbf16>) -> tensor<1x2x4096x64xf32> {
  %m = attn.neighborhood space[64, 64] window[15, 15]
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : tensor<1x2x4096x64xbf16>, tensor<1x2x4096x64xbf16>, tensor<1x2x4096x64xbf16> -> tensor<1x2x4096x64xf32>
  return %o : tensor<1x2x4096x64xf32>
}

// Lines as short as a box: in order they are boxes already.
// CHECK-LABEL: func.func @narrow
// CHECK-NOT: attn.gather_rows
// CHECK: return
func.func @narrow(%q: tensor<1x2x4096x64xf32>) -> tensor<1x2x4096x64xf32> {
  %m = attn.neighborhood space[512, 8] window[15, 3]
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : tensor<1x2x4096x64xf32>, tensor<1x2x4096x64xf32>, tensor<1x2x4096x64xf32> -> tensor<1x2x4096x64xf32>
  return %o : tensor<1x2x4096x64xf32>
}

// More points than counts of pairs have room for: 2^24 + 1.
// CHECK-LABEL: func.func @many
// CHECK-NOT: attn.gather_rows
// CHECK: return
func.func @many(%q: tensor<1x1x16777217x64xf32>) -> tensor<1x1x16777217x64xf32> {
  %m = attn.neighborhood space[24929, 673] window[15, 15]
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : tensor<1x1x16777217x64xf32>, tensor<1x1x16777217x64xf32>, tensor<1x1x16777217x64xf32> -> tensor<1x1x16777217x64xf32>
  return %o : tensor<1x1x16777217x64xf32>
}

// Scores that see positions, statistics, dilation, one dimension: as they are.
// CHECK-LABEL: func.func @others
// CHECK-NOT: attn.gather_rows
// CHECK: return
func.func @others(%q: !t) -> (!t, !t, tensor<1x2x?xf32>, !t, !t) {
  %m = attn.neighborhood space[64, 64] window[15, 15]
  %o0 = attn.attention %q, %q, %q mask(%m) layout(bhsd) score {
  ^bb0(%s: f32, %b: index, %h: index, %i: index, %j: index):
    %d = arith.subi %i, %j : index
    %x = arith.index_cast %d : index to i32
    %y = arith.sitofp %x : i32 to f32
    %z = arith.addf %s, %y : f32
    attn.yield %z : f32
  } : !t, !t, !t -> !t
  %o1, %lse = attn.attention %q, %q, %q mask(%m) layout(bhsd) : !t, !t, !t -> !t, tensor<1x2x?xf32>
  %d = attn.neighborhood space[64, 64] window[15, 15] dilation[2, 1]
  %o2 = attn.attention %q, %q, %q mask(%d) layout(bhsd) : !t, !t, !t -> !t
  %one = attn.neighborhood space[4096] window[225]
  %o3 = attn.attention %q, %q, %q mask(%one) layout(bhsd) : !t, !t, !t -> !t
  return %o0, %o1, %lse, %o2, %o3 : !t, !t, tensor<1x2x?xf32>, !t, !t
}
}
