// A user's mask library: `mine` uses a built-in mask, `loop_a`/`loop_b` name each other, `prefix` hides the built-in one.
func.func @mine(%w: index, %table: tensor<?xi32>) -> !attn.mask {
  %s = attn.named @strict_causal()
  %l = attn.key_lengths %table : tensor<?xi32>
  %c = attn.named @chunked(%w : index)
  %m = attn.and %s, %l, %c
  return %m : !attn.mask
}
func.func @loop_a() -> !attn.mask {
  %m = attn.named @loop_b()
  return %m : !attn.mask
}
func.func @loop_b() -> !attn.mask {
  %m = attn.named @loop_a()
  return %m : !attn.mask
}
func.func @prefix() -> !attn.mask {
  %m = attn.all
  return %m : !attn.mask
}
