// RUN: lacuna-opt %s -lacuna-tile-to-nvvm | FileCheck %s
// RUN: lacuna-test-kernels %s text | FileCheck %s --check-prefix=PTX
// Dense attention as tile text, head 64: a ragged tail as one partial tile, everything else full. After the pipeline only llvm and nvvm are left in the
// module of the kernels; the emulator's rewrite starts from there.

// CHECK: gpu.module @kernels
// CHECK-NOT: unrealized_conversion_cast
// CHECK-NOT: {{(scf|arith|memref|vector|tile)\.[a-z_]+ }}
// CHECK: llvm.return

// PTX: .visible .entry f$attention0

module attributes {tile.target = "sm_80"} {
tile.kernel @f.attention0(%Q: memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>, %K: memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>, %V: memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>,
    %O: memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>, %LSE: memref<?x?x?xf32, strided<[?, ?, 1], offset: ?>>, %m: index, %h: index, %b: index)
    attributes {tile.schedule = #attn.schedule<tile_m = 64, tile_n = 64, warps = 4, stages = 2, transposed = false>} {
  %c0 = arith.constant 0 : index
  %c0_i32 = arith.constant 0 : i32
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %cm = arith.constant 64 : index
  %cn = arith.constant 64 : index
  %scale = arith.constant 1.803368801e-01 : f32
  %ln2 = arith.constant 6.931471806e-01 : f32
  %zero = arith.constant 0.0 : f32
  %start = arith.constant -1.0e30 : f32
  %minus_inf = arith.constant 0xFF800000 : f32
  %sq = memref.dim %Q, %c2 : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>
  %sk = memref.dim %K, %c2 : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>
  %hq = memref.dim %Q, %c1 : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>
  %hkv = memref.dim %K, %c1 : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>
  %hk = arith.muli %h, %hkv : index
  %g = arith.divui %hk, %hq : index
  %q0 = arith.muli %m, %cm : index
  %q = tile.load %Q[%b, %h] rows(%q0) limit(%sq) : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>> -> !tile.tile<64x64xbf16>
  %lo, %hi = tile.map : !tile.tile<64xi32>, !tile.tile<64xi32> {
    %last = arith.index_cast %sk : index to i32
    tile.yield %c0_i32, %last : i32, i32
  }
  %full = arith.divui %sk, %cn : index
  %tail = arith.remui %sk, %cn : index
  %ragged = arith.cmpi ne, %tail, %c0 : index
  %npart = arith.extui %ragged : i1 to i64
  %part = arith.index_cast %npart : i64 to index
  %m0 = tile.map : !tile.tile<64xf32> { tile.yield %start : f32 }
  %l0 = tile.map : !tile.tile<64xf32> { tile.yield %zero : f32 }
  %o0 = tile.map : !tile.tile<64x64xf32> { tile.yield %zero : f32 }
  %r:3 = tile.visit key step 64 starts(%c0, %full) partial(%c0, %part) full(%full, %c0) iter_args(%m0, %l0, %o0 : !tile.tile<64xf32>, !tile.tile<64xf32>, !tile.tile<64x64xf32>) -> !tile.tile<64xf32>, !tile.tile<64xf32>, !tile.tile<64x64xf32>
    partial { ^bb0(%k0: index, %mi: !tile.tile<64xf32>, %li: !tile.tile<64xf32>, %oi: !tile.tile<64x64xf32>):
      %k = tile.load %K[%b, %g] rows(%k0) limit(%sk) : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>> -> !tile.tile<64x64xbf16>
      %s = tile.mma %q, %k transpose_rhs : !tile.tile<64x64xbf16>, !tile.tile<64x64xbf16> -> !tile.tile<64x64xf32>
      %sm = tile.map %s, %lo, %hi broadcast [none, rows, rows] : !tile.tile<64x64xf32>, !tile.tile<64xi32>, !tile.tile<64xi32> -> !tile.tile<64x64xf32> {
      ^bb1(%x: f32, %first: i32, %last: i32):
        %c = tile.index 1
        %j = arith.addi %k0, %c : index
        %j32 = arith.index_cast %j : index to i32
        %in0 = arith.cmpi sge, %j32, %first : i32
        %in1 = arith.cmpi slt, %j32, %last : i32
        %in = arith.andi %in0, %in1 : i1
        %y = arith.select %in, %x, %minus_inf : f32
        tile.yield %y : f32
      }
      %mx = tile.reduce max %sm axis 1 : !tile.tile<64x64xf32> -> !tile.tile<64xf32>
      %mn = tile.map %mi, %mx : !tile.tile<64xf32>, !tile.tile<64xf32> -> !tile.tile<64xf32> { ^bb1(%a: f32, %x: f32):
        %xs = arith.mulf %x, %scale : f32
        %y = arith.maximumf %a, %xs : f32
        tile.yield %y : f32 }
      %al = tile.map %mi, %mn : !tile.tile<64xf32>, !tile.tile<64xf32> -> !tile.tile<64xf32> { ^bb1(%a: f32, %x: f32):
        %d = arith.subf %a, %x : f32
        %y = math.exp2 %d : f32
        tile.yield %y : f32 }
      %p = tile.map %sm, %mn broadcast [none, rows] : !tile.tile<64x64xf32>, !tile.tile<64xf32> -> !tile.tile<64x64xf32> { ^bb1(%x: f32, %a: f32):
        %na = arith.negf %a : f32
        %d = math.fma %x, %scale, %na : f32
        %y = math.exp2 %d : f32
        tile.yield %y : f32 }
      %ps = tile.reduce sum %p axis 1 : !tile.tile<64x64xf32> -> !tile.tile<64xf32>
      %ln = tile.map %li, %al, %ps : !tile.tile<64xf32>, !tile.tile<64xf32>, !tile.tile<64xf32> -> !tile.tile<64xf32> { ^bb1(%l: f32, %a: f32, %x: f32):
        %y = math.fma %l, %a, %x : f32
        tile.yield %y : f32 }
      %v = tile.load %V[%b, %g] rows(%k0) limit(%sk) : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>> -> !tile.tile<64x64xbf16>
      %o1 = tile.map %oi, %al broadcast [none, rows] : !tile.tile<64x64xf32>, !tile.tile<64xf32> -> !tile.tile<64x64xf32> { ^bb1(%x: f32, %a: f32):
        %y = arith.mulf %x, %a : f32
        tile.yield %y : f32 }
      %o2 = tile.mma %p, %v acc(%o1 : !tile.tile<64x64xf32>) : !tile.tile<64x64xf32>, !tile.tile<64x64xbf16> -> !tile.tile<64x64xf32>
      tile.yield %mn, %ln, %o2 : !tile.tile<64xf32>, !tile.tile<64xf32>, !tile.tile<64x64xf32> }
    full { ^bb0(%k0: index, %mi: !tile.tile<64xf32>, %li: !tile.tile<64xf32>, %oi: !tile.tile<64x64xf32>):
      %k = tile.load %K[%b, %g] rows(%k0) limit(%sk) in_bounds : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>> -> !tile.tile<64x64xbf16>
      %s = tile.mma %q, %k transpose_rhs : !tile.tile<64x64xbf16>, !tile.tile<64x64xbf16> -> !tile.tile<64x64xf32>
      %mx = tile.reduce max %s axis 1 : !tile.tile<64x64xf32> -> !tile.tile<64xf32>
      %mn = tile.map %mi, %mx : !tile.tile<64xf32>, !tile.tile<64xf32> -> !tile.tile<64xf32> { ^bb1(%a: f32, %x: f32):
        %xs = arith.mulf %x, %scale : f32
        %y = arith.maximumf %a, %xs : f32
        tile.yield %y : f32 }
      %al = tile.map %mi, %mn : !tile.tile<64xf32>, !tile.tile<64xf32> -> !tile.tile<64xf32> { ^bb1(%a: f32, %x: f32):
        %d = arith.subf %a, %x : f32
        %y = math.exp2 %d : f32
        tile.yield %y : f32 }
      %p = tile.map %s, %mn broadcast [none, rows] : !tile.tile<64x64xf32>, !tile.tile<64xf32> -> !tile.tile<64x64xf32> { ^bb1(%x: f32, %a: f32):
        %na = arith.negf %a : f32
        %d = math.fma %x, %scale, %na : f32
        %y = math.exp2 %d : f32
        tile.yield %y : f32 }
      %ps = tile.reduce sum %p axis 1 : !tile.tile<64x64xf32> -> !tile.tile<64xf32>
      %ln = tile.map %li, %al, %ps : !tile.tile<64xf32>, !tile.tile<64xf32>, !tile.tile<64xf32> -> !tile.tile<64xf32> { ^bb1(%l: f32, %a: f32, %x: f32):
        %y = math.fma %l, %a, %x : f32
        tile.yield %y : f32 }
      %v = tile.load %V[%b, %g] rows(%k0) limit(%sk) in_bounds : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>> -> !tile.tile<64x64xbf16>
      %o1 = tile.map %oi, %al broadcast [none, rows] : !tile.tile<64x64xf32>, !tile.tile<64xf32> -> !tile.tile<64x64xf32> { ^bb1(%x: f32, %a: f32):
        %y = arith.mulf %x, %a : f32
        tile.yield %y : f32 }
      %o2 = tile.mma %p, %v acc(%o1 : !tile.tile<64x64xf32>) : !tile.tile<64x64xf32>, !tile.tile<64x64xbf16> -> !tile.tile<64x64xf32>
      tile.yield %mn, %ln, %o2 : !tile.tile<64xf32>, !tile.tile<64xf32>, !tile.tile<64x64xf32> }
  %of = tile.map %r#2, %r#1 broadcast [none, rows] : !tile.tile<64x64xf32>, !tile.tile<64xf32> -> !tile.tile<64x64xf32> { ^bb1(%x: f32, %l: f32):
    %empty = arith.cmpf oeq, %l, %zero : f32
    %y = arith.divf %x, %l : f32
    %z = arith.select %empty, %zero, %y : f32
    tile.yield %z : f32 }
  %ob = tile.convert %of : !tile.tile<64x64xf32> -> !tile.tile<64x64xbf16>
  tile.store %ob, %O[%b, %h] rows(%q0) limit(%sq) : !tile.tile<64x64xbf16>, memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>
  %lse = tile.map %r#0, %r#1 : !tile.tile<64xf32>, !tile.tile<64xf32> -> !tile.tile<64xf32> { ^bb1(%x: f32, %l: f32):
    %empty = arith.cmpf oeq, %l, %zero : f32
    %lg = math.log2 %l : f32
    %y = arith.addf %x, %lg : f32
    %y2 = arith.mulf %y, %ln2 : f32
    %z = arith.select %empty, %minus_inf, %y2 : f32
    tile.yield %z : f32 }
  tile.store %lse, %LSE[%b, %h] rows(%q0) limit(%sq) : !tile.tile<64xf32>, memref<?x?x?xf32, strided<[?, ?, 1], offset: ?>>
  tile.return
}
}
