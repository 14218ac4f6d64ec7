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
// Blocks of 32 queries and keys: a tile of 16 x 32 lies in one of them, so row and column of the set are the same for all its pairs, and one look decides it. The
// partial body (of the last tile, which may have fewer keys) asks the set once for the tile before it asks for an element.
// CHECK-LABEL: tile.kernel @blocks.attention0
// CHECK: %[[Q0:.*]] = arith.muli %{{.*}}, %c16
// CHECK: test {
// CHECK: %[[COLUMN:.*]] = arith.divui %{{.*}}, %c32
// CHECK: %[[ROW:.*]] = arith.divui %[[Q0]], %c32
// CHECK: scf.while (%{{.*}} = %[[ROW]],
// CHECK: arith.cmpi sle, %{{.*}}, %[[ROW]]
// CHECK: arith.cmpi sge, %[[ENTRY:.*]], %[[COLUMN]]
// CHECK: arith.cmpi sle, %[[ENTRY]], %[[COLUMN]]
// CHECK: partial {
// CHECK: tile.mma
// CHECK: scf.for
// CHECK: tile.map
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
// A list of tokens for each query: its row is read once per tile and keeps a bit a key, two words for 128 keys. Pairs look at their bit. Once per work item a row
// says in which of 64 slots of keys it has any, so that most tiles without one are not asked, and whether it is long and ascends: then a binary search finds what of
// it lies in a tile. The test stops at the row that decides it.
// CHECK-LABEL: tile.kernel @tokens.attention0
// CHECK: %[[SLOT:.*]] = scf.while
// CHECK: arith.shli %c64_i64
// CHECK: %[[ROWS:.*]]:2 = tile.map : !tile.tile<16xi32>, !tile.tile<16xi64> {
// CHECK: arith.cmpi sge, %{{.*}}, %c1024
// CHECK: scf.for
// CHECK: arith.cmpi sle
// CHECK: scf.for
// CHECK: arith.shrui %{{.*}}, %[[SLOT]]
// CHECK: tile.visit
// CHECK: test {
// CHECK: tile.map %[[ROWS]]#1 :
// CHECK: tile.reduce max
// CHECK: scf.if
// CHECK: scf.while
// CHECK: partial {
// CHECK: tile.mma
// CHECK: %[[WORDS:.*]]:2 = tile.map %[[ROWS]]#0 : {{.*}} -> !tile.tile<16xi64>, !tile.tile<16xi64> {
// CHECK: scf.if %{{.*}} -> (index, index) {
// CHECK: scf.while
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
// CHECK: %[[WORD:.*]] = tile.map %{{.*}} : {{.*}} -> !tile.tile<16xi64> {
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

// -----

!t = tensor<?x1x8xf32>
// A bitmap of a document's blocks: its columns become bits as well. Nothing is sorted.
// CHECK-LABEL: tile.kernel @bitmap_of_document.attention0
// CHECK-NOT: tile.map : !tile.tile<16xi32> {
// CHECK: partial {
// CHECK: %[[WORD:.*]] = tile.map : !tile.tile<16xi64> {
// CHECK: scf.for
// CHECK: memref.load %{{.*}} : memref<1x1x?x?xi8
// CHECK: tile.map %{{.*}}, %[[WORD]] broadcast [none, rows, rows, rows]
// CHECK-NOT: memref.load
// CHECK: arith.shrui
// CHECK: full {
func.func @bitmap_of_document(%q: !t, %cu: tensor<?xi32>, %w: tensor<1x1x?x?xi8>) -> !t {
  %s = attn.bitmap_set %w granule = [8, 8] : tensor<1x1x?x?xi8> -> !attn.set<bitmap>
  %l = attn.block_sparse %s : !attn.set<bitmap>
  %m = attn.document %cu, %cu where %l : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %q, %q mask(%m) layout(shd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<?x1x8xf32>
// Blocks of one column: a tile has too many of them for bits to pay, pairs read the bitmap.
// CHECK-LABEL: tile.kernel @fine_bitmap_of_document.attention0
// CHECK: partial {
// CHECK-NOT: !tile.tile<16xi64>
// CHECK: memref.load %{{.*}} : memref<1x1x?x?xi8
// CHECK: full {
func.func @fine_bitmap_of_document(%q: !t, %cu: tensor<?xi32>, %w: tensor<1x1x?x?xi8>) -> !t {
  %s = attn.bitmap_set %w granule = [8, 1] : tensor<1x1x?x?xi8> -> !attn.set<bitmap>
  %l = attn.block_sparse %s : !attn.set<bitmap>
  %m = attn.document %cu, %cu where %l : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %q, %q mask(%m) layout(shd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<?x1x8xf32>
// Diagonals widened to blocks of 16 queries, in a document: each entry is a run of keys in the row.
// CHECK-LABEL: tile.kernel @covered_diagonals_of_document.attention0
// CHECK: partial {
// CHECK: %[[RUNS:.*]] = tile.map %{{.*}} : {{.*}} -> !tile.tile<16xi64> {
// CHECK: scf.for
// CHECK: arith.shli
// CHECK: arith.shli
// CHECK: arith.andi
// CHECK: tile.map %{{.*}}, %[[RUNS]]
// CHECK-NOT: scf.for
// CHECK: full {
func.func @covered_diagonals_of_document(%q: !t, %cu: tensor<?xi32>, %i: tensor<1x1x?x?xi32>, %c: tensor<1x1x?xi32>) -> !t {
  %s = attn.list_set %i, %c granule = [1, 1] : tensor<1x1x?x?xi32>, tensor<1x1x?xi32> -> !attn.set<list>
  %l = attn.vertical_slash %s, %s align(bottom_right) cover = 16 : !attn.set<list>, !attn.set<list>
  %m = attn.document %cu, %cu where %l : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %q, %q mask(%m) layout(shd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : !t, !t, !t -> !t
  return %o : !t
}
