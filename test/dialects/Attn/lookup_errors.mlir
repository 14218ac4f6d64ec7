// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @rank(%t: tensor<?x?xi32>, %i: index) {
  // expected-error@+1 {{expects 2 indices, one per dimension of the table, but got 1}}
  %x = attn.lookup %t[%i] : tensor<?x?xi32> -> index
  return
}

// -----

func.func @integer_result(%t: tensor<?xi32>, %i: index) {
  // expected-error@+1 {{expects result type 'index' for a table of 'i32', but got 'f32'}}
  %x = attn.lookup %t[%i] : tensor<?xi32> -> f32
  return
}

// -----

func.func @float_result(%t: tensor<?xf16>, %i: index) {
  // expected-error@+1 {{expects result type 'f16' for a table of 'f16', but got 'f32'}}
  %x = attn.lookup %t[%i] : tensor<?xf16> -> f32
  return
}

// -----

func.func @monotone_rank(%t: tensor<?x?xi32>, %i: index) {
  // expected-error@+1 {{expects a rank-1 integer table for 'monotone', but got 'tensor<?x?xi32>'}}
  %x = attn.lookup %t[%i, %i] monotone : tensor<?x?xi32> -> index
  return
}

// -----

func.func @monotone_float(%t: tensor<?xf32>, %i: index) {
  // expected-error@+1 {{expects a rank-1 integer table for 'monotone', but got 'tensor<?xf32>'}}
  %x = attn.lookup %t[%i] monotone : tensor<?xf32> -> f32
  return
}

// -----

func.func @unsigned(%t: tensor<?xui8>, %i: index) {
  // expected-error@+1 {{must be ranked tensor or memref of signless integers or floats, but got 'tensor<?xui8>'}}
  %x = attn.lookup %t[%i] : tensor<?xui8> -> index
  return
}
