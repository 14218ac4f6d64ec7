// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @four_dims() {
  // expected-error@+1 {{expects a space of 1 to 3 dimensions, but got 4}}
  %m = attn.neighborhood space[2, 2, 2, 2] window[1, 1, 1, 1]
  return
}

// -----

func.func @no_dims() {
  // expected-error@+1 {{expects a space of 1 to 3 dimensions, but got 0}}
  %m = attn.neighborhood space[] window[]
  return
}

// -----

func.func @rank_of_window() {
  // expected-error@+1 {{expects one value for each of the 2 dimension(s) in window, but got 1}}
  %m = attn.neighborhood space[8, 8] window[3]
  return
}

// -----

func.func @rank_of_causal() {
  // expected-error@+1 {{expects one value for each of the 2 dimension(s) in causal, but got 1}}
  %m = attn.neighborhood space[8, 8] window[3, 3] causal[true]
  return
}

// -----

func.func @no_window() {
  // expected-error@+1 {{expects a window in [1, 2^31), but got 0 in dimension 1}}
  %m = attn.neighborhood space[8, 8] window[3, 0]
  return
}

// -----

func.func @no_extent() {
  // expected-error@+1 {{expects an extent in [1, 2^31), but got 2147483648 in dimension 0}}
  %m = attn.neighborhood space[2147483648] window[3]
  return
}

// -----

func.func @stride() {
  // expected-error@+1 {{expects a stride up to the window 3, but got 4 in dimension 0}}
  %m = attn.neighborhood space[8] window[3] stride[4]
  return
}

// -----

func.func @zero_stride() {
  // expected-error@+1 {{expects a stride in [1, 2^31), but got 0 in dimension 0}}
  %m = attn.neighborhood space[8] window[3] stride[0]
  return
}

// -----

func.func @window() {
  // expected-error@+1 {{expects window * dilation up to the extent 8, but got 9 in dimension 0}}
  %m = attn.neighborhood space[8] window[9]
  return
}

// -----

func.func @dilation() {
  // expected-error@+1 {{expects window * dilation up to the extent 8, but got 9 in dimension 0}}
  %m = attn.neighborhood space[8] window[3] dilation[3]
  return
}

// -----

func.func @run_time_window(%w: index) {
  // expected-error@+1 {{expects window * dilation up to the extent 8, but got 9 in dimension 0}}
  %m = attn.neighborhood space[8] window[%w] dilation[9]
  return
}

// -----

func.func @missing_operand() {
  // expected-error@+1 {{expects 1 operand(s) for the dynamic values of window, but got 0}}
  %m = "attn.neighborhood"() <{static_space = array<i64: 8>, static_window = array<i64: -9223372036854775808>, static_stride = array<i64: 1>,
    static_dilation = array<i64: 1>, causal = array<i1: false>, query_box = array<i64: 1>, key_box = array<i64: 1>,
    operandSegmentSizes = array<i32: 0, 0, 0, 0>}> : () -> !attn.mask
  return
}

// -----

func.func @flag() {
  // expected-error@+1 {{expected 'false'}}
  %m = attn.neighborhood space[8] window[3] causal[yes]
  return
}

// -----

func.func @rank_of_box() {
  // expected-error@+1 {{expects one value for each of the 2 dimension(s) in key_box, but got 1}}
  %m = attn.neighborhood space[8, 8] window[3, 3] key_box[8]
  return
}

// -----

func.func @empty_box() {
  // expected-error@+1 {{expects a side of query_box in [1, 1024], but got 0}}
  %m = attn.neighborhood space[8, 8] window[3, 3] query_box[8, 0]
  return
}

// -----

func.func @large_box() {
  // expected-error@+1 {{expects a side of key_box in [1, 1024], but got 1025}}
  %m = attn.neighborhood space[8, 8] window[3, 3] query_box[8, 8] key_box[1025, 1]
  return
}
