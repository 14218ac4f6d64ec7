// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Softmax over parts of the keys: unfinished states, their merge, and gated sums of finished outputs. Also what both attention ops share.
#ifndef LACUNA_DIALECTS_ATTN_ATTNSTATEOPS_TD
#define LACUNA_DIALECTS_ATTN_ATTNSTATEOPS_TD

include "dialects/Attn/AttnMaskOps.td"

def Attn_RowValues : RankedTensorOf<[F32]>;

/// Operands, groups, syntax and verification of `attn.attention`.
class Attn_AttentionBase<string mnemonic, list<Trait> traits = []> : Attn_Op<mnemonic, [RecursiveMemoryEffects, AttrSizedOperandSegments] # traits> {
  let arguments = (ins RankedTensorOf<[Attn_Float]>:$query, RankedTensorOf<[Attn_Float]>:$key,
                       RankedTensorOf<[Attn_Float]>:$value, Optional<Attn_MaskType>:$mask,
                       Optional<RankedTensorOf<[F32]>>:$sink_logits, Attn_Layout:$layout, OptionalAttr<F32Attr>:$scale,
                       OptionalAttr<Attn_ScheduleAttr>:$schedule);
  let regions = (region MaxSizedRegion<1>:$score);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  code attentionDeclarations = [{
    using Dims = ::lacuna::attn::Dims;
    Dims getDims() { return dimsOf(getLayout()); }
    ::mlir::RankedTensorType getQueryType() { return ::llvm::cast<::mlir::RankedTensorType>(getQuery().getType()); }
    ::mlir::RankedTensorType getKeyType() { return ::llvm::cast<::mlir::RankedTensorType>(getKey().getType()); }
    ::mlir::RankedTensorType getValueType() { return ::llvm::cast<::mlir::RankedTensorType>(getValue().getType()); }
    int64_t getHeadSize() { return getQueryType().getShape().back(); }
    int64_t getValueSize() { return getValueType().getShape().back(); }
    /// The factor on q·k: the attribute, or 1/√D.
    double getScaleValue();
  }];
  let extraClassDeclaration = attentionDeclarations;
}

def Attn_AttentionStateOp : Attn_AttentionBase<"attention_state"> {
  let summary = "attention to some of the keys, left unfinished";
  let description = [{
    Operands and groups of `attn.attention`; the result is the state of its rows, to be joined with others by `attn.merge_states` and finished by `attn.finalize`.
    `sink_logits` count as seen by this state: give them to one part only.

    ```mlir
    %s = attn.attention_state %q, %k, %v mask(%m) layout(bhsd)
      : tensor<?x32x?x128xbf16>, tensor<?x8x?x128xbf16>, tensor<?x8x?x128xbf16> -> !attn.state<bhsd, ?x32x?x128>
    ```
  }];
  let results = (outs Attn_StateType:$state);
}

def Attn_MakeStateOp : Attn_Op<"make_state", [Pure]> {
  let summary = "a state from an output and its LSE, for example those that another device computed";
  let description = [{
    `output` is normalised (as `attn.attention` returns it) and f32; `lse` is the natural logarithm of the row's sum of exponentials. An empty row has output 0 and
    lse -inf.

    ```mlir
    %s = attn.make_state %o, %lse : tensor<1x8x?x64xf32>, tensor<1x8x?xf32> -> !attn.state<bhsd, 1x8x?x64>
    ```
  }];
  let arguments = (ins RankedTensorOf<[F32]>:$output, Attn_RowValues:$lse);
  let results = (outs Attn_StateType:$state);
  let assemblyFormat = "$output `,` $lse attr-dict `:` type($output) `,` type($lse) `->` qualified(type($state))";
  let hasVerifier = 1;
}

def Attn_MergeStatesOp : Attn_Op<"merge_states", [Pure, AttrSizedOperandSegments]> {
  let summary = "join states of the same rows that have seen different keys";
  let description = [{
    With a temperature a_i (default 1) and a log weight w_i (default 0) for each part:

        lse'_i = a_i · lse_i + w_i        (an empty part stays empty, whatever a_i and w_i)
        lse    = log Σ_i exp(lse'_i)
        O      = Σ_i exp(lse'_i - lse) · O_i

    summed in the order of the operands. A row that is empty in all parts is empty in the result; no row becomes NaN. Without temperatures and weights
    this is attention to the union of the parts' keys, which must not overlap. Sources: Hydragen (Juravsky et al. 2024), section 3.1; APE (Yang et al. 2025), section 4.

    ```mlir
    %s = attn.merge_states %prefix, %suffix : !attn.state<bhsd, ?x32x?x128>, !attn.state<bhsd, ?x32x?x128> -> !attn.state<bhsd, ?x32x?x128>
    %t = attn.merge_states %a, %b temperatures(%one, %x) log_weights(%zero, %w)
      : !attn.state<bhsd, ?x32x?x128>, !attn.state<bhsd, ?x32x?x128> -> !attn.state<bhsd, ?x32x?x128>
    ```
  }];
  let arguments = (ins Variadic<Attn_StateType>:$parts, Variadic<F32>:$temperatures, Variadic<F32>:$log_weights);
  let results = (outs Attn_StateType:$merged);
  let assemblyFormat = [{
    $parts (`temperatures` `(` $temperatures^ `)`)? (`log_weights` `(` $log_weights^ `)`)? attr-dict `:` type($parts) `->` qualified(type($merged))
  }];
  let hasVerifier = 1;
}

def Attn_FinalizeOp : Attn_Op<"finalize", [Pure, DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "the output of a state, and its LSE if asked for";
  let description = [{
    The output is rounded once to the result's type, any of f32, f16 and bf16.

    ```mlir
    %o, %lse = attn.finalize %s : !attn.state<bhsd, ?x32x?x128> -> tensor<?x32x?x128xbf16>, tensor<?x32x?xf32>
    ```
  }];
  let arguments = (ins Attn_StateType:$state);
  let results = (outs RankedTensorOf<[Attn_Float]>:$output, Optional<Attn_RowValues>:$lse);
  let assemblyFormat = "$state attr-dict `:` qualified(type($state)) `->` type($output) (`,` type($lse)^)?";
  let hasVerifier = 1;
}

def Attn_GateSumOp : Attn_Op<"gate_sum", [Pure, AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface, ["reifyResultShapes"]>]> {
  let summary = "finished outputs, each scaled by a gate per row, added";
  let description = [{
    `O[b,h,q] = Σ_i gate_i[b,h,q] · O_i[b,h,q]`, in f32, in the order of the operands, rounded once. Each O_i is a softmax of its own: this is not a merge. Gates
    may be negative. Sources: NSA (Yuan et al. 2025), equation 5; differential attention (Ye et al. 2024), equation 1.

    ```mlir
    %o = attn.gate_sum %a, %b gates(%g, %h : tensor<?x8x?xf32>, tensor<?x8x?xf32>) layout(bhsd)
      : tensor<?x8x?x64xbf16>, tensor<?x8x?x64xbf16> -> tensor<?x8x?x64xbf16>
    ```
  }];
  let arguments = (ins Variadic<RankedTensorOf<[Attn_Float]>>:$parts, Variadic<Attn_RowValues>:$gates, Attn_Layout:$layout);
  let results = (outs RankedTensorOf<[Attn_Float]>:$output);
  let assemblyFormat = [{
    $parts `gates` `(` $gates `:` type($gates) `)` `layout` `(` $layout `)` attr-dict `:` type($parts) `->` type($output)
  }];
  let hasVerifier = 1;
}

#endif // LACUNA_DIALECTS_ATTN_ATTNSTATEOPS_TD
