// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @arguments() {
  // expected-error@+1 {{expects a region with index arguments (batch, head, query, key), but got 'index', 'index', 'index'}}
  %m = attn.predicate {
  ^bb0(%b: index, %q: index, %k: index):
    %c = arith.cmpi sge, %q, %k : index
    attn.yield %c : i1
  }
  return
}

// -----

func.func @type() {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    // expected-error@+1 {{expects 1 value(s) of type 'i1', but got 'index'}}
    attn.yield %k : index
  }
  return
}

// -----

func.func @not_scalar(%t: tensor<4xindex>) {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %q: index, %k: index):
    // expected-error@+1 {{is not allowed in the region of attn.predicate: expects pure scalar ops without regions}}
    %x = arith.addi %t, %t : tensor<4xindex>
    %c = arith.cmpi sge, %q, %k : index
    attn.yield %c : i1
  }
  return
}
