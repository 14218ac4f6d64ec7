// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Masks: atoms, index maps, core masks, named masks and the algebra on them.
#ifndef LACUNA_DIALECTS_ATTN_ATTNMASKOPS_TD
#define LACUNA_DIALECTS_ATTN_ATTNMASKOPS_TD

include "dialects/Attn/AttnDialect.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Attn_Op<string mnemonic, list<Trait> traits = []> : Op<Attn_Dialect, mnemonic, traits>;

class Attn_MaskOp<string mnemonic, list<Trait> traits = []> : Attn_Op<mnemonic, traits # [Pure]> {
  let results = (outs Attn_MaskType:$result);
}

def Attn_Float : AnyTypeOf<[F32, F16, BF16]>;
def Attn_Table : AnyTypeOf<[RankedTensorOf<[AnySignlessInteger, AnyFloat]>, MemRefOf<[AnySignlessInteger, AnyFloat]>],
                           "ranked tensor or memref of signless integers or floats">;
def Attn_SequenceTable : AnyTypeOf<[1DTensorOf<[I32]>, MemRefRankOf<[I32], [1]>], "1D tensor of i32 values">;

//===----------------------------------------------------------------------===//
// Index maps: scalar ops for the regions of atoms
//===----------------------------------------------------------------------===//

def Attn_LookupOp : Attn_Op<"lookup", [Pure]> {
  let summary = "read one entry of a run-time table inside the region of an atom";
  let description = [{
    `%x = attn.lookup %table[%i, …]` is `table[i, …]`, widened to `index` for integer tables (sign-extended; `i1` is 0 or 1). An index
    outside the table makes the surrounding atom *false* for that pair (`unattended`); it is never an out-of-bounds access. In a score region it reads as 0.

    `monotone` promises that a rank-1 table does not decrease; the analysis then bounds a range of entries by its two ends.

    `grouped` says that the first two indices are (batch, query head) and that the table may be shared: dimension 0 of size 1 serves all batch entries, and
    query head h reads row h · H' / Hq of the H' rows of dimension 1 (1, the number of key heads or of query heads), as `attn.attention` groups heads.

    ```mlir
    %len = attn.lookup %lengths[%b] : tensor<?xi32> -> index
    %id = attn.lookup %buckets[%b, %h, %q] grouped : tensor<1x8x?xi32> -> index
    ```
  }];
  let arguments = (ins Attn_Table:$table, Variadic<Index>:$indices, UnitAttr:$monotone, UnitAttr:$grouped);
  let results = (outs AnyTypeOf<[Index, AnyFloat]>:$result);
  let assemblyFormat = "$table `[` $indices `]` (`monotone` $monotone^)? (`grouped` $grouped^)? attr-dict `:` type($table) `->` type($result)";
  let hasVerifier = 1;
}

def Attn_SegmentOp : Attn_Op<"segment", [Pure]> {
  let summary = "find the segment (document) that a position belongs to";
  let description = [{
    For non-decreasing boundaries `cu[0] <= … <= cu[N]`, the result is the last `d` in `[0, N)` with `cu[d] <= x < cu[d + 1]`. A position
    in no segment makes the surrounding atom false. O(log N).

    ```mlir
    %d = attn.segment %cu[%q] : tensor<?xi32>
    ```
  }];
  let arguments = (ins Attn_SequenceTable:$boundaries, Index:$position);
  let results = (outs Index:$result);
  let assemblyFormat = "$boundaries `[` $position `]` attr-dict `:` type($boundaries)";
}

class Attn_LengthOp<string mnemonic, string what> : Attn_Op<mnemonic, [Pure]> {
  let summary = "number of " # what # " that the mask is applied to";
  let description = [{
    Valid in the region of an atom. Inside `attn.document … where` it is the length of the document.
  }];
  let results = (outs Index:$result);
  let assemblyFormat = "attr-dict";
}
def Attn_QueryLengthOp : Attn_LengthOp<"query_length", "queries">;
def Attn_KeyLengthOp : Attn_LengthOp<"key_length", "keys">;

//===----------------------------------------------------------------------===//
// Atoms
//===----------------------------------------------------------------------===//

