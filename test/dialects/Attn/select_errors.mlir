// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @no_mask(%table: tensor<?xi32>) {
  // expected-error@+1 {{expects at least one mask, but got none}}
  %m = attn.select head %table[] : tensor<?xi32>
  return
}

// -----

func.func @wide_table(%table: tensor<?xi64>) {
  %a = attn.all
  // expected-error@+1 {{must be 1D tensor of i32 values, but got 'tensor<?xi64>'}}
  %m = attn.select head %table[%a] : tensor<?xi64>
  return
}

// -----

func.func @bad_axis(%table: tensor<?xi32>) {
  %a = attn.all
  // expected-error@+1 {{enum values for attribute 'axis' [head, batch]}}
  %m = attn.select query %table[%a] : tensor<?xi32>
  return
}
