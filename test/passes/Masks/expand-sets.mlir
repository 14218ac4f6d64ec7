// RUN: lacuna-opt %s -attn-expand-masks | FileCheck %s
// Masks on sets become predicates on attn.contains, or atoms on lookups. That they mean their formulas is checked by test/Execute.

!t = tensor<1x2x?x64xf32>

// Positions become blocks; no set op is left.
// CHECK-LABEL: func.func @block_sparse
// CHECK-NOT: attn.csr_set
// CHECK: attn.predicate
// CHECK: ^bb0(%[[B:.*]]: index, %[[H:.*]]: index, %[[Q:.*]]: index, %[[K:.*]]: index):
// CHECK-DAG: %[[C64:.*]] = arith.constant 64 : index
// CHECK-DAG: %[[COLUMN:.*]] = arith.floordivsi %[[K]], %[[C64]]
// CHECK-DAG: %[[C128:.*]] = arith.constant 128 : index
// CHECK-DAG: %[[ROW:.*]] = arith.floordivsi %[[Q]], %[[C128]]
// CHECK: %[[IN:.*]] = attn.contains csr(%{{.*}}, %{{.*}}) [%[[B]], %[[H]], %[[ROW]]] from %[[COLUMN]] to %[[COLUMN]]
// CHECK: attn.yield %[[IN]] : i1
func.func @block_sparse(%q: !t, %k: !t, %v: !t, %p: tensor<1x2x?xi32>, %i: tensor<?xi32>) -> !t {
  %s = attn.csr_set %p, %i granule = [128, 64] : tensor<1x2x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %m = attn.block_sparse %s : !attn.set<csr>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Buckets are an equality of grouped lookups, on both sides.
// CHECK-LABEL: func.func @hashed
// CHECK: attn.equal query
// CHECK: attn.lookup %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] grouped
// CHECK: key
// CHECK: attn.lookup %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] grouped
func.func @hashed(%q: !t, %k: !t, %v: !t, %hq: tensor<1x2x?xi32>, %hk: tensor<1x2x?xi32>) -> !t {
  %m = attn.hashed %hq, %hk : tensor<1x2x?xi32>, tensor<1x2x?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Columns, diagonals of a block of rows as a range, and causality as an interval.
// CHECK-LABEL: func.func @vertical_slash
// CHECK: %[[V:.*]] = attn.predicate
// CHECK: attn.contains list({{.*}}) [%{{.*}}, %{{.*}}, %{{.*}}] from %[[KEY:.*]] to %[[KEY]]
// CHECK: %[[D:.*]] = attn.predicate
// CHECK: arith.floordivsi
// CHECK: attn.contains list({{.*}}) [%{{.*}}, %{{.*}}, %{{.*}}] from %[[LOW:.*]] to
// CHECK: %[[LISTED:.*]] = attn.or %[[V]], %[[D]]
// CHECK: %[[CAUSAL:.*]] = attn.interval
// CHECK: attn.and %[[CAUSAL]], %[[LISTED]]
func.func @vertical_slash(%q: !t, %k: !t, %v: !t, %i: tensor<1x2x1x?xi32>, %n: tensor<1x2x1xi32>) -> !t {
  %s = attn.list_set %i, %n granule = [1, 1] : tensor<1x2x1x?xi32>, tensor<1x2x1xi32> -> !attn.set<list>
  %m = attn.vertical_slash %s, %s align(bottom_right) cover = 64 : !attn.set<list>, !attn.set<list>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// FlashMask's two forms with two columns mask inside and outside of them.
// CHECK-LABEL: func.func @runs
// CHECK: %[[A:.*]] = arith.cmpi slt
// CHECK: %[[B:.*]] = arith.cmpi sge
// CHECK: arith.ori %[[A]], %[[B]]
// CHECK: attn.predicate
// CHECK: %[[C:.*]] = arith.cmpi slt
// CHECK: %[[D:.*]] = arith.cmpi sge
// CHECK: arith.andi %[[C]], %[[D]]
func.func @runs(%q: !t, %k: !t, %v: !t, %r: tensor<1x1x?x2xi32>) -> !t {
  %lower = attn.runs_set %r lower : tensor<1x1x?x2xi32> -> !attn.set<runs>
  %both = attn.runs_set %r both : tensor<1x1x?x2xi32> -> !attn.set<runs>
  %x = attn.column_runs %lower : !attn.set<runs>
  %y = attn.column_runs %both : !attn.set<runs>
  %m = attn.or %x, %y
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
