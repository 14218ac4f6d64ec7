// RUN: lacuna-opt %s -convert-tile-to-cpu -canonicalize -cse | FileCheck %s
// tile.visit: partial tiles of all segments first, then full ones; the mask stands in the partial body only. Segments known to be empty leave no loop;
// several ones share one copy of the body through a small table.

!r = !tile.tile<16xf32, scratch>
module attributes {tile.target = "x86-64-v4"} {

// CHECK-LABEL: func.func @runs(
// CHECK-DAG: %[[TABLE:.*]] = memref.alloca() {{.*}} memref<2x3xindex>
// CHECK: memref.store %{{.*}}, %[[TABLE]][%c0, %c0]
// CHECK: memref.store %{{.*}}, %[[TABLE]][%c1, %c1]
// CHECK: scf.for %{{.*}} = %c0 to %c2 step %c1 {
// CHECK: %[[START:.*]] = memref.load %[[TABLE]][%{{.*}}, %c0]
// CHECK: %[[COUNT:.*]] = memref.load %[[TABLE]][%{{.*}}, %c1]
// CHECK: scf.for %[[I:.*]] = %c0 to %[[COUNT]]
// CHECK: %[[NUMBER:.*]] = arith.addi %[[START]], %[[I]]
// CHECK: arith.muli %[[NUMBER]], %c32
// CHECK: arith.cmpi slt
// CHECK: arith.select
// CHECK: scf.for
// CHECK-NOT: arith.cmpi
// CHECK-NOT: arith.select
// CHECK: arith.addf
// CHECK: return
tile.kernel @runs(%n: index, %m: index, %h: index, %b: index) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %init = tile.map : !r { tile.yield %zero : f32 }
  %r = tile.visit key step 32 starts(%c0, %m, %h) partial(%m, %c0, %h) full(%c0, %b, %c0) iter_args(%init : !r) -> !r
    partial { ^bb0(%k0: index, %acc: !r):
      %in = arith.cmpi slt, %k0, %n : index
      %x = tile.map %acc : !r -> !r attributes {tile.reuse = 0 : i64} { ^bb0(%e: f32):
        %y = arith.select %in, %e, %zero : f32
        tile.yield %y : f32
      }
      tile.yield %x : !r
    }
    full { ^bb0(%k0: index, %acc: !r):
      %x = tile.map %acc : !r -> !r attributes {tile.reuse = 0 : i64} { ^bb0(%e: f32):
        %y = arith.addf %e, %one : f32
        tile.yield %y : f32
      }
      tile.yield %x : !r
    }
  tile.return
}

// A test: partial and full segments share one loop and one copy of each body; full ones are not tested. Not any, nothing; all, the full body; else the
// partial one. Results live in the carried buffer.
// CHECK-LABEL: func.func @tested(
// CHECK-DAG: %[[TABLE:.*]] = memref.alloca() {{.*}} memref<2x3xindex>
// CHECK-DAG: memref.alloca() {{.*}} memref<16xf32>
// CHECK: memref.store %c0, %[[TABLE]][%c0, %c2]
// CHECK: memref.store %c1, %[[TABLE]][%c1, %c2]
// CHECK: %[[FULL:.*]] = memref.load %[[TABLE]][%{{.*}}, %c2]
// CHECK: %[[KNOWN:.*]] = arith.cmpi ne, %[[FULL]], %c0
// CHECK: %[[CLASS:.*]]:2 = scf.if %[[KNOWN]] -> (i1, i1) {
// CHECK-NEXT: scf.yield %true, %true
// CHECK: arith.cmpi slt
// CHECK: arith.cmpi sle
// CHECK: scf.if %[[CLASS]]#0 {
// CHECK: scf.if %[[CLASS]]#1 {
// CHECK: math.absf
// CHECK: } else {
// CHECK: arith.negf
// CHECK-NOT: math.absf
// CHECK: return
tile.kernel @tested(%n: index, %m: index, %h: index, %b: index) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %init = tile.map : !r { tile.yield %zero : f32 }
  %r = tile.visit key step 32 starts(%c0, %h) partial(%m, %c0) full(%c0, %b) iter_args(%init : !r) -> !r
    test { ^bb0(%k0: index):
      %any = arith.cmpi slt, %k0, %n : index
      %all = arith.cmpi sle, %k0, %h : index
      tile.yield %any, %all : i1, i1
    }
    partial { ^bb0(%k0: index, %acc: !r):
      %x = tile.map %acc : !r -> !r attributes {tile.reuse = 0 : i64} { ^bb0(%e: f32):
        %y = arith.negf %e : f32
        tile.yield %y : f32
      }
      tile.yield %x : !r
    }
    full { ^bb0(%k0: index, %acc: !r):
      %x = tile.map %acc : !r -> !r attributes {tile.reuse = 0 : i64} { ^bb0(%e: f32):
        %y = math.absf %e : f32
        tile.yield %y : f32
      }
      tile.yield %x : !r
    }
  tile.return
}
}
