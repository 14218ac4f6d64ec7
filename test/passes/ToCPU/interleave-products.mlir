// RUN: lacuna-opt %s -cpu-interleave-products | FileCheck %s
// A loop over units of a tile product and a loop over rows become one, where nothing hinders it.

!a = !amx.tile<16x32xbf16>
!c = !amx.tile<16x16xf32>
module {

// Two units beside 16 steps of two vectors: eight steps a unit, four of them (for both vectors) behind each of its two products. The results of both vectors
// leave the loop.
// CHECK-LABEL: func.func @constant
// CHECK: %[[S0:.*]] = memref.alloca() {name = "s0"}
// CHECK: %[[SUMS:.*]]:2 = scf.for %[[K:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}})
// CHECK: amx.tile_mulf
// CHECK-COUNT-8: vector.load %[[S0]]
// CHECK-NOT: vector.load
// CHECK: amx.tile_mulf
// CHECK-COUNT-8: vector.load %[[S0]]
// CHECK-NOT: vector.load
// CHECK: amx.tile_store
// CHECK: scf.yield
// CHECK: vector.store %[[SUMS]]#0
// CHECK: vector.store %[[SUMS]]#1
// CHECK-NOT: scf.for
// CHECK: return
func.func @constant(%k: memref<64x32xbf16>, %q: memref<16x32xbf16>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %none = arith.constant dense<0.0> : vector<16xf32>
  %s0 = memref.alloca() {name = "s0"} : memref<64x32xf32>
  %s1 = memref.alloca() {name = "s1"} : memref<64x32xf32>
  %sums = memref.alloca() : memref<32xf32>
  scf.for %row = %c0 to %c64 step %c32 {
    %z = amx.tile_zero : !c
    %l = amx.tile_load %k[%row, %c0] : memref<64x32xbf16> into !a
    %r = amx.tile_load %q[%c0, %c0] : memref<16x32xbf16> into !a
    %x = amx.tile_mulf %l, %r, %z : !a, !a, !c
    %y = amx.tile_mulf %l, %r, %x : !a, !a, !c
    amx.tile_store %s1[%row, %c0], %y : memref<64x32xf32>, !c
  }
  scf.for %lane = %c0 to %c32 step %c16 {
    %sum = scf.for %i = %c0 to %c64 step %c4 iter_args(%before = %none) -> vector<16xf32> {
      %e = vector.load %s0[%i, %lane] : memref<64x32xf32>, vector<16xf32>
      %after = arith.addf %before, %e : vector<16xf32>
      scf.yield %after : vector<16xf32>
    }
    vector.store %sum, %sums[%lane] : memref<32xf32>, vector<16xf32>
  }
  return
}

// Three units beside 16 steps: five steps a unit, the last one after the loop.
// CHECK-LABEL: func.func @rest
// CHECK: %[[S0:.*]] = memref.alloca() {name = "s0"}
// CHECK: %[[SUMS:.*]]:2 = scf.for %[[D:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}})
// CHECK: amx.tile_mulf
// CHECK-COUNT-10: vector.load %[[S0]]
// CHECK-NOT: vector.load
// CHECK: amx.tile_store
// CHECK: scf.yield
// CHECK: %[[FIFTEEN:.*]] = arith.constant 60 : index
// CHECK-NEXT: %[[LAST:.*]] = arith.addi %{{.*}}, %[[FIFTEEN]]
// CHECK-NEXT: %[[X:.*]] = vector.load %[[S0]][%[[LAST]],
// CHECK-NEXT: %[[SUM0:.*]] = arith.addf %[[SUMS]]#0, %[[X]]
// CHECK-NEXT: %[[Y:.*]] = vector.load %[[S0]][%[[LAST]],
// CHECK-NEXT: %[[SUM1:.*]] = arith.addf %[[SUMS]]#1, %[[Y]]
// CHECK-NEXT: vector.store %[[SUM0]]
// CHECK-NEXT: vector.store %[[SUM1]]
// CHECK-NEXT: return
func.func @rest(%k: memref<96x32xbf16>, %q: memref<16x32xbf16>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %c96 = arith.constant 96 : index
  %none = arith.constant dense<0.0> : vector<16xf32>
  %s0 = memref.alloca() {name = "s0"} : memref<64x32xf32>
  %s1 = memref.alloca() {name = "s1"} : memref<96x32xf32>
  %sums = memref.alloca() : memref<32xf32>
  scf.for %row = %c0 to %c96 step %c32 {
    %z = amx.tile_zero : !c
    %l = amx.tile_load %k[%row, %c0] : memref<96x32xbf16> into !a
    %r = amx.tile_load %q[%c0, %c0] : memref<16x32xbf16> into !a
    %x = amx.tile_mulf %l, %r, %z : !a, !a, !c
    amx.tile_store %s1[%row, %c0], %x : memref<96x32xf32>, !c
  }
  scf.for %lane = %c0 to %c32 step %c16 {
    %sum = scf.for %i = %c0 to %c64 step %c4 iter_args(%before = %none) -> vector<16xf32> {
      %e = vector.load %s0[%i, %lane] : memref<64x32xf32>, vector<16xf32>
      %after = arith.addf %before, %e : vector<16xf32>
      scf.yield %after : vector<16xf32>
    }
    vector.store %sum, %sums[%lane] : memref<32xf32>, vector<16xf32>
  }
  return
}

// Bounds at run time: the same ones, in whole units. Of two loops over rows the heavier one is taken, past the other.
// CHECK-LABEL: func.func @run_time
// CHECK: scf.for
// CHECK-NEXT: scf.for
// CHECK-NOT: amx
// CHECK: scf.for %[[K:.*]] = %[[BEGIN:.*]] to %[[END:.*]] step %{{.*}} {
// CHECK: amx.tile_mulf
// CHECK: math.exp2
// CHECK: amx.tile_store
// CHECK-NOT: scf.for
// CHECK: return
func.func @run_time(%k: memref<64x32xbf16>, %q: memref<16x32xbf16>, %b: index, %e: index) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %mask = arith.constant -32 : index
  %begin = arith.andi %b, %mask : index
  %end = arith.andi %e, %mask : index
  %s0 = memref.alloca() : memref<64x32xf32>
  %s1 = memref.alloca() : memref<64x32xf32>
  %s2 = memref.alloca() : memref<64x32xf32>
  scf.for %row = %begin to %end step %c32 {
    %l = amx.tile_load %k[%row, %c0] : memref<64x32xbf16> into !a
    %r = amx.tile_load %q[%c0, %c0] : memref<16x32xbf16> into !a
    %z = amx.tile_zero : !c
    %x = amx.tile_mulf %l, %r, %z : !a, !a, !c
    amx.tile_store %s1[%row, %c0], %x : memref<64x32xf32>, !c
  }
  scf.for %lane = %c0 to %c32 step %c16 {
    scf.for %i = %begin to %end step %c4 {
      %x = vector.load %s2[%i, %lane] : memref<64x32xf32>, vector<16xf32>
      %y = arith.mulf %x, %x : vector<16xf32>
      vector.store %y, %s2[%i, %lane] : memref<64x32xf32>, vector<16xf32>
    }
  }
  scf.for %lane = %c0 to %c32 step %c16 {
    scf.for %i = %begin to %end step %c4 {
      %x = vector.load %s0[%i, %lane] : memref<64x32xf32>, vector<16xf32>
      %y = math.exp2 %x : vector<16xf32>
      vector.store %y, %s0[%i, %lane] : memref<64x32xf32>, vector<16xf32>
    }
  }
  return
}

