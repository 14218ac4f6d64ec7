// REQUIRES: lacuna-run
// RUN: lacuna-run %s --entry=above --check | FileCheck %s --check-prefixes=CHECK,ABOVE
// RUN: lacuna-run %s --entry=before --check | FileCheck %s --check-prefixes=CHECK,BEFORE
// RUN: lacuna-run %s --entry=slices --check | FileCheck %s --check-prefixes=CHECK,SLICES
// Which tiles are visited where blocks are smaller than tiles and meet intervals, and which are full in a slice.

!t = tensor<1x1x256x8xf32>
!list = tensor<1x1x16x1xi32>
!count = tensor<1x1x16xi32>

// Every block lists the next one, in the same tile or not: nothing is left below the diagonal. Tiles on it were visited for entries above it.
// ABOVE: tiles 0 visited of 32
func.func @above(%q: !t {attn.name = "q", attn.default = "randn:1x1x256x8xf32:1"},
                 %next: !list {attn.name = "next", attn.default = "[[[[1], [2], [3], [4], [5], [6], [7], [8], [9], [10], [11], [12], [13], [14], [15], [16]]]]"},
                 %ones: !count {attn.name = "ones", attn.default = "ones:1x1x16xi32"}) -> !t {
  %set = attn.list_set %next, %ones granule = [16, 16] : !list, !count -> !attn.set<list>
  %listed = attn.block_sparse %set : !attn.set<list>
  %causal = attn.causal align(bottom_right)
  %m = attn.and %listed, %causal
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 128, transposed = true>) : !t, !t, !t -> !t
  return %o : !t
}

// Every block lists the first one. Documents begin at 0 and 64: the second one's first tile has a listed block, but before the document. A window beside it
// keeps 17 others.
// BEFORE: tiles 17 visited of 32
func.func @before(%q: !t {attn.name = "q", attn.default = "randn:1x1x256x8xf32:1"}, %first: !list {attn.name = "first", attn.default = "zeros:1x1x16x1xi32"},
                  %ones: !count {attn.name = "ones", attn.default = "ones:1x1x16xi32"},
                  %cu: tensor<3xi32> {attn.name = "cu", attn.default = "[0, 64, 256]"}) -> !t {
  %set = attn.list_set %first, %ones granule = [16, 16] : !list, !count -> !attn.set<list>
  %listed = attn.block_sparse %set : !attn.set<list>
  %causal = attn.causal align(bottom_right)
  %document = attn.document %cu, %cu where %causal : tensor<3xi32>, tensor<3xi32>
  %inside = attn.and %listed, %document
  %near = attn.sliding_window [16, 0] align(bottom_right)
  %m = attn.or %inside, %near
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 128, transposed = true>) : !t, !t, !t -> !t
  return %o : !t
}

// SLICES: tiles 18 visited of 32 (14 full, 4 partial)
func.func @slices(%q: !t {attn.name = "q", attn.default = "randn:1x1x256x8xf32:1"},
                  %rows: tensor<?x2xi32> {attn.name = "rows", attn.default = "[[0, 160], [128, 192], [224, 250]]"},
                  %keys: tensor<?x2xi32> {attn.name = "keys", attn.default = "[[0, 128], [100, 256], [3, 90]]"},
                  %types: tensor<?xi32> {attn.name = "types", attn.default = "[0, 0, 3]"}) -> !t {
  %set = attn.slices_set %rows, %keys, %types : tensor<?x2xi32>, tensor<?x2xi32>, tensor<?xi32> -> !attn.set<slices>
  %m = attn.block_sparse %set : !attn.set<slices>
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 128, transposed = true>) : !t, !t, !t -> !t
  return %o : !t
}

// CHECK: check PASS
