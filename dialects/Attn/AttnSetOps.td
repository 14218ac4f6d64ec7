// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Run-time sets of blocks or tokens, and the masks made from them.
#ifndef LACUNA_DIALECTS_ATTN_ATTNSETOPS_TD
#define LACUNA_DIALECTS_ATTN_ATTNSETOPS_TD

include "dialects/Attn/AttnMaskOps.td"

class Attn_TableOf<list<Type> elements, int rank> : AnyTypeOf<
    [TensorRankOf<elements, [rank]>, MemRefRankOf<elements, [rank]>],
    rank # "D tensor of " # !interleave(!foreach(e, elements, e.summary), " or ")>;
class Attn_IndexTable<int rank> : Attn_TableOf<[I32], rank>;

//===----------------------------------------------------------------------===//
// Sets from tensors
//===----------------------------------------------------------------------===//

// Rules that all sets share; the ops refer to them.
//
// * Tables start with dimensions (B', H', …): B' is 1 (shared) or the batch size; H' is 1 (shared), the number of key heads (one list per group) or of
//   query heads: query head h reads row h · H' / Hq. Other sizes read by the same formula; a batch entry beyond B' has an empty set.
// * `granule = [gq, gk]`: an entry (r, c) stands for queries [r gq, (r + 1) gq) and keys [c gk, (c + 1) gk). Any length is legal; blocks at the end are ragged.
// * A set is a *set*: order and repetition of entries mean nothing, entries outside the sequence are ignored, rows outside the table are empty. Nothing
//   outside a table is read, whatever its numbers say.

class Attn_SetOp<string mnemonic, list<Trait> traits = []> : Attn_Op<mnemonic, traits # [Pure]> {
  let results = (outs Attn_SetType:$result);
  let hasVerifier = 1;
}

def Attn_CsrSetOp : Attn_SetOp<"csr_set"> {
  let summary = "a set of blocks as compressed rows";
  let description = [{
    Row r of (batch, head) holds `indices[indptr[b, h, r]] … indices[indptr[b, h, r + 1] - 1]` (FlashInfer's and SciPy's BSR form; `indptr` `[B', H', R + 1]`,
    `indices` `[nnz]`, both i32). Ends outside `[0, nnz]` are clipped. Shared rules of sets: order, repetition and out-of-range entries mean nothing.

    ```mlir
    %set = attn.csr_set %indptr, %indices granule = [128, 64] : tensor<1x8x?xi32>, tensor<?xi32> -> !attn.set<csr>
    ```
  }];
  let arguments = (ins Attn_IndexTable<3>:$indptr, Attn_IndexTable<1>:$indices, DenseI64ArrayAttr:$granule);
  let assemblyFormat = "$indptr `,` $indices `granule` `=` $granule attr-dict `:` type($indptr) `,` type($indices) `->` qualified(type($result))";
}

def Attn_ListSetOp : Attn_SetOp<"list_set"> {
  let summary = "a set of blocks as padded lists with counts";
  let description = [{
    Row r of (batch, head) holds the first `counts[b, h, r]` entries of `indices[b, h, r, …]` (FlexAttention's BlockMask form: `indices` `[B', H', R, C]`,
    `counts` `[B', H', R]`, both i32). Counts outside `[0, C]` are clipped.

    ```mlir
    %set = attn.list_set %indices, %counts granule = [64, 64] : tensor<1x1x?x?xi32>, tensor<1x1x?xi32> -> !attn.set<list>
    ```
  }];
  let arguments = (ins Attn_IndexTable<4>:$indices, Attn_IndexTable<3>:$counts, DenseI64ArrayAttr:$granule);
  let assemblyFormat = "$indices `,` $counts `granule` `=` $granule attr-dict `:` type($indices) `,` type($counts) `->` qualified(type($result))";
}

def Attn_BitmapSetOp : Attn_SetOp<"bitmap_set"> {
  let summary = "a set of blocks as bits of words";
  let description = [{
    Row r of (batch, head) holds column c iff bit `c mod w` of `words[b, h, r, c / w]` is set, bit 0 the lowest, w the width of a word (i8, i32 or i64).
    `words` `[B', H', R, W]`.

    ```mlir
    %set = attn.bitmap_set %words granule = [1, 64] : tensor<1x8x?x?xi32> -> !attn.set<bitmap>
    ```
  }];
  let arguments = (ins Attn_TableOf<[I8, I32, I64], 4>:$words, DenseI64ArrayAttr:$granule);
  let assemblyFormat = "$words `granule` `=` $granule attr-dict `:` type($words) `->` qualified(type($result))";
}

