// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @one_side() {
  // expected-error@+1 {{expects 2 value(s) in the window [left, right], but got 1}}
  %s = attn.sliding_window [3] align(bottom_right)
  return
}

// -----

func.func @negative() {
  // expected-error@+1 {{expects non-negative values in the window [left, right], but got -1}}
  %s = attn.sliding_window [-1, 0] align(bottom_right)
  return
}

// -----

func.func @missing_operand() {
  // expected-error@+1 {{expects 1 operand(s) for the dynamic values of the window [left, right], but got 0}}
  %s = "attn.sliding_window"() <{static_window = array<i64: -9223372036854775808, 0>, align = 1 : i32}> : () -> !attn.mask
  return
}