// Nobody says that the rows are whole units.
// CHECK-LABEL: func.func @no_whole_units
// CHECK: amx.tile_store
// CHECK-NEXT: }
// CHECK-NEXT: scf.for
func.func @no_whole_units(%k: memref<64x32xbf16>, %q: memref<16x32xbf16>, %begin: index, %end: index) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %s0 = memref.alloca() : memref<64x32xf32>
  %s1 = memref.alloca() : memref<64x32xf32>
  scf.for %row = %begin to %end step %c32 {
    %l = amx.tile_load %k[%row, %c0] : memref<64x32xbf16> into !a
    %r = amx.tile_load %q[%c0, %c0] : memref<16x32xbf16> into !a
    %z = amx.tile_zero : !c
    %x = amx.tile_mulf %l, %r, %z : !a, !a, !c
    amx.tile_store %s1[%row, %c0], %x : memref<64x32xf32>, !c
  }
  scf.for %lane = %c0 to %c32 step %c16 {
    scf.for %i = %begin to %end step %c4 {
      %x = vector.load %s0[%i, %lane] : memref<64x32xf32>, vector<16xf32>
      vector.store %x, %s0[%i, %lane] : memref<64x32xf32>, vector<16xf32>
    }
  }
  return
}

// The rows need the product, or something between does: through a view, and through one of two buffers.
// CHECK-LABEL: func.func @needed
// CHECK: amx.tile_store
// CHECK-NEXT: }
// CHECK-NEXT: memref.subview
// CHECK: scf.for
// CHECK-NEXT: scf.for
// CHECK-LABEL: func.func @needed_between
// CHECK: amx.tile_store
// CHECK-NEXT: }
// CHECK-NEXT: arith.select
// CHECK: scf.for
// CHECK-NEXT: scf.for
func.func @needed(%k: memref<64x32xbf16>, %q: memref<16x32xbf16>) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %s1 = memref.alloca() : memref<64x32xf32>
  scf.for %row = %c0 to %c64 step %c32 {
    %l = amx.tile_load %k[%row, %c0] : memref<64x32xbf16> into !a
    %r = amx.tile_load %q[%c0, %c0] : memref<16x32xbf16> into !a
    %z = amx.tile_zero : !c
    %x = amx.tile_mulf %l, %r, %z : !a, !a, !c
    amx.tile_store %s1[%row, %c0], %x : memref<64x32xf32>, !c
  }
  %half = memref.subview %s1[32, 0] [32, 32] [1, 1] : memref<64x32xf32> to memref<32x32xf32, strided<[32, 1], offset: 1024>>
  scf.for %lane = %c0 to %c32 step %c16 {
    scf.for %i = %c0 to %c32 step %c16 {
      %x = vector.load %half[%i, %lane] : memref<32x32xf32, strided<[32, 1], offset: 1024>>, vector<16xf32>
      vector.store %x, %half[%i, %lane] : memref<32x32xf32, strided<[32, 1], offset: 1024>>, vector<16xf32>
    }
  }
  return
}

