// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

// expected-error@+1 {{expects a state of 3 dimensions for layout shd, but got 4}}
func.func private @rank(!attn.state<shd, ?x4x?x64>)

// -----

func.func @state_shape(%q: tensor<?x4x?x64xf32>) {
  // expected-error@+1 {{expects a result of type '!attn.state<bhsd, ?x4x?x64>', but got '!attn.state<bhsd, ?x4x?x32>'}}
  %s = attn.attention_state %q, %q, %q layout(bhsd) : tensor<?x4x?x64xf32>, tensor<?x4x?x64xf32>, tensor<?x4x?x64xf32> -> !attn.state<bhsd, ?x4x?x32>
  return
}

// -----

func.func @state_layout(%q: tensor<?x4x?x64xf32>) {
  // expected-error@+1 {{expects a result of type '!attn.state<bhsd, ?x4x?x64>', but got '!attn.state<bshd, ?x4x?x64>'}}
  %s = attn.attention_state %q, %q, %q layout(bhsd) : tensor<?x4x?x64xf32>, tensor<?x4x?x64xf32>, tensor<?x4x?x64xf32> -> !attn.state<bshd, ?x4x?x64>
  return
}

// -----

// The operands are verified as those of attn.attention.
func.func @state_operands(%q: tensor<?x4x?x64xf32>, %k: tensor<?x4x?x32xf32>) {
  // expected-error@+1 {{expects the head size of key to be 64, but got 32}}
  %s = attn.attention_state %q, %k, %q layout(bhsd) : tensor<?x4x?x64xf32>, tensor<?x4x?x32xf32>, tensor<?x4x?x64xf32> -> !attn.state<bhsd, ?x4x?x64>
  return
}

// -----

func.func @state_score(%q: tensor<?x4x?x64xf32>) {
  // expected-error@+1 {{expects a score region that yields one f32}}
  %s = attn.attention_state %q, %q, %q layout(bhsd) score {
  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):
    attn.yield %b : index
  } : tensor<?x4x?x64xf32>, tensor<?x4x?x64xf32>, tensor<?x4x?x64xf32> -> !attn.state<bhsd, ?x4x?x64>
  return
}

// -----

func.func @make_output(%o: tensor<1x4x?x32xf32>, %l: tensor<1x4x?xf32>) {
  // expected-error@+1 {{expects an output of the shape of 'tensor<1x4x?x64xf32>', but got 'tensor<1x4x?x32xf32>'}}
  %s = attn.make_state %o, %l : tensor<1x4x?x32xf32>, tensor<1x4x?xf32> -> !attn.state<bhsd, 1x4x?x64>
  return
}

// -----

func.func @make_lse(%o: tensor<1x5x4x64xf32>, %m: tensor<1x5x5xf32>) {
  // expected-error@+1 {{expects an lse of the shape of 'tensor<1x4x5xf32>', but got 'tensor<1x5x5xf32>'}}
  %s = attn.make_state %o, %m : tensor<1x5x4x64xf32>, tensor<1x5x5xf32> -> !attn.state<bshd, 1x5x4x64>
  return
}

// -----

func.func @merge_none() {
  // expected-error@+1 {{expects at least one state, but got none}}
  %s = "attn.merge_states"() {operandSegmentSizes = array<i32: 0, 0, 0>} : () -> !attn.state<bhsd, 1x4x?x64>
  return
}

// -----

func.func @merge_types(%a: !attn.state<bhsd, 1x4x?x64>, %b: !attn.state<bhsd, 1x4x?x32>) {
  // expected-error@+1 {{expects states of the result's type '!attn.state<bhsd, 1x4x?x64>', but got '!attn.state<bhsd, 1x4x?x32>'}}
  %s = attn.merge_states %a, %b : !attn.state<bhsd, 1x4x?x64>, !attn.state<bhsd, 1x4x?x32> -> !attn.state<bhsd, 1x4x?x64>
  return
}

// -----

func.func @merge_temperatures(%a: !attn.state<bhsd, 1x4x?x64>, %x: f32) {
  // expected-error@+1 {{expects no temperatures or one for each of 2 states, but got 1}}
  %s = attn.merge_states %a, %a temperatures(%x) : !attn.state<bhsd, 1x4x?x64>, !attn.state<bhsd, 1x4x?x64> -> !attn.state<bhsd, 1x4x?x64>
  return
}

