// RUN: lacuna-opt %s -split-input-file -verify-diagnostics -attn-expand-masks
// What the pass cannot see through, or would compute wrongly, is refused.

!t = tensor<2x2x?x64xf32>
func.func @named(%q: !t, %k: !t, %v: !t) -> !t {
  // expected-error@+1 {{expects attn-link-masks to run first}}
  %m = attn.named @a_shape()
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// -----

!t = tensor<2x2x?x64xf32>
func.func @argument(%q: !t, %k: !t, %v: !t, %m: !attn.mask) -> !t {
  // expected-error@+1 {{expects a mask built from attn mask ops in the same function}}
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// expected-error@+1 {{expects the inner mask of a document to be built from attn mask ops in the same function, but got a block argument}}
func.func @inner_argument(%cu: tensor<?xi32>, %m: !attn.mask) {
  %d = attn.document %cu, %cu where %m : tensor<?xi32>, tensor<?xi32>
  return
}

// -----

// expected-error@+1 {{expects the inner mask of attn.restrict to be built from attn mask ops in the same function, but got a block argument}}
func.func @restricted_argument(%m: !attn.mask) {
  %d = attn.restrict %m queries(0 of 8) keys(0 of 8)
  return
}

// -----

func.func @transposed_frame() {
  %a = attn.all
  // expected-error@+1 {{expects no frame inside attn.transpose}}
  %m = attn.block_cover %a [4, 4] within {
  ^bb0(%b: index, %h: index, %i: index):
    attn.yield %i, %i, %i, %i : index, index, index, index
  }
  %t = attn.transpose %m
  return
}

// -----

func.func @huge_window() {
  // expected-error@+1 {{expects constants up to 2^62, but got 9223372036854775807}}
  %s = attn.sliding_window [9223372036854775807, 0] align(top_left)
  return
}

// -----

!t = tensor<2x2x?x64xf32>
func.func @zero_divisor(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    // expected-error@+1 {{expects a positive divisor, but got 0}}
    %x = arith.floordivsi %i, %zero : index
    %e = arith.cmpi eq, %x, %j : index
    attn.yield %e : i1
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// -----

// expected-error@+1 {{expects the operand of attn.transpose to be built from attn mask ops in the same function, but got a block argument}}
func.func @transposed_argument(%m: !attn.mask) {
  %c = attn.causal align(top_left)
  %x = attn.and %c, %m
  %t = attn.transpose %x
  return
}

// -----

func.func @transposed_name() {
  // expected-error@+1 {{expects the operand of attn.transpose to be built from attn mask ops in the same function, but got attn.named}}
  %m = attn.named @a_shape()
  %t = attn.transpose %m
  return
}

// -----

func.func @transposed_set(%s: !attn.set<runs>) {
  // expected-error@+1 {{expects a set that attn.runs_set in the same function makes}}
  %m = attn.column_runs %s : !attn.set<runs>
  %t = attn.transpose %m
  return
}
