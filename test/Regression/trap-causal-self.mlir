// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 4 %t --entry=strict | FileCheck %s --check-prefix=STRICT --match-full-lines
// RUN: %python %S/attended.py %s 4 %t --entry=causal | FileCheck %s --check-prefix=CAUSAL --match-full-lines
// RUN: %python %S/attended.py %s 4 %t --entry=hash | FileCheck %s --check-prefix=HASH --match-full-lines
// Trap: "causal" with or without the token itself. SCFA's benchmark uses k <= q, its language models k < q, under one name. Here the name says which:
// causal and hash_buckets include the token, strict_causal does not.

// STRICT: row 0: nothing, LSE -inf
// STRICT-NEXT: row 1: 0
// STRICT-NEXT: row 2: 0 1
// STRICT-NEXT: row 3: 0 1 2

// CAUSAL: row 0: 0
// CAUSAL-NEXT: row 1: 0 1
// CAUSAL-NEXT: row 2: 0 1 2
// CAUSAL-NEXT: row 3: 0 1 2 3

// All tokens are in one bucket.
// HASH: row 0: 0
// HASH-NEXT: row 1: 0 1
// HASH-NEXT: row 2: 0 1 2
// HASH-NEXT: row 3: 0 1 2 3

func.func @strict(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x4x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x4x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %m = attn.named @strict_causal()
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @causal(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x4x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x4x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %m = attn.causal align(bottom_right)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @hash(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x4x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x4x16xf32"},
    %bucket: tensor<1x1x?xi32> {attn.name = "bucket", attn.default = "zeros:1x1x4xi32"},
    %position: tensor<1x1x?xi32> {attn.name = "position", attn.default = "arange:1x1x4xi32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %m = attn.named @hash_buckets(%bucket, %bucket, %position, %position : tensor<1x1x?xi32>, tensor<1x1x?xi32>, tensor<1x1x?xi32>, tensor<1x1x?xi32>)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
