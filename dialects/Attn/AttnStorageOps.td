// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Order and storage: rows of Q, K, V and O that lie elsewhere than their position says.
#ifndef LACUNA_DIALECTS_ATTN_ATTNSTORAGEOPS_TD
#define LACUNA_DIALECTS_ATTN_ATTNSTORAGEOPS_TD

include "dialects/Attn/AttnSetOps.td"

// These are gathers and scatters of rows and nothing else; attention neither knows nor cares. `attn-to-tile` makes them the address map of the kernel's
// loads and stores, so that no gathered copy exists; where that is not possible they become loops (`attn-lower-storage`).

def Attn_GatherRowsOp : Attn_Op<"gather_rows", [Pure, DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "rows of Q, K or V in another order, or some of them";
  let description = [{
    result[b, h, i, :] = source[b, h, rows[b', h', i], :], by the dimensions of `layout`. `rows` `[B', H', N]` (i32) is shared over batch entries and heads like
    the tables of sets. A row outside the source is brought to the nearest one. Bucket sort, compaction of kept tokens and tile-major order are
    tables of rows; masks on the result see its positions 0 … N - 1, and original positions where the program looks them up (SCFA, Pagliardini et al. 2023).

    ```mlir
    %ks = attn.gather_rows %k[%order] layout(bhsd) : tensor<1x8x?x64xf32>, tensor<1x8x?xi32> -> tensor<1x8x?x64xf32>
    ```
  }];
  let arguments = (ins RankedTensorOf<[Attn_Float]>:$source, Attn_IndexTable<3>:$rows, Attn_Layout:$layout);
  let results = (outs RankedTensorOf<[Attn_Float]>:$result);
  let assemblyFormat = [{
    $source `[` $rows `]` `layout` `(` $layout `)` attr-dict `:` type($source) `,` type($rows) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Attn_GatherPagesOp : Attn_Op<"gather_pages", [Pure, DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "keys or values of a paged cache";
  let description = [{
    A cache holds P pages of `page` rows: `[P, H, page, D]` in the layout `bhsd`, `[P, page, H, D]` in `bshd` (vLLM, Kwon et al. 2023, section 4.3).
    result[b, h, i, :] is row `i mod page` of page `table[b, i / page]`, i below M · page; `table` `[B, M]` (i32). A page number outside `[0, P)` is brought
    to the nearest one. The number of rows in use is a mask's business (`attn.key_lengths`).

    ```mlir
    %k = attn.gather_pages %cache[%table] layout(bhsd) : tensor<?x8x16x128xbf16>, tensor<?x?xi32> -> tensor<?x8x?x128xbf16>
    ```
  }];
  let arguments = (ins RankedTensorOf<[Attn_Float]>:$cache, Attn_IndexTable<2>:$table, Attn_Layout:$layout);
  let results = (outs RankedTensorOf<[Attn_Float]>:$result);
  let assemblyFormat = [{
    $cache `[` $table `]` `layout` `(` $layout `)` attr-dict `:` type($cache) `,` type($table) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Attn_ScatterRowsOp : Attn_Op<"scatter_rows", [Pure, AllTypesMatch<["init", "result"]>,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "put rows of O back where they came from";
  let description = [{
    result = init, but result[b, h, rows[b', h', i], :] = source[b, h, i, :]. Rows that nobody names keep `init` (a zero tensor, or the previous output:
    dropped queries of SCFA and of cached diffusion). A row outside the result is dropped, which makes -1 a padding entry. Rows named twice for one
    (batch, head) get either source.

    ```mlir
    %o = attn.scatter_rows %os[%order] into %zero layout(bhsd) : tensor<1x8x?x64xf32>, tensor<1x8x?xi32>, tensor<1x8x?x64xf32>
    ```
  }];
  let arguments = (ins RankedTensorOf<[Attn_Float]>:$source, Attn_IndexTable<3>:$rows, RankedTensorOf<[Attn_Float]>:$init, Attn_Layout:$layout);
  let results = (outs RankedTensorOf<[Attn_Float]>:$result);
  let assemblyFormat = [{
    $source `[` $rows `]` `into` $init `layout` `(` $layout `)` attr-dict `:` type($source) `,` type($rows) `,` type($init)
  }];
  let hasVerifier = 1;
}

#endif // LACUNA_DIALECTS_ATTN_ATTNSTORAGEOPS_TD
