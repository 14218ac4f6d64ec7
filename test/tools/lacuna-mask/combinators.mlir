// RUN: lacuna-mask %s --entry choice --size 96,96 --tile 8x8 --head 0 | FileCheck %s --check-prefix=WINDOW
// RUN: lacuna-mask %s --entry choice --size 96,96 --tile 8x8 --head 1 | FileCheck %s --check-prefix=CAUSAL
// RUN: lacuna-mask %s --entry choice --size 96,96 --tile 8x8 --head 2 | FileCheck %s --check-prefix=NONE
// RUN: lacuna-mask %s --entry part --size 16,96 --tile 8x8 | FileCheck %s --check-prefix=PART
// RUN: lacuna-mask %s --entry part --size 16,96 --tile 8x8 --arg q0=80 | FileCheck %s --check-prefix=LAST
// RUN: lacuna-mask %s --entry part --size 16,96 --tile 8x8 --arg q0=88 | FileCheck %s --check-prefix=BEYOND
// A choice has the tiles of the mask that its head chooses (those of table.mlir); a part has those of its rows, and none beyond the end.

!t = tensor<1x3x?x64xf32>

// WINDOW: tiles {{ *}}144: 11 full, 22 partial, 111 empty
// WINDOW-NOT: note
// CAUSAL: tiles {{ *}}144: 66 full, 12 partial, 66 empty
// CAUSAL-NOT: note
// NONE: tiles {{ *}}144: 0 full, 0 partial, 144 empty
// NONE-NOT: note
func.func @choice(%q: !t, %k: !t, %v: !t, %p: tensor<?xi32> {attn.default = "[1, 0]"}) -> !t {
  %c = attn.causal align(bottom_right)
  %w = attn.sliding_window [15, 0] align(bottom_right)
  %m = attn.select head %p[%c, %w] : tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Causal rows 32 to 47 of 96 x 96: 4 + 5 full tiles and the two of the diagonal.
// PART: tiles {{ *}}24: 9 full, 2 partial, 13 empty
// PART-NOT: note
// LAST: tiles {{ *}}24: 21 full, 2 partial, 1 empty
// BEYOND: tiles {{ *}}24: 11 full, 1 partial, 12 empty
func.func @part(%q: !t, %k: !t, %v: !t, %q0: index {attn.name = "q0", attn.default = 32 : index}, %s: index {attn.default = 96 : index}) -> !t {
  %c = attn.causal align(bottom_right)
  %m = attn.restrict %c queries(%q0 of %s) keys(0 of %s)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
