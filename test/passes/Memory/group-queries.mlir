// RUN: lacuna-opt %s -tile-group-queries | FileCheck %s
// A tile of 64 queries as two groups of 32 for a tile unit, their products and softmax in the order of a pipeline; and what stays whole.

!m = memref<?x32xbf16, strided<[?, 1], offset: ?>>
!q = !tile.tile<64x32xbf16, scratch, #tile.pairs<0>>
!k = !tile.tile<32x32xbf16, scratch, #tile.lanes<1>>
!v = !tile.tile<32x32xbf16, scratch, #tile.lanes<0>>
!s = !tile.tile<64x32xf32, scratch, #tile.lanes<0>>
!r = !tile.tile<64xi32, scratch>
#two = #attn.schedule<tile_m = 64, tile_n = 32, stages = 2, transposed = true>
#one = #attn.schedule<tile_m = 64, tile_n = 32, transposed = true>
module attributes {tile.target = "sapphirerapids"} {

// Rows of a group begin 32 later, and so do their coordinates. A scalar of all rows is combined from those of the groups.
// CHECK-LABEL: tile.kernel @groups
// CHECK-SAME: (%[[Q:[^:]*]]: {{.*}}, %{{[^:]*}}: index, %[[M:[^:]*]]: index, %{{[^:]*}}: index, %{{[^:]*}}: index)
// CHECK: %[[ROWS0:.*]] = tile.map : !tile.tile<32xi32, scratch> {
// CHECK-NEXT: %[[I0:.*]] = tile.index 0
// CHECK-NEXT: arith.index_cast %[[I0]]
// CHECK: %[[ROWS1:.*]] = tile.map : !tile.tile<32xi32, scratch> {
// CHECK-NEXT: %[[I1:.*]] = tile.index 0
// CHECK-NEXT: %[[C32:.*]] = arith.constant 32 : index
// CHECK-NEXT: %[[J1:.*]] = arith.addi %[[I1]], %[[C32]]
// CHECK-NEXT: arith.index_cast %[[J1]]
// CHECK: %[[MIN0:.*]] = tile.reduce min %[[ROWS0]] axis 0
// CHECK-NEXT: %[[MIN1:.*]] = tile.reduce min %[[ROWS1]] axis 0
// CHECK-NEXT: %[[MIN:.*]] = arith.minsi %[[MIN0]], %[[MIN1]] : i32
// CHECK-NEXT: arith.index_cast %[[MIN]]
// CHECK: tile.load %[[Q]][] rows(%[[M]])
// CHECK: %[[NEXT:.*]] = arith.addi %[[M]], %{{.*}} : index
// CHECK: tile.load %[[Q]][] rows(%[[NEXT]])
// CHECK: %[[QP0:.*]] = tile.convert %{{.*}} -> !tile.tile<32x32xbf16, scratch, #tile.pairs<0>>
// CHECK-NEXT: %[[QP1:.*]] = tile.convert
//
// The pipeline: K and V first, then Q·Kᵀ 0; Q·Kᵀ 1, softmax 0; P·V 0, softmax 1; P·V 1.
// CHECK: %[[O:.*]]:2 = tile.visit key step 32 {{.*}} iter_args(%{{.*}}, %{{.*}} : !tile.tile<32x32xf32, scratch, #tile.lanes<0>>, !tile.tile<32x32xf32, scratch, #tile.lanes<0>>)
// CHECK: full {
// CHECK-NEXT: ^bb0(%{{[^:]*}}: index, %[[IN0:[^:]*]]: !tile.tile<{{[^%]*}}>, %[[IN1:[^:]*]]: !tile.tile<{{.*}}>):
// CHECK-NEXT: tile.load
// CHECK-NEXT: %[[K:.*]] = tile.convert {{.*}} #tile.lanes<1>>
// CHECK-NEXT: %[[V:.*]] = tile.convert {{.*}} #tile.lanes<0>>
// CHECK-NEXT: %[[S0:.*]] = tile.mma %[[QP0]], %[[K]] transpose_rhs
// CHECK-NEXT: %[[S1:.*]] = tile.mma %[[QP1]], %[[K]] transpose_rhs
// CHECK-NEXT: %[[E0:.*]] = tile.map %[[S0]], %[[ROWS0]] broadcast [none, rows]
// CHECK: %[[P0:.*]] = tile.convert %[[E0]]
// CHECK-NEXT: %[[OUT0:.*]] = tile.mma %[[P0]], %[[V]] acc(%[[IN0]]
// CHECK-NEXT: %[[E1:.*]] = tile.map %[[S1]], %[[ROWS1]] broadcast [none, rows]
// CHECK: %[[P1:.*]] = tile.convert %[[E1]]
// CHECK-NEXT: %[[OUT1:.*]] = tile.mma %[[P1]], %[[V]] acc(%[[IN1]]
// CHECK-NEXT: tile.yield %[[OUT0]], %[[OUT1]]
// CHECK: tile.store %[[O]]#0, %{{.*}}[] rows(%[[M]])
// CHECK: %[[LATER:.*]] = arith.addi %[[M]], %{{.*}} : index
// CHECK: tile.store %[[O]]#1, %{{.*}}[] rows(%[[LATER]])
tile.kernel @groups(%Q: !m, %O: memref<?x32xf32, strided<[?, 1], offset: ?>>, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #two} {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %rows = tile.map : !r {
    %i = tile.index 0
    %x = arith.index_cast %i : index to i32
    tile.yield %x : i32
  }
  %min = tile.reduce min %rows axis 0 : !r -> i32
  %first = arith.index_cast %min : i32 to index
  %ql = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
  %q = tile.convert %ql : !tile.tile<64x32xbf16, global> -> !q
  %init = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.visit key step 32 starts(%first) partial(%c0) full(%n) iter_args(%init : !s) -> !s
    partial { ^bb0(%k0: index, %in: !s): tile.yield %in : !s }
    full { ^bb0(%k0: index, %in: !s):
      %l = tile.load %Q[] rows(%k0) limit(%n) : !m -> !tile.tile<32x32xbf16, global>
      %k = tile.convert %l : !tile.tile<32x32xbf16, global> -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %e = tile.map %s, %rows broadcast [none, rows] : !s, !r -> !s { ^bb0(%x: f32, %row: i32):
        %y = arith.sitofp %row : i32 to f32
        %z = arith.mulf %x, %y : f32
        tile.yield %z : f32
      }
      %p = tile.convert %e : !s -> !q
      %v = tile.convert %l : !tile.tile<32x32xbf16, global> -> !v
      %out = tile.mma %p, %v acc(%in : !s) : !q, !v -> !s
      tile.yield %out : !s
    }
  tile.store %o, %O[] rows(%m) limit(%n) : !s, memref<?x32xf32, strided<[?, 1], offset: ?>>
  tile.return
}

