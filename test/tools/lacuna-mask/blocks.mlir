// RUN: lacuna-mask %s --entry cover --size 100,100 --tile 8x8 | FileCheck %s --check-prefix=COVER
// RUN: lacuna-mask %s --entry interior --size 100,100 --tile 8x8 | FileCheck %s --check-prefix=INTERIOR
// RUN: lacuna-mask %s --entry predicate --size 100,100 --tile 8x8 | FileCheck %s --check-prefix=PREDICATE
// Blocks of tiles: no tile is partial. A causal mask of 100 x 100 touches 91 tiles of 8 x 8, and fills those below its diagonal.

!t = tensor<1x1x?x64xf32>

// COVER: tiles {{ *}}169: 91 full, 0 partial, 78 empty
// COVER-NOT: note
func.func @cover(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(top_left)
  %m = attn.block_cover %c [8, 8]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// INTERIOR: tiles {{ *}}169: 78 full, 0 partial, 91 empty
// INTERIOR-NOT: note
func.func @interior(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(top_left)
  %m = attn.block_interior %c [4, 8]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Not known to be intervals: the thirteen tiles on the diagonal are full, but the analysis only sees that they are touched.
// PREDICATE: tiles {{ *}}169: 91 full, 0 partial, 78 empty
// PREDICATE: cannot tell that 13
func.func @predicate(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %on = arith.cmpi sge, %i, %j : index
    attn.yield %on : i1
  }
  %m = attn.block_cover %c [8, 8]
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
