// RUN: lacuna-opt %s -emulate-cpu | FileCheck %s
// Tiles become buffers, their products loops over rows and pairs; a dot product of pairs is two fused steps. Nothing of amx is left.

// CHECK-NOT: {{= amx|llvm.call_intrinsic}}
// CHECK-LABEL: func.func @tiles(
// CHECK-COUNT-3: memref.alloca() {alignment = 64 : i64} : memref<16x{{16xf32|32xbf16}}>
// CHECK: vector.store %{{.*}} : memref<16x16xf32>, vector<16xf32>
// CHECK: vector.load %arg0[%{{.*}}, %arg3] : memref<?x64xbf16, strided<[?, 1]>>, vector<32xbf16>
// CHECK: call @emulate.multiply0(%[[X:.*]], %[[Y:.*]], %[[SUM:.*]]) : (memref<16x32xbf16>, memref<16x32xbf16>, memref<16x16xf32>) -> ()
// CHECK: vector.load %[[SUM]]
// CHECK: vector.store %{{.*}}, %arg2[%{{.*}}, %arg3] : memref<64x32xf32>, vector<16xf32>
// CHECK-NOT: amx.
func.func @tiles(%a: memref<?x64xbf16, strided<[?, 1]>>, %b: memref<32x64xbf16>, %c: memref<64x32xf32>, %i: index) {
  %zero = amx.tile_zero : !amx.tile<16x16xf32>
  %x = amx.tile_load %a[%i, %i] : memref<?x64xbf16, strided<[?, 1]>> into !amx.tile<16x32xbf16>
  %y = amx.tile_load %b[%i, %i] : memref<32x64xbf16> into !amx.tile<16x32xbf16>
  %r = amx.tile_mulf %x, %y, %zero : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
  amx.tile_store %c[%i, %i], %r : memref<64x32xf32>, !amx.tile<16x16xf32>
  return
}

// CHECK-LABEL: func.func @dot(
// CHECK-COUNT-2: vector.deinterleave
// CHECK-COUNT-2: vector.fma
// CHECK-NOT: llvm.call_intrinsic
func.func @dot(%s: vector<16xf32>, %a: vector<32xbf16>, %b: vector<32xbf16>) -> vector<16xf32> {
  %r = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%s, %a, %b) : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>
  return %r : vector<16xf32>
}

// One function for all products of a shape.
// CHECK-LABEL: func.func @again(
// CHECK: call @emulate.multiply0(
// CHECK-LABEL: func.func private @emulate.multiply0(
// CHECK-SAME: %[[LEFT:.*]]: memref<16x32xbf16>, %[[RIGHT:.*]]: memref<16x32xbf16>, %[[SUM:.*]]: memref<16x16xf32>) attributes {no_inline}
// CHECK: %[[EVEN:.*]] = arith.muli %{{.*}}, %c2
// CHECK: memref.load %[[LEFT]][%[[M:.*]], %[[EVEN]]] : memref<16x32xbf16>
// CHECK: vector.load %[[RIGHT]]
// CHECK: vector.deinterleave
// CHECK-COUNT-2: vector.fma
// CHECK: vector.store %{{.*}}, %[[SUM]][%[[M]], %{{.*}}] : memref<16x16xf32>, vector<16xf32>
// CHECK-NOT: func.func
func.func @again(%a: memref<16x32xbf16>, %c: memref<64x32xf32>, %i: index) {
  %zero = amx.tile_zero : !amx.tile<16x16xf32>
  %x = amx.tile_load %a[%i, %i] : memref<16x32xbf16> into !amx.tile<16x32xbf16>
  %r = amx.tile_mulf %x, %x, %zero : !amx.tile<16x32xbf16>, !amx.tile<16x32xbf16>, !amx.tile<16x16xf32>
  amx.tile_store %c[%i, %i], %r : memref<64x32xf32>, !amx.tile<16x16xf32>
  return
}
