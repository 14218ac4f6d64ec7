// The rows of a table made by brute force, independent of this program: 96 queries and keys, tiles of 8 x 8.
// RUN: lacuna-mask %s --entry causal --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=CAUSAL
// RUN: lacuna-mask %s --entry causal_window --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=CAUSAL-WINDOW
// RUN: lacuna-mask %s --entry a_shape --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=A-SHAPE
// RUN: lacuna-mask %s --entry tri_shape --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=TRI-SHAPE
// RUN: lacuna-mask %s --entry document --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=DOCUMENT
// RUN: lacuna-mask %s --entry causal_document --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=CAUSAL-DOCUMENT
// RUN: lacuna-mask %s --entry prefix_lm --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=PREFIX-LM
// RUN: lacuna-mask %s --entry prefix_lm_document --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=PREFIX-LM-DOCUMENT
// RUN: lacuna-mask %s --entry share_question --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=SHARE-QUESTION
// RUN: lacuna-mask %s --entry causal_blockwise --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=CAUSAL-BLOCKWISE
// RUN: lacuna-mask %s --entry global_sliding_window --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=GLOBAL-SLIDING-WINDOW
// RUN: lacuna-mask %s --entry block_causal_document --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=BLOCK-CAUSAL-DOCUMENT
// RUN: lacuna-mask %s --entry chunked --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=CHUNKED
// RUN: lacuna-mask %s --entry s2_stripes --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=S2-STRIPES
// RUN: lacuna-mask %s --entry neighborhood --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=NEIGHBORHOOD
// RUN: lacuna-mask %s --entry neighborhood_stride --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=NEIGHBORHOOD-STRIDE
// RUN: lacuna-mask %s --entry vertical_slash --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=VERTICAL-SLASH
// RUN: lacuna-mask %s --entry multi_diagonal --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=MULTI-DIAGONAL
// RUN: lacuna-mask %s --entry hash --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=HASH
// RUN: lacuna-mask %s --entry keep --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=KEEP
// RUN: lacuna-mask %s --entry reference_frames --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=REFERENCE-FRAMES
// RUN: lacuna-mask %s --entry neighborhood_2d --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=NEIGHBORHOOD-2D
// RUN: lacuna-mask %s --entry windows_2d --size 96,96 --tile 8x8 | FileCheck %s --check-prefix=WINDOWS-2D

!t = tensor<1x1x?x64xf32>

