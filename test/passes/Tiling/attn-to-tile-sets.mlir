// RUN: lacuna-opt %s -split-input-file -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// What the kernel does once per item or once per tile instead of once per pair.

!t = tensor<1x1x?x8xf32>
// The query side of an equality is one value a row, computed before the walk; the key side is read in the partial body.
// CHECK-LABEL: tile.kernel @hashed.attention0
// CHECK: %[[F:.*]]:2 = tile.map : !tile.tile<16xi64>, !tile.tile<16xi32> {
// CHECK: tile.visit
// CHECK: partial {
// CHECK: tile.map %{{.*}}, %[[F]]#0, %[[F]]#1 broadcast [none, rows, rows]
// CHECK: ^bb0(%{{.*}}: f32, %[[ROW:.*]]: i64, %[[VALID:.*]]: i32):
// CHECK: arith.cmpi eq, %{{.*}}, %[[ROW]] : i64
// CHECK: full {
func.func @hashed(%q: !t, %hash: tensor<1x1x?xi32>) -> !t {
  %m = attn.hashed %hash, %hash : tensor<1x1x?xi32>, tensor<1x1x?xi32>
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x1x?x8xf32>
// Blocks of 32 queries: a tile of 16 lies in one of them, so the row of the set is the same for all its queries. The partial body asks the set once for the
// tile before it asks for an element.
// CHECK-LABEL: tile.kernel @blocks.attention0
// CHECK: %[[Q0:.*]] = arith.muli %{{.*}}, %c16
// CHECK: partial {
// CHECK: tile.mma
// CHECK: scf.for
// CHECK: arith.andi
// CHECK: tile.map
// CHECK: %[[ROW:.*]] = arith.divui %[[Q0]], %c32
// CHECK: scf.if
// CHECK: arith.ori %{{.*}}, %{{.*}} : i1
// CHECK: full {
func.func @blocks(%q: !t, %p: tensor<1x1x?xi32>, %i: tensor<?xi32>) -> !t {
  %s = attn.csr_set %p, %i granule = [32, 32] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %m = attn.block_sparse %s : !attn.set<csr>
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x1x?x8xf32>
// A list of tokens for each query: its row scans it once per tile and keeps a bit a key, two words for 128 keys. Pairs look at their bit.
// CHECK-LABEL: tile.kernel @tokens.attention0
// CHECK: partial {
// CHECK: tile.mma
// CHECK: %[[WORDS:.*]]:2 = tile.map : !tile.tile<16xi64>, !tile.tile<16xi64> {
// CHECK: scf.for
// CHECK: arith.shli
// CHECK: arith.ori
// CHECK: tile.map %{{.*}}, %[[WORDS]]#0, %[[WORDS]]#1 broadcast [none, rows, rows]
// CHECK-NOT: scf.for
// CHECK: arith.shrui
// CHECK: full {
func.func @tokens(%q: !t, %i: tensor<1x1x?x?xi32>, %c: tensor<1x1x?xi32>) -> !t {
  %s = attn.list_set %i, %c granule = [1, 1] : tensor<1x1x?x?xi32>, tensor<1x1x?xi32> -> !attn.set<list>
  %m = attn.block_sparse %s : !attn.set<list>
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 128>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<?x1x8xf32>
// Columns listed for all rows, in a document: where they are depends on the row's document.
// CHECK-LABEL: tile.kernel @columns_of_document.attention0
// CHECK: partial {
// CHECK: %[[WORD:.*]] = tile.map : !tile.tile<16xi64> {
// CHECK: scf.for
// CHECK: tile.map %{{.*}}, %[[WORD]] broadcast
// CHECK: full {
func.func @columns_of_document(%q: !t, %cu: tensor<?xi32>, %p: tensor<1x1x?xi32>, %i: tensor<?xi32>) -> !t {
  %s = attn.csr_set %p, %i granule = [1, 4] : tensor<1x1x?xi32>, tensor<?xi32> -> !attn.set<csr>
  %l = attn.member %s {
  ^bb0(%b: index, %h: index, %x: index, %y: index):
    %zero = arith.constant 0 : index
    attn.yield %zero, %y : index, index
  } : !attn.set<csr>
  %m = attn.document %cu, %cu where %l : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %q, %q mask(%m) layout(shd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}
