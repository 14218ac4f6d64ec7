// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// On a tile unit the hull of a partial tile leaves out units of 32 keys: their scores and weights are not computed, and zeros stand for the weights in the second
// product, whose depth is unrolled.

!q = !tile.tile<32x32xbf16, scratch, #tile.pairs<0>>
!k = !tile.tile<64x32xbf16, scratch, #tile.lanes<1>>
!v = !tile.tile<64x32xbf16, scratch, #tile.lanes<0>>
!s = !tile.tile<32x64xf32, scratch, #tile.lanes<0>>
!p = !tile.tile<32x64xbf16, scratch, #tile.pairs<0>>
!o = !tile.tile<32x32xf32, scratch, #tile.lanes<0>>
!m = memref<?x32xbf16, strided<[?, 1], offset: ?>>
module attributes {tile.target = "sapphirerapids"} {

// CHECK-LABEL: func.func @trimmed(
// CHECK: %[[ZERO:.*]] = arith.constant dense<-0.000000e+00> : vector<32xbf16>
// CHECK: %[[END:.*]] = arith.andi %{{.*}}, %c-32
// CHECK-NEXT: %[[BEGIN:.*]] = arith.andi %{{.*}}, %c-32
// CHECK: scf.for %[[KEY:.*]] = %[[BEGIN]] to %[[END]] step %c32 {
// CHECK: amx.tile_store %{{.*}}[%[[KEY]], %c0]
// The weights.
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]] step %c2 {
// CHECK: vector.store %{{.*}}, %[[P:.*]][
// The rest of them: negative zeros, of which LLVM makes no call.
// CHECK: %[[FIRST:.*]] = arith.divui %[[BEGIN]], %c2
// CHECK-NEXT: scf.for %[[PAIR:.*]] = %c0 to %[[FIRST]] step %c1 {
// CHECK: vector.store %[[ZERO]], %[[P]][%[[PAIR]], %{{.*}}] : memref<32x64xbf16>, vector<32xbf16>
// CHECK: %[[LAST:.*]] = arith.divui %[[END]], %c2
// CHECK-NEXT: scf.for %[[PAIR:.*]] = %[[LAST]] to %c32 step %c1 {
// CHECK: vector.store %[[ZERO]], %[[P]][%[[PAIR]], %{{.*}}]
// CHECK: amx.tile_load %[[P]][%c0, %c0]
// CHECK: amx.tile_load %[[P]][%c16, %c0]
// The full body.
// CHECK: scf.for %{{.*}} = %c0 to %c64 step %c32 {
// CHECK: amx.tile_mulf
tile.kernel @trimmed(%Q: !m, %low: index, %high: index, %n: index, %first: index, %mi: index, %h: index, %b: index) {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %nothing = arith.constant 0.0 : f32
  %rows = tile.load %Q[] rows(%zero) limit(%n) : !m -> !tile.tile<32x32xbf16, global>
  %q = tile.convert %rows : !tile.tile<32x32xbf16, global> -> !q
  %start = tile.map : !o { tile.yield %nothing : f32 }
  %out = tile.visit key step 64 starts(%first, %one) partial(%one, %zero) full(%zero, %one) hull(%low, %high) iter_args(%start : !o) -> !o
    partial { ^bb0(%k0: index, %acc: !o):
      %l = tile.load %Q[] rows(%k0) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
      %k = tile.convert %l : !tile.tile<64x32xbf16, global> -> !k
      %v = tile.convert %l : !tile.tile<64x32xbf16, global> -> !v
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %p = tile.map %s : !s -> !p { ^bb0(%x: f32):
        %y = arith.truncf %x : f32 to bf16
        tile.yield %y : bf16
      }
      %o = tile.mma %p, %v acc(%acc : !o) : !p, !v -> !o
      tile.yield %o : !o
    } full { ^bb0(%k0: index, %acc: !o):
      %l = tile.load %Q[] rows(%k0) limit(%n) : !m -> !tile.tile<64x32xbf16, global>
      %k = tile.convert %l : !tile.tile<64x32xbf16, global> -> !k
      %v = tile.convert %l : !tile.tile<64x32xbf16, global> -> !v
      %s = tile.mma %q, %k transpose_rhs : !q, !k -> !s
      %p = tile.convert %s : !s -> !p
      %o = tile.mma %p, %v acc(%acc : !o) : !p, !v -> !o
      tile.yield %o : !o
    }
  tile.return
}
}
