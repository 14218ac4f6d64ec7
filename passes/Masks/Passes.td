// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Mask front passes. Keep alphabetical.
#ifndef LACUNA_PASSES_MASKS_PASSES_TD
#define LACUNA_PASSES_MASKS_PASSES_TD

include "mlir/Pass/PassBase.td"

def ExpandMasks : Pass<"attn-expand-masks", "::mlir::ModuleOp"> {
  let summary = "rewrite core masks into atoms and algebra";
  let description = [{
    Afterwards only `attn.interval`, `attn.equal`, `attn.predicate`, `attn.and`, `attn.or` and `attn.not` feed attention. Legal on modules
    without `attn.named` (`attn-link-masks` first) whose masks are built where they are used (`inline` first). Also

    * gives the inner mask of a document its local coordinates and lengths (`attn.segment` finds the document),
    * lowers `affine.apply` in regions to `arith`,
    * makes every run-time divisor in a region at least 1 (a smaller one counts as 1), so that no division can trap,
    * simplifies: one-operand, nested and repeated `and`/`or`, `all` inside them, double `not`.

    Example (test/passes/Masks/expand-masks.mlir):

    ```mlir
    %m = attn.causal align(bottom_right)
    ```
    becomes
    ```mlir
    %m = attn.interval {
    ^bb0(%b: index, %h: index, %q: index):
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %sk = attn.key_length
      %sq = attn.query_length
      %off = arith.subi %sk, %sq : index
      %p = arith.addi %q, %off : index
      %hi = arith.addi %p, %c1 : index
      attn.yield %c0, %hi : index, index
    }
    ```
  }];
  let dependentDialects = ["::lacuna::attn::AttnDialect", "::mlir::arith::ArithDialect"];
}

def LinkMasks : Pass<"attn-link-masks", "::mlir::ModuleOp"> {
  let summary = "replace named masks by their definitions";
  let description = [{
    Inlines, for every `attn.named @x(args)`, the function `func.func @x(params) -> !attn.mask` found first in: the module itself, the files of
    `libraries` in their order, the built-in library (masks/*.mlir, part of the program). Library masks may name others. No `attn.named` is
    left. Errors: an unknown name (with the nearest names), arguments of other number or types, recursion (with the chain), a definition that
    is not one straight block ending in a mask.

    A parameter of dynamic shape takes an argument of static shape.

    Example (test/passes/Masks/link-masks.mlir):

    ```mlir
    %m = attn.named @strict_causal()
    ```
    becomes the body of masks/strict_causal.mlir.
  }];
  let options = [
    ListOption<"libraries", "libraries", "std::string", "mask library files (.mlir), searched in order before the built-in library">,
  ];
  let dependentDialects = ["::lacuna::attn::AttnDialect", "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect", "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

#endif // LACUNA_PASSES_MASKS_PASSES_TD
