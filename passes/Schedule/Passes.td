// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Decisions about how to tile, and about kernels for few queries.
#ifndef LACUNA_PASSES_SCHEDULE_PASSES_TD
#define LACUNA_PASSES_SCHEDULE_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttnSelectSchedulePass : Pass<"attn-select-schedule", "::mlir::ModuleOp"> {
  let summary = "Write a schedule on every attention op that has none";
  let description = [{
    Looks up lib/Target's table by the module's `tile.target` and the head size, or takes the given one for every op. A schedule that stands on the op
    already wins. Each decision is a remark of category `lacuna-schedule`. No row for a chip and head size is an error that names both.

    ```mlir
    attn.attention %q, %k, %v layout(bhsd) : …
    // with tile.target = "x86-64-v4" becomes
    attn.attention %q, %k, %v layout(bhsd) schedule(#attn.schedule<tile_m = 48, tile_n = 128, transposed = true>) : …
    ```
  }];
  let options = [Option<"schedule", "schedule", "std::string", /*default=*/"",
                        "a schedule for every op, as `#attn.schedule<tile_m = 64, tile_n = 64>`; empty: the table">,
                 Option<"batchInvariant", "batch-invariant", "bool", /*default=*/"false",
                        "shares of the keys do not depend on the batch size">];
}

def AttnOrderSpacePass : Pass<"attn-order-space", "::mlir::ModuleOp"> {
  let summary = "Put the points of a neighborhood's space in boxes, where that needs fewer keys";
  let description = [{
    A tile of queries in raster order needs whole lines of keys; one of a box (4 x 8, 2 x 4 x 4) needs of the boxes of keys around it (16 x 8, 8 x 4 x 4) the lines
    that its windows reach (NATTEN's token permutation, Hassani et al. 2025). Attention whose mask is an `attn.neighborhood` of two or three dimensions gathers
    its rows box by box, with tables that host code fills, and scatters its output back; kernels do both. Boxes are taken if queries and keys are the points of
    the space and a box needs fewer keys by an eighth, which may be known at run time only: the attention in raster order stays, and one of the two gets no queries. Before `attn-expand-masks`, for
    CPUs; attention with statistics, a score region, gathers or a schedule stays as it is.

    ```mlir
    %m = attn.neighborhood space[%rows, %columns] window[15, 15]
    %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : tensor<1x8x?x64xf32>, …
    // becomes, beside the attention in raster order
    %qs = attn.gather_rows %q[%query_table] layout(bhsd) : tensor<1x8x?x64xf32>, tensor<1x1x?xi32> -> tensor<1x8x?x64xf32>
    %n = attn.neighborhood space[%rows, %columns] window[15, 15] query_box[4, 8] key_box[16, 8]
    %os = attn.attention %qs, %ks, %vs mask(%n) layout(bhsd) : tensor<1x8x?x64xf32>, …
    %o = attn.scatter_rows %os[%query_table] into %rest layout(bhsd) : tensor<1x8x?x64xf32>, tensor<1x1x?xi32>, tensor<1x8x?x64xf32>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def AttnSpecializeQueriesPass : Pass<"attn-specialize-queries", "::mlir::ModuleOp"> {
  let summary = "Give attention with any number of queries kernels for few of them";
  let description = [{
    An attention op with a dynamic number of queries, without a schedule and the attributes below, is joined by others: for one query, and for at most eight
    (`attn.max_queries` tells `attn-select-schedule`). They get the slice of all queries or an empty one, and write that slice of the results; the op itself
    gets `attn.min_queries`, below which it launches nothing. A launch without work items costs nothing, so no branch is needed. Only for CPUs; queries
    that are gathered and outputs that are scattered stay as they are.

    ```mlir
    %o = attn.attention %q, %k, %v layout(bhsd) : tensor<1x8x?x64xf32>, …
    // becomes, for one query (and another two for at most eight)
    %many = attn.attention %q, %k, %v layout(bhsd) {attn.min_queries = 9 : i64} : tensor<1x8x?x64xf32>, …
    %is_one = arith.cmpi ule, %sq, %c1 : index
    %n = arith.select %is_one, %sq, %c0 : index
    %few = tensor.extract_slice %q[0, 0, 0, 0] [1, 8, %n, 64] [1, 1, 1, 1] : tensor<1x8x?x64xf32> to tensor<1x8x?x64xf32>
    %part = attn.attention %few, %k, %v layout(bhsd) {attn.max_queries = 1 : i64} : tensor<1x8x?x64xf32>, …
    %o1 = tensor.insert_slice %part into %many[0, 0, 0, 0] [1, 8, %n, 64] [1, 1, 1, 1] : tensor<1x8x?x64xf32> into tensor<1x8x?x64xf32>
    ```
  }];
  let options = [Option<"batchInvariant", "batch-invariant", "bool", /*default=*/"false",
                        "leave packed sequences (`shd`) alone: how many queries there are depends on the rest of the batch">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

#endif // LACUNA_PASSES_SCHEDULE_PASSES_TD
