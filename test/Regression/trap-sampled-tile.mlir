// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 16 %t --entry=island | FileCheck %s --check-prefix=ISLAND --match-full-lines
// RUN: %python %S/attended.py %s 16 %t --entry=hole | FileCheck %s --check-prefix=HOLE --match-full-lines
// Trap: tiles classified by samples. An option of FlashAttention-4's block masks asks a tile's corners and takes it for empty or full if they agree. All 16 x 16 pairs
// here lie in one tile whose corners agree, and one pair inside of it is different.

// ISLAND: row 0: nothing, LSE -inf
// ISLAND: row 4: nothing, LSE -inf
// ISLAND-NEXT: row 5: 9
// ISLAND-NEXT: row 6: nothing, LSE -inf
// ISLAND: row 15: nothing, LSE -inf

// HOLE: row 4: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
// HOLE-NEXT: row 5: 0 1 2 3 4 5 6 7 8 10 11 12 13 14 15
// HOLE-NEXT: row 6: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15

func.func @island(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x16x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x16x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x16x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %five = arith.constant 5 : index
    %nine = arith.constant 9 : index
    %row = arith.cmpi eq, %i, %five : index
    %column = arith.cmpi eq, %j, %nine : index
    %attends = arith.andi %row, %column : i1
    attn.yield %attends : i1
  }
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @hole(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x16x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x16x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x16x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %five = arith.constant 5 : index
    %nine = arith.constant 9 : index
    %row = arith.cmpi ne, %i, %five : index
    %column = arith.cmpi ne, %j, %nine : index
    %attends = arith.ori %row, %column : i1
    attn.yield %attends : i1
  }
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
