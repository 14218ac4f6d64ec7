// RUN: lacuna-opt %s -split-input-file -verify-diagnostics | lacuna-opt -split-input-file | FileCheck %s
// Row maps of loads and stores: round trip, and what they must yield.

// CHECK-LABEL: tile.kernel @maps
tile.kernel @maps(%x: memref<?x8xf32>, %t: memref<?xi32>, %m: index, %h: index, %b: index) {
  // CHECK: tile.load %{{.*}}[] rows(%{{.*}}) limit(%{{.*}}) in_bounds map {
  // CHECK: tile.yield %{{.*}} : index
  // CHECK: } : memref<?x8xf32> -> !tile.tile<16x8xf32>
  %a = tile.load %x[] rows(%m) limit(%h) in_bounds map {
  ^bb0(%row: index):
    %e = memref.load %t[%row] : memref<?xi32>
    %r = arith.index_cast %e : i32 to index
    tile.yield %r : index
  } : memref<?x8xf32> -> !tile.tile<16x8xf32>
  // CHECK: tile.store %{{.*}}, %{{.*}}[] rows(%{{.*}}) limit(%{{.*}}) map {
  // CHECK: tile.yield %{{.*}}, %{{.*}} : index, i1
  tile.store %a, %x[] rows(%m) limit(%h) map {
  ^bb0(%row: index):
    %c = arith.cmpi ult, %row, %h : index
    tile.yield %row, %c : index, i1
  } : !tile.tile<16x8xf32>, memref<?x8xf32>
  tile.return
}

// -----

tile.kernel @load_yield(%x: memref<?x8xf32>, %m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects a map that yields 'index'}}
  %a = tile.load %x[] rows(%m) limit(%h) map {
  ^bb0(%row: index):
    tile.yield %row, %row : index, index
  } : memref<?x8xf32> -> !tile.tile<16x8xf32>
  tile.return
}

// -----

tile.kernel @load_argument(%x: memref<?x8xf32>, %m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects a map with one index argument}}
  %a = tile.load %x[] rows(%m) limit(%h) map {
    tile.yield %m : index
  } : memref<?x8xf32> -> !tile.tile<16x8xf32>
  tile.return
}

// -----

tile.kernel @store_yield(%x: memref<?x8xf32>, %m: index, %h: index, %b: index) {
  %a = tile.load %x[] rows(%m) limit(%h) : memref<?x8xf32> -> !tile.tile<16x8xf32>
  // expected-error@+1 {{expects a map that yields 'index', 'i1'}}
  tile.store %a, %x[] rows(%m) limit(%h) map {
  ^bb0(%row: index):
    tile.yield %row : index
  } : !tile.tile<16x8xf32>, memref<?x8xf32>
  tile.return
}
