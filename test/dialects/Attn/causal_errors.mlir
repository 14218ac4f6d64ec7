// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @no_align() {
  // expected-error@+2 {{expected 'align'}}
  %c = attn.causal
  return
}

// -----

func.func @wrong_align() {
  // expected-error@+1 {{expected string or keyword containing one of the following enum values for attribute 'align' [top_left, bottom_right]}}
  %c = attn.causal align(center)
  return
}