// -----

func.func @merge_weights(%a: !attn.state<bhsd, 1x4x?x64>, %x: f32) {
  // expected-error@+1 {{expects no log_weights or one for each of 1 states, but got 2}}
  %s = attn.merge_states %a log_weights(%x, %x) : !attn.state<bhsd, 1x4x?x64> -> !attn.state<bhsd, 1x4x?x64>
  return
}

// -----

func.func @finalize_output(%a: !attn.state<bhsd, 1x4x?x64>) {
  // expected-error@+1 {{expects an output of the shape of 'tensor<1x4x?x64xf32>', but got 'tensor<1x8x?x64xf16>'}}
  %o = attn.finalize %a : !attn.state<bhsd, 1x4x?x64> -> tensor<1x8x?x64xf16>
  return
}

// -----

func.func @finalize_lse(%a: !attn.state<bhsd, 1x4x?x64>) {
  // expected-error@+1 {{expects an lse of the shape of 'tensor<1x4x?xf32>', but got 'tensor<4x?xf32>'}}
  %o, %l = attn.finalize %a : !attn.state<bhsd, 1x4x?x64> -> tensor<1x4x?x64xf16>, tensor<4x?xf32>
  return
}

// -----

func.func @gate_none() {
  // expected-error@+1 {{expects at least one output, but got none}}
  %o = "attn.gate_sum"() {operandSegmentSizes = array<i32: 0, 0>, layout = 0 : i32} : () -> tensor<1x4x?x64xf32>
  return
}

// -----

func.func @gate_count(%a: tensor<1x4x?x64xf32>, %g: tensor<1x4x?xf32>) {
  // expected-error@+1 {{expects one gate for each of 2 outputs, but got 1}}
  %o = attn.gate_sum %a, %a gates(%g : tensor<1x4x?xf32>) layout(bhsd) : tensor<1x4x?x64xf32>, tensor<1x4x?x64xf32> -> tensor<1x4x?x64xf32>
  return
}

// -----

func.func @gate_rank(%a: tensor<4x?x64xf32>, %g: tensor<4x?xf32>) {
  // expected-error@+1 {{expects a result of rank 4 for layout bhsd, but got 'tensor<4x?x64xf32>'}}
  %o = attn.gate_sum %a gates(%g : tensor<4x?xf32>) layout(bhsd) : tensor<4x?x64xf32> -> tensor<4x?x64xf32>
  return
}

// -----

func.func @gate_element(%a: tensor<1x4x?x64xf16>, %g: tensor<1x4x?xf32>) {
  // expected-error@+1 {{expects outputs of the result's element type 'f32', but got 'tensor<1x4x?x64xf16>'}}
  %o = attn.gate_sum %a gates(%g : tensor<1x4x?xf32>) layout(bhsd) : tensor<1x4x?x64xf16> -> tensor<1x4x?x64xf32>
  return
}

// -----

func.func @gate_shape(%a: tensor<1x4x?x64xf32>, %g: tensor<1x5x?xf32>) {
  // expected-error@+1 {{expects a gate of the shape of 'tensor<1x4x?xf32>', but got 'tensor<1x5x?xf32>'}}
  %o = attn.gate_sum %a gates(%g : tensor<1x5x?xf32>) layout(bhsd) : tensor<1x4x?x64xf32> -> tensor<1x4x?x64xf32>
  return
}

// -----

func.func @gate_output(%a: tensor<1x4x7x64xf32>, %b: tensor<1x4x8x64xf32>, %g: tensor<1x4x7xf32>) {
  // expected-error@+1 {{expects an output of the shape of 'tensor<1x4x7x64xf32>', but got 'tensor<1x4x8x64xf32>'}}
  %o = attn.gate_sum %a, %b gates(%g, %g : tensor<1x4x7xf32>, tensor<1x4x7xf32>) layout(bhsd) : tensor<1x4x7x64xf32>, tensor<1x4x8x64xf32> -> tensor<1x4x7x64xf32>
  return
}
