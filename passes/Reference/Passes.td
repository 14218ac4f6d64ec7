// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The reference lowering. Keep alphabetical.
#ifndef LACUNA_PASSES_REFERENCE_PASSES_TD
#define LACUNA_PASSES_REFERENCE_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttnToReference : Pass<"attn-to-reference", "::mlir::ModuleOp"> {
  let summary = "lower attention to plain loops in f64: the oracle";
  let description = [{
    Every `attn.attention` becomes `scf` loops over (batch, head, query) that evaluate the mask on *every* pair, keep
    one row of scores in f64 (`Sk` values; never an object of Sq·Sk) and round once, at the end, to the result types.
    It shares no code with the tile path. No `attn` op is left, so one-shot bufferization needs nothing special; exp
    and log are `arith` ops, so no libm is needed (math ops of a score region stay).

    States are kept in f64 from merge to merge; `attn.merge_states`, `attn.finalize` and `attn.gate_sum` become loops over rows, too.

    Needs masks of atoms and algebra: `attn-link-masks`, `attn-expand-masks` first, and `attn-expand-states`. Run-time
    tables are never read out of bounds.

    Example (test/passes/Reference/attn-to-reference.mlir):

    ```mlir
    %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : …
    ```
    becomes, with the row in `%row`,
    ```mlir
    scf.for %b … scf.for %h … scf.for %i … iter_args(%o, %row) {
      %scores, %max = scf.for %j … { if mask(b,h,i,j): scale · q[i]·k[j], score region; else -inf }
      %weights, %sum = scf.for %j … { exp(score - max) }
      scf.for %d … { o[i,d] = Σ weight[j] · v[j,d] / sum }
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect"];
}

#endif // LACUNA_PASSES_REFERENCE_PASSES_TD
