// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 6 %t --entry=prefix | FileCheck %s --check-prefix=PREFIX --match-full-lines
// RUN: %python %S/attended.py %s 6 %t --entry=documents | FileCheck %s --check-prefix=DOCUMENTS --match-full-lines
// Trap: the end of the prefix. One mask of LongCA-bench, handed to different kernels, reads k < P in one and k <= P in others: one column more for the rows
// above it, harmless for speed and wrong. A prefix of P tokens is k < P.

// PREFIX: row 0: 0 1 2
// PREFIX-NEXT: row 1: 0 1 2
// PREFIX-NEXT: row 2: 0 1 2
// PREFIX-NEXT: row 3: 0 1 2 3
// PREFIX-NEXT: row 4: 0 1 2 3 4
// PREFIX-NEXT: row 5: 0 1 2 3 4 5

// The same number in every document; a shorter document is attended as a whole.
// DOCUMENTS: row 0: 0 1 2
// DOCUMENTS-NEXT: row 1: 0 1 2
// DOCUMENTS-NEXT: row 2: 0 1 2
// DOCUMENTS-NEXT: row 3: 0 1 2 3
// DOCUMENTS-NEXT: row 4: 4 5
// DOCUMENTS-NEXT: row 5: 4 5

func.func @prefix(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x6x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x6x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x6x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %length = arith.constant 3 : index
  %m = attn.named @prefix(%length : index)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @documents(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x6x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x6x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x6x16xf32"},
    %cu: tensor<3xi32> {attn.name = "cu", attn.default = "[0, 4, 6]"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %length = arith.constant 3 : index
  %m = attn.named @prefix_document(%cu, %cu, %length : tensor<3xi32>, tensor<3xi32>, index)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
