// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 4 %t --entry=lists | FileCheck %s --match-full-lines
// RUN: %python %S/attended.py %s 4 %t --entry=slash | FileCheck %s --check-prefix=SLASH --match-full-lines
// Trap: lists that must be sorted, distinct and in range. MInference's index builder wants verticals ascending, slashes descending, diagonal 0 present and scans past
// the end of its lists otherwise; repeated entries attend twice elsewhere. Here a list is a set.

// CHECK: row 0: 0 2
// CHECK-NEXT: row 1: 0 2
// CHECK-NEXT: row 2: 0 2
// CHECK-NEXT: row 3: 0 2

// Columns 3, 1 (and nonsense), diagonal 2 only.
// SLASH: row 0: nothing, LSE -inf
// SLASH-NEXT: row 1: 1
// SLASH-NEXT: row 2: 0 1
// SLASH-NEXT: row 3: 1 3
func.func @lists(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x4x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x4x16xf32"},
    %indices: tensor<1x1x1x?xi32> {attn.name = "indices", attn.default = "[[[[2, 0, 2, -1, 2, 99, 0]]]]"},
    %counts: tensor<1x1x1xi32> {attn.name = "counts", attn.default = "[[[1000]]]"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %set = attn.list_set %indices, %counts granule = [64, 1] : tensor<1x1x1x?xi32>, tensor<1x1x1xi32> -> !attn.set<list>
  %m = attn.block_sparse %set : !attn.set<list>
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @slash(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x4x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x4x16xf32"},
    %verticals: tensor<1x1x1x?xi32> {attn.name = "verticals", attn.default = "[[[[3, 1, 3, -4]]]]"},
    %nv: tensor<1x1x1xi32> {attn.name = "nv", attn.default = "[[[4]]]"},
    %slashes: tensor<1x1x1x?xi32> {attn.name = "slashes", attn.default = "[[[[2, 70, 2]]]]"},
    %ns: tensor<1x1x1xi32> {attn.name = "ns", attn.default = "[[[3]]]"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %columns = attn.list_set %verticals, %nv granule = [1, 1] : tensor<1x1x1x?xi32>, tensor<1x1x1xi32> -> !attn.set<list>
  %diagonals = attn.list_set %slashes, %ns granule = [1, 1] : tensor<1x1x1x?xi32>, tensor<1x1x1xi32> -> !attn.set<list>
  %m = attn.vertical_slash %columns, %diagonals align(bottom_right) : !attn.set<list>, !attn.set<list>
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