// A scalar of rows inside a body, and what depends on it: the groups are there, the order stays.
// CHECK-LABEL: tile.kernel @scalar_between
// CHECK: full {
// CHECK: %[[S0:.*]] = tile.mma
// CHECK-NEXT: %[[S1:.*]] = tile.mma
// CHECK: arith.maxsi
// CHECK: tile.map %[[S0]] :
// CHECK: tile.map %[[S1]] :
tile.kernel @scalar_between(%Q: !m, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #two} {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %one = arith.constant 1 : i32
  %rows = tile.map : !r { tile.yield %one : i32 }
  %ql = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
  %q = tile.convert %ql : !tile.tile<64x32xbf16, global> -> !q
  %init = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.visit key step 32 starts(%c0) partial(%c0) full(%n) iter_args(%init : !s) -> !s
    partial { ^bb0(%k0: index, %in: !s): tile.yield %in : !s }
    full { ^bb0(%k0: index, %in: !s):
      %l = tile.load %Q[] rows(%k0) limit(%n) : !m -> !tile.tile<32x32xbf16, global>
      %k = tile.convert %l : !tile.tile<32x32xbf16, global> -> !k
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %max = tile.reduce max %rows axis 0 : !r -> i32
      %scale = arith.sitofp %max : i32 to f32
      %e = tile.map %s : !s -> !s { ^bb0(%x: f32):
        %y = arith.mulf %x, %scale : f32
        tile.yield %y : f32
      }
      tile.yield %e : !s
    }
  tile.return
}

// One stage: no groups.
// CHECK-LABEL: tile.kernel @one_stage
// CHECK: tile.mma {{.*}} -> !tile.tile<64x32xf32, scratch, #tile.lanes<0>>
tile.kernel @one_stage(%Q: !m, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #one} {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %ql = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
  %q = tile.convert %ql : !tile.tile<64x32xbf16, global> -> !q
  %init = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.visit key step 32 starts(%c0) partial(%c0) full(%n) iter_args(%init : !s) -> !s
    partial { ^bb0(%k0: index, %in: !s): tile.yield %in : !s }
    full { ^bb0(%k0: index, %in: !s):
      %l = tile.load %Q[] rows(%k0) limit(%n) in_bounds : !m -> !tile.tile<32x32xbf16, global>
      %s = tile.mma %q, %l transpose_rhs : !q, !tile.tile<32x32xbf16, global> -> !s
      tile.yield %s : !s
    }
  tile.return
}

