// RUN: lacuna-opt %s -tile-assign-memory -tile-assign-layouts -tile-share-copies | FileCheck %s
// RUN: sed 's/x86-64-v4-bf16/sapphirerapids/' %s | lacuna-opt -tile-assign-memory -tile-assign-layouts -tile-share-copies | FileCheck %s --check-prefix=TILES
// RUN: sed 's/x86-64-v4-bf16/x86-64-v4/' %s | lacuna-opt -tile-assign-memory -tile-assign-layouts -tile-share-copies | FileCheck %s --check-prefix=NONE --implicit-check-not=linalg.fill --implicit-check-not=tile.convert_once
// What a visit packs of V gets a slot per batch entry, key head and key tile; the partial body and the full one share it. A tile unit's transposed V as well;
// where nothing is packed, nothing is shared.

!m = memref<?x2x?x32xbf16, strided<[?, ?, ?, 1], offset: ?>>
!g = memref<?x?x2x32xbf16, strided<[?, ?, ?, 1], offset: ?>>
!q = !tile.tile<32x32xbf16>
!k = !tile.tile<64x32xbf16>
!s = !tile.tile<32x64xf32>
!o = !tile.tile<32x32xf32>
!f = memref<?x2x?x32xf32, strided<[?, ?, ?, 1], offset: ?>>
!t = memref<?x?x?xi32, strided<[?, ?, 1], offset: ?>>
!c = tensor<?x2x16x32xbf16>
!p = memref<?x2x16x32xbf16, strided<[?, ?, ?, 1], offset: ?>>
!r = memref<2x?x32xbf16, strided<[?, 1, 1], offset: ?>>

