// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From upstream ops to attention.
#ifndef LACUNA_PASSES_RAISE_PASSES_TD
#define LACUNA_PASSES_RAISE_PASSES_TD

include "mlir/Pass/PassBase.td"

def RaiseToAttn : Pass<"raise-to-attn", "::mlir::ModuleOp"> {
  let summary = "Find attention in linalg, tensor, arith and math, and raise it to attn.attention with a described mask";
  let description = [{
    TODO
  }];
  let options = [Option<"finiteMaskIsInfinite", "finite-mask-is-infinite", "bool", /*default=*/"false",
                        "a constant of at most -1e4 that replaces scores, or is added to them under a condition, counts as -inf">];
  let dependentDialects = ["::lacuna::attn::AttnDialect", "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

#endif // LACUNA_PASSES_RAISE_PASSES_TD
