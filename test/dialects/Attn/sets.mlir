// RUN: lacuna-opt %s | lacuna-opt | FileCheck %s
// Round trip of sets, the masks on them, and the scalar op behind them.

// CHECK-LABEL: func.func @blocks
func.func @blocks(%p: tensor<1x8x?xi32>, %i: tensor<?xi32>, %l: tensor<1x1x?x?xi32>, %n: tensor<1x1x?xi32>, %w: tensor<2x8x?x?xi64>, %t: tensor<1x8x?x?xi1>) {
  // CHECK: attn.csr_set %{{.*}}, %{{.*}} granule = [128, 64] : tensor<1x8x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %csr = attn.csr_set %p, %i granule = [128, 64] : tensor<1x8x?xi32>, tensor<?xi32> -> !attn.set<csr>
  // CHECK: attn.list_set %{{.*}}, %{{.*}} granule = [1, 1] : tensor<1x1x?x?xi32>, tensor<1x1x?xi32> -> !attn.set<list>
  %list = attn.list_set %l, %n granule = [1, 1] : tensor<1x1x?x?xi32>, tensor<1x1x?xi32> -> !attn.set<list>
  %diagonals = attn.csr_set %p, %i granule = [1, 1] : tensor<1x8x?xi32>, tensor<?xi32> -> !attn.set<csr>
  // CHECK: attn.bitmap_set %{{.*}} granule = [1, 64] : tensor<2x8x?x?xi64> -> !attn.set<bitmap>
  %bitmap = attn.bitmap_set %w granule = [1, 64] : tensor<2x8x?x?xi64> -> !attn.set<bitmap>
  // CHECK: attn.table_set %{{.*}} granule = [64, 64] : tensor<1x8x?x?xi1> -> !attn.set<table>
  %table = attn.table_set %t granule = [64, 64] : tensor<1x8x?x?xi1> -> !attn.set<table>
  // CHECK: attn.block_sparse %{{.*}} : !attn.set<csr>
  %m = attn.block_sparse %csr : !attn.set<csr>
  // CHECK: attn.member %{{.*}} {
  // CHECK: attn.yield %{{.*}}, %{{.*}} : index, index
  // CHECK: } : !attn.set<list>
  %columns = attn.member %list {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    %zero = arith.constant 0 : index
    attn.yield %zero, %k : index, index
  } : !attn.set<list>
  // CHECK: attn.vertical_slash %{{.*}}, %{{.*}} align(bottom_right) : !attn.set<list>, !attn.set<csr>
  %vs = attn.vertical_slash %list, %diagonals align(bottom_right) : !attn.set<list>, !attn.set<csr>
  // CHECK: attn.vertical_slash %{{.*}}, %{{.*}} align(top_left) cover = 64 : !attn.set<list>, !attn.set<csr>
  %cover = attn.vertical_slash %list, %diagonals align(top_left) cover = 64 : !attn.set<list>, !attn.set<csr>
  return
}

// CHECK-LABEL: func.func @runs_and_slices
func.func @runs_and_slices(%r: tensor<1x1x?x2xi32>, %q: tensor<?x2xi32>, %k: tensor<?x2xi32>, %t: tensor<?xi32>) {
  // CHECK: attn.runs_set %{{.*}} lower : tensor<1x1x?x2xi32> -> !attn.set<runs>
  %lower = attn.runs_set %r lower : tensor<1x1x?x2xi32> -> !attn.set<runs>
  // CHECK: attn.runs_set %{{.*}} both : tensor<1x1x?x2xi32> -> !attn.set<runs>
  %both = attn.runs_set %r both : tensor<1x1x?x2xi32> -> !attn.set<runs>
  // CHECK: attn.column_runs %{{.*}} : !attn.set<runs>
  %m = attn.column_runs %lower : !attn.set<runs>
  // CHECK: attn.slices_set %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x2xi32>, tensor<?x2xi32>, tensor<?xi32> -> !attn.set<slices>
  %s = attn.slices_set %q, %k, %t : tensor<?x2xi32>, tensor<?x2xi32>, tensor<?xi32> -> !attn.set<slices>
  %n = attn.block_sparse %s : !attn.set<slices>
  return
}

// CHECK-LABEL: func.func @scalars
func.func @scalars(%p: tensor<1x8x?xi32>, %i: tensor<?xi32>, %hq: tensor<1x8x?xi32>, %hk: tensor<1x8x?xi32>, %t: tensor<1x8x1x?xi8>) {
  // CHECK: attn.hashed %{{.*}}, %{{.*}} : tensor<1x8x?xi32>, tensor<1x8x?xi32>
  %h = attn.hashed %hq, %hk : tensor<1x8x?xi32>, tensor<1x8x?xi32>
  %m = attn.predicate {
  ^bb0(%b: index, %head: index, %q: index, %k: index):
    // CHECK: attn.contains csr(%{{.*}}, %{{.*}}) [%{{.*}}, %{{.*}}, %{{.*}}] from %{{.*}} to %{{.*}} : tensor<1x8x?xi32>, tensor<?xi32>
    %in = attn.contains csr(%p, %i) [%b, %head, %q] from %k to %k : tensor<1x8x?xi32>, tensor<?xi32>
    // CHECK: attn.contains table(%{{.*}}) [%{{.*}}, %{{.*}}, %{{.*}}] from %{{.*}} to %{{.*}} in_bounds : tensor<1x8x1x?xi8>
    %direct = attn.contains table(%t) [%b, %head, %q] from %k to %k in_bounds : tensor<1x8x1x?xi8>
    // CHECK: attn.lookup %{{.*}}[%{{.*}}, %{{.*}}, %{{.*}}] grouped : tensor<1x8x?xi32> -> index
    %id = attn.lookup %hq[%b, %head, %q] grouped : tensor<1x8x?xi32> -> index
    attn.yield %in : i1
  }
  return
}
