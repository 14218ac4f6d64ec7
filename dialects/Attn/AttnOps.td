// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The attention op itself; masks are in AttnMaskOps.td, unfinished softmax in AttnStateOps.td.
#ifndef LACUNA_DIALECTS_ATTN_ATTNOPS_TD
#define LACUNA_DIALECTS_ATTN_ATTNOPS_TD

include "dialects/Attn/AttnCombinatorOps.td"
include "dialects/Attn/AttnStateOps.td"
include "dialects/Attn/AttnStorageOps.td"

def Attn_AttentionOp : Attn_AttentionBase<"attention", [DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "masked softmax attention: O = softmax(score(scale · Q Kᵀ), masked) V";
  let description = [{
    Shapes, with Hq a multiple of Hkv (query head h reads KV head h · Hkv / Hq):

    | layout | Q | K | V | O | LSE, row max |
    |---|---|---|---|---|---|
    | `bhsd` | B,Hq,Sq,D | B,Hkv,Sk,D | B,Hkv,Sk,Dv | B,Hq,Sq,Dv | B,Hq,Sq |
    | `bshd` | B,Sq,Hq,D | B,Sk,Hkv,D | B,Sk,Hkv,Dv | B,Sq,Hq,Dv | B,Hq,Sq |
    | `shd` | Sq,Hq,D | Sk,Hkv,D | Sk,Hkv,Dv | Sq,Hq,Dv | Hq,Sq |

    Q, K, V and O are f32, f16 or bf16, all the same, but O may be f32 for 16-bit inputs, too; LSE and row max are f32. D and Dv are static multiples of 8 in [8, 256]. Products accumulate in
    f32. Order of a score: `x = scale · q·k` (default 1/√D), then the score region `(x, b, h, q, k) -> x'`, then the mask. `sink_logits` (`[Hq]`, f32)
    is one more score per row that has no value: it counts in the row's sum and maximum. LSE is the natural logarithm of the sum of exponentials, row max
    the largest score, both after score region and sinks. A row without attended key has O = 0, LSE = -inf and row max = -inf (with sinks: O = 0, LSE =
    row max = sink). Results: O, then LSE, then row max, each needing those before it. Source: FlashAttention-2 (Dao 2023) section 3.1 for the online softmax.

    ```mlir
    %o, %lse = attn.attention %q, %k, %v mask(%m) layout(bhsd)
      : tensor<?x32x?x128xbf16>, tensor<?x8x?x128xbf16>, tensor<?x8x?x128xbf16> -> tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>
    ```
  }];
  let results = (outs Variadic<RankedTensorOf<[Attn_Float]>>:$outputs);
  let extraClassDeclaration = attentionDeclarations # [{
    bool hasLse() { return getNumResults() > 1; }
    bool hasRowMax() { return getNumResults() > 2; }
    /// Discardable i64 attributes of attn-specialize-queries: an upper bound of a dynamic number of queries, and a number below which the op does nothing.
    static constexpr ::llvm::StringLiteral kMaxQueriesAttr = "attn.max_queries", kMinQueriesAttr = "attn.min_queries";
    /// The number of queries, or the bound, where one is known.
    ::std::optional<int64_t> getMaxQueries();
  }];
}

#endif // LACUNA_DIALECTS_ATTN_ATTNOPS_TD
