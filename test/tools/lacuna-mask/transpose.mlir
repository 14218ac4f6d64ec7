// RUN: lacuna-mask %s --entry shape --size 100,60 --tile 8x16 | FileCheck %s --check-prefixes=SHAPE,STRAIGHT
// RUN: lacuna-mask %s --entry shape_transposed --size 60,100 --tile 16x8 | FileCheck %s --check-prefixes=SHAPE,TRANSPOSED
// RUN: lacuna-mask %s --entry runs --size 96,80 --tile 8x16 | FileCheck %s --check-prefixes=RUNS,RUNS-STRAIGHT
// RUN: lacuna-mask %s --entry runs_transposed --size 80,96 --tile 16x8 | FileCheck %s --check-prefixes=RUNS,RUNS-TRANSPOSED
// RUN: lacuna-mask %s --entry closure --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=CLOSURE
// RUN: lacuna-mask %s --entry rounded --size 8,8 | FileCheck %s --check-prefix=ROUNDED
// RUN: lacuna-mask %s --entry rounded_transposed --size 8,8 | FileCheck %s --check-prefix=ROUNDED
// The transpose at exchanged sizes and tiles: the same tiles, runs of rows and columns exchanged, and no tile that the analysis cannot tell.

!t = tensor<1x1x?x64xf32>
!r = tensor<1x1x?x4xi32>

// SHAPE: density {{ *}}0.2795
// SHAPE-NEXT: tiles {{ *}}52: 8 full, 12 partial, 32 empty
// STRAIGHT-NEXT: row runs {{ *}}2
// STRAIGHT-NEXT: column runs {{ *}}1
// TRANSPOSED-NEXT: row runs {{ *}}1
// TRANSPOSED-NEXT: column runs {{ *}}2
// SHAPE-NOT: note
func.func @shape(%q: !t, %k: !t, %v: !t) -> !t {
  %w = arith.constant 40 : index
  %n = arith.constant 3 : index
  %m = attn.named @a_shape(%w, %n : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
func.func @shape_transposed(%q: !t, %k: !t, %v: !t) -> !t {
  %w = arith.constant 40 : index
  %n = arith.constant 3 : index
  %m = attn.named @a_shape(%w, %n : index, index)
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// The predicate of the columns leaves one tile open, the intervals of the rows none.
// RUNS: density {{ *}}0.6999
// RUNS-NEXT: tiles {{ *}}60: 2 full, 58 partial, 0 empty
// RUNS-STRAIGHT-NEXT: row runs {{ *}}23
// RUNS-STRAIGHT-NEXT: column runs {{ *}}3
// RUNS-TRANSPOSED-NEXT: row runs {{ *}}3
// RUNS-TRANSPOSED-NEXT: column runs {{ *}}23
// RUNS-TRANSPOSED-NOT: note
func.func @runs(%q: !t, %k: !t, %v: !t, %r: !r {attn.default = "randint:1x1x80x4xi32:96:3"}) -> !t {
  %s = attn.runs_set %r both : !r -> !attn.set<runs>
  %m = attn.column_runs %s : !attn.set<runs>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
func.func @runs_transposed(%q: !t, %k: !t, %v: !t, %r: !r {attn.default = "randint:1x1x80x4xi32:96:3"}) -> !t {
  %s = attn.runs_set %r both : !r -> !attn.set<runs>
  %m = attn.column_runs %s : !attn.set<runs>
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// A causal window of 16 keys and its transpose are a window of 15 to both sides.
// CLOSURE: density {{ *}}0.2969
// CLOSURE-NEXT: tiles {{ *}}144: 34 full, 20 partial, 90 empty
// CLOSURE-NEXT: row runs {{ *}}1
// CLOSURE-NEXT: column runs {{ *}}1
// CLOSURE-NOT: note
func.func @closure(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.sliding_window [15, 0] align(top_left)
  %x = attn.transpose %m
  %both = attn.or %m, %x
  %o = attn.attention %q, %k, %v mask(%both) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// Rounded up, a quotient by "no limit" is 1 for all positions but 0: 1 + 7 * 2 of 64 pairs. No key is asked for a greater one.
// ROUNDED: density {{ *}}0.2344
func.func @rounded(%q: !t, %k: !t, %v: !t, %limit: index {attn.default = "9223372036854775807"}) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %chunk = arith.ceildivsi %i, %limit : index
    %end = arith.addi %chunk, %one : index
    attn.yield %zero, %end : index, index
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
func.func @rounded_transposed(%q: !t, %k: !t, %v: !t, %limit: index {attn.default = "9223372036854775807"}) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %chunk = arith.ceildivsi %i, %limit : index
    %end = arith.addi %chunk, %one : index
    attn.yield %zero, %end : index, index
  }
  %x = attn.transpose %m
  %o = attn.attention %q, %k, %v mask(%x) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
