// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @one_side() {
  %a = attn.all
  // expected-error@+1 {{expects a block [queries, keys], but got 1 value(s)}}
  %m = attn.block_cover %a [64]
  return
}

// -----

func.func @empty_block() {
  %a = attn.all
  // expected-error@+1 {{expects extents of a block in [1, 2^31), but got 0}}
  %m = attn.block_interior %a [64, 0]
  return
}

// -----

func.func @huge_block() {
  %a = attn.all
  // expected-error@+1 {{expects extents of a block in [1, 2^31), but got 2147483648}}
  %m = attn.block_cover %a [2147483648, 1]
  return
}
