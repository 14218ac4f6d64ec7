// RUN: lacuna-opt %s -split-input-file -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// Neighborhoods whose points stand in boxes: tiles of 32 x 128 are boxes of 4 x 8 queries and 16 x 8 keys.

!t = tensor<1x1x4096x8xf32>
// The hull bounds the walk only, since the pairs imply it: no row's interval is asked again. Box numbers are those of the tile. Of a partial tile the test says from
// which eight keys to which some query attends, asked from both ends inwards. Pairs ask the four ends of their row's window, those of both dimensions; in a tile that is
// filled with keys nothing else.
// CHECK-LABEL: tile.kernel @boxes.attention0
// CHECK: tile.map : !tile.tile<32xi32>, !tile.tile<32xi32> {
// CHECK: %[[ROW:.*]]:4 = tile.map : !tile.tile<32xi32>, !tile.tile<32xi32>, !tile.tile<32xi32>, !tile.tile<32xi32> {
// CHECK: test {
// CHECK-NEXT: ^bb0(%[[K0:.*]]: index):
// CHECK: arith.divui %[[K0]], %c128
// CHECK-NOT: tile.map
// CHECK: %[[KEYS:.*]]:2 = scf.if
// CHECK: %[[BEGIN:.*]] = scf.while (%[[AT:.*]] = %c0)
// CHECK: arith.cmpi ne, %[[AT]], %c128
// CHECK: arith.addi %{{.*}}, %c8
// CHECK: scf.while (%[[AT:.*]] = %c128)
// CHECK: arith.cmpi ne, %[[AT]], %[[BEGIN]]
// CHECK: arith.subi %{{.*}}, %c8
// CHECK: tile.yield %{{.*}}, %{{.*}}, %[[KEYS]]#0, %[[KEYS]]#1 : i1, i1, index, index
// CHECK: partial {
// CHECK: tile.mma
// CHECK-NOT: scf.
// CHECK: tile.map %{{.*}}, %[[ROW]]#0, %[[ROW]]#1, %[[ROW]]#2, %[[ROW]]#3 broadcast [none, rows, rows, rows, rows]
// CHECK-COUNT-4: arith.cmpi {{s[gl]e}}, %{{.*}} : i32
// CHECK-NOT: arith.cmpi {{s[gl]e}}
// CHECK: tile.yield
// CHECK: full {
func.func @boxes(%q: !t) -> !t {
  %m = attn.neighborhood space[64, 64] window[15, 15] query_box[4, 8] key_box[16, 8]
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 32, tile_n = 128, transposed = true>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x1x4096x8xf32>
// With causal beside it the hull is asked again, together with the other interval of its row.
// CHECK-LABEL: tile.kernel @more.attention0
// CHECK: %[[BOUNDS:.*]]:6 = tile.map
// CHECK: partial {
// CHECK: tile.map %{{.*}}, %[[BOUNDS]]#0, %[[BOUNDS]]#1, {{.*}} broadcast [none, rows, rows, rows, rows, rows, rows]
func.func @more(%q: !t) -> !t {
  %n = attn.neighborhood space[64, 64] window[15, 15] query_box[4, 8] key_box[16, 8]
  %c = attn.causal align(top_left)
  %m = attn.and %n, %c
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 32, tile_n = 128, transposed = true>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x1x64x8xf32>
// Nothing implies it here: it is asked as any interval.
// CHECK-LABEL: tile.kernel @alone.attention0
// CHECK: %[[BOUNDS:.*]]:6 = tile.map
// CHECK: partial {
// CHECK: tile.map %{{.*}}, %[[BOUNDS]]#0, %[[BOUNDS]]#1 broadcast [none, rows, rows]
func.func @alone(%q: !t) -> !t {
  %m = attn.interval implied {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    attn.yield %zero, %i : index, index
  }
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 32, tile_n = 64, transposed = true>) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<1x1x?x8xf32>
// Tables have ranges that cost a scan: their tiles are computed whole.
// CHECK-LABEL: tile.kernel @tables.attention0
// CHECK: test {
// CHECK: tile.yield %{{.*}}, %{{.*}} : i1, i1{{$}}
func.func @tables(%q: !t, %t: tensor<?xi32>) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %c4 = arith.constant 4 : index
    %block = arith.divui %j, %c4 : index
    %x = attn.lookup %t[%block] : tensor<?xi32> -> index
    %a = arith.cmpi slt, %x, %i : index
    attn.yield %a : i1
  }
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 32, tile_n = 128, transposed = true>) : !t, !t, !t -> !t
  return %o : !t
}