func.func @needed_between(%k: memref<64x32xbf16>, %q: memref<16x32xbf16>, %other: i1) {
  %c0 = arith.constant 0 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %s0 = memref.alloca() : memref<64x32xf32>
  %s1 = memref.alloca() : memref<64x32xf32>
  scf.for %row = %c0 to %c64 step %c32 {
    %l = amx.tile_load %k[%row, %c0] : memref<64x32xbf16> into !a
    %r = amx.tile_load %q[%c0, %c0] : memref<16x32xbf16> into !a
    %z = amx.tile_zero : !c
    %x = amx.tile_mulf %l, %r, %z : !a, !a, !c
    amx.tile_store %s1[%row, %c0], %x : memref<64x32xf32>, !c
  }
  %either = arith.select %other, %s0, %s1 : memref<64x32xf32>
  %first = memref.load %either[%c0, %c0] : memref<64x32xf32>
  memref.store %first, %s0[%c0, %c0] : memref<64x32xf32>
  scf.for %lane = %c0 to %c32 step %c16 {
    scf.for %i = %c0 to %c64 step %c16 {
      %x = vector.load %s0[%i, %lane] : memref<64x32xf32>, vector<16xf32>
      vector.store %x, %s0[%i, %lane] : memref<64x32xf32>, vector<16xf32>
    }
  }
  return
}

// More than fits: 160 functions a unit.
// CHECK-LABEL: func.func @too_heavy
// CHECK: amx.tile_store
// CHECK-NEXT: }
// CHECK-NEXT: scf.for
// CHECK-NEXT: scf.for
func.func @too_heavy(%k: memref<64x32xbf16>, %q: memref<16x32xbf16>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  %c160 = arith.constant 160 : index
  %s0 = memref.alloca() : memref<160x32xf32>
  %s1 = memref.alloca() : memref<64x32xf32>
  scf.for %row = %c0 to %c64 step %c32 {
    %l = amx.tile_load %k[%row, %c0] : memref<64x32xbf16> into !a
    %r = amx.tile_load %q[%c0, %c0] : memref<16x32xbf16> into !a
    %z = amx.tile_zero : !c
    %x = amx.tile_mulf %l, %r, %z : !a, !a, !c
    amx.tile_store %s1[%row, %c0], %x : memref<64x32xf32>, !c
  }
  scf.for %lane = %c0 to %c32 step %c16 {
    scf.for %i = %c0 to %c160 step %c1 {
      %x = vector.load %s0[%i, %lane] : memref<160x32xf32>, vector<16xf32>
      %y = math.exp2 %x : vector<16xf32>
      vector.store %y, %s0[%i, %lane] : memref<160x32xf32>, vector<16xf32>
    }
  }
  return
}
}