// f32 is no matter of the tile unit.
// CHECK-LABEL: tile.kernel @f32
// CHECK: tile.mma {{.*}} -> !tile.tile<64x32xf32, scratch, #tile.lanes<0>>
tile.kernel @f32(%Q: memref<?x32xf32, strided<[?, 1], offset: ?>>, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #two} {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %ql = tile.load %Q[] rows(%m) limit(%n) : memref<?x32xf32, strided<[?, 1], offset: ?>> -> !tile.tile<64x32xf32, global>
  %q = tile.convert %ql : !tile.tile<64x32xf32, global> -> !s
  %init = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.visit key step 32 starts(%c0) partial(%c0) full(%n) iter_args(%init : !s) -> !s
    partial { ^bb0(%k0: index, %in: !s): tile.yield %in : !s }
    full { ^bb0(%k0: index, %in: !s):
      %l = tile.load %Q[] rows(%k0) limit(%n) in_bounds : memref<?x32xf32, strided<[?, 1], offset: ?>> -> !tile.tile<32x32xf32, global>
      %s = tile.mma %q, %l transpose_rhs : !s, !tile.tile<32x32xf32, global> -> !s
      tile.yield %s : !s
    }
  tile.return
}

// Values per column, which groups would have to share.
// CHECK-LABEL: tile.kernel @columns
// CHECK: tile.mma {{.*}} -> !tile.tile<64x32xf32, scratch, #tile.lanes<0>>
tile.kernel @columns(%Q: !m, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #two} {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %bias = tile.map : !tile.tile<32xf32, scratch> { tile.yield %zero : f32 }
  %ql = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
  %q = tile.convert %ql : !tile.tile<64x32xbf16, global> -> !q
  %init = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.visit key step 32 starts(%c0) partial(%c0) full(%n) iter_args(%init : !s) -> !s
    partial { ^bb0(%k0: index, %in: !s): tile.yield %in : !s }
    full { ^bb0(%k0: index, %in: !s):
      %l = tile.load %Q[] rows(%k0) limit(%n) in_bounds : !m -> !tile.tile<32x32xbf16, global>
      %s = tile.mma %q, %l transpose_rhs : !q, !tile.tile<32x32xbf16, global> -> !s
      %e = tile.map %s, %bias broadcast [none, columns] : !s, !tile.tile<32xf32, scratch> -> !s { ^bb0(%x: f32, %y: f32):
        %z = arith.addf %x, %y : f32
        tile.yield %z : f32
      }
      tile.yield %e : !s
    }
  tile.return
}

