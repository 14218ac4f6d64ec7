// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From unfinished softmax states to attention with two results and upstream ops. Alphabetical.
#ifndef LACUNA_PASSES_STATE_PASSES_TD
#define LACUNA_PASSES_STATE_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttnExpandStates : Pass<"attn-expand-states", "::mlir::ModuleOp"> {
  let summary = "Replace attention states by attention with output and LSE";
  let description = [{
    `attn.attention_state` becomes `attn.attention` with an f32 output and LSE, and `attn.make_state` of the two. Every later pass knows one attention op only.

    Before → after (`test/passes/State/attn-expand-states.mlir`):

    ```mlir
    %s = attn.attention_state %q, %k, %v layout(bhsd) : … -> !attn.state<bhsd, 1x8x?x64>

    %o, %lse = attn.attention %q, %k, %v layout(bhsd) : … -> tensor<1x8x?x64xf32>, tensor<1x8x?xf32>
    %s = attn.make_state %o, %lse : tensor<1x8x?x64xf32>, tensor<1x8x?xf32> -> !attn.state<bhsd, 1x8x?x64>
    ```
  }];
  let dependentDialects = ["::lacuna::attn::AttnDialect"];
}

def AttnLowerStates : Pass<"attn-lower-states", "::mlir::ModuleOp"> {
  let summary = "Replace merges, finished states and gated sums by linalg";
  let description = [{
    A state is the pair of tensors it was made of. A merge becomes one `linalg.generic` over rows (weights of the parts, and the joint LSE) and one over the output; `attn.finalize` a
    conversion, `attn.gate_sum` one `linalg.generic`. Sums are in the order of the operands, so results are reproducible. Sizes that only run-time values can get wrong
    are checked by `tile.require`. Legal after `attn-expand-states`, and where every state is made by an op of the same function.

    Before → after (`test/passes/State/attn-lower-states.mlir`, shortened):

    ```mlir
    %s = attn.merge_states %a, %b : …
    %o, %lse = attn.finalize %s : …

    %rows:3 = linalg.generic … ins(%lse_a, %lse_b) outs(…) { max, exp, sum, log }     // LSE, weight of a, weight of b
    %o = linalg.generic … ins(%rows#1, %rows#2, %o_a, %o_b) outs(…) { %w_a · %o_a + %w_b · %o_b }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect", "::mlir::math::MathDialect", "::mlir::arith::ArithDialect",
                           "::lacuna::tile::TileDialect"];
}

#endif // LACUNA_PASSES_STATE_PASSES_TD
