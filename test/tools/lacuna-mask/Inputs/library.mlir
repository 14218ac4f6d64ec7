// A mask library with one mask.
func.func @diagonal() -> !attn.mask {
  %m = attn.sliding_window [0, 0] align(bottom_right)
  return %m : !attn.mask
}
