// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 4 %t --entry=blocks | FileCheck %s --match-full-lines
// Trap: block rows merged into one tile. S2's kernel merges the rows of blocks smaller than its tile and attends a key block for "rows up to the last set
// one", which is too much where the rows are not nested. All rows here lie in one tile, and every second one skips a block that its neighbours have.

// CHECK: row 0: 0 1
// CHECK-NEXT: row 1: 2 3
// CHECK-NEXT: row 2: 0 1
// CHECK-NEXT: row 3: nothing, LSE -inf
func.func @blocks(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x4x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x4x16xf32"},
    %indptr: tensor<1x1x?xi32> {attn.name = "indptr", attn.default = "[[[0, 1, 2, 3, 3]]]"},
    %indices: tensor<?xi32> {attn.name = "indices", attn.default = "[0, 1, 0]"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %set = attn.csr_set %indptr, %indices granule = [1, 2] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %m = attn.block_sparse %set : !attn.set<csr>
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
