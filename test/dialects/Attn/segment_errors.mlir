// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @element(%cu: tensor<?xi64>, %x: index) {
  // expected-error@+1 {{must be 1D tensor of i32 values, but got 'tensor<?xi64>'}}
  %d = attn.segment %cu[%x] : tensor<?xi64>
  return
}

// -----

func.func @rank(%cu: tensor<2x?xi32>, %x: index) {
  // expected-error@+1 {{must be 1D tensor of i32 values, but got 'tensor<2x?xi32>'}}
  %d = attn.segment %cu[%x] : tensor<2x?xi32>
  return
}
