// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From tiles in scratch buffers to loops on vectors. Alphabetical.
#ifndef LACUNA_PASSES_TOCPU_PASSES_TD
#define LACUNA_PASSES_TOCPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertTileToCpuPass : Pass<"convert-tile-to-cpu", "::mlir::ModuleOp"> {
  let summary = "Lower tile kernels to functions over ranges of work items";
  let description = [{
    `tile.kernel @K` becomes `func.func @K(%params: !llvm.ptr, %begin: i64, %end: i64)`, a loop over work items; `@K.cost` becomes
    `(%params, %item, %counts: !llvm.ptr)` (docs/design/abi.md). Tiles are stack buffers, the axis of their `#tile.lanes` layout in vector registers;
    products are blocked in registers: rows of the result by vectors of lanes, the other operand broadcast element by element (in bf16 pair by pair) from
    where it lies; or in 2 x 2 tiles of a tile unit. What is packed for that is a `tile.convert` of the memory passes, which must have run.
  }];
  let dependentDialects = ["::mlir::amx::AMXDialect", "::mlir::func::FuncDialect", "::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::vector::VectorDialect", "::mlir::arith::ArithDialect"];
}

def CpuExpandMathPass : Pass<"cpu-expand-math", "::mlir::ModuleOp"> {
  let summary = "Replace transcendental functions by polynomials on vectors";
  let description = [{
    `math.exp2` by a degree-6 polynomial after splitting off the integer part (2 ulp; 0 below -126.5, infinity from 127.5); everything else by upstream's
    polynomial approximations. No libm call is left for f32.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"];
}

def CpuInterleaveProductsPass : Pass<"cpu-interleave-products", "::mlir::ModuleOp"> {
  let summary = "Compute rows of a softmax between the tile instructions of a product of other queries";
  let description = [{
    After `convert-tile-to-cpu`, before tile instructions are emulated. A loop over units of a tile product (AMX) moves down to a loop over rows that touches other buffers,
    and both become one: with every unit as many rows as make both end together, for all vectors of lanes at once, cut into equal pieces behind the unit's products.
    Among the rows that nothing between hinders the heaviest are taken. `tile-group-queries` makes such neighbours; without it (schedules with `stages = 1`)
    rows always need the product before them, and the pass finds nothing. Each element is computed by the same operations in the same order.

    ```mlir
    scf.for %key = %c0 to %c64 step %c32 { … amx.tile_mulf … amx.tile_mulf … amx.tile_store %scores1[%key, %c0] … }
    scf.for %lane = %c0 to %c32 step %c16 {
      %sum = scf.for %row = %c0 to %c64 step %c4 iter_args(%s = %zero) { … math.exp2 … vector.store … %pairs0 }
      vector.store %sum, %sums0[%lane]
    }
    // becomes
    %sums:2 = scf.for %key = %c0 to %c64 step %c32 iter_args(%s = %zero, %t = %zero) {
      … amx.tile_mulf … math.exp2 … vector.store … amx.tile_mulf … math.exp2 … vector.store … amx.tile_store …
    }
    vector.store %sums#0, %sums0[%c0]
    vector.store %sums#1, %sums0[%c16]
    ```

    Rows that do not divide by the units are left for after the loop. Left alone: loops whose numbers of rows and units have no constant ratio, rows with branches or loops, and rows of more than 1,200 vector instructions a unit.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"];
}

def CpuUseInstructionsPass : Pass<"cpu-use-instructions", "::mlir::ModuleOp"> {
  let summary = "Replace vector patterns by instructions that the target has and LLVM would not find";
  let description = [{
    With 64-byte registers `math.exp2` of a whole register of f32 becomes a polynomial of degree 5 between VREDUCEPS and VSCALEFPS (2 ulp; 0, infinity and NaN as
    in IEEE 754), of degree 3 with `fastmath<afn>`. With products of bf16 pairs, two vectors rounded to bf16 and interleaved become one VCVTNE2PS2BF16 and a permutation:

    ```mlir
    %l = arith.truncf %a : vector<16xf32> to vector<16xbf16>
    %h = arith.truncf %b : vector<16xf32> to vector<16xbf16>
    %p = vector.interleave %l, %h : vector<16xbf16> -> vector<32xbf16>
    // becomes
    %q = llvm.call_intrinsic "llvm.x86.avx512bf16.cvtne2ps2bf16.512"(%b, %a) : (vector<16xf32>, vector<16xf32>) -> vector<32xbf16>
    %p = vector.shuffle %q, %q [0, 16, 1, 17, …] : vector<32xbf16>, vector<32xbf16>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect", "::mlir::vector::VectorDialect"];
}

#endif // LACUNA_PASSES_TOCPU_PASSES_TD
