// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Mask front passes. Keep alphabetical.
#ifndef LACUNA_PASSES_MASKS_PASSES_TD
#define LACUNA_PASSES_MASKS_PASSES_TD

include "mlir/Pass/PassBase.td"

def DropMasks : Pass<"attn-drop-masks", "::mlir::ModuleOp"> {
  let summary = "let every attention attend everything";
  let description = [{
    Takes the mask off every `attn.attention` and `attn.attention_state`: the dense program that benchmarks compare a sparse one with. Arguments that only a
    mask read stay, unused; masks that nothing uses any more are erased. Score regions, sinks and storage are not touched. Always legal; afterwards the
    program means something else.

    Example (test/passes/Masks/drop-masks.mlir):

    ```mlir
    %m = attn.causal align(bottom_right)
    %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : …
    ```
    becomes
    ```mlir
    %o = attn.attention %q, %k, %v layout(bhsd) : …
    ```
  }];
  let dependentDialects = ["::lacuna::attn::AttnDialect"];
}

def ExpandMasks : Pass<"attn-expand-masks", "::mlir::ModuleOp"> {
  let summary = "rewrite core masks into atoms and algebra";
  let description = [{
    Afterwards only `attn.interval`, `attn.equal`, `attn.predicate`, `attn.and`, `attn.or`, `attn.not`,
    `attn.block_cover` and `attn.block_interior` feed attention. Legal on modules without `attn.named` (`attn-link-masks` first) whose masks are built where they are
    used (`inline` first). Also

    * gives the inner mask of a document or of `attn.restrict` its local coordinates and lengths (`attn.segment` finds the document);
      blocks, which are counted from 0, are refused there,
    * makes `attn.select` a union of masks with intervals that are empty where another one is chosen,
    * moves `attn.transpose` through algebra, choices, parts, documents and blocks to the masks that it exchanges: windows stay windows, intervals on sums of the
      query stay intervals (others become predicates), column runs become row intervals,
    * makes `attn.neighborhood` the interval of a row's hull, and a predicate where there is more than one dimension,
    * lowers `affine.apply` in regions to `arith`,
    * makes every run-time divisor in a region at least 1 (a smaller one counts as 1), so that no division can trap,
    * brings the lengths of a block mask's frame below 2^31 and its first key within 2^62, so that no position wraps,
    * erases what no region of a mask uses: a table read counts where its value does,
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
    Inlines, for every `attn.named @x(args)`, the function `func.func @x(params) -> !attn.mask` found first in: the
    module itself, the files of `libraries` in their order, the built-in library (masks/*.mlir, part of the program).
    Library masks may name others. No `attn.named` is left. Errors: an unknown name (with the nearest names),
    arguments of other number or types, recursion (with the chain), a definition that is not one straight block ending
    in a mask. Private mask functions of the module that nothing uses any more are erased.

    A parameter of dynamic shape takes an argument of static shape.

    Example (test/passes/Masks/link-masks.mlir):

    ```mlir
    %m = attn.named @strict_causal()
    ```
    becomes the body of masks/strict_causal.mlir.
  }];
  let options = [
    ListOption<"libraries", "libraries", "std::string",
               "mask library files (.mlir), searched in order before the built-in library">,
  ];
  let dependentDialects = ["::lacuna::attn::AttnDialect", "::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect"];
}

def ProbeMasks : Pass<"attn-probe-masks", "::mlir::ModuleOp"> {
  let summary = "turn each attention op into a function that classifies a box of pairs and lists its bits";
  let description = [{
    For attention op number i of a function F (after `attn-link-masks` and `attn-expand-masks`) makes `@F.probe<i>`: the arguments of F (tensors as
    memrefs), then batch, head, number of queries, number of keys, q0, q1, k0, k1 (all `index`; the box [q0, q1) x [k0, k1) is not empty) and
    `bits : memref<?x?xi8>`. It returns (any, all): any = false says that no pair of the box attends, all = true that every pair does. It sets
    bits[q - q0][k - k0] to 1 where a pair attends, as far as `bits` reaches. Where Q or K is not an argument of F (its rows are gathered, say), and their
    lengths follow from sizes and scalars, there is also `@F.lengths<i>`: from the arguments of F to the numbers of queries and keys. Only what the mask needs of F is kept; functions with
    attention are removed, all others become private (`symbol-dce` drops those that no probe calls). `lacuna-mask` and the tests of the analysis run the result.

    Example (test/passes/Masks/probe-masks.mlir):

    ```mlir
    func.func @f(%q: tensor<1x1x?x64xf32>, …, %w: index) -> … { … attn.attention %q, %k, %v mask(%m) … }
    ```
    becomes
    ```mlir
    func.func @f.probe0(%q: memref<1x1x?x64xf32>, …, %w: index, %batch: index, …, %bits: memref<?x?xi8>) -> (i1, i1)
    ```
  }];
  let options = [
    Option<"rows", "rows", "bool", "true", "decide masks of intervals row by row (exact); false uses the interval twin as for other masks">,
    Option<"tile", "tile", "int64_t", "0", "boxes lie in tiles of so many queries and keys, from multiples of it on, and are small: as in kernels; 0: anywhere">,
  ];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect", "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def TabulateSets : Pass<"attn-tabulate-sets", "::mlir::ModuleOp"> {
  let summary = "turn lists of keys or diagonals into tables of one byte a position";
  let description = [{
    For every attention op with a schedule: an `attn.contains` of a csr or list set whose row is 0 and whose columns are sums and differences of positions and
    lengths reads a table instead, which host code fills before the kernel runs. The table has O(Sq + Sk) bytes per batch entry and head of the lists;
    lists of blocks per query block stay as they are, theirs would have O(Sq · Sk). For targets whose host code may touch tensors (CPUs); decision 0004.

    Example (test/passes/Masks/tabulate-sets.mlir):

    ```mlir
    %in = attn.contains list(%indices, %counts) [%b, %h, %zero] from %k to %k : tensor<1x8x1x?xi32>, tensor<1x8x1xi32>
    ```
    becomes
    ```mlir
    %column = arith.subi %k, %first : index
    %in = attn.contains table(%bytes) [%b, %h, %zero] from %column to %column in_bounds : tensor<?x?x1x?xi8>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

#endif // LACUNA_PASSES_MASKS_PASSES_TD
