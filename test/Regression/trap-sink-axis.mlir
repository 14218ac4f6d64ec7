// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 5 %t | FileCheck %s --match-full-lines
// Trap: sinks on the wrong axis. A flag of XAttention that is meant to keep the first key column writes the first row instead. A sink is a key that later
// queries attend.

// CHECK: row 0: 0
// CHECK-NEXT: row 1: 0 1
// CHECK-NEXT: row 2: 0 2
// CHECK-NEXT: row 3: 0 3
// CHECK-NEXT: row 4: 0 4

func.func @sinks(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x5x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x5x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x5x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %one = arith.constant 1 : index
  %m = attn.named @a_shape(%one, %one : index, index)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
