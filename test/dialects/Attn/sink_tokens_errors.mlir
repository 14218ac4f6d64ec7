// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @two() {
  // expected-error@+1 {{expects 1 value(s) in the count, but got 2}}
  %s = attn.sink_tokens [3, 4]
  return
}

// -----

func.func @negative() {
  // expected-error@+1 {{expects non-negative values in the count, but got -4}}
  %s = attn.sink_tokens [-4]
  return
}
