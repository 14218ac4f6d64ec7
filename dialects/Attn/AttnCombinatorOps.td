// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Masks made from whole masks, and masks on an N-D space of tokens. `and`, `or`, `not` are in AttnMaskOps.td.
#ifndef LACUNA_DIALECTS_ATTN_ATTNCOMBINATOROPS_TD
#define LACUNA_DIALECTS_ATTN_ATTNCOMBINATOROPS_TD

include "dialects/Attn/AttnMaskOps.td"

//===----------------------------------------------------------------------===//
// Choice and cut
//===----------------------------------------------------------------------===//

def Attn_SelectAxis : I32EnumAttr<"SelectAxis", "coordinate that chooses a mask", [
    I32EnumAttrCase<"Head", 0, "head">, I32EnumAttrCase<"Batch", 1, "batch">]> {
  let cppNamespace = "::lacuna::attn";
}

def Attn_SelectOp : Attn_MaskOp<"select"> {
  let summary = "another mask for each head or batch entry, chosen by a table";
  let description = [{
    A(b, h, q, k) = m_i(b, h, q, k) with i = table[h] (`head`) or table[b] (`batch`). A head or batch entry beyond the table, and an entry that names
    no mask, attend nothing. One attention so carries the patterns of all heads of a layer (MInference, S2, LServe); work follows each head's own mask.

    ```mlir
    %m = attn.select head %pattern [%streaming, %dense] : tensor<?xi32>
    ```
  }];
  let arguments = (ins Attn_SelectAxis:$axis, Attn_SequenceTable:$table, Variadic<Attn_MaskType>:$masks);
  let assemblyFormat = "$axis $table `[` $masks `]` attr-dict `:` type($table)";
  let hasVerifier = 1;
}

def Attn_RestrictOp : Attn_MaskOp<"restrict"> {
  let summary = "the part of a mask that begins at a query and a key of a longer sequence";
  let description = [{
    `attn.restrict %m queries(%q0 of %sq) keys(%k0 of %sk)` is A(b, h, q, k) = m(b, h, q + q0, k + k0), where m sees `sq` queries and `sk` keys. Pairs
    outside of m's `sq` x `sk` attend nothing. For chunked prefill (the queries of one chunk, all keys so far) and ring attention (one block of queries
    with one block of keys): the mask is written once, for the whole sequence.

    Constants lie in [0, 2^31). A run-time length is brought into that range; a negative run-time offset is allowed.

    ```mlir
    %part = attn.restrict %m queries(%q0 of %s) keys(0 of %s)
    ```
  }];
  let arguments = (ins Attn_MaskType:$mask, Variadic<Index>:$bounds, DenseI64ArrayAttr:$static_bounds);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Order of the four bounds.
    enum Bound { QueryOffset, QueryLength, KeyOffset, KeyLength, NumBounds };
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedBounds();
  }];
}

//===----------------------------------------------------------------------===//
// Rounding to blocks
//===----------------------------------------------------------------------===//

