// RUN: lacuna-opt %s -split-input-file -attn-select-schedule | FileCheck %s
// Every row of lib/Target/Schedules.cpp at the edges of its head sizes; the larger of the two head sizes decides.

module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: @x86_64_v4
// CHECK: attn.attention {{.*}} layout(bhsd) schedule(#attn.schedule<tile_m = 48, tile_n = 128, transposed = true>)
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 48, tile_n = 128, transposed = true>)
func.func @x86_64_v4(%q: tensor<1x1x?x8xf32>, %r: tensor<1x1x?x256xf32>) -> (tensor<1x1x?x8xf32>, tensor<1x1x?x256xf32>) {
  %o = attn.attention %q, %q, %q layout(bhsd) : tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32>, tensor<1x1x?x8xf32> -> tensor<1x1x?x8xf32>
  %p = attn.attention %r, %r, %r layout(bhsd) : tensor<1x1x?x256xf32>, tensor<1x1x?x256xf32>, tensor<1x1x?x256xf32> -> tensor<1x1x?x256xf32>
  return %o, %p : tensor<1x1x?x8xf32>, tensor<1x1x?x256xf32>
}
}

// -----

module attributes {tile.target = "generic"} {
// CHECK-LABEL: @any_cpu
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 48, tile_n = 128, transposed = true>)
func.func @any_cpu(%q: tensor<1x1x?x64xf32>) -> tensor<1x1x?x64xf32> {
  %o = attn.attention %q, %q, %q layout(bhsd) : tensor<1x1x?x64xf32>, tensor<1x1x?x64xf32>, tensor<1x1x?x64xf32> -> tensor<1x1x?x64xf32>
  return %o : tensor<1x1x?x64xf32>
}
}

// -----

!a = tensor<1x1x?x128xbf16>
!b = tensor<1x1x?x136xbf16>
module attributes {tile.target = "sm_80"} {
// CHECK-LABEL: @sm_80
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 64, tile_n = 64, warps = 4, stages = 2>)
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 64, tile_n = 32, warps = 4>)
func.func @sm_80(%q: !a, %v: !b) -> (!a, !b) {
  %o = attn.attention %q, %q, %q layout(bhsd) : !a, !a, !a -> !a
  %p = attn.attention %q, %q, %v layout(bhsd) : !a, !a, !b -> !b
  return %o, %p : !a, !b
}
}

// -----

!a = tensor<1x1x?x128xbf16>
!b = tensor<1x1x?x136xbf16>
module attributes {tile.target = "gfx942"} {
// CHECK-LABEL: @gfx942
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 128, tile_n = 64, warps = 4, transposed = true>)
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 128, tile_n = 32, warps = 4, transposed = true>)
func.func @gfx942(%q: !a, %k: !b, %v: !a) -> (!a, !a) {
  %o = attn.attention %q, %q, %q layout(bhsd) : !a, !a, !a -> !a
  %p = attn.attention %k, %k, %v layout(bhsd) : !b, !b, !a -> !a
  return %o, %p : !a, !a
}
}

// -----

// Few queries, known at compile time: flat tiles of just so many rows, and shares of the keys where batch and heads are few (not where a row max is asked
// for: shares have none). A run-time number of queries may be large.
module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: @few_queries
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 1, tile_n = 64, split = 16>)
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 8, tile_n = 64, split = 16>)
// CHECK: attn.attention {{.*}} schedule(#attn.schedule<tile_m = 48, tile_n = 128, transposed = true>)
func.func @few_queries(%q: tensor<1x1x1x64xf32>, %r: tensor<1x8x1x64xf32>, %t: tensor<1x1x9x64xf32>, %k: tensor<1x1x?x64xf32>, %l: tensor<1x?x1x64xf32>)
    -> (tensor<1x1x1x64xf32>, tensor<1x8x1x64xf32>, tensor<1x1x9x64xf32>) {
  %o = attn.attention %q, %k, %k layout(bhsd) : tensor<1x1x1x64xf32>, tensor<1x1x?x64xf32>, tensor<1x1x?x64xf32> -> tensor<1x1x1x64xf32>
  %p = attn.attention %r, %l, %l layout(bshd) : tensor<1x8x1x64xf32>, tensor<1x?x1x64xf32>, tensor<1x?x1x64xf32> -> tensor<1x8x1x64xf32>
  %s = attn.attention %t, %k, %k layout(bhsd) : tensor<1x1x9x64xf32>, tensor<1x1x?x64xf32>, tensor<1x1x?x64xf32> -> tensor<1x1x9x64xf32>
  return %o, %p, %s : tensor<1x1x1x64xf32>, tensor<1x8x1x64xf32>, tensor<1x1x9x64xf32>
}
}

// -----

