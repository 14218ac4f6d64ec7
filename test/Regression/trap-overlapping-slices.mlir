// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 4 %t --entry=slices | FileCheck %s --match-full-lines
// Trap: slices that overlap. MagiAttention adds the states of slices that share queries, so a pair in two slices counts twice; here a pair attends or not.

// Two whole slices share queries 1, 2 and keys 1, 2; a causal one lies inside.
// CHECK: row 0: 0 1 2
// CHECK-NEXT: row 1: 0 1 2 3
// CHECK-NEXT: row 2: 0 1 2 3
// CHECK-NEXT: row 3: 1 2 3
func.func @slices(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x4x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x4x16xf32"},
    %q_ranges: tensor<?x2xi32> {attn.name = "q_ranges", attn.default = "[[0, 3], [1, 4], [1, 3]]"},
    %k_ranges: tensor<?x2xi32> {attn.name = "k_ranges", attn.default = "[[0, 3], [1, 4], [1, 3]]"},
    %types: tensor<?xi32> {attn.name = "types", attn.default = "[0, 0, 1]"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %set = attn.slices_set %q_ranges, %k_ranges, %types : tensor<?x2xi32>, tensor<?x2xi32>, tensor<?xi32> -> !attn.set<slices>
  %m = attn.block_sparse %set : !attn.set<slices>
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
