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

// -----

func.func @frame_of_pairs() {
  %a = attn.all
  // expected-error@+1 {{expects a region with index arguments (batch, head, query), but got 'index', 'index', 'index', 'index'}}
  %m = attn.block_cover %a [4, 4] within {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    attn.yield %i, %i, %j, %j : index, index, index, index
  }
  return
}

// -----

func.func @short_frame() {
  %a = attn.all
  %m = attn.block_interior %a [4, 4] within {
  ^bb0(%b: index, %h: index, %i: index):
    // expected-error@+1 {{expects 4 value(s) of type 'index', but got 'index'}}
    attn.yield %i : index
  }
  return
}
