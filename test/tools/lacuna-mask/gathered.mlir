// RUN: lacuna-mask %source_root/examples/keep_tokens.mlir | FileCheck %s --check-prefix=KEPT
// RUN: lacuna-mask %source_root/examples/keep_tokens.mlir --size 150,150 | FileCheck %s --check-prefix=KEPT
// RUN: lacuna-mask %source_root/examples/keep_tokens.mlir --arg q=zeros:1x8x40000x64xf32 --tile 64x128 | FileCheck %s --check-prefix=LONG
// RUN: lacuna-mask %s --entry rows --size 4,3 | FileCheck %s --check-prefix=MIXED
// RUN: not lacuna-mask %s --entry rows 2>&1 | FileCheck %s --check-prefix=OPEN
// RUN: not lacuna-mask %s --entry rows --size 4,4 2>&1 | FileCheck %s --check-prefix=WRONG
// RUN: lacuna-mask %s --entry pages --tile 4x4 | FileCheck %s --check-prefix=PAGES
// RUN: lacuna-mask %s --entry unknown --size 4,4 --tile 4x4 | FileCheck %s --check-prefix=BELIEVED
// Gathered operands: their lengths are what the program gathers, found by its arguments; of tensors whose elements nobody reads only the sizes matter.

// KEPT: @keep_tokens: 150 x 150 pairs
// KEPT-NEXT: density         0.5033
// LONG: @keep_tokens: 20000 x 20000 pairs
// LONG-NEXT: density         0.5000
// MIXED: @rows: 4 x 3 pairs
// MIXED-NEXT: density         0.7500
// OPEN: error: expects --size Sq,Sk: the lengths of @rows are not static
// WRONG: error: expects the lengths 4,3 that @rows finds by its arguments, but got --size 4,4
// PAGES: @pages: 1 x 48 pairs
// PAGES: tiles           12: 5 full, 1 partial, 6 empty
// BELIEVED: @unknown: 4 x 4 pairs

!t = tensor<1x2x?x64xf32>

// Queries are an argument: --size says how many there are.
func.func @rows(%q: !t, %k: !t, %rows: tensor<1x1x?xi32> {attn.default = "zeros:1x1x3xi32"}) -> !t {
  %ks = attn.gather_rows %k[%rows] layout(bhsd) : !t, tensor<1x1x?xi32> -> !t
  %m = attn.causal align(top_left)
  %o = attn.attention %q, %ks, %ks mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

!one = tensor<1x2x1x64xf32>
!pages = tensor<?x2x16x64xf32>
func.func @pages(%q: !one, %k: !pages, %table: tensor<1x?xi32> {attn.default = "[[2, 0, 1]]"}, %t: tensor<1xi32> {attn.default = "[22]"}) -> !one {
  %ks = attn.gather_pages %k[%table] layout(bhsd) : !pages, tensor<1x?xi32> -> !t
  %m = attn.key_lengths %t : tensor<1xi32>
  %o = attn.attention %q, %ks, %ks mask(%m) layout(bhsd) : !one, !t, !t -> !one
  return %o : !one
}

// Nobody says how many rows there are, so nobody contradicts.
func.func @unknown(%q: !t, %k: !t, %rows: tensor<1x1x?xi32>) -> !t {
  %ks = attn.gather_rows %k[%rows] layout(bhsd) : !t, tensor<1x1x?xi32> -> !t
  %o = attn.attention %q, %ks, %ks layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
