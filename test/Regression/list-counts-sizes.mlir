// REQUIRES: lacuna-run
// RUN: lacuna-run %s --entry=blocks --check | FileCheck %s
// RUN: lacuna-run %s --entry=blocks --check --arg counts=ones:1x1x3xi32 | FileCheck %s
// RUN: lacuna-run %s --entry=blocks --check --arg counts=ones:2x4x3xi32 --arg indices=[[[[0],[1],[1]]]] | FileCheck %s
// RUN: lacuna-run %s --entry=blocks --check --arg counts=ones:1x1x1xi32 | FileCheck %s
// RUN: lacuna-run %s --entry=columns --check | FileCheck %s
// RUN: lacuna-run %s --entry=columns --check --arg counts=ones:1x1x1xi32 | FileCheck %s
// RUN: lacuna-run %s --entry=columns --check --arg counts=ones:2x4x1xi32 --arg indices=[[[[7]]]] | FileCheck %s
// Counts of another shape than their lists: a row has the count at its own place, and none is empty. The reference took the batch entry and head of
// the counts' own sharing, kernels those of the lists.

!t = tensor<?x4x?x8xf32>
!lists = tensor<?x?x?x?xi32>
!counts = tensor<?x?x?xi32>

// CHECK: check PASS
func.func @blocks(%q: !t {attn.name = "q", attn.default = "randn:2x4x40x8xf32:1"}, %k: !t {attn.name = "k", attn.default = "randn:2x4x40x8xf32:2"},
                  %indices: !lists {attn.name = "indices", attn.default = "[[[[0], [1], [0]], [[1], [0], [2]]], [[[2], [1], [2]], [[0], [0], [1]]]]"},
                  %counts: !counts {attn.name = "counts", attn.default = "[[[1, 1, 1], [1, 0, 1], [1, 1, 0], [0, 1, 1]]]"}) -> !t {
  %set = attn.list_set %indices, %counts granule = [16, 16] : !lists, !counts -> !attn.set<list>
  %m = attn.block_sparse %set : !attn.set<list>
  %o = attn.attention %q, %k, %k mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}

func.func @columns(%q: !t {attn.name = "q", attn.default = "randn:2x4x40x8xf32:1"}, %k: !t {attn.name = "k", attn.default = "randn:2x4x40x8xf32:2"},
                   %indices: !lists {attn.name = "indices", attn.default = "[[[[3]], [[5]]], [[[20]], [[39]]]]"},
                   %counts: !counts {attn.name = "counts", attn.default = "[[[1], [0], [1], [1]]]"}) -> !t {
  %set = attn.list_set %indices, %counts granule = [1, 1] : !lists, !counts -> !attn.set<list>
  %m = attn.vertical_slash %set, %set align(bottom_right) : !attn.set<list>, !attn.set<list>
  %o = attn.attention %q, %k, %k mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}