// The mask of a block op sees its own coordinates and lengths, which `frame` gives for a row; without one they are those of the block op. Made by
// attn-expand-masks from blocks inside `attn.document` and `attn.restrict`.
class Attn_BlockOp<string mnemonic> : Attn_MaskOp<mnemonic, [RecursiveMemoryEffects]> {
  let arguments = (ins Attn_MaskType:$mask, DenseI64ArrayAttr:$block);
  let regions = (region MaxSizedRegion<1>:$frame);
  let assemblyFormat = "$mask $block (`within` $frame^)? attr-dict";
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Attn_BlockCoverOp : Attn_BlockOp<"block_cover"> {
  let summary = "attend every pair of the blocks in which some pair attends";
  let description = [{
    Cuts queries and keys into blocks of `[queries, keys]`, counted from 0; A(b, h, q, k) = some pair of the block of (q, k) attends. The last blocks are
    cut off at the lengths: only pairs inside count. Makes visible, and testable, what a kernel computes that drops whole blocks only (patterns.md G3,
    `lift`). Inside `attn.document` and `attn.restrict` blocks are those of the document and of the whole sequence: they count from its first query and key
    and end at its lengths. Pairs of a tile that holds parts of several blocks are decided one by one, each with a loop over its block: choose a schedule
    whose tiles lie in blocks.

    ```mlir
    %cover = attn.block_cover %m [64, 64]
    ```

    What such a block means is written as a region, its *frame*: for a row (batch, head, query) the query that the mask sees and its number of queries, the
    key here that is its key 0, and its number of keys. Pairs that are none of the mask's, and rows whose frame misses a table, do not attend.
    Lengths count as 2^31 - 1 at most, the first key as 2^62 in magnitude.

    ```mlir
    %cover = attn.block_cover %m [64, 64] within {
    ^bb0(%b: index, %h: index, %q: index):
      %first = arith.constant 64 : index
      %local = arith.subi %q, %first : index
      attn.yield %local, %first, %first, %first : index, index, index, index
    }
    ```
  }];
}

def Attn_BlockInteriorOp : Attn_BlockOp<"block_interior"> {
  let summary = "attend the pairs of the blocks in which all pairs attend";
  let description = [{
    Blocks as in `attn.block_cover`; A(b, h, q, k) = every pair of the block of (q, k) attends (patterns.md G3, `shrink`).

    ```mlir
    %interior = attn.block_interior %m [64, 64]
    ```
  }];
}

//===----------------------------------------------------------------------===//
// Neighborhoods
//===----------------------------------------------------------------------===//

def Attn_NeighborhoodOp : Attn_MaskOp<"neighborhood", [AttrSizedOperandSegments]> {
  let summary = "attend a window around the query in a space of one to three dimensions";
  let description = [{
    Generalized neighborhood attention (patterns.md section 3). Queries and keys are the points of `space` in raster order, the last dimension
    fastest; positions beyond the product of the extents attend nothing. A pair attends where it attends in every dimension, and there, for extent
    L, window w, stride s, dilation d:

    * the query's coordinate x belongs to the group r = x mod d with the inner coordinate x // d and the length G = ceil((L - r) / d); keys of other
      groups do not attend. In inner coordinates,
    * the leader of the query is min((x // s) s + s // 2, G - 1) and the window of w keys begins w // 2 before it, moved so that it lies inside [0, G):
      at a border it shifts, it never shrinks;
    * `causal`: the leader is min((x // s) s + s - 1, G - 1), the window begins at max(leader - w + 1, 0) and ends at the query itself.

    `stride` and `dilation` default to 1, `causal` to false. Constants must satisfy 1 <= w, 1 <= s <= w, 1 <= d and w d <= L. Run-time values are brought to
    the nearest legal ones, in this order: L to [1, 2^31), w to [1, L], s to [1, w], d to [1, L // w].

    Windows that do not overlap (Swin without shift) are stride = window.

    `query_box` and `key_box` (default: one point) say that queries or keys stand in another order, box by box: the extents are rounded up to whole boxes, boxes
    are in raster order, and so are the points inside a box. Points that only round a box up attend nothing and are attended by nothing. Tiles of whole
    boxes need fewer keys than tiles of whole lines (NATTEN's token permutation, Hassani et al. 2025); `attn-order-space` makes that order.

    ```mlir
    %m = attn.neighborhood space[%frames, 48, 80] window[18, 24, 24] stride[16, 8, 8] causal[true, false, false]
    %n = attn.neighborhood space[%rows, %columns] window[15, 15] query_box[8, 8] key_box[8, 8]
    ```
  }];
  let arguments = (ins Variadic<Index>:$space, Variadic<Index>:$window, Variadic<Index>:$stride, Variadic<Index>:$dilation,
                       DenseI64ArrayAttr:$static_space, DenseI64ArrayAttr:$static_window, DenseI64ArrayAttr:$static_stride,
                       DenseI64ArrayAttr:$static_dilation, DenseBoolArrayAttr:$causal, DenseI64ArrayAttr:$query_box, DenseI64ArrayAttr:$key_box);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    size_t getNumDims() { return getStaticSpace().size(); }
    /// Whether queries or keys do not stand in raster order.
    bool hasBoxes();
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedSpace();
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedWindow();
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedStride();
    ::llvm::SmallVector<::mlir::OpFoldResult> getMixedDilation();
  }];
  let builders = [OpBuilder<(ins "::llvm::ArrayRef<::mlir::OpFoldResult>":$space, "::llvm::ArrayRef<::mlir::OpFoldResult>":$window,
                                 "::llvm::ArrayRef<::mlir::OpFoldResult>":$stride, "::llvm::ArrayRef<::mlir::OpFoldResult>":$dilation,
                                 "::llvm::ArrayRef<bool>":$causal, CArg<"::llvm::ArrayRef<int64_t>", "{}">:$queryBox,
                                 CArg<"::llvm::ArrayRef<int64_t>", "{}">:$keyBox)>];
}

#endif // LACUNA_DIALECTS_ATTN_ATTNCOMBINATOROPS_TD
