// REQUIRES: lacuna-run
// RUN: lacuna-run %s --entry=scatter --check | FileCheck %s --check-prefix=GOOD
// RUN: not lacuna-run %s --entry=scatter --arg rows=[[[0,1]]] 2>&1 | FileCheck %s --check-prefix=SHORT
// RUN: not lacuna-run %s --entry=scatter --arg init=zeros:1x1x20x8xf32 2>&1 | FileCheck %s --check-prefix=HEADS
// RUN: not lacuna-run %s --entry=scatter --arg q=zeros:2x2x4x8xf32 2>&1 | FileCheck %s --check-prefix=BATCH
// RUN: lacuna-run %s --entry=scatter_alone --check | FileCheck %s --check-prefix=GOOD
// RUN: not lacuna-run %s --entry=scatter_alone --arg rows=[[[0,1]]] 2>&1 | FileCheck %s --check-prefix=ALONE-SHORT
// RUN: not lacuna-run %s --entry=scatter_alone --arg init=zeros:1x1x20x8xf32 2>&1 | FileCheck %s --check-prefix=ALONE-HEADS
// RUN: lacuna-run %s --entry=gather_alone --check | FileCheck %s --check-prefix=GOOD
// RUN: not lacuna-run %s --entry=gather_alone --arg q=zeros:1x2x0x8xf32 2>&1 | FileCheck %s --check-prefix=ALONE-EMPTY
// RUN: not lacuna-run %s --entry=gather_alone --arg rows=zeros:1x0x4xi32 2>&1 | FileCheck %s --check-prefix=ALONE-NONE
// RUN: not lacuna-run %s --entry=gather_alone --arg rows=zeros:2x1x4xi32 --arg q=zeros:3x2x4x8xf32 2>&1 | FileCheck %s --check-prefix=ALONE-BATCH
// RUN: not lacuna-run %s --entry=pages_alone --arg cache=zeros:0x2x8x8xf32 2>&1 | FileCheck %s --check-prefix=ALONE-PAGES
// RUN: not lacuna-run %s --entry=stated --arg k=zeros:1x1x4x8xf32 2>&1 | FileCheck %s --check-prefix=STATED
// RUN: not lacuna-run %s --entry=stated --arg rows=[[[0,1,2]]] 2>&1 | FileCheck %s --check-prefix=STATED-LENGTH
// Sizes of row tables, of what they gather and of what they scatter into that disagree at run time: an error of the entry. Tables were read, and tensors
// written, beyond their ends.

!t = tensor<?x?x?x8xf32>
!rows = tensor<?x?x?xi32>

// GOOD: check PASS
// SHORT: attention: rows of the scatter's table: expects 4, but got 2
// HEADS: attention: heads to scatter into: expects 2, but got 1
// BATCH: attention: batch entries to scatter into: expects 2, but got 1
func.func @scatter(%q: !t {attn.name = "q", attn.default = "randn:1x2x4x8xf32:1"}, %rows: !rows {attn.name = "rows", attn.default = "[[[3, 0, -1, 9]]]"},
                   %init: !t {attn.name = "init", attn.default = "randn:1x2x20x8xf32:2"}) -> !t {
  %o = attn.attention %q, %q, %q layout(bhsd) : !t, !t, !t -> !t
  %s = attn.scatter_rows %o[%rows] into %init layout(bhsd) : !t, !rows, !t
  return %s : !t
}

// ALONE-SHORT: scatter_rows: rows of the scatter's table: expects 4, but got 2
// ALONE-HEADS: scatter_rows: heads to scatter into: expects 2, but got 1
func.func @scatter_alone(%q: !t {attn.name = "q", attn.default = "randn:1x2x4x8xf32:1"}, %rows: !rows {attn.name = "rows", attn.default = "[[[3, 0, -1, 9]]]"},
                         %init: !t {attn.name = "init", attn.default = "randn:1x2x20x8xf32:2"}) -> !t {
  %s = attn.scatter_rows %q[%rows] into %init layout(bhsd) : !t, !rows, !t
  return %s : !t
}

// ALONE-EMPTY: gather_rows: rows to gather (at least): expects 1, but got 0
// ALONE-NONE: gather_rows: heads of the row table (at least): expects 1, but got 0
// ALONE-BATCH: gather_rows: batch entries of the row table (1 or): expects 3, but got 2
func.func @gather_alone(%q: !t {attn.name = "q", attn.default = "randn:1x2x4x8xf32:1"},
                        %rows: !rows {attn.name = "rows", attn.default = "[[[3, 0, -1, 9]]]"}) -> !t {
  %s = attn.gather_rows %q[%rows] layout(bhsd) : !t, !rows -> !t
  return %s : !t
}

// ALONE-PAGES: gather_pages: pages of the cache (at least): expects 1, but got 0
func.func @pages_alone(%cache: tensor<?x?x8x8xf32> {attn.name = "cache", attn.default = "randn:3x2x8x8xf32:1"},
                       %pages: tensor<?x?xi32> {attn.name = "pages", attn.default = "[[2, -1]]"}) -> !t {
  %s = attn.gather_pages %cache[%pages] layout(bhsd) : tensor<?x?x8x8xf32>, tensor<?x?xi32> -> !t
  return %s : !t
}

// A size that only the type of the gathered tensor states.
// STATED: attention: a stated size of a gathered tensor: expects 2, but got 1
// STATED-LENGTH: attention: the stated length of a gathered tensor: expects 4, but got 3
func.func @stated(%q: !t {attn.name = "q", attn.default = "randn:1x2x4x8xf32:1"}, %k: !t {attn.name = "k", attn.default = "randn:1x2x4x8xf32:2"},
                  %rows: !rows {attn.name = "rows", attn.default = "[[[3, 0, 1, 9]]]"}) -> !t {
  %ks = attn.gather_rows %k[%rows] layout(bhsd) : !t, !rows -> tensor<?x2x4x8xf32>
  %o = attn.attention %q, %ks, %ks layout(bhsd) : !t, tensor<?x2x4x8xf32>, tensor<?x2x4x8xf32> -> !t
  return %o : !t
}