module attributes {tile.target = "x86-64-v4-bf16"} {

// Sizes come from V's own dimensions and from the limit of its rows, the length of K here; no slots unless 16 visits of a key tile are possible (two key heads: 32
// items of a batch entry).
// CHECK-LABEL: func.func @host
// CHECK-SAME: %{{.*}}: tensor<?x4x?x32xbf16>, %[[K:.*]]: tensor<?x2x?x32xbf16>, %[[V:.*]]: tensor<?x2x?x32xbf16>
// CHECK: %[[B:.*]] = tensor.dim %[[V]], %c0
// CHECK: %[[ROWS:.*]] = tensor.dim %[[K]], %c2
// CHECK: %[[ITEMS:.*]] = arith.muli %arg3, %{{.*}} : index
// CHECK: %[[PAYS:.*]] = arith.cmpi uge, %[[ITEMS]], %c32
// CHECK: %[[COUNT:.*]] = arith.ceildivui %[[ROWS]], %c64
// CHECK: %[[T:.*]] = arith.select %[[PAYS]], %[[COUNT]], %c0
// CHECK: %[[EMPTY:.*]] = tensor.empty(%[[B]], %[[T]]) : tensor<?x2x?xi32>
// CHECK: %[[STATES:.*]] = linalg.fill ins(%c0_i32 : i32) outs(%[[EMPTY]] : tensor<?x2x?xi32>)
// CHECK: %[[SLOTS:.*]] = tensor.empty(%[[B]], %[[T]]) : tensor<?x2x?x2048xbf16>
// CHECK: %[[O:.*]]:3 = tile.launch @shared grid({{.*}}) ins({{.*}}) outs(%{{.*}}, %[[SLOTS]], %[[STATES]] : {{.*}})
// CHECK: return %[[O]]#0
// TILES: tile.launch @shared {{.*}} outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x4x?x32xbf16>, tensor<?x2x?x2048xbf16>, tensor<?x2x?xi32>)
// NONE: tile.launch @shared
func.func @host(%q: tensor<?x4x?x32xbf16>, %k: tensor<?x2x?x32xbf16>, %v: tensor<?x2x?x32xbf16>, %x: index, %b: index, %init: tensor<?x4x?x32xbf16>) -> tensor<?x4x?x32xbf16> {
  %c4 = arith.constant 4 : index
  %o = tile.launch @shared grid(%x, %c4, %b) ins(%q, %k, %v : tensor<?x4x?x32xbf16>, tensor<?x2x?x32xbf16>, tensor<?x2x?x32xbf16>) outs(%init : tensor<?x4x?x32xbf16>)
    -> tensor<?x4x?x32xbf16>
  return %o : tensor<?x4x?x32xbf16>
}

// CHECK-LABEL: tile.kernel @shared
// CHECK-SAME: %[[SLOTS:[a-z0-9]+]]: memref<?x?x?x2048xbf16, strided<[?, ?, ?, 1], offset: ?>>, %[[STATES:[a-z0-9]+]]: memref<?x?x?xi32, strided<[?, ?, 1], offset: ?>>, %{{[a-z0-9]+}}: index, %[[H:[a-z0-9]+]]: index, %[[BATCH:[a-z0-9]+]]: index) attributes
// CHECK: ^bb0(%[[K0:.*]]: index, %{{.*}}):
// CHECK: %[[V:.*]] = tile.load %arg2[%[[BATCH]], %[[H]]] rows(%[[K0]]) limit(%{{[^)]*}}) : {{.*}} -> !tile.tile<64x32xbf16, global>
// CHECK: %[[T:.*]] = arith.divui %[[K0]], %c64
// CHECK: %[[P:.*]] = tile.convert_once %[[V]] into %[[SLOTS]], %[[STATES]][%[[BATCH]], %[[H]], %[[T]]] : {{.*}} -> !tile.tile<64x32xbf16, global, #tile.pairs<1>>
// CHECK: tile.mma %{{.*}}, %[[P]] acc
// CHECK: in_bounds
// CHECK: tile.convert_once {{.*}} -> !tile.tile<64x32xbf16, global, #tile.pairs<1>>
// CHECK-NOT: tile.convert_once
// TILES: tile.kernel @shared
// TILES-COUNT-2: tile.convert_once {{.*}} -> !tile.tile<64x32xbf16, global, #tile.lanes<0>>
// TILES-NOT: tile.convert_once
// TILES: tile.kernel @unshared
tile.kernel @shared(%Q: memref<?x4x?x32xbf16, strided<[?, ?, ?, 1], offset: ?>>, %K: !m, %V: !m, %O: memref<?x4x?x32xbf16, strided<[?, ?, ?, 1], offset: ?>>, %m: index, %h: index, %b: index)
    attributes {tile.schedule = #attn.schedule<tile_m = 32, tile_n = 64, transposed = true>} {
  %zero = arith.constant 0.0 : f32
  %c2 = arith.constant 2 : index
  %n = memref.dim %K, %c2 : !m
  %q = tile.load %Q[%b, %h] rows(%m) limit(%n) : memref<?x4x?x32xbf16, strided<[?, ?, ?, 1], offset: ?>> -> !q
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o):
      %k = tile.load %K[%b, %h] rows(%k0) limit(%n) : !m -> !k
      %v = tile.load %V[%b, %h] rows(%k0) limit(%n) : !m -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %o = tile.mma %s, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
    full { ^bb0(%k0: index, %acc: !o):
      %k = tile.load %K[%b, %h] rows(%k0) limit(%n) in_bounds : !m -> !k
      %v = tile.load %V[%b, %h] rows(%k0) limit(%n) in_bounds : !m -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %o = tile.mma %s, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}

// One query tile and heads of their own: every key tile is visited once.
// CHECK-LABEL: func.func @once
// CHECK-NOT: linalg.fill
// CHECK: %{{.*}} = tile.launch @unshared
// Sixteen heads that share keys are enough for one query tile; then the slots need no test.
// CHECK-LABEL: func.func @grouped
// CHECK-NOT: arith.select
// CHECK: linalg.fill
// CHECK: %{{.*}}:3 = tile.launch @transposed
func.func @once(%v: tensor<?x2x?x32xbf16>, %b: index, %init: tensor<?xf32>) -> tensor<?xf32> {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %o = tile.launch @unshared grid(%c1, %c2, %b) ins(%v : tensor<?x2x?x32xbf16>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  return %o : tensor<?xf32>
}
func.func @grouped(%v: tensor<?x?x2x32xbf16>, %b: index, %init: tensor<?xf32>) -> tensor<?xf32> {
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  %o = tile.launch @transposed grid(%c1, %c32, %b) ins(%v : tensor<?x?x2x32xbf16>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  return %o : tensor<?xf32>
}

// CHECK-LABEL: tile.kernel @unshared
// CHECK-NOT: tile.convert_once
tile.kernel @unshared(%V: !m, %O: memref<?xf32, strided<[1], offset: ?>>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c2 = arith.constant 2 : index
  %n = memref.dim %V, %c2 : !m
  %p = tile.map : !s { tile.yield %zero : f32 }
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o): tile.yield %acc : !o }
    full { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %V[%b, %h] rows(%k0) limit(%n) in_bounds : !m -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}

// Keys before heads: slots are numbered by what the load's indices mean.
// CHECK-LABEL: tile.kernel @transposed
// CHECK: tile.convert_once
tile.kernel @transposed(%V: !g, %O: memref<?xf32, strided<[1], offset: ?>>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c2 = arith.constant 2 : index
  %view = memref.transpose %V (d0, d1, d2, d3) -> (d0, d2, d1, d3) : !g to memref<?x2x?x32xbf16, strided<[?, ?, ?, 1], offset: ?>>
  %n = memref.dim %view, %c2 : !m
  %p = tile.map : !s { tile.yield %zero : f32 }
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o): tile.yield %acc : !o }
    full { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %view[%b, %h] rows(%k0) limit(%n) in_bounds : !m -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}

// Rows that lie elsewhere are shared if all work items find the same ones. Slots may not take more memory than what is gathered. A tile unit's copy of K is
// shared then, too; its slots must not become those of V by CSE.
// CHECK-LABEL: func.func @rows
// CHECK-SAME: %[[V:.*]]: tensor<?x2x?x32xbf16>, %[[TABLE:.*]]: tensor<?x?x?xi32>
// CHECK: %[[ROWS:.*]] = tensor.dim %[[TABLE]], %c2
// CHECK: %[[PAYS:.*]] = arith.cmpi uge
// CHECK: %[[FITS:.*]] = arith.cmpi ule
// CHECK: %[[BOTH:.*]] = arith.andi %[[PAYS]], %[[FITS]]
// CHECK: arith.ceildivui %[[ROWS]], %c64
// CHECK: arith.select %[[BOTH]]
// CHECK: %{{.*}}:3 = tile.launch @gathered
// TILES: %[[EMPTY:.*]] = tensor.empty{{.*}} tensor<?x2x?xi32>
// TILES: %[[STATES:.*]] = linalg.fill {{.*}} outs(%[[EMPTY]]
// TILES: %[[SLOTS:.*]] = tensor.empty{{.*}} tensor<?x2x?x2048xbf16>
// TILES: %[[OWN:.*]] = bufferization.alloc_tensor{{.*}} tensor<?x2x?xi32>
// TILES: %[[STATES2:.*]] = linalg.fill {{.*}} outs(%[[OWN]]
// TILES: %[[SLOTS2:.*]] = bufferization.alloc_tensor{{.*}} tensor<?x2x?x2048xbf16>
// TILES: %{{.*}}:5 = tile.launch @gathered {{.*}} outs(%{{.*}}, %[[SLOTS]], %[[STATES]], %[[SLOTS2]], %[[STATES2]]
func.func @rows(%v: tensor<?x2x?x32xbf16>, %rows: tensor<?x?x?xi32>, %x: index, %b: index, %init: tensor<?x2x?x32xf32>) -> tensor<?x2x?x32xf32> {
  %c2 = arith.constant 2 : index
  %o = tile.launch @gathered grid(%x, %c2, %b) ins(%v, %rows : tensor<?x2x?x32xbf16>, tensor<?x?x?xi32>) outs(%init : tensor<?x2x?x32xf32>) -> tensor<?x2x?x32xf32>
  return %o : tensor<?x2x?x32xf32>
}

// CHECK-LABEL: tile.kernel @gathered
// CHECK-COUNT-2: tile.convert_once %{{.*}} into %{{.*}}, %{{.*}}[%[[B:.*]], %[[H:.*]], %{{.*}}] : {{.*}} #tile.pairs<1>>
// TILES-LABEL: tile.kernel @gathered
// TILES: %[[FIRST:.*]] = tile.load
// TILES: tile.convert_once %{{.*}} into %arg3, %arg4{{.*}} #tile.lanes<1>>
// TILES: tile.convert_once %{{.*}} into %arg5, %arg6{{.*}} #tile.lanes<0>>
// TILES: full
// TILES: tile.convert_once %{{.*}} into %arg3, %arg4{{.*}} #tile.lanes<1>>
// TILES: tile.convert_once %{{.*}} into %arg5, %arg6{{.*}} #tile.lanes<0>>
tile.kernel @gathered(%V: !m, %T: !t, %O: !f, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %T, %c2 : !t
  %groups = memref.dim %T, %c1 : !t
  %mul = arith.muli %h, %groups : index
  %group = arith.divui %mul, %c2 : index
  %q = tile.load %V[%b, %h] rows(%m) limit(%n) : !m -> !q
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o):
      %k = tile.load %V[%b, %h] rows(%k0) limit(%n) map { ^bb0(%row: index):
        %e = memref.load %T[%b, %group, %row] : !t
        %i = arith.index_cast %e : i32 to index
        tile.yield %i : index } : !m -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %o = tile.mma %s, %k acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
    full { ^bb0(%k0: index, %acc: !o):
      %k = tile.load %V[%b, %h] rows(%k0) limit(%n) in_bounds map { ^bb0(%row: index):
        %e = memref.load %T[%b, %group, %row] : !t
        %i = arith.index_cast %e : i32 to index
        tile.yield %i : index } : !m -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %o = tile.mma %s, %k acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}

// Pages: the batch entry is no index of the memory, but the map asks for it. Slots are numbered by it first.
// CHECK-LABEL: func.func @paged
// CHECK-SAME: %[[V:.*]]: tensor<?x2x16x32xbf16>, %[[TABLE:.*]]: tensor<?x?xi32>, %{{.*}}: index, %[[B:.*]]: index
// CHECK: %[[MANY:.*]] = tensor.dim %[[TABLE]], %c1
// CHECK: %[[ROWS:.*]] = arith.muli %[[MANY]], %c16
// CHECK: arith.cmpi ule
// CHECK: tensor.empty(%[[B]], %{{.*}}) : tensor<?x2x?xi32>
func.func @paged(%v: !c, %table: tensor<?x?xi32>, %x: index, %b: index, %init: tensor<?xf32>) -> tensor<?xf32> {
  %c2 = arith.constant 2 : index
  %o = tile.launch @pages grid(%x, %c2, %b) ins(%v, %table : !c, tensor<?x?xi32>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  return %o : tensor<?xf32>
}
// CHECK-LABEL: tile.kernel @pages
// CHECK-SAME: %[[H:[a-z0-9]+]]: index, %[[BATCH:[a-z0-9]+]]: index) {
// CHECK: tile.convert_once %{{.*}} into %{{.*}}, %{{.*}}[%[[BATCH]], %[[H]], %{{.*}}]
tile.kernel @pages(%V: !p, %T: memref<?x?xi32, strided<[?, 1], offset: ?>>, %O: memref<?xf32, strided<[1], offset: ?>>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %many = memref.dim %T, %c1 : memref<?x?xi32, strided<[?, 1], offset: ?>>
  %n = arith.muli %many, %c16 : index
  %base, %offset, %sizes:4, %strides:4 = memref.extract_strided_metadata %V : !p -> memref<bf16>, index, index, index, index, index, index, index, index, index
  %rows = memref.reinterpret_cast %base to offset: [%offset], sizes: [2, %n, 32], strides: [%strides#1, 1, 1] : memref<bf16> to !r
  %p = tile.map : !s { tile.yield %zero : f32 }
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o): tile.yield %acc : !o }
    full { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %rows[%h] rows(%k0) limit(%n) in_bounds map { ^bb0(%row: index):
        %page = arith.divui %row, %c16 : index
        %in = arith.remui %row, %c16 : index
        %e = memref.load %T[%b, %page] : memref<?x?xi32, strided<[?, 1], offset: ?>>
        %i = arith.index_cast %e : i32 to index
        %at = arith.muli %i, %strides#0 : index
        %off = arith.muli %in, %strides#2 : index
        %to = arith.addi %at, %off : index
        tile.yield %to : index } : !r -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}

// Two bodies that read different rows share nothing with each other.
// CHECK-LABEL: func.func @bodies
// CHECK: %{{.*}}:5 = tile.launch @different
// CHECK-LABEL: tile.kernel @different
// CHECK: tile.convert_once %{{.*}} into %arg2, %arg3
// CHECK: tile.convert_once %{{.*}} into %arg4, %arg5
func.func @bodies(%v: tensor<?x2x?x32xbf16>, %x: index, %b: index, %init: tensor<?xf32>) -> tensor<?xf32> {
  %c2 = arith.constant 2 : index
  %o = tile.launch @different grid(%x, %c2, %b) ins(%v : tensor<?x2x?x32xbf16>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  return %o : tensor<?xf32>
}
tile.kernel @different(%V: !m, %O: memref<?xf32, strided<[1], offset: ?>>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %V, %c2 : !m
  %p = tile.map : !s { tile.yield %zero : f32 }
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %V[%b, %h] rows(%k0) limit(%n) map { ^bb0(%row: index):
        %at = arith.minui %row, %c1 : index
        tile.yield %at : index } : !m -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
    full { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %V[%b, %h] rows(%k0) limit(%n) in_bounds map { ^bb0(%row: index):
        %at = arith.minui %row, %c2 : index
        tile.yield %at : index } : !m -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}

// Left alone: maps that ask for the query tile, for a query head, or for memory that the kernel writes; rows that are not the visited tile's; and kernels that
// nobody launches.
// CHECK-LABEL: func.func @others
// CHECK-NOT: linalg.fill
// CHECK: tile.launch @by_query
// CHECK: tile.launch @by_head
// CHECK: tile.launch @written
// CHECK: tile.launch @elsewhere
// CHECK-NOT: tile.convert_once
func.func @others(%v: tensor<?x2x?x32xbf16>, %x: index, %b: index, %init: tensor<?xf32>, %table: tensor<?xi32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xi32>, tensor<?xf32>) {
  %c2 = arith.constant 2 : index
  %o = tile.launch @by_query grid(%x, %c2, %b) ins(%v : tensor<?x2x?x32xbf16>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  %h = tile.launch @by_head grid(%x, %c2, %b) ins(%v : tensor<?x2x?x32xbf16>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  %w = tile.launch @written grid(%x, %c2, %b) ins(%v : tensor<?x2x?x32xbf16>) outs(%table : tensor<?xi32>) -> tensor<?xi32>
  %p = tile.launch @elsewhere grid(%x, %c2, %b) ins(%v : tensor<?x2x?x32xbf16>) outs(%init : tensor<?xf32>) -> tensor<?xf32>
  return %o, %h, %w, %p : tensor<?xf32>, tensor<?xf32>, tensor<?xi32>, tensor<?xf32>
}
tile.kernel @by_query(%V: !m, %O: memref<?xf32, strided<[1], offset: ?>>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %V, %c2 : !m
  %p = tile.map : !s { tile.yield %zero : f32 }
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o): tile.yield %acc : !o }
    full { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %V[%b, %h] rows(%k0) limit(%n) in_bounds map { ^bb0(%row: index):
        %at = arith.minui %row, %m : index
        tile.yield %at : index } : !m -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}
tile.kernel @by_head(%V: !m, %O: memref<?xf32, strided<[1], offset: ?>>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %V, %c2 : !m
  %p = tile.map : !s { tile.yield %zero : f32 }
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o): tile.yield %acc : !o }
    full { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %V[%b, %c0] rows(%k0) limit(%n) in_bounds map { ^bb0(%row: index):
        %at = arith.minui %row, %h : index
        tile.yield %at : index } : !m -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}
tile.kernel @written(%V: !m, %O: memref<?xi32, strided<[1], offset: ?>>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %n = memref.dim %V, %c2 : !m
  %p = tile.map : !s { tile.yield %zero : f32 }
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o): tile.yield %acc : !o }
    full { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %V[%b, %h] rows(%k0) limit(%n) in_bounds map { ^bb0(%row: index):
        %e = memref.load %O[%row] : memref<?xi32, strided<[1], offset: ?>>
        %at = arith.index_cast %e : i32 to index
        tile.yield %at : index } : !m -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}
tile.kernel @elsewhere(%V: !m, %O: memref<?xf32, strided<[1], offset: ?>>, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %c2 = arith.constant 2 : index
  %n = memref.dim %V, %c2 : !m
  %p = tile.map : !s { tile.yield %zero : f32 }
  %init = tile.map : !o { tile.yield %zero : f32 }
  %r = tile.visit key step 64 starts(%m) partial(%m) full(%m) iter_args(%init : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o): tile.yield %acc : !o }
    full { ^bb0(%k0: index, %acc: !o):
      %v = tile.load %V[%b, %h] rows(%m) limit(%n) in_bounds : !m -> !k
      %o = tile.mma %p, %v acc(%acc : !o) : !s, !k -> !o
      tile.yield %o : !o
    }
  tile.return
}
}