module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: @splits
// CHECK: schedule(#attn.schedule<tile_m = 1, tile_n = 64, split = 2>)
// CHECK: schedule(#attn.schedule<tile_m = 1, tile_n = 64>)
// CHECK: schedule(#attn.schedule<tile_m = 1, tile_n = 64>)
func.func @splits(%q: tensor<1x8x1x64xf32>, %r: tensor<?x8x1x64xf32>, %k: tensor<?x8x?x64xf32>) -> (tensor<1x8x1x64xf32>, tensor<?x8x1x64xf32>, tensor<1x8x1xf32>) {
  %o = attn.attention %q, %k, %k layout(bhsd) : tensor<1x8x1x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<1x8x1x64xf32>
  %p = attn.attention %r, %k, %k layout(bhsd) : tensor<?x8x1x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<?x8x1x64xf32>
  %m:3 = attn.attention %q, %k, %k layout(bhsd) : tensor<1x8x1x64xf32>, tensor<?x8x?x64xf32>, tensor<?x8x?x64xf32> -> tensor<1x8x1x64xf32>, tensor<1x8x1xf32>, tensor<1x8x1xf32>
  return %o, %p, %m#2 : tensor<1x8x1x64xf32>, tensor<?x8x1x64xf32>, tensor<1x8x1xf32>
}
}

// -----

// Heads that share a key head are rows of a tile with the queries, up to 32 rows (the third op: 3 x 16 rows are two tiles of 24), sinks or not, unless something is
// bound to one head (the last op: a mask that is tested tile by tile).
module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: @packs
// CHECK: schedule(#attn.schedule<tile_m = 4, tile_n = 64, split = 8, pack_heads = true>)
// CHECK: schedule(#attn.schedule<tile_m = 4, tile_n = 64, split = 8, pack_heads = true>)
// CHECK: schedule(#attn.schedule<tile_m = 24, tile_n = 64, split = 16, pack_heads = true>)
// CHECK: schedule(#attn.schedule<tile_m = 1, tile_n = 64, split = 2>)
func.func @packs(%q: tensor<1x8x1x64xf32>, %k: tensor<1x2x?x64xf32>, %s: tensor<8xf32>, %r: tensor<1x16x3x64xf32>, %l: tensor<1x1x?x64xf32>)
    -> (tensor<1x8x1x64xf32>, tensor<1x8x1x64xf32>, tensor<1x16x3x64xf32>, tensor<1x8x1x64xf32>) {
  %o = attn.attention %q, %k, %k layout(bhsd) : tensor<1x8x1x64xf32>, tensor<1x2x?x64xf32>, tensor<1x2x?x64xf32> -> tensor<1x8x1x64xf32>
  %p = attn.attention %q, %k, %k sink_logits(%s : tensor<8xf32>) layout(bhsd) : tensor<1x8x1x64xf32>, tensor<1x2x?x64xf32>, tensor<1x2x?x64xf32> -> tensor<1x8x1x64xf32>
  %t = attn.attention %r, %l, %l layout(bhsd) : tensor<1x16x3x64xf32>, tensor<1x1x?x64xf32>, tensor<1x1x?x64xf32> -> tensor<1x16x3x64xf32>
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %c = arith.cmpi sle, %h, %j : index
    attn.yield %c : i1
  }
  %u = attn.attention %q, %k, %k mask(%m) layout(bhsd) : tensor<1x8x1x64xf32>, tensor<1x2x?x64xf32>, tensor<1x2x?x64xf32> -> tensor<1x8x1x64xf32>
  return %o, %p, %t, %u : tensor<1x8x1x64xf32>, tensor<1x8x1x64xf32>, tensor<1x16x3x64xf32>, tensor<1x8x1x64xf32>
}
}

// -----

// RUN: lacuna-opt %s -attn-select-schedule=batch-invariant -split-input-file | FileCheck %s --check-prefix=INVARIANT
// The shares of a sequence's keys do not depend on how many sequences there are, if that is asked for.
module attributes {tile.target = "x86-64-v4"} {
// CHECK-LABEL: @batches
// CHECK: schedule(#attn.schedule<tile_m = 1, tile_n = 64, split = 2>)
// INVARIANT-LABEL: @batches
// INVARIANT: schedule(#attn.schedule<tile_m = 1, tile_n = 64, split = 8>)
func.func @batches(%q: tensor<4x2x1x64xf32>, %k: tensor<4x2x?x64xf32>) -> tensor<4x2x1x64xf32> {
  %o = attn.attention %q, %k, %k layout(bhsd) : tensor<4x2x1x64xf32>, tensor<4x2x?x64xf32>, tensor<4x2x?x64xf32> -> tensor<4x2x1x64xf32>
  return %o : tensor<4x2x1x64xf32>
}
}
