// RUN: lacuna-opt %s -split-input-file -verify-diagnostics
// Verifier rules of tile.map.

!t = !tile.tile<16x8xf32>
func.func @result_shapes(%x: f32) {
  // expected-error@+1 {{expects results of one shape, but got '!tile.tile<16x8xf32>', '!tile.tile<16xf32>'}}
  %r:2 = tile.map : !t, !tile.tile<16xf32> { tile.yield %x, %x : f32, f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @entries(%a: !t) {
  // expected-error@+1 {{expects one broadcast entry per operand, but got 2}}
  %r = tile.map %a broadcast [none, rows] : !t -> !t { ^bb0(%x: f32): tile.yield %x : f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @unknown_entry(%a: !t) {
  // expected-error@+1 {{expects none, rows or columns, but got diagonal}}
  %r = tile.map %a broadcast [diagonal] : !t -> !t { ^bb0(%x: f32): tile.yield %x : f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @rank_1_without_broadcast(%a: !tile.tile<16xf32>) {
  // expected-error@+1 {{expects operand #0 to fit the result with broadcast none, but got '!tile.tile<16xf32>'}}
  %r = tile.map %a : !tile.tile<16xf32> -> !t { ^bb0(%x: f32): tile.yield %x : f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @rows_of_the_wrong_size(%a: !tile.tile<8xf32>) {
  // expected-error@+1 {{expects operand #0 to fit the result with broadcast rows, but got '!tile.tile<8xf32>'}}
  %r = tile.map %a broadcast [rows] : !tile.tile<8xf32> -> !t { ^bb0(%x: f32): tile.yield %x : f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @argument_count(%a: !t) {
  // expected-error@+1 {{expects one region argument per operand, but got 2}}
  %r = tile.map %a : !t -> !t { ^bb0(%x: f32, %y: f32): tile.yield %x : f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @argument_type(%a: !t) {
  // expected-error@+1 {{expects region arguments of the operands' element types, but got 'i32'}}
  %r = tile.map %a : !t -> !tile.tile<16x8xi32> { ^bb0(%x: i32): tile.yield %x : i32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @yield_count(%a: !t) {
  // expected-error@+1 {{expects a region that yields 1 value(s)}}
  %r = tile.map %a : !t -> !t { ^bb0(%x: f32): tile.yield %x, %x : f32, f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @yield_type(%a: !t) {
  // expected-error@+1 {{expects yielded values of the results' element types, but got 'index'}}
  %r = tile.map %a : !t -> !t { ^bb0(%x: f32):
    %i = tile.index 0
    tile.yield %i : index
  }
  return
}

// -----

func.func @index_axis(%x: f32) {
  %r = tile.map : !tile.tile<16xf32> {
    // expected-error@+1 {{attribute 'axis' failed to satisfy constraint}}
    %i = tile.index 2
    tile.yield %x : f32
  }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @reduce_keyword(%a: !t) {
  // expected-error@+1 {{expects none, sum, max or min, but got mean}}
  %r:2 = tile.map %a reduce [none, mean] : !t -> !t, !tile.tile<16xf32> { ^bb0(%x: f32): tile.yield %x, %x : f32, f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @reduce_count(%a: !t) {
  // expected-error@+1 {{expects one reduce entry per result, but got 1}}
  %r:2 = tile.map %a reduce [none] : !t -> !t, !t { ^bb0(%x: f32): tile.yield %x, %x : f32, f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @reduce_first(%a: !t) {
  // expected-error@+1 {{expects a first result of rank 2 that is not reduced, but got '!tile.tile<16xf32>'}}
  %r = tile.map %a reduce [sum] : !t -> !tile.tile<16xf32> { ^bb0(%x: f32): tile.yield %x : f32 }
  return
}

// -----

!t = !tile.tile<16x8xf32>
func.func @reduce_shape(%a: !t) {
  // expected-error@+1 {{expects results of one shape, but got '!tile.tile<16x8xf32>', '!tile.tile<8xf32>'}}
  %r:2 = tile.map %a reduce [none, sum] : !t -> !t, !tile.tile<8xf32> { ^bb0(%x: f32): tile.yield %x, %x : f32, f32 }
  return
}
