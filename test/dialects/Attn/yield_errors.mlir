// RUN: lacuna-opt %s -verify-diagnostics
func.func @outside(%x: index) {
  // expected-error@+1 {{expects parent op to be one of 'attn.interval, attn.equal, attn.predicate, attn.member, attn.block_cover, attn.block_interior, attn.attention, attn.attention_state'}}
  attn.yield %x : index
}
