// RUN: lacuna-opt %s -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// What a predicate looks up by batch, head and query is read once a row, before the walk over key tiles, with one flag for all reads; the pairs' map gets it as
// rows. Reads that depend on the key stay where they are.

!t = tensor<1x2x?x64xf32>
#schedule = #attn.schedule<tile_m = 48, tile_n = 64, transposed = true>

// CHECK-LABEL: tile.kernel @f.attention0
// CHECK: %[[ROWS:.*]]:3 = tile.map : !tile.tile<48xi64>, !tile.tile<48xi64>, !tile.tile<48xi32> {
// CHECK: memref.load %[[OF:.*]][
// CHECK: memref.load %[[START:.*]][
// CHECK: tile.yield %{{.*}}, %{{.*}}, %{{.*}} : i64, i64, i32
// CHECK: tile.visit
// CHECK: tile.map %{{.*}}, %[[ROWS]]#0, %[[ROWS]]#1, %[[ROWS]]#2 broadcast [none, rows, rows, rows]
// CHECK-NEXT: ^bb0(%{{.*}}: f32, %[[DOC:.*]]: i64, %[[FIRST:.*]]: i64, %[[VALID:.*]]: i32):
// CHECK-NOT: memref.load
// CHECK: %[[REAL:.*]] = arith.cmpi ne, %[[VALID]]
// CHECK-NOT: memref.load %[[OF]]
// CHECK: memref.load %[[KEEP:.*]][
// CHECK-NOT: memref.load
// CHECK: arith.andi %{{.*}}, %[[REAL]]
// CHECK: tile.yield
func.func @f(%q: !t, %of: tensor<?xi32>, %start: tensor<?xi32>, %keep: tensor<?xi32>) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %doc = attn.lookup %of[%i] : tensor<?xi32> -> index
    %first = attn.lookup %start[%doc] : tensor<?xi32> -> index
    %kept = attn.lookup %keep[%j] : tensor<?xi32> -> index
    %x = arith.addi %first, %doc : index
    %y = arith.addi %x, %kept : index
    %c = arith.cmpi sle, %y, %j : index
    attn.yield %c : i1
  }
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#schedule) : !t, !t, !t -> !t
  return %o : !t
}
