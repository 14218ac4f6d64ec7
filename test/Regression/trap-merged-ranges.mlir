// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 16 %t | FileCheck %s --match-full-lines
// Trap: overlapping ranges of diagonals merged by whole blocks. MInference's index builder extends a range that the next one overlaps by all of its width: for
// the last block of rows, diagonals 8 and 6 cross keys 4 to 7 and 6 to 9, and its range ends with key 11.

// CHECK: row 3: nothing, LSE -inf
// CHECK-NEXT: row 4: 0 1
// CHECK: row 8: 0 1 2 3 4 5
// CHECK: row 12: 4 5 6 7 8 9
// CHECK-NEXT: row 13: 4 5 6 7 8 9
// CHECK-NEXT: row 14: 4 5 6 7 8 9
// CHECK-NEXT: row 15: 4 5 6 7 8 9
!q = tensor<1x1x?x8xf32>
!v = tensor<1x1x?x16xf32>
func.func @cover(%q: !q {attn.name = "q", attn.default = "zeros:1x1x16x8xf32"}, %k: !q {attn.name = "k", attn.default = "zeros:1x1x16x8xf32"},
    %v: !v {attn.name = "v", attn.default = "zeros:1x1x16x16xf32"},
    %slashes: tensor<1x1x1x?xi32> {attn.name = "slashes", attn.default = "[[[[8, 6]]]]"},
    %counts: tensor<1x1x1xi32> {attn.name = "counts", attn.default = "[[[2]]]"},
    %none: tensor<1x1x1xi32> {attn.name = "none", attn.default = "[[[0]]]"}) -> (!v, tensor<1x1x?xf32>) {
  %columns = attn.list_set %slashes, %none granule = [1, 1] : tensor<1x1x1x?xi32>, tensor<1x1x1xi32> -> !attn.set<list>
  %diagonals = attn.list_set %slashes, %counts granule = [1, 1] : tensor<1x1x1x?xi32>, tensor<1x1x1xi32> -> !attn.set<list>
  %m = attn.vertical_slash %columns, %diagonals align(bottom_right) cover = 4 : !attn.set<list>, !attn.set<list>
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !q, !q, !v -> !v, tensor<1x1x?xf32>
  return %o, %lse : !v, tensor<1x1x?xf32>
}
