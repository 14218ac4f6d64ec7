// RUN: lacuna-opt %s -split-input-file -verify-diagnostics
// What is no tile type.

// expected-error@+1 {{expects a tile of rank 1 or 2 with positive sizes, but got 3 dimension(s)}}
func.func private @rank_3(!tile.tile<4x4x4xf32>)

// -----

// expected-error@+1 {{expects a tile of rank 1 or 2 with positive sizes, but got 0 dimension(s)}}
func.func private @rank_0(!tile.tile<f32>)

// -----

// expected-error@+1 {{expects a tile of rank 1 or 2 with positive sizes, but got 2 dimension(s)}}
func.func private @size_0(!tile.tile<4x0xf32>)

// -----

// expected-error@+1 {{expects tile elements that are floats or signless integers, but got 'ui8'}}
func.func private @unsigned_elements(!tile.tile<4xui8>)

// -----

// expected-error@+1 {{expects space global, shared, registers or scratch, but got elsewhere}}
func.func private @unknown_space(!tile.tile<4xf32, elsewhere>)
