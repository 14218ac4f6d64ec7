// RUN: lacuna-opt %s -attn-expand-masks -canonicalize -attn-tabulate-sets -canonicalize -cse -split-input-file | FileCheck %s
// A list of keys and one of diagonals become tables of bytes; lists of blocks for blocks of queries stay.

!t = tensor<1x4x?x64xf32>
#schedule = #attn.schedule<tile_m = 48, tile_n = 128, transposed = true>

// CHECK-LABEL: @vertical_slash
// CHECK-SAME: %{{.*}}: tensor<1x4x?x64xf32>, %[[K:[a-z0-9]*]]: tensor<1x4x?x64xf32>, %{{.*}}: tensor<1x4x?x64xf32>, %[[V:[a-z0-9]*]]: tensor<1x4x1x?xi32>
// Keys reach from 0 to Sk + 128, since tiles may reach beyond the end: the table has one byte more.
// CHECK: %[[SK:.*]] = tensor.dim %[[K]]
// CHECK-NEXT: %[[SIZE:.*]] = arith.addi %[[SK]], %c129
// CHECK-NEXT: %[[EMPTY:.*]] = tensor.empty(%[[SIZE]]) : tensor<1x4x1x?xi8>
// CHECK-NEXT: %[[CLEAR:.*]] = linalg.fill ins(%{{.*}} : i8) outs(%[[EMPTY]] : tensor<1x4x1x?xi8>)
// CHECK-NEXT: %[[KEYS:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %[[CLEAR]])
// CHECK: %[[ENTRY:.*]] = tensor.extract %[[V]]
// CHECK-NEXT: %[[COLUMN:.*]] = arith.index_cast %[[ENTRY]]
// CHECK: %[[INSIDE:.*]] = arith.cmpi ult, %[[COLUMN]]
// CHECK-NEXT: scf.if %[[INSIDE]]
// CHECK-NEXT: tensor.insert %{{.*}} into %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}, %[[COLUMN]]]
// CHECK: attn.predicate
// CHECK-NEXT: ^bb0(%[[B:.*]]: index, %[[H:.*]]: index, %{{.*}}: index, %[[KEY:.*]]: index)
// CHECK-NEXT: attn.contains table(%[[KEYS]]) [%[[B]], %[[H]], %c0] from %[[KEY]] to %[[KEY]] in_bounds
// A diagonal reaches from -Sq - 191 on: the ends of the query's block of 64 are at most 63 away from it.
// It reaches as far beyond the other end: 191 + 1 + 191 bytes more than both lengths.
// CHECK: %[[FIRST:.*]] = arith.subi %c-191, %[[SQ:.*]] : index
// CHECK-NEXT: %[[BOTH:.*]] = arith.addi %[[SQ]], %c383 : index
// CHECK-NEXT: arith.addi %[[BOTH]], %[[SK]] : index
// CHECK: attn.predicate
// CHECK: %[[LOW:.*]] = arith.subi %{{.*}}, %[[FIRST]]
// CHECK-NEXT: %[[HIGH:.*]] = arith.subi %{{.*}}, %[[FIRST]]
// CHECK-NEXT: attn.contains table({{.*}} from %[[LOW]] to %[[HIGH]] in_bounds
func.func @vertical_slash(%q: !t, %k: !t, %v: !t, %verticals: tensor<1x4x1x?xi32>, %nv: tensor<1x4x1xi32>, %slashes: tensor<1x4x1x?xi32>,
                          %ns: tensor<1x4x1xi32>) -> !t {
  %columns = attn.list_set %verticals, %nv granule = [1, 1] : tensor<1x4x1x?xi32>, tensor<1x4x1xi32> -> !attn.set<list>
  %diagonals = attn.list_set %slashes, %ns granule = [1, 1] : tensor<1x4x1x?xi32>, tensor<1x4x1xi32> -> !attn.set<list>
  %m = attn.vertical_slash %columns, %diagonals align(bottom_right) cover = 64 : !attn.set<list>, !attn.set<list>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) {schedule = #schedule} : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x4x?x64xf32>
#schedule = #attn.schedule<tile_m = 48, tile_n = 128, transposed = true>

// CHECK-LABEL: @blocks
// CHECK-NOT: tensor.empty
// CHECK: attn.contains csr(
func.func @blocks(%q: !t, %k: !t, %v: !t, %indptr: tensor<1x4x?xi32>, %indices: tensor<?xi32>) -> !t {
  %set = attn.csr_set %indptr, %indices granule = [64, 64] : tensor<1x4x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %m = attn.block_sparse %set : !attn.set<csr>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) {schedule = #schedule} : !t, !t, !t -> !t
  return %o : !t
}

// -----

// Document-local positions come from a search: they may be anything where a token is in no document.
!t = tensor<4x?x64xf32>
#schedule = #attn.schedule<tile_m = 48, tile_n = 128, transposed = true>

// CHECK-LABEL: @in_documents
// CHECK-NOT: tensor.empty
// CHECK: attn.contains list(
func.func @in_documents(%q: tensor<?x4x64xf32>, %cu: tensor<?xi32>, %indices: tensor<1x4x1x?xi32>, %counts: tensor<1x4x1xi32>) -> tensor<?x4x64xf32> {
  %set = attn.list_set %indices, %counts granule = [1, 1] : tensor<1x4x1x?xi32>, tensor<1x4x1xi32> -> !attn.set<list>
  %keys = attn.member %set {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    attn.yield %zero, %j : index, index
  } : !attn.set<list>
  %m = attn.document %cu, %cu where %keys : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %q, %q mask(%m) layout(shd) {schedule = #schedule} : tensor<?x4x64xf32>, tensor<?x4x64xf32>, tensor<?x4x64xf32> -> tensor<?x4x64xf32>
  return %o : tensor<?x4x64xf32>
}