def Attn_TableSetOp : Attn_SetOp<"table_set"> {
  let summary = "a set of blocks as a table of booleans";
  let description = [{
    Row r of (batch, head) holds column c iff `table[b, h, r, c]` is not 0 (`[B', H', R, C]`, i1 or i8; Block-Sparse-Attention's `base_blockmask`).

    ```mlir
    %set = attn.table_set %table granule = [128, 128] : tensor<1x8x?x?xi1> -> !attn.set<table>
    ```
  }];
  let arguments = (ins Attn_TableOf<[I1, I8], 4>:$table, DenseI64ArrayAttr:$granule);
  let assemblyFormat = "$table `granule` `=` $granule attr-dict `:` type($table) `->` qualified(type($result))";
}

def Attn_RunsSetOp : Attn_SetOp<"runs_set"> {
  let summary = "runs of *masked* query rows per key column (FlashMask)";
  let description = [{
    `rows` `[B', H', Sk, n]` (i32; FlashMask, Wang et al. 2024, section 4, `startend_row_indices`). Key k does not attend to

    | n | form | masked rows q |
    |---|---|---|
    | 1 | `lower` | `q >= rows[0]` |
    | 2 | `lower` | `rows[0] <= q < rows[1]` |
    | 2 | `both` | `q >= rows[0]` or `q < rows[1]` |
    | 4 | `both` | `rows[0] <= q < rows[1]` or `rows[2] <= q < rows[3]` |

    FlashMask's `causal = True` is `lower` and `attn.and` with `attn.causal`. A key beyond the table attends nothing.

    ```mlir
    %set = attn.runs_set %rows lower : tensor<1x1x?x2xi32> -> !attn.set<runs>
    ```
  }];
  let arguments = (ins Attn_IndexTable<4>:$rows, UnitAttr:$both);
  let assemblyFormat = "$rows (`both` $both^):(`lower`)? attr-dict `:` type($rows) `->` qualified(type($result))";
}

def Attn_SlicesSetOp : Attn_SetOp<"slices_set"> {
  let summary = "a union of slices: query range x key range, whole or cut by diagonals (MagiAttention)";
  let description = [{
    Slice n covers queries `[q_ranges[n, 0], q_ranges[n, 1])` = [q0, q1) and keys `[k_ranges[n, 0], k_ranges[n, 1])` = [k0, k1). `types[n]` (flexible flash
    attention of MagiAttention): 0 all of it; 1 causal, `k1 - 1 - k >= q1 - 1 - q`; 2 inverse causal, `k - k0 >= q - q0`; 3 both; anything else attends nothing.
    Slices may overlap: a pair is attended or not, it is never counted twice. All heads and batch entries share them.

    ```mlir
    %set = attn.slices_set %q_ranges, %k_ranges, %types : tensor<?x2xi32>, tensor<?x2xi32>, tensor<?xi32> -> !attn.set<slices>
    ```
  }];
  let arguments = (ins Attn_IndexTable<2>:$q_ranges, Attn_IndexTable<2>:$k_ranges, Attn_IndexTable<1>:$types);
  let assemblyFormat = [{
    $q_ranges `,` $k_ranges `,` $types attr-dict `:` type($q_ranges) `,` type($k_ranges) `,` type($types) `->` qualified(type($result))
  }];
}

//===----------------------------------------------------------------------===//
// Masks from sets
//===----------------------------------------------------------------------===//

def Attn_MemberOp : Attn_MaskOp<"member", [RecursiveMemoryEffects]> {
  let summary = "attend where a mapped pair is in a set";
  let description = [{
    The region maps (batch, head, query, key) to a row and a column *position*; the pair attends iff the block of the set that holds this position is in the
    set: A = (column // gk) in S(b, h, row // gq) (patterns.md D1, atom 3). Row 0 with column k is a list of key columns; row 0 with column q - k a list of
    diagonals; row q with column k block sparsity (`attn.block_sparse`). Not for `runs`.

    ```mlir
    %m = attn.member %set {
    ^bb0(%b: index, %h: index, %q: index, %k: index):
      %zero = arith.constant 0 : index
      attn.yield %zero, %k : index, index
    } : !attn.set<list>
    ```
  }];
  let arguments = (ins Attn_SetType:$set);
  let regions = (region SizedRegion<1>:$position);
  let assemblyFormat = "$set $position attr-dict `:` qualified(type($set))";
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Attn_BlockSparseOp : Attn_MaskOp<"block_sparse"> {
  let summary = "attend the key blocks that a set lists for the query's block";
  let description = [{
    A = (k // gk) in S(b, h, q // gq), gq and gk the granule of the set; token lists are granule [1, 1]. Positions are those of the sequences, so
    `attn.and` with `attn.causal` is causal in original positions. For `runs`, use `attn.column_runs`.

    ```mlir
    %m = attn.block_sparse %set : !attn.set<csr>
    ```
  }];
  let arguments = (ins Attn_SetType:$set);
  let assemblyFormat = "$set attr-dict `:` qualified(type($set))";
  let hasVerifier = 1;
}

def Attn_ColumnRunsOp : Attn_MaskOp<"column_runs"> {
  let summary = "attend the query rows that a key's runs do not mask (FlashMask)";
  let description = [{
    A = not masked, by the table of `attn.runs_set` (patterns.md D1, atom 4).

    ```mlir
    %m = attn.column_runs %set : !attn.set<runs>
    ```
  }];
  let arguments = (ins Attn_SetType:$set);
  let assemblyFormat = "$set attr-dict `:` qualified(type($set))";
  let hasVerifier = 1;
}

def Attn_HashedOp : Attn_MaskOp<"hashed"> {
  let summary = "attend where query and key fall into the same bucket";
  let description = [{
    A = (query_buckets[b, h, q] = key_buckets[b, h, k]); tables `[B', H', Sq]` and `[B', H', Sk]` of i32, shared as those of sets are. Self attention is
    included; `attn.and` with `attn.causal` or `@strict_causal` says which form of causality is meant (SCFA's code has both: Pagliardini et al. 2023).
    Positions beyond a table attend nothing.

    ```mlir
    %m = attn.hashed %hq, %hk : tensor<1x8x?xi32>, tensor<1x8x?xi32>
    ```
  }];
  let arguments = (ins Attn_IndexTable<3>:$query_buckets, Attn_IndexTable<3>:$key_buckets);
  let assemblyFormat = "$query_buckets `,` $key_buckets attr-dict `:` type($query_buckets) `,` type($key_buckets)";
}

def Attn_VerticalSlashOp : Attn_MaskOp<"vertical_slash"> {
  let summary = "attend listed key columns and listed diagonals, causal";
  let description = [{
    A = k <= p and (k in V or (p - k) in D), p = q for `align(top_left)`, q + Sk - Sq for `align(bottom_right)`: the ideal mask of MInference (Jiang et al.
    2024, section 3). V is row 0 of `verticals`, D row 0 of `slashes`, both of granule [1, 1]. The published kernel attends more: every key that a diagonal
    crosses within a block of 64 rows. With `cover = 64` the mask is that superset on blocks of 64 query rows, without the kernel's merging errors:
    k in V or some row q' of q's block has (p' - k) in D.

    ```mlir
    %m = attn.vertical_slash %v, %d align(bottom_right) : !attn.set<list>, !attn.set<list>
    ```
  }];
  let arguments = (ins Attn_SetType:$verticals, Attn_SetType:$slashes, Attn_Align:$align, OptionalAttr<ConfinedAttr<I64Attr, [IntPositive]>>:$cover);
  let assemblyFormat = [{
    $verticals `,` $slashes `align` `(` $align `)` (`cover` `=` $cover^)? attr-dict `:` qualified(type($verticals)) `,` qualified(type($slashes))
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// The scalar op behind them
//===----------------------------------------------------------------------===//

def Attn_ContainsOp : Attn_Op<"contains", [Pure]> {
  let summary = "does a row of a set hold an entry between two columns?";
  let description = [{
    True iff row `row` of the set for (batch, query head) has an entry e with `low <= e <= high`, in blocks of the set. Made by `attn-expand-masks`
    from masks on sets, with the set's tensors in the order of its constructor; valid in the region of an atom.

    `in_bounds` (of a `table`, made by `attn-tabulate-sets`) promises that row and columns are inside the table for every pair of every tile, rows and keys
    beyond the sequences' ends included: it is read without a test.

    ```mlir
    %in = attn.contains csr(%indptr, %indices) [%b, %h, %row] from %low to %high : tensor<1x8x?xi32>, tensor<?xi32>
    ```
  }];
  let arguments = (ins Attn_SetFormat:$format, Variadic<Attn_Table>:$tables, Index:$batch, Index:$head, Index:$row, Index:$low, Index:$high,
                       UnitAttr:$in_bounds);
  let results = (outs I1:$result);
  let assemblyFormat = [{
    $format `(` $tables `)` `[` $batch `,` $head `,` $row `]` `from` $low `to` $high (`in_bounds` $in_bounds^)? attr-dict `:` type($tables)
  }];
  let hasVerifier = 1;
}

#endif // LACUNA_DIALECTS_ATTN_ATTNSETOPS_TD
