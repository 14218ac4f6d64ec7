// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @arguments() {
  // expected-error@+1 {{expects a region with index arguments (batch, head, query), but got 'index', 'index'}}
  %m = attn.interval {
  ^bb0(%b: index, %q: index):
    attn.yield %b, %q : index, index
  }
  return
}

// -----

func.func @argument_type() {
  // expected-error@+1 {{expects a region with index arguments (batch, head, query), but got 'index', 'index', 'i32'}}
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: i32):
    attn.yield %b, %h : index, index
  }
  return
}

// -----

func.func @one_end() {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    // expected-error@+1 {{expects 2 value(s) of type 'index', but got 'index'}}
    attn.yield %q : index
  }
  return
}

// -----

func.func @impure(%t: memref<?xindex>) {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    // expected-error@+1 {{is not allowed in the region of attn.interval: expects pure scalar ops without regions}}
    %x = memref.load %t[%q] : memref<?xindex>
    attn.yield %x, %q : index, index
  }
  return
}

// -----

func.func @regions(%c: i1) {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %q: index):
    // expected-error@+1 {{is not allowed in the region of attn.interval: expects pure scalar ops without regions}}
    %x = scf.if %c -> index {
      scf.yield %q : index
    } else {
      scf.yield %b : index
    }
    attn.yield %x, %q : index, index
  }
  return
}