def Attn_IntervalOp : Attn_MaskOp<"interval", [SingleBlockImplicitTerminator<"YieldOp">, RecursiveMemoryEffects]> {
  let summary = "attend the keys of one interval per query row";
  let description = [{
    The region maps (batch, head, query) to `lo` and `hi`: A(b,h,q,k) = lo <= k < hi. An interval with `lo >= hi` is empty; ends outside `[0, Sk)` are
    clipped. The analysis visits exactly the key tiles that the intervals of a query tile touch (patterns.md D1, atom 1).

    `implied` promises that the other operands of the `attn.and` it stands in leave no pair outside: kernels bound their walk with it and do not ask it again.

    ```mlir
    %m = attn.interval {
    ^bb0(%b: index, %h: index, %q: index):
      %zero = arith.constant 0 : index
      %one = arith.constant 1 : index
      %hi = arith.addi %q, %one : index
      attn.yield %zero, %hi : index, index
    }
    ```
  }];
  let arguments = (ins UnitAttr:$implied);
  let regions = (region SizedRegion<1>:$bounds);
  let assemblyFormat = "(`implied` $implied^)? $bounds attr-dict";
  let hasRegionVerifier = 1;
}

def Attn_EqualOp : Attn_MaskOp<"equal", [RecursiveMemoryEffects]> {
  let summary = "attend where a mapped query coordinate equals a mapped key coordinate";
  let description = [{
    The first region maps (batch, head, query) to f, the second one (batch, head, key) to g: A(b,h,q,k) = (f = g). Documents, hash buckets,
    residues and frames have this form (patterns.md D1, atom 2).

    ```mlir
    %m = attn.equal query {
    ^bb0(%b: index, %h: index, %q: index):
      %f = attn.lookup %ids[%q] : tensor<?xi32> -> index
      attn.yield %f : index
    } key {
    ^bb0(%b: index, %h: index, %k: index):
      %g = attn.lookup %ids[%k] : tensor<?xi32> -> index
      attn.yield %g : index
    }
    ```
  }];
  let regions = (region SizedRegion<1>:$query, SizedRegion<1>:$key);
  let assemblyFormat = "`query` $query `key` $key attr-dict";
  let hasRegionVerifier = 1;
}

def Attn_PredicateOp : Attn_MaskOp<"predicate", [RecursiveMemoryEffects]> {
  let summary = "attend where a scalar region says so";
  let description = [{
    The region maps raw (batch, head, query, key) to `i1`. It holds scalar `arith`, `math`, `affine.apply` and `attn` index-map ops. Integer
    divisors must be positive: a run-time divisor below 1 counts as 1 (`attn-expand-masks` sees to it), a constant one is an error. The analysis
    lifts it to ranges of queries and keys, so that tiles without an attended pair are still skipped (patterns.md D1, atom 5; design §2.2).

    ```mlir
    %m = attn.predicate {
    ^bb0(%b: index, %h: index, %q: index, %k: index):
      %c = arith.cmpi sge, %q, %k : index
      attn.yield %c : i1
    }
    ```
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$body attr-dict";
  let hasRegionVerifier = 1;
}

def Attn_YieldOp : Attn_Op<"yield", [Pure, Terminator, ReturnLike,
    ParentOneOf<["IntervalOp", "EqualOp", "PredicateOp", "MemberOp", "BlockCoverOp", "BlockInteriorOp", "AttentionOp", "AttentionStateOp"]>]> {
  let summary = "end the region of an atom or of a score";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ (void)$_state; }]>];
}

//===----------------------------------------------------------------------===//
// Core masks
//===----------------------------------------------------------------------===//

def Attn_AllOp : Attn_MaskOp<"all"> {
  let summary = "attend every pair";
  let assemblyFormat = "attr-dict";
}

