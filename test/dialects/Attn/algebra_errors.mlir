// RUN: lacuna-opt %s -split-input-file -verify-diagnostics

func.func @and() {
  // expected-error@+1 {{'attn.and' op expects at least one mask, but got none}}
  %x = "attn.and"() : () -> !attn.mask
  return
}

// -----

func.func @or() {
  // expected-error@+1 {{'attn.or' op expects at least one mask, but got none}}
  %x = "attn.or"() : () -> !attn.mask
  return
}

// -----

func.func @not(%a: index) {
  // expected-error@+1 {{operand #0 must be a predicate on (batch, query head, query, key), but got 'index'}}
  %x = "attn.not"(%a) : (index) -> !attn.mask
  return
}

// -----

func.func @transpose(%a: index) {
  // expected-error@+1 {{operand #0 must be a predicate on (batch, query head, query, key), but got 'index'}}
  %x = "attn.transpose"(%a) : (index) -> !attn.mask
  return
}