// A division for each key would be one for each key and group: it is done for the keys alone. What depends on the query is computed per query anyway.
// CHECK-LABEL: tile.kernel @costly_per_key
// CHECK: full {
// CHECK: %[[KEYS:.*]] = tile.map : !tile.tile<32xi32, scratch> {
// CHECK-NEXT: %[[KEY:.*]] = tile.index 0
// CHECK-NEXT: %[[REST:.*]] = arith.remui %[[KEY]]
// CHECK-NEXT: %[[IS:.*]] = arith.cmpi eq, %[[REST]]
// CHECK-NEXT: %[[WORD:.*]] = arith.extui %[[IS]] : i1 to i32
// CHECK-NEXT: tile.yield %[[WORD]]
// CHECK: %[[S0:.*]] = tile.mma {{.*}} -> !tile.tile<32x32xf32, scratch, #tile.lanes<0>>
// CHECK: tile.map %[[S0]], %[[KEYS]] broadcast [none, columns]
// CHECK-NEXT: ^bb0(%[[X:.*]]: f32, %[[FLAG:.*]]: i32):
// CHECK-NEXT: %[[TRUTH:.*]] = arith.trunci %[[FLAG]] : i32 to i1
// CHECK-NEXT: arith.select %[[TRUTH]], %[[X]]
// CHECK-LABEL: tile.kernel @costly_per_pair
// CHECK: tile.mma {{.*}} -> !tile.tile<32x32xf32, scratch, #tile.lanes<0>>
// CHECK: tile.map {{.*}} : !tile.tile<32x32xf32, scratch, #tile.lanes<0>> -> !tile.tile<32x32xf32, scratch, #tile.lanes<0>> {
// CHECK: arith.remui
tile.kernel @costly_per_key(%Q: !m, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #two} {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %ql = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
  %q = tile.convert %ql : !tile.tile<64x32xbf16, global> -> !q
  %init = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.visit key step 32 starts(%c0) partial(%c0) full(%n) iter_args(%init : !s) -> !s
    partial { ^bb0(%k0: index, %in: !s): tile.yield %in : !s }
    full { ^bb0(%k0: index, %in: !s):
      %l = tile.load %Q[] rows(%k0) limit(%n) in_bounds : !m -> !tile.tile<32x32xbf16, global>
      %s = tile.mma %q, %l transpose_rhs : !q, !tile.tile<32x32xbf16, global> -> !s
      %e = tile.map %s : !s -> !s { ^bb0(%x: f32):
        %i = tile.index 1
        %r = arith.remui %i, %n : index
        %c = arith.cmpi eq, %r, %c0 : index
        %z = arith.select %c, %x, %zero : f32
        tile.yield %z : f32
      }
      tile.yield %e : !s
    }
  tile.return
}
tile.kernel @costly_per_pair(%Q: !m, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #two} {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %ql = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
  %q = tile.convert %ql : !tile.tile<64x32xbf16, global> -> !q
  %init = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.visit key step 32 starts(%c0) partial(%c0) full(%n) iter_args(%init : !s) -> !s
    partial { ^bb0(%k0: index, %in: !s): tile.yield %in : !s }
    full { ^bb0(%k0: index, %in: !s):
      %l = tile.load %Q[] rows(%k0) limit(%n) in_bounds : !m -> !tile.tile<32x32xbf16, global>
      %s = tile.mma %q, %l transpose_rhs : !q, !tile.tile<32x32xbf16, global> -> !s
      %e = tile.map %s : !s -> !s { ^bb0(%x: f32):
        %i = tile.index 0
        %r = arith.remui %i, %n : index
        %c = arith.cmpi eq, %r, %c0 : index
        %z = arith.select %c, %x, %zero : f32
        tile.yield %z : f32
      }
      tile.yield %e : !s
    }
  tile.return
}

// A branch of a test: its rows are those of all groups.
// CHECK-LABEL: tile.kernel @test
// CHECK: test {
// CHECK: scf.if
// CHECK: %[[X:.*]] = tile.reduce max %{{.*}} axis 0 : !tile.tile<32xi32, scratch> -> i32
// CHECK-NEXT: %[[Y:.*]] = tile.reduce max %{{.*}} axis 0 : !tile.tile<32xi32, scratch> -> i32
// CHECK-NEXT: arith.maxsi %[[X]], %[[Y]]
tile.kernel @test(%Q: !m, %n: index, %m: index, %h: index, %b: index) attributes {tile.schedule = #two} {
  %zero = arith.constant 0.0 : f32
  %c0 = arith.constant 0 : index
  %no = arith.constant false
  %one = arith.constant 1 : i32
  %rows = tile.map : !r { tile.yield %one : i32 }
  %ql = tile.load %Q[] rows(%m) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
  %q = tile.convert %ql : !tile.tile<64x32xbf16, global> -> !q
  %init = tile.map : !s { tile.yield %zero : f32 }
  %o = tile.visit key step 32 starts(%c0) partial(%n) full(%c0) iter_args(%init : !s) -> !s
    test { ^bb0(%k0: index):
      %is = arith.cmpi slt, %k0, %n : index
      %any = scf.if %is -> i1 {
        %max = tile.reduce max %rows axis 0 : !r -> i32
        %some = arith.cmpi eq, %max, %one : i32
        scf.yield %some : i1
      } else {
        scf.yield %no : i1
      }
      tile.yield %any, %no : i1, i1
    }
    partial { ^bb0(%k0: index, %in: !s):
      %l = tile.load %Q[] rows(%k0) limit(%n) in_bounds : !m -> !tile.tile<32x32xbf16, global>
      %s = tile.mma %q, %l transpose_rhs : !q, !tile.tile<32x32xbf16, global> -> !s
      tile.yield %s : !s
    }
    full { ^bb0(%k0: index, %in: !s): tile.yield %in : !s }
  tile.return
}
}
