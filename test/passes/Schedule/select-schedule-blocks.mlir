// RUN: lacuna-opt %s -attn-expand-masks -attn-select-schedule | FileCheck %s
// Tiles divide the blocks of all sets and block ops in the mask.

!t = tensor<1x1x?x64xf32>
module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: func.func @wide
// CHECK: schedule(#attn.schedule<tile_m = 64, tile_n = 64, transposed = true>)
func.func @wide(%q: !t, %p: tensor<1x1x?xi32>, %i: tensor<?xi32>) -> !t {
  %s = attn.csr_set %p, %i granule = [128, 64] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %l = attn.block_sparse %s : !attn.set<csr>
  %c = attn.causal align(bottom_right)
  %m = attn.and %l, %c
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
// CHECK-LABEL: func.func @two_sets
// CHECK: schedule(#attn.schedule<tile_m = 32, tile_n = 32, transposed = true>)
func.func @two_sets(%q: !t, %p: tensor<1x1x?xi32>, %i: tensor<?xi32>) -> !t {
  %s = attn.csr_set %p, %i granule = [96, 64] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %t = attn.csr_set %p, %i granule = [64, 96] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %x = attn.block_sparse %s : !attn.set<csr>
  %y = attn.block_sparse %t : !attn.set<csr>
  %m = attn.or %x, %y
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
// CHECK-LABEL: func.func @cover
// CHECK: schedule(#attn.schedule<tile_m = 64, tile_n = 64, transposed = true>)
func.func @cover(%q: !t) -> !t {
  %c = attn.causal align(bottom_right)
  %m = attn.block_cover %c [64, 64]
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
// Blocks of a document begin anywhere.
// CHECK-LABEL: func.func @framed
// CHECK: schedule(#attn.schedule<tile_m = 48, tile_n = 128, transposed = true>)
func.func @framed(%q: !t, %cu: tensor<?xi32>) -> !t {
  %c = attn.causal align(bottom_right)
  %x = attn.block_cover %c [64, 64]
  %m = attn.document %cu, %cu where %x : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
}
