// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From upstream ops to attention.
#ifndef LACUNA_PASSES_RAISE_PASSES_TD
#define LACUNA_PASSES_RAISE_PASSES_TD

include "mlir/Pass/PassBase.td"

def RaiseToAttn : Pass<"raise-to-attn", "::mlir::ModuleOp"> {
  let summary = "Find attention in linalg, tensor, arith and math, and raise it to attn.attention with a described mask";
  let description = [{
    Every product whose one operand is a softmax of scores, `O = softmax(mask(score(scale · Q Kᵀ))) V`, becomes `attn.attention`. The mask is described, not stored: a
    tensor of i1, or of 0 and -inf, that is computed from indices disappears together with scores and weights.

    The pass reads tensors element by element, as scalar expressions in (batch, head, query, key), so the form does not matter: named ops, `linalg.generic`,
    `linalg.contract`, elementwise `arith` and `math` on tensors, transposes, broadcasts, reshapes, fused or not. Recognised are

    * products of any operand order and layout, in 2 dimensions (one head), 3 (heads, or batch · heads where a reshape or an index says how many), 4, and 5 (groups of
      heads); accumulators that start from 0; widening of 16-bit operands; constant factors on Q, K, the product or the exponent, which become one scale;
    * heads of K and V that groups share (broadcast and collapse, an index `h floordiv group`, a dimension that only Q has);
    * `linalg.softmax`, or maximum (from -inf or the lowest float), difference, `exp` or `exp2`, sum (from 0) and division or reciprocal, also after the product with
      V; weights rounded to 16 bits;
    * masks: selections of -inf, and additions of one. Comparisons that can be solved for the key become `attn.causal` or `attn.interval`, equalities of a function of
      the query with one of the key `attn.equal`, i1 tensors `attn.table_set`, anything else of indices, tables and scalars `attn.predicate`; `andi`, `ori` and
      `xori true` the algebra of masks;
    * everything else elementwise on scores (bias, ALiBi, soft caps, run-time scales) as score region, with lookups for tensors.

    The result is computed where the output's transposes, reshapes and roundings end, as far as nothing else uses what is between.

    Left as it is, with a remark (category `lacuna-raise`) that names op and reason: whatever does not match completely; scores or weights that something else uses;
    head sizes and types that `attn.attention` does not have; divisors in masks and scores other than positive constants.

    What changes: a row whose scores are all -inf is NaN in the upstream form and 0 in `attn`. Roundings of intermediate values are not repeated, and sums are in another
    order. A *finite* large constant is no mask: a row that it covers as a whole is a mean of values, so it stays a score (exact, but no key is skipped), or is left alone
    below -1e29, where kernels cannot tell it from -inf. Say `finite-mask-is-infinite` where no row is masked as a whole, or where 0 is as good.

    ```mlir
    %s = linalg.generic {…} ins(%q, %k : tensor<2x4x24x16xf32>, tensor<2x4x40x16xf32>) outs(%zeros : tensor<2x4x24x40xf32>) { … mulf, addf … } -> tensor<2x4x24x40xf32>
    %m = linalg.generic {…} ins(%s : tensor<2x4x24x40xf32>) outs(%e : tensor<2x4x24x40xf32>) {
    ^bb0(%x: f32, %unused: f32):
      %i = linalg.index 2 : index
      %j = linalg.index 3 : index
      %y = arith.mulf %x, %scale : f32
      %c = arith.cmpi sle, %j, %i : index
      %z = arith.select %c, %y, %inf : f32
      linalg.yield %z : f32
    } -> tensor<2x4x24x40xf32>
    %p = linalg.softmax dimension(3) ins(%m : tensor<2x4x24x40xf32>) outs(%e : tensor<2x4x24x40xf32>) -> tensor<2x4x24x40xf32>
    %o = linalg.contract indexing_maps = […] ins(%p, %v : tensor<2x4x24x40xf32>, tensor<2x4x40x8xf32>) outs(%zeros2 : tensor<2x4x24x8xf32>) -> tensor<2x4x24x8xf32>
    // with scale = 0.25 and inf = -inf becomes
    %m = attn.causal align(top_left)
    %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) scale(2.500000e-01)
      : tensor<2x4x24x16xf32>, tensor<2x4x40x16xf32>, tensor<2x4x40x8xf32> -> tensor<2x4x24x8xf32>
    ```
  }];
  let options = [Option<"finiteMaskIsInfinite", "finite-mask-is-infinite", "bool", /*default=*/"false",
                        "a constant of at most -1e4 that replaces scores, or is added to them under a condition, counts as -inf">];
  let dependentDialects = ["::lacuna::attn::AttnDialect", "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

#endif // LACUNA_PASSES_RAISE_PASSES_TD
