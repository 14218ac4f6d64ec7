// REQUIRES: numpy, lacuna-run
// RUN: %python %S/attended.py %s 2 %t --entry=strict | FileCheck %s --check-prefix=STRICT --match-full-lines
// RUN: %python %S/attended.py %s 2 %t --entry=causal | FileCheck %s --check-prefix=CAUSAL --match-full-lines
// RUN: %python %S/attended.py %s 2 %t --entry=union | FileCheck %s --check-prefix=UNION --match-full-lines
// RUN: %python %S/attended.py %s 2 %t --entry=kept | FileCheck %s --check-prefix=KEPT --match-full-lines
// RUN: %python %S/attended.py %s 2 %t --entry=merged | FileCheck %s --check-prefix=MERGED --match-full-lines
// Trap: NaN on rows that attend nothing: 0 / 0, or -inf - -inf where two empty parts are merged (Hydragen). Such a row is 0, and its LSE is -inf, whether
// the first token of a strict mask, a query before all keys, a union of masks that are all empty, a dropped token, or a merge of states that are all empty.

// STRICT: row 0: nothing, LSE -inf
// STRICT-NEXT: row 1: 0

// CAUSAL: row 0: nothing, LSE -inf
// CAUSAL-NEXT: row 1: nothing, LSE -inf
// CAUSAL-NEXT: row 2: 0
// CAUSAL-NEXT: row 3: 0 1

// UNION: row 0: nothing, LSE -inf
// UNION-NEXT: row 1: nothing, LSE -inf

// KEPT: row 0: nothing, LSE -inf
// KEPT-NEXT: row 1: 1

// Both states are empty in row 0, one of them in row 1.
// MERGED: row 0: nothing, LSE -inf
// MERGED-NEXT: row 1: 0

func.func @strict(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x2x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x2x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x2x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %m = attn.named @strict_causal()
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @causal(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x4x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x2x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x2x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %m = attn.causal align(bottom_right)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @union(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x2x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x2x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x2x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %none = arith.constant -1 : index
  %band = attn.named @diagonal(%none : index)
  %sinks = attn.sink_tokens [0]
  %m = attn.or %band, %sinks
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @kept(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x2x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x2x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x2x16xf32"},
    %keep: tensor<1x1x?xi32> {attn.name = "keep", attn.default = "arange:1x1x2xi32"},
    %position: tensor<1x1x?xi32> {attn.name = "position", attn.default = "arange:1x1x2xi32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %m = attn.named @kept_tokens(%keep, %keep, %position, %position : tensor<1x1x?xi32>, tensor<1x1x?xi32>, tensor<1x1x?xi32>, tensor<1x1x?xi32>)
  %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}

func.func @merged(%q: tensor<1x1x?x8xf32> {attn.name = "q", attn.default = "zeros:1x1x2x8xf32"},
    %k: tensor<1x1x?x8xf32> {attn.name = "k", attn.default = "zeros:1x1x2x8xf32"},
    %v: tensor<1x1x?x16xf32> {attn.name = "v", attn.default = "zeros:1x1x2x16xf32"}) -> (tensor<1x1x?x16xf32>, tensor<1x1x?xf32>) {
  %none = attn.sink_tokens [0]
  %strict = attn.named @strict_causal()
  %first = attn.attention_state %q, %k, %v mask(%none) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> !attn.state<bhsd, 1x1x?x16>
  %second = attn.attention_state %q, %k, %v mask(%strict) layout(bhsd)
    : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x16xf32> -> !attn.state<bhsd, 1x1x?x16>
  %all = attn.merge_states %first, %second : !attn.state<bhsd, 1x1x?x16>, !attn.state<bhsd, 1x1x?x16> -> !attn.state<bhsd, 1x1x?x16>
  %o, %lse = attn.finalize %all : !attn.state<bhsd, 1x1x?x16> -> tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
  return %o, %lse : tensor<1x1x?x16xf32>, tensor<1x1x?xf32>
}
