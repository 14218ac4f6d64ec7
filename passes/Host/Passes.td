// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Host passes: from functions on tensors to the entry points of docs/design/abi.md. In alphabetical order.
#ifndef LACUNA_PASSES_HOST_PASSES_TD
#define LACUNA_PASSES_HOST_PASSES_TD

include "mlir/Pass/PassBase.td"

def HostBufferizePass : Pass<"host-bufferize", "::mlir::ModuleOp"> {
  let summary = "Bufferize entries: any strides, last stride 1";
  let description = [{
    Upstream's one-shot module bufferization with one difference: a tensor argument of a function becomes a memref with dynamic
    offset and strides except for the last, which is 1, as the parameter block promises. Loops over it stay vectorizable. Nothing is deallocated:
    `host-plan-workspace` gives every allocation its place.

    ```mlir
    func.func @f(%x: tensor<?x4xf32>)                                  // before
    func.func @f(%x: memref<?x4xf32, strided<[?, 1], offset: ?>>)      // after
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::memref::MemRefDialect"];
}

def HostCarryInPlacePass : Pass<"host-carry-in-place"> {
  let summary = "Copy what a loop yields into what it carries";
  let description = [{
    Bufferization refuses an `scf.for` that yields memory other than that of the carried tensor. A yielded tensor that is not made from the carried one by ops that write
    their init (`tensor.insert_slice`, `linalg.generic`, …) is materialized in it. After `eliminate-empty-tensors`, which would let the computation write there at once,
    while it reads what is carried. Carried tensors that change places are copied before any of them is written.

    ```mlir
    %o = scf.for … iter_args(%x = %q) -> tensor<4xf32> { %y = … ; scf.yield %y : tensor<4xf32> }
    // becomes
    %o = scf.for … iter_args(%x = %q) -> tensor<4xf32> {
      %y = …
      %z = bufferization.materialize_in_destination %y in %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      scf.yield %z : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect"];
}

def HostCopyToLinalgPass : Pass<"host-copy-to-linalg"> {
  let summary = "Make every memref.copy a linalg.generic";
  let description = [{
    `memref.copy` of strided memrefs would become a call of a runtime function, which a host object must not have.
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect"];
}

def HostDecomposeLinalgPass : Pass<"host-decompose-linalg"> {
  let summary = "Make linalg.softmax and other aggregates generics";
  let description = [{
    Upstream's interface of aggregated ops says what they consist of; nothing in upstream's pipelines asks it. `linalg.softmax` becomes a row maximum, exponentials, a row
    sum and a division (a row of only -inf gives NaN, as arithmetic has it).

    ```mlir
    %p = linalg.softmax dimension(1) ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
    // becomes
    %max = linalg.generic {…, iterator_types = ["parallel", "reduction"]} ins(%x : tensor<2x4xf32>) … { … arith.maxnumf … }
    %num = linalg.generic {…} ins(%x, %max : …) … { … arith.subf … math.exp … }
    %sum = linalg.generic {…, iterator_types = ["parallel", "reduction"]} ins(%num : tensor<2x4xf32>) … { … arith.addf … }
    %p = linalg.generic {…} ins(%num, %sum : …) … { … arith.divf … }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"];
}

def HostEmitEntriesPass : Pass<"host-emit-entries", "::mlir::ModuleOp"> {
  let summary = "Give entries the signatures of the artifact ABI";
  let description = [{
    `func.func @NAME(arguments…, results…, %workspace {lacuna.workspace})` becomes `@NAME.run(host, params, workspace, stream) -> i32`,
    which unpacks the parameter block; `lacuna.part` functions become `@NAME.result_shapes(params, sizes)` and
    `@NAME.workspace_bytes(params) -> i64`. Expects bufferized functions; leaves `unrealized_conversion_cast`s from LLVM descriptors to memrefs.

    ```mlir
    func.func @f(%n: index, %out: memref<?xf32, strided<[1], offset: ?>>)                                  // before
    func.func @f.run(%host: !llvm.ptr, %params: !llvm.ptr, %workspace: !llvm.ptr, %stream: !llvm.ptr) -> i32   // after
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect"];
}

def HostEmitResultShapesPass : Pass<"host-emit-result-shapes", "::mlir::ModuleOp"> {
  let summary = "Add to every entry a function that computes its result sizes";
  let description = [{
    Clones each public function as `@NAME.result_shapes` (marked `lacuna.part`), reduced to the sizes of its results, one `index` per
    dimension, results one after the other. Sizes may depend on sizes and scalars of arguments, never on data: that is an error, and so is a call that
    was not inlined. A loop's result has the sizes of its initial value where every iteration keeps them.

    ```mlir
    func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32>
    // adds
    func.func @f.result_shapes(%x: tensor<?x4xf32>) -> (index, index) attributes {lacuna.part = "result_shapes"}
    ```
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def HostLegalizeFloatsPass : Pass<"host-legalize-floats"> {
  let summary = "Rewrite float ops that code generation would turn into library calls";
  let description = [{
    `arith.truncf` from f64 to a 16-bit type goes through f32 (twice rounded: at most half a unit in the 16-bit type's last place plus 2^-29). With
    `approximate`, f32 and 16-bit math functions become upstream's polynomials, since a host object has no libm, and `math.fma` becomes
    `llvm.intr.fmuladd`, one instruction where the CPU has it; without it they stay for libm (reference code).
  }];
  let options = [Option<"approximate", "approximate", "bool", /*default=*/"true", "replace math functions by polynomials">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"];
}

def HostLowerLaunchPass : Pass<"host-lower-launch", "::mlir::ModuleOp"> {
  let summary = "Lower tile.launch and tile.require of entries to calls through the host's function table";
  let description = [{
    A launch fills a parameter block on the stack (inputs, inits, then grid x and grid y) and calls `host->launch`; a requirement that fails calls `host->fail`. Their
    non-zero status leaves the function at once. Kernels are numbered in the order of first use; the module attribute
    `lacuna.kernels` lists their symbols. Expects `run` functions (`host-emit-entries`) without structured control flow.

    ```mlir
    tile.launch @k grid(%x, %h, %b) ins(%n : index) outs(%o : memref<?xf32>)
    // becomes: fill block; %status = llvm.call %launch(%host, 0, %grid, %block, 32, %stream); cf.cond_br %failed, ^return(%status), ^next
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect", "::mlir::LLVM::LLVMDialect",
                           "::mlir::memref::MemRefDialect"];
}

def HostPlanWorkspacePass : Pass<"host-plan-workspace", "::mlir::ModuleOp"> {
  let summary = "Place every allocation of an entry in one workspace";
  let description = [{
    Each `memref.alloc` of a public function becomes a view of a new last argument `%workspace: memref<?xi8> {lacuna.workspace}`. Views lie one after the other
    at 64-byte aligned offsets, computed from run-time sizes at the function's start. Adds `@NAME.workspace_bytes(same arguments) -> index`.
    Sizes that depend on data are an error.

    ```mlir
    %t = memref.alloc(%n) : memref<?xf32>                                     // before
    %t = memref.view %workspace[%offset][%n] : memref<?xi8> to memref<?xf32>  // after
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
}

def HostResultsToArgumentsPass : Pass<"host-results-to-arguments", "::mlir::ModuleOp"> {
  let summary = "Make entries write their results into memory of the caller";
  let description = [{
    Every tensor result of a public function becomes a trailing memref argument (any strides, last stride 1) that the result is materialized in;
    tensor arguments become read-only. Upstream's `buffer-results-to-out-params` knows contiguous results only and copies into others;
    here `eliminate-empty-tensors` lets the computation write the caller's memory directly.

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> { … return %y : tensor<4xf32> }
    // becomes
    func.func @f(%x: tensor<4xf32> {bufferization.writable = false}, %out: memref<4xf32, strided<[1], offset: ?>>) {
      …
      bufferization.materialize_in_destination %y in restrict writable %out : (tensor<4xf32>, memref<4xf32, strided<[1], offset: ?>>) -> ()
      return
    }
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::memref::MemRefDialect"];
}

#endif // LACUNA_PASSES_HOST_PASSES_TD