def Attn_CausalOp : Attn_MaskOp<"causal"> {
  let summary = "attend keys up to the query's own position";
  let description = [{
    A = k <= q + off, where off = 0 for `align(top_left)` and off = Sk - Sq for `align(bottom_right)` (FlashAttention-2's convention).

    ```mlir
    %m = attn.causal align(bottom_right)
    ```
  }];
  let arguments = (ins Attn_Align:$align);
  let assemblyFormat = "`align` `(` $align `)` attr-dict";
}

def Attn_SlidingWindowOp : Attn_MaskOp<"sliding_window"> {
  let summary = "attend keys at most `left` before and `right` after the query's position";
  let description = [{
    A = q + off - left <= k <= q + off + right, both ends inclusive: a causal window of W tokens is `[W - 1, 0]`. Constants must not be negative; a
    negative run-time value follows the formula.

    ```mlir
    %m = attn.sliding_window [%w, 0] align(bottom_right)
    ```
  }];
  let arguments = (ins Variadic<Index>:$window, DenseI64ArrayAttr:$static_window, Attn_Align:$align);
  let assemblyFormat = "custom<DynamicIndexList>($window, $static_window) `align` `(` $align `)` attr-dict";
  let hasVerifier = 1;
}

def Attn_SinkTokensOp : Attn_MaskOp<"sink_tokens"> {
  let summary = "attend the first n keys";
  let description = [{
    A = k < n (StreamingLLM's attention sinks; not causal by itself).

    ```mlir
    %m = attn.sink_tokens [4]
    ```
  }];
  let arguments = (ins Variadic<Index>:$count, DenseI64ArrayAttr:$static_count);
  let assemblyFormat = "custom<DynamicIndexList>($count, $static_count) attr-dict";
  let hasVerifier = 1;
}

def Attn_DocumentOp : Attn_MaskOp<"document"> {
  let summary = "attend inside the same packed document, where an inner mask says so";
  let description = [{
    `cu_q` and `cu_k` (`[N + 1]`, i32, non-decreasing) hold the boundaries of N documents on the query and on the key side. A = query and key lie in
    the same document d, and inner(b, h, q - cu_q[d], k - cu_k[d]) with the document's own lengths. Tokens outside all documents attend nothing and
    are attended by nothing.

    ```mlir
    %m = attn.document %cu_q, %cu_k where %local : tensor<?xi32>, tensor<?xi32>
    ```
  }];
  let arguments = (ins Attn_SequenceTable:$cu_q, Attn_SequenceTable:$cu_k, Optional<Attn_MaskType>:$inner);
  let assemblyFormat = "$cu_q `,` $cu_k (`where` $inner^)? attr-dict `:` type($cu_q) `,` type($cu_k)";
  let hasVerifier = 1;
}

def Attn_KeyLengthsOp : Attn_MaskOp<"key_lengths"> {
  let summary = "attend the first lengths[b] keys of each batch entry";
  let description = [{
    A = k < lengths[b]; `lengths` has one i32 per batch entry (padding masks, ragged caches).

    ```mlir
    %m = attn.key_lengths %lengths : tensor<?xi32>
    ```
  }];
  let arguments = (ins Attn_SequenceTable:$lengths);
  let assemblyFormat = "$lengths attr-dict `:` type($lengths)";
}

def Attn_NamedOp : Attn_MaskOp<"named"> {
  let summary = "a mask of the mask library, by name";
  let description = [{
    Resolved by `attn-link-masks` from masks/*.mlir and `--mask-library` files: the library's `func.func @name(…) -> !attn.mask` is inlined.

    ```mlir
    %m = attn.named @a_shape(%w, %n : index, index)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$name, Variadic<AnyType>:$parameters);
  let assemblyFormat = "$name `(` ($parameters^ `:` type($parameters))? `)` attr-dict";
}

//===----------------------------------------------------------------------===//
// Algebra
//===----------------------------------------------------------------------===//

class Attn_AlgebraOp<string mnemonic, string what> : Attn_MaskOp<mnemonic> {
  let summary = what;
  let arguments = (ins Variadic<Attn_MaskType>:$masks);
  let assemblyFormat = "$masks attr-dict";
  let hasCanonicalizer = 1;
  let hasFolder = 1;
  let hasVerifier = 1;
}
def Attn_AndOp : Attn_AlgebraOp<"and", "attend where every operand attends (one operand or more)">;
def Attn_OrOp : Attn_AlgebraOp<"or", "attend where some operand attends (one operand or more)">;
def Attn_NotOp : Attn_MaskOp<"not"> {
  let summary = "attend where the operand does not";
  let arguments = (ins Attn_MaskType:$operand);
  let assemblyFormat = "$operand attr-dict";
  let hasFolder = 1;
}
def Attn_TransposeOp : Attn_MaskOp<"transpose"> {
  let summary = "attend where the operand attends with query and key exchanged";
  let description = [{
    `attn.transpose %m` is A(b, h, q, k) = m(b, h, k, q). The operand sees the lengths exchanged, too: its number of queries is the number of keys here, and the
    other way round. What a backward pass walks, key by key; with `attn.or` a symmetric closure. h stays the query head.

    ```mlir
    %t = attn.transpose %m
    %symmetric = attn.or %m, %t
    ```
  }];
  let arguments = (ins Attn_MaskType:$operand);
  let assemblyFormat = "$operand attr-dict";
  let hasFolder = 1;
}

#endif // LACUNA_DIALECTS_ATTN_ATTNMASKOPS_TD
