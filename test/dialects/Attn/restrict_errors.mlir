// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @negative() {
  %a = attn.all
  // expected-error@+1 {{expects constant offsets and lengths in [0, 2^31), but got -1}}
  %m = attn.restrict %a queries(-1 of 8) keys(0 of 8)
  return
}

// -----

func.func @too_long() {
  %a = attn.all
  // expected-error@+1 {{expects constant offsets and lengths in [0, 2^31), but got 2147483648}}
  %m = attn.restrict %a queries(0 of 8) keys(0 of 2147483648)
  return
}

// -----

func.func @no_length() {
  %a = attn.all
  // expected-error@+1 {{expected 'of'}}
  %m = attn.restrict %a queries(0) keys(0 of 8)
  return
}

// -----

func.func @few_bounds() {
  %a = attn.all
  // expected-error@+1 {{expects 4 bounds (offset and length of queries and of keys), but got 2}}
  %m = "attn.restrict"(%a) <{static_bounds = array<i64: 0, 8>}> : (!attn.mask) -> !attn.mask
  return
}

// -----

func.func @missing_operand() {
  %a = attn.all
  // expected-error@+1 {{expects 1 operand(s) for the dynamic values of the bounds, but got 0}}
  %m = "attn.restrict"(%a) <{static_bounds = array<i64: 0, 8, 0, -9223372036854775808>}> : (!attn.mask) -> !attn.mask
  return
}
