// RUN: lacuna-opt %s -split-input-file -verify-diagnostics
// Verifier rules of kernels, launches, transfers, products, reductions and conversions. tile.map is in map_errors.mlir.

// expected-error@+1 {{expects three index coordinates of the work item as last arguments, but got '(index, index) -> ()'}}
tile.kernel @two_coordinates(%m: index, %h: index) { tile.return }

// -----

// expected-error@+1 {{expects three index coordinates of the work item as last arguments, but got '(index, i64, index) -> ()'}}
tile.kernel @coordinate_type(%m: index, %h: i64, %b: index) { tile.return }

// -----

// expected-error@+1 {{expects memrefs and scalars as parameters, but got 'tensor<?xf32>'}}
tile.kernel @tensor_parameter(%t: tensor<?xf32>, %m: index, %h: index, %b: index) { tile.return }

// -----

func.func @grid_of_two(%n: index) {
  // expected-error@+1 {{expects a grid of 3 sizes, but got 2}}
  tile.launch @k grid(%n, %n) ins() outs()
  return
}

// -----

tile.kernel @k(%x: index, %m: index, %h: index, %b: index) { tile.return }
func.func @launch_count(%n: index) {
  // expected-error@+1 {{expects 1 parameters for @k, but got 2}}
  tile.launch @k grid(%n, %n, %n) ins(%n, %n : index, index) outs()
  return
}

// -----

tile.kernel @k(%x: memref<?x?xf32>, %m: index, %h: index, %b: index) { tile.return }
func.func @launch_rank(%n: index, %t: memref<?xf32>) {
  // expected-error@+1 {{expects a parameter of type 'memref<?x?xf32>', but got 'memref<?xf32>'}}
  tile.launch @k grid(%n, %n, %n) ins(%t : memref<?xf32>) outs()
  return
}

// -----

tile.kernel @load_indices(%Q: memref<?x?x8xf32>, %n: index, %m: index, %h: index, %b: index) {
  // expected-error@+1 {{expects 1 leading indices, but got 0}}
  %q = tile.load %Q[] rows(%m) limit(%n) : memref<?x?x8xf32> -> !tile.tile<16x8xf32>
  tile.return
}

// -----

tile.kernel @store_element_type(%O: memref<?xbf16>, %n: index, %m: index, %h: index, %b: index) {
  %zero = arith.constant 0.0 : f32
  %t = tile.map : !tile.tile<16xf32> { tile.yield %zero : f32 }
  // expected-error@+1 {{expects a memref of 'f32', but got 'memref<?xbf16>'}}
  tile.store %t, %O[] rows(%m) limit(%n) : !tile.tile<16xf32>, memref<?xbf16>
  tile.return
}

// -----

func.func @mma_rank(%a: !tile.tile<16xf32>, %b: !tile.tile<16x8xf32>) {
  // expected-error@+1 {{expects rank-2 tiles}}
  %c = tile.mma %a, %b : !tile.tile<16xf32>, !tile.tile<16x8xf32> -> !tile.tile<16x8xf32>
  return
}

// -----

func.func @mma_shape(%a: !tile.tile<16x8xf32>, %b: !tile.tile<32x8xf32>) {
  // expected-error@+1 {{expects MxK by KxN to give MxN}}
  %c = tile.mma %a, %b : !tile.tile<16x8xf32>, !tile.tile<32x8xf32> -> !tile.tile<16x32xf32>
  return
}

// -----

func.func @mma_transposed_shape(%a: !tile.tile<16x8xf32>, %b: !tile.tile<8x32xf32>) {
  // expected-error@+1 {{expects MxK by NxK to give MxN}}
  %c = tile.mma %a, %b transpose_rhs : !tile.tile<16x8xf32>, !tile.tile<8x32xf32> -> !tile.tile<16x32xf32>
  return
}

// -----

func.func @mma_result_type(%a: !tile.tile<16x8xbf16>, %b: !tile.tile<8x32xbf16>) {
  // expected-error@+1 {{expects an f32 result, but got '!tile.tile<16x32xbf16>'}}
  %c = tile.mma %a, %b : !tile.tile<16x8xbf16>, !tile.tile<8x32xbf16> -> !tile.tile<16x32xbf16>
  return
}

// -----

func.func @mma_accumulator(%a: !tile.tile<16x8xf32>, %b: !tile.tile<8x32xf32>, %c: !tile.tile<16x16xf32>) {
  // expected-error@+1 {{expects an accumulator of the result's type '!tile.tile<16x32xf32>', but got '!tile.tile<16x16xf32>'}}
  %d = tile.mma %a, %b acc(%c : !tile.tile<16x16xf32>) : !tile.tile<16x8xf32>, !tile.tile<8x32xf32> -> !tile.tile<16x32xf32>
  return
}

// -----

func.func @mma_scale_without_accumulator(%a: !tile.tile<16x8xf32>, %b: !tile.tile<8x32xf32>, %s: !tile.tile<16xf32>) {
  // expected-error@+1 {{expects an accumulator to scale, but got only the scale '!tile.tile<16xf32>'}}
  %d = "tile.mma"(%a, %b, %s) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>}> : (!tile.tile<16x8xf32>, !tile.tile<8x32xf32>, !tile.tile<16xf32>) -> !tile.tile<16x32xf32>
  return
}

// -----

func.func @mma_scale_shape(%a: !tile.tile<16x8xf32>, %b: !tile.tile<8x32xf32>, %c: !tile.tile<16x32xf32>, %s: !tile.tile<32xf32>) {
  // expected-error@+1 {{expects an f32 scale for each of the 16 rows of the accumulator, but got '!tile.tile<32xf32>'}}
  %d = tile.mma %a, %b acc(%c : !tile.tile<16x32xf32> scaled %s : !tile.tile<32xf32>) : !tile.tile<16x8xf32>, !tile.tile<8x32xf32> -> !tile.tile<16x32xf32>
  return
}

// -----

func.func @reduce_axis(%a: !tile.tile<16xf32>) {
  // expected-error@+1 {{expects an axis below the rank 1, but got 1}}
  %c = tile.reduce sum %a axis 1 : !tile.tile<16xf32> -> f32
  return
}

// -----

func.func @reduce_result(%a: !tile.tile<16x8xf32>) {
  // expected-error@+1 {{expects the reduction of '!tile.tile<16x8xf32>' along axis 1, but got '!tile.tile<8xf32>'}}
  %c = tile.reduce sum %a axis 1 : !tile.tile<16x8xf32> -> !tile.tile<8xf32>
  return
}

// -----

func.func @reduce_to_other_type(%a: !tile.tile<16xf32>) {
  // expected-error@+1 {{expects the reduction of '!tile.tile<16xf32>' along axis 0, but got 'f64'}}
  %c = tile.reduce sum %a axis 0 : !tile.tile<16xf32> -> f64
  return
}

// -----

func.func @convert_shape(%a: !tile.tile<16x8xf32>) {
  // expected-error@+1 {{expects the same shape, but got '!tile.tile<16x8xf32>' and '!tile.tile<8x16xf32>'}}
  %c = tile.convert %a : !tile.tile<16x8xf32> -> !tile.tile<8x16xf32>
  return
}

// -----

func.func @index_outside_map() {
  // expected-error@+1 {{expects parent op 'tile.map'}}
  %i = tile.index 0
  return
}

// -----

func.func @return_outside_kernel() {
  // expected-error@+1 {{expects parent op 'tile.kernel'}}
  tile.return
}
