// RUN: lacuna-opt %s -attn-expand-masks -attn-to-tile -canonicalize -cse | FileCheck %s
// What a predicate computes by batch, head and query, if it reads a table or takes several steps, is computed once a row, before the walk over key tiles, with
// one flag for all reads; the pairs' map gets it as rows. What depends on the key stays where it is.

!t = tensor<1x2x?x64xf32>
#schedule = #attn.schedule<tile_m = 48, tile_n = 64, transposed = true>

// CHECK-LABEL: tile.kernel @f.attention0
// CHECK: %[[ROWS:.*]]:2 = tile.map : !tile.tile<48xi64>, !tile.tile<48xi32> {
// CHECK: memref.load %[[OF:.*]][
// CHECK: memref.load %[[START:.*]][
// CHECK: arith.addi
// CHECK: tile.yield %{{.*}}, %{{.*}} : i64, i32
// CHECK: tile.visit
// CHECK: tile.map %{{.*}}, %[[ROWS]]#0, %[[ROWS]]#1 broadcast [none, rows, rows]
// CHECK-NEXT: ^bb0(%{{.*}}: f32, %[[X:.*]]: i64, %[[VALID:.*]]: i32):
// CHECK-NOT: memref.load %[[OF]]
// CHECK: memref.load %[[KEEP:.*]][
// CHECK-NOT: memref.load
// CHECK: %[[REAL:.*]] = arith.cmpi ne, %[[VALID]]
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

// Small numbers are kept and compared in 32 bits; a single addition and a number of blocks that the tile divides are not worth keeping.
// CHECK-LABEL: tile.kernel @g.attention0
// CHECK: %[[COLUMN:.*]] = tile.map : !tile.tile<48xi32> {
// CHECK: arith.remui
// CHECK: tile.yield %{{.*}} : i32
// CHECK: tile.visit
// CHECK: tile.map %{{.*}}, %[[COLUMN]] broadcast [none, rows]
// CHECK-NEXT: ^bb0(%{{.*}}: f32, %[[X:.*]]: i32):
// CHECK: %[[Y:.*]] = arith.remui %{{.*}}, %c7
// CHECK: %[[Y32:.*]] = arith.index_cast %[[Y]] : index to i32
// CHECK: arith.cmpi sge, %[[Y32]], %[[X]] : i32
// CHECK: %[[BLOCK:.*]] = arith.divui %{{.*}}, %c96
// CHECK: %[[BLOCK32:.*]] = arith.index_cast %[[BLOCK]] : index to i32
// CHECK: arith.cmpi sge, %[[Y32]], %[[BLOCK32]] : i32
// CHECK: tile.yield
func.func @g(%q: !t) -> !t {
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %c7 = arith.constant 7 : index
  %c96 = arith.constant 96 : index
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = arith.remui %i, %c5 : index
    %y = arith.remui %j, %c7 : index
    %near = arith.cmpi sge, %y, %x : index
    %next = arith.addi %i, %c1 : index
    %seen = arith.cmpi sle, %j, %next : index
    %block = arith.divui %i, %c96 : index
    %before = arith.cmpi sge, %y, %block : index
    %both = arith.andi %near, %seen : i1
    %all = arith.andi %both, %before : i1
    attn.yield %all : i1
  }
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) schedule(#schedule) : !t, !t, !t -> !t
  return %o : !t
}