// CAUSAL: tiles {{ *}}144: 66 full, 12 partial, 66 empty
// CAUSAL-NEXT: row runs {{ *}}1{{$}}
// CAUSAL-NEXT: column runs {{ *}}1{{$}}
func.func @causal(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CAUSAL-WINDOW: tiles {{ *}}144: 11 full, 22 partial, 111 empty
// CAUSAL-WINDOW-NEXT: row runs {{ *}}1{{$}}
// CAUSAL-WINDOW-NEXT: column runs {{ *}}1{{$}}
func.func @causal_window(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.sliding_window [15, 0] align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// A-SHAPE: tiles {{ *}}144: 11 full, 31 partial, 102 empty
// A-SHAPE-NEXT: row runs {{ *}}2{{$}}
// A-SHAPE-NEXT: column runs {{ *}}1{{$}}
func.func @a_shape(%q: !t, %k: !t, %v: !t, %local: index {attn.default = 16 : index}, %sinks: index {attn.name = "sinks", attn.default = 4 : index}) -> !t {
  %m = attn.named @a_shape(%local, %sinks : index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// TRI-SHAPE: tiles {{ *}}144: 21 full, 36 partial, 87 empty
// TRI-SHAPE-NEXT: row runs {{ *}}2{{$}}
// TRI-SHAPE-NEXT: column runs {{ *}}2{{$}}
func.func @tri_shape(%q: !t, %k: !t, %v: !t) -> !t {
  %local = arith.constant 16 : index
  %sinks = arith.constant 4 : index
  %last = arith.constant 12 : index
  %m = attn.named @tri_shape(%local, %sinks, %last : index, index, index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// DOCUMENT: tiles {{ *}}144: 19 full, 25 partial, 100 empty
// DOCUMENT-NEXT: row runs {{ *}}1{{$}}
// DOCUMENT-NEXT: column runs {{ *}}1{{$}}
func.func @document(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32> {attn.name = "cu", attn.default = "[0, 13, 29, 50, 72, 96]"}) -> !t {
  %m = attn.document %cu, %cu : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CAUSAL-DOCUMENT: tiles {{ *}}144: 5 full, 23 partial, 116 empty
// CAUSAL-DOCUMENT-NEXT: row runs {{ *}}1{{$}}
// CAUSAL-DOCUMENT-NEXT: column runs {{ *}}1{{$}}
func.func @causal_document(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32> {attn.name = "cu", attn.default = "[0, 13, 29, 50, 72, 96]"}) -> !t {
  %c = attn.causal align(bottom_right)
  %m = attn.document %cu, %cu where %c : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// PREFIX-LM: tiles {{ *}}144: 69 full, 12 partial, 63 empty
// PREFIX-LM-NEXT: row runs {{ *}}1{{$}}
// PREFIX-LM-NEXT: column runs {{ *}}1{{$}}
func.func @prefix_lm(%q: !t, %k: !t, %v: !t) -> !t {
  %p = arith.constant 20 : index
  %m = attn.named @prefix(%p : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// PREFIX-LM-DOCUMENT: tiles {{ *}}144: 5 full, 25 partial, 114 empty
// PREFIX-LM-DOCUMENT-NEXT: row runs {{ *}}1{{$}}
// PREFIX-LM-DOCUMENT-NEXT: column runs {{ *}}1{{$}}
func.func @prefix_lm_document(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32> {attn.name = "cu", attn.default = "[0, 13, 29, 50, 72, 96]"}) -> !t {
  %p = arith.constant 5 : index
  %x = attn.named @prefix(%p : index)
  %m = attn.document %cu, %cu where %x : tensor<?xi32>, tensor<?xi32>
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// SHARE-QUESTION: tiles {{ *}}144: 50 full, 12 partial, 82 empty
// SHARE-QUESTION-NEXT: row runs {{ *}}2{{$}}
// SHARE-QUESTION-NEXT: column runs {{ *}}1{{$}}
func.func @share_question(%q: !t, %k: !t, %v: !t, %seg: tensor<4xi32> {attn.name = "seg", attn.default = "[0, 32, 64, 96]"}) -> !t {
  %c = attn.causal align(bottom_right)
  %e = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %s = attn.segment %seg[%i] : tensor<4xi32>
    attn.yield %s : index
  } key {
  ^bb0(%b: index, %h: index, %j: index):
    %s = attn.segment %seg[%j] : tensor<4xi32>
    attn.yield %s : index
  }
  %first = attn.sink_tokens [32]
  %either = attn.or %first, %e
  %m = attn.and %c, %either
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CAUSAL-BLOCKWISE: tiles {{ *}}144: 50 full, 12 partial, 82 empty
// CAUSAL-BLOCKWISE-NEXT: row runs {{ *}}1{{$}}
// CAUSAL-BLOCKWISE-NEXT: column runs {{ *}}2{{$}}
func.func @causal_blockwise(%q: !t, %k: !t, %v: !t, %seg: tensor<4xi32> {attn.name = "seg", attn.default = "[0, 32, 64, 96]"}) -> !t {
  %c = attn.causal align(bottom_right)
  %e = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %s = attn.segment %seg[%i] : tensor<4xi32>
    attn.yield %s : index
  } key {
  ^bb0(%b: index, %h: index, %j: index):
    %s = attn.segment %seg[%j] : tensor<4xi32>
    attn.yield %s : index
  }
  %last = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %begin = arith.constant 64 : index
    %sk = attn.key_length
    %in = arith.cmpi sge, %i, %begin : index
    %end = arith.select %in, %sk, %zero : index
    attn.yield %zero, %end : index, index
  }
  %either = attn.or %e, %last
  %m = attn.and %c, %either
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// GLOBAL-SLIDING-WINDOW: tiles {{ *}}144: 54 full, 18 partial, 72 empty
// GLOBAL-SLIDING-WINDOW-NEXT: row runs {{ *}}2{{$}}
// GLOBAL-SLIDING-WINDOW-NEXT: column runs {{ *}}2{{$}}
func.func @global_sliding_window(%q: !t, %k: !t, %v: !t) -> !t {
  %near = attn.sliding_window [8, 8] align(bottom_right)
  %g = attn.sink_tokens [16]
  %rows = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %limit = arith.constant 16 : index
    %sk = attn.key_length
    %in = arith.cmpi slt, %i, %limit : index
    %end = arith.select %in, %sk, %zero : index
    attn.yield %zero, %end : index, index
  }
  %m = attn.or %near, %g, %rows
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// BLOCK-CAUSAL-DOCUMENT: tiles {{ *}}144: 25 full, 0 partial, 119 empty
// BLOCK-CAUSAL-DOCUMENT-NEXT: row runs {{ *}}1{{$}}
// BLOCK-CAUSAL-DOCUMENT-NEXT: column runs {{ *}}1{{$}}
func.func @block_causal_document(%q: !t, %k: !t, %v: !t, %cu: tensor<?xi32> {attn.name = "cu", attn.default = "[0, 16, 48, 72, 96]"}) -> !t {
  %e = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %s = attn.segment %cu[%i] : tensor<?xi32>
    attn.yield %s : index
  } key {
  ^bb0(%b: index, %h: index, %j: index):
    %s = attn.segment %cu[%j] : tensor<?xi32>
    attn.yield %s : index
  }
  %blocks = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %end = affine.apply affine_map<(d0) -> ((d0 floordiv 8 + 1) * 8)>(%i)
    attn.yield %zero, %end : index, index
  }
  %m = attn.and %e, %blocks
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// CHUNKED: tiles {{ *}}144: 12 full, 12 partial, 120 empty
// CHUNKED-NEXT: row runs {{ *}}1{{$}}
// CHUNKED-NEXT: column runs {{ *}}1{{$}}
func.func @chunked(%q: !t, %k: !t, %v: !t) -> !t {
  %size = arith.constant 24 : index
  %m = attn.named @chunked(%size : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// S2-STRIPES: tiles {{ *}}144: 21 full, 12 partial, 111 empty
// S2-STRIPES-NEXT: row runs {{ *}}3{{$}}
// S2-STRIPES-NEXT: column runs {{ *}}1{{$}}
func.func @s2_stripes(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(bottom_right)
  %p = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %two = arith.constant 2 : index
    %stripe = affine.apply affine_map<(d0) -> ((d0 floordiv 8 + 1) mod 4)>(%j)
    %on = arith.cmpi eq, %stripe, %zero : index
    %blocks = affine.apply affine_map<(d0, d1) -> (d0 floordiv 8 - d1 floordiv 8)>(%i, %j)
    %near = arith.cmpi slt, %blocks, %two : index
    %either = arith.ori %on, %near : i1
    attn.yield %either : i1
  }
  %m = attn.and %c, %p
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// NEIGHBORHOOD: tiles {{ *}}144: 12 full, 22 partial, 110 empty
// NEIGHBORHOOD-NEXT: row runs {{ *}}1{{$}}
// NEIGHBORHOOD-NEXT: column runs {{ *}}1{{$}}
func.func @neighborhood(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %left = arith.constant 7 : index
    %window = arith.constant 15 : index
    %sk = attn.key_length
    %one = arith.constant 1 : index
    %top = arith.subi %sk, %one : index
    %right = arith.constant 7 : index
    %most = arith.subi %top, %right : index
    %low = arith.maxsi %i, %left : index
    %clamped = arith.minsi %low, %most : index
    %begin = arith.subi %clamped, %left : index
    %end = arith.addi %begin, %window : index
    attn.yield %begin, %end : index, index
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// NEIGHBORHOOD-STRIDE: tiles {{ *}}144: 14 full, 20 partial, 110 empty
// NEIGHBORHOOD-STRIDE-NEXT: row runs {{ *}}1{{$}}
// NEIGHBORHOOD-STRIDE-NEXT: column runs {{ *}}1{{$}}
func.func @neighborhood_stride(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %left = arith.constant 8 : index
    %window = arith.constant 16 : index
    %sk = attn.key_length
    %one = arith.constant 1 : index
    %top = arith.subi %sk, %one : index
    %right = arith.constant 7 : index
    %most = arith.subi %top, %right : index
    %mid = affine.apply affine_map<(d0) -> (d0 floordiv 8 * 8 + 4)>(%i)
    %lead = arith.minsi %mid, %top : index
    %low = arith.maxsi %lead, %left : index
    %clamped = arith.minsi %low, %most : index
    %begin = arith.subi %clamped, %left : index
    %end = arith.addi %begin, %window : index
    attn.yield %begin, %end : index, index
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// VERTICAL-SLASH: tiles {{ *}}144: 0 full, 56 partial, 88 empty
// VERTICAL-SLASH-NEXT: row runs {{ *}}7{{$}}
// VERTICAL-SLASH-NEXT: column runs {{ *}}3{{$}}
func.func @vertical_slash(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(bottom_right)
  %x = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %three = arith.constant 3 : index
    %forty = arith.constant 40 : index
    %sixtyone = arith.constant 61 : index
    %seventeen = arith.constant 17 : index
    %thirtyeight = arith.constant 38 : index
    %distance = arith.subi %i, %j : index
    %v0 = arith.cmpi eq, %j, %zero : index
    %v1 = arith.cmpi eq, %j, %three : index
    %v2 = arith.cmpi eq, %j, %forty : index
    %v3 = arith.cmpi eq, %j, %sixtyone : index
    %s0 = arith.cmpi eq, %distance, %zero : index
    %s1 = arith.cmpi eq, %distance, %seventeen : index
    %s2 = arith.cmpi eq, %distance, %thirtyeight : index
    %o0 = arith.ori %v0, %v1 : i1
    %o1 = arith.ori %v2, %v3 : i1
    %o2 = arith.ori %s0, %s1 : i1
    %o3 = arith.ori %o0, %o1 : i1
    %o4 = arith.ori %o2, %s2 : i1
    %any = arith.ori %o3, %o4 : i1
    attn.yield %any : i1
  }
  %m = attn.and %c, %x
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// MULTI-DIAGONAL: tiles {{ *}}144: 0 full, 144 partial, 0 empty
// MULTI-DIAGONAL-NEXT: row runs {{ *}}8{{$}}
// MULTI-DIAGONAL-NEXT: column runs {{ *}}8{{$}}
func.func @multi_diagonal(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %r = affine.apply affine_map<(d0, d1) -> ((d0 - d1) mod 12)>(%i, %j)
    %on = arith.cmpi eq, %r, %zero : index
    attn.yield %on : i1
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// HASH: tiles {{ *}}144: 0 full, 78 partial, 66 empty
// HASH-NEXT: row runs {{ *}}32{{$}}
// HASH-NEXT: column runs {{ *}}32{{$}}
func.func @hash(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(bottom_right)
  %e = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %c11 = arith.constant 11 : index
    %c37 = arith.constant 37 : index
    %six = arith.constant 6 : index
    %square = arith.muli %i, %i : index
    %a = arith.muli %square, %c11 : index
    %l = arith.muli %i, %c37 : index
    %s = arith.addi %a, %l : index
    %x = arith.remui %s, %six : index
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %i: index):
    %c11 = arith.constant 11 : index
    %c37 = arith.constant 37 : index
    %six = arith.constant 6 : index
    %square = arith.muli %i, %i : index
    %a = arith.muli %square, %c11 : index
    %l = arith.muli %i, %c37 : index
    %s = arith.addi %a, %l : index
    %x = arith.remui %s, %six : index
    attn.yield %x : index
  }
  %m = attn.and %c, %e
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// KEEP: tiles {{ *}}144: 0 full, 78 partial, 66 empty
// KEEP-NEXT: row runs {{ *}}42{{$}}
// KEEP-NEXT: column runs {{ *}}42{{$}}
func.func @keep(%q: !t, %k: !t, %v: !t) -> !t {
  %c = attn.causal align(bottom_right)
  %kq = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %x = affine.apply affine_map<(d0) -> ((d0 * 29 + d0 floordiv 7) mod 2)>(%i)
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %i: index):
    %x = arith.constant 0 : index
    attn.yield %x : index
  }
  %kk = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %x = arith.constant 0 : index
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %i: index):
    %x = affine.apply affine_map<(d0) -> ((d0 * 29 + d0 floordiv 7) mod 2)>(%i)
    attn.yield %x : index
  }
  %m = attn.and %c, %kq, %kk
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// REFERENCE-FRAMES: tiles {{ *}}144: 56 full, 40 partial, 48 empty
// REFERENCE-FRAMES-NEXT: row runs {{ *}}3{{$}}
// REFERENCE-FRAMES-NEXT: column runs {{ *}}3{{$}}
func.func @reference_frames(%q: !t, %k: !t, %v: !t) -> !t {
  %same = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %x = affine.apply affine_map<(d0) -> (d0 floordiv 12)>(%i)
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %i: index):
    %x = affine.apply affine_map<(d0) -> (d0 floordiv 12)>(%i)
    attn.yield %x : index
  }
  %q2 = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %x = affine.apply affine_map<(d0) -> (d0 floordiv 12)>(%i)
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %i: index):
    %x = arith.constant 2 : index
    attn.yield %x : index
  }
  %q5 = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %x = affine.apply affine_map<(d0) -> (d0 floordiv 12)>(%i)
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %i: index):
    %x = arith.constant 5 : index
    attn.yield %x : index
  }
  %k2 = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %x = arith.constant 2 : index
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %i: index):
    %x = affine.apply affine_map<(d0) -> (d0 floordiv 12)>(%i)
    attn.yield %x : index
  }
  %k5 = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %x = arith.constant 5 : index
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %i: index):
    %x = affine.apply affine_map<(d0) -> (d0 floordiv 12)>(%i)
    attn.yield %x : index
  }
  %m = attn.or %same, %q2, %q5, %k2, %k5
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// NEIGHBORHOOD-2D: tiles {{ *}}144: 0 full, 98 partial, 46 empty
// NEIGHBORHOOD-2D-NEXT: row runs {{ *}}5{{$}}
// NEIGHBORHOOD-2D-NEXT: column runs {{ *}}8{{$}}
func.func @neighborhood_2d(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %two = arith.constant 2 : index
    %yc = affine.apply affine_map<(d0) -> (d0 floordiv 12)>(%i)
    %yk = affine.apply affine_map<(d0) -> (d0 floordiv 12)>(%j)
    %ymost = arith.constant 5 : index
    %ylow = arith.maxsi %yc, %two : index
    %ymid = arith.minsi %ylow, %ymost : index
    %yd = arith.subi %yk, %ymid : index
    %ya = math.absi %yd : index
    %yin = arith.cmpi sle, %ya, %two : index
    %xc = affine.apply affine_map<(d0) -> (d0 mod 12)>(%i)
    %xk = affine.apply affine_map<(d0) -> (d0 mod 12)>(%j)
    %xmost = arith.constant 9 : index
    %xlow = arith.maxsi %xc, %two : index
    %xmid = arith.minsi %xlow, %xmost : index
    %xd = arith.subi %xk, %xmid : index
    %xa = math.absi %xd : index
    %xin = arith.cmpi sle, %xa, %two : index
    %in = arith.andi %yin, %xin : i1
    attn.yield %in : i1
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

// WINDOWS-2D: tiles {{ *}}144: 0 full, 72 partial, 72 empty
// WINDOWS-2D-NEXT: row runs {{ *}}4{{$}}
// WINDOWS-2D-NEXT: column runs {{ *}}4{{$}}
func.func @windows_2d(%q: !t, %k: !t, %v: !t) -> !t {
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %a = affine.apply affine_map<(d0) -> (d0 floordiv 48)>(%i)
    %b2 = affine.apply affine_map<(d0) -> (d0 floordiv 48)>(%j)
    %c = affine.apply affine_map<(d0) -> (d0 mod 12 floordiv 4)>(%i)
    %d = affine.apply affine_map<(d0) -> (d0 mod 12 floordiv 4)>(%j)
    %y = arith.cmpi eq, %a, %b2 : index
    %x = arith.cmpi eq, %c, %d : index
    %in = arith.andi %y, %x : i1
    attn.yield %in : i1
  }
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
