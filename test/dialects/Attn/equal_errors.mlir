// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @key_arguments() {
  // expected-error@+1 {{expects a region with index arguments (batch, head, key), but got 'index'}}
  %m = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    attn.yield %q : index
  } key {
  ^bb0(%k: index):
    attn.yield %k : index
  }
  return
}

// -----

func.func @query_arguments() {
  // expected-error@+1 {{expects a region with index arguments (batch, head, query), but got 'index'}}
  %m = attn.equal query {
  ^bb0(%q: index):
    attn.yield %q : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    attn.yield %k : index
  }
  return
}

// -----

func.func @type() {
  %m = attn.equal query {
  ^bb0(%b: index, %h: index, %q: index):
    attn.yield %q : index
  } key {
  ^bb0(%b: index, %h: index, %k: index):
    %x = arith.index_cast %k : index to i32
    // expected-error@+1 {{expects 1 value(s) of type 'index', but got 'i32'}}
    attn.yield %x : i32
  }
  return
}
