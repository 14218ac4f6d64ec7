// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 16 %t --entry=listed | FileCheck %s --match-full-lines --check-prefix=ONLY
// RUN: %python %S/attended.py %s 16 %t --entry=unlisted | FileCheck %s --match-full-lines --check-prefix=HOLE
// RUN: %python %S/attended.py %s 16 %t --entry=computed | FileCheck %s --match-full-lines --check-prefix=ONLY
// Trap: tiles classified by a few of their pairs. FlashAttention 4 can sample five points of a tile, its corners and its centre; a tile is then called empty though a
// pair between them attends, and full though one does not. Here one pair, (1, 5), is alone in a tile, or alone missing.

// ONLY: row 0: nothing, LSE -inf
// ONLY-NEXT: row 1: 5
// ONLY-NEXT: row 2: nothing, LSE -inf
// ONLY-NEXT: row 3: nothing, LSE -inf
!q = tensor<1x1x?x8xf32>
!v = tensor<1x1x?x16xf32>
func.func @listed(%q: !q {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"}, %k: !q {attn.name = "k", attn.default = "zeros:1x1x16x8xf32"},
    %v: !v {attn.name = "v", attn.default = "zeros:1x1x16x16xf32"},
    %indptr: tensor<1x1x?xi32> {attn.name = "indptr", attn.default = "[[[0, 0, 1, 1, 1]]]"},
    %indices: tensor<?xi32> {attn.name = "indices", attn.default = "[5]"}) -> (!v, tensor<1x1x?xf32>) {
  %set = attn.csr_set %indptr, %indices granule = [1, 1] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %m = attn.block_sparse %set : !attn.set<csr>
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !q, !q, !v -> !v, tensor<1x1x?xf32>
  return %o, %lse : !v, tensor<1x1x?xf32>
}

// HOLE: row 0: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
// HOLE-NEXT: row 1: 0 1 2 3 4 6 7 8 9 10 11 12 13 14 15
// HOLE-NEXT: row 2: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
// HOLE-NEXT: row 3: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
func.func @unlisted(%q: !q {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"}, %k: !q {attn.name = "k", attn.default = "zeros:1x1x16x8xf32"},
    %v: !v {attn.name = "v", attn.default = "zeros:1x1x16x16xf32"},
    %indptr: tensor<1x1x?xi32> {attn.name = "indptr", attn.default = "[[[0, 0, 1, 1, 1]]]"},
    %indices: tensor<?xi32> {attn.name = "indices", attn.default = "[5]"}) -> (!v, tensor<1x1x?xf32>) {
  %set = attn.csr_set %indptr, %indices granule = [1, 1] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %listed = attn.block_sparse %set : !attn.set<csr>
  %m = attn.not %listed
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !q, !q, !v -> !v, tensor<1x1x?xf32>
  return %o, %lse : !v, tensor<1x1x?xf32>
}

func.func @computed(%q: !q {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"}, %k: !q {attn.name = "k", attn.default = "zeros:1x1x16x8xf32"},
    %v: !v {attn.name = "v", attn.default = "zeros:1x1x16x16xf32"}) -> (!v, tensor<1x1x?xf32>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %one = arith.constant 1 : index
    %five = arith.constant 5 : index
    %row = arith.cmpi eq, %i, %one : index
    %column = arith.cmpi eq, %j, %five : index
    %c = arith.andi %row, %column : i1
    attn.yield %c : i1
  }
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !q, !q, !v -> !v, tensor<1x1x?xf32>
  return %o, %lse : !v, tensor<1x1x?xf32>
}
