// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From attention on tensors to kernels on tiles. Alphabetical.
#ifndef LACUNA_PASSES_TILING_PASSES_TD
#define LACUNA_PASSES_TILING_PASSES_TD

include "mlir/Pass/PassBase.td"

def AttnLowerStoragePass : Pass<"attn-lower-storage", "::mlir::ModuleOp"> {
  let summary = "Make gathers and scatters of rows plain loops";
  let description = [{
    `attn.gather_rows`, `attn.gather_pages` and `attn.scatter_rows` become loops over elements. For the reference, and for what `attn-to-tile` could not
    make part of a kernel (a gather that others use, too). Sizes that only run-time values can get wrong are required first.

    Before → after (`test/passes/Tiling/attn-lower-storage.mlir`):

    ```mlir
    %ks = attn.gather_rows %k[%order] layout(bhsd) : …
    %ks = scf.for … { … tensor.extract %order … tensor.extract %k … tensor.insert … }
    ```
  }];
  let dependentDialects = ["::lacuna::tile::TileDialect", "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}

def AttnToTilePass : Pass<"attn-to-tile", "::mlir::ModuleOp"> {
  let summary = "Lower attention to one tile kernel and a launch each";
  let description = [{
    Each `attn.attention` with a schedule becomes a `tile.kernel`, the program of one (query tile, head, batch), and a `tile.launch` in its place. The
    mask becomes (a) per-row key intervals, computed once per work item, (b) segments of key tiles in closed form (partial head, full body,
    partial tail) that the kernel visits, and (c) an elementwise test in the partial body. The text is the same for every target.

    Sets whose rows differ by query (lists, bitmaps and tables of few columns a tile) are read once per row and tile of keys: words of bits, a bit a key. Of lists a row
    says once per work item in which 64th parts of the keys it has entries, so that empty tiles are not asked, and whether it ascends, so that it is searched (decision 0004).

    One query and a flat tile of as many rows as query heads share a key head: the rows are these heads, so that K and V are read once for all of them (masks of
    intervals, no gathered queries; else the rows are queries as always). Masks, score regions and sinks then see every row's own head.

    With `split = N` in the schedule, N work items share the key tiles that one query tile visits; the kernel writes the state of each share and
    `attn.merge_states` joins them (`attn-lower-states` comes after).

    Legal after `attn-link-masks` and `attn-expand-masks`; `attn-select-schedule` supplies missing schedules.

    Before → after (`test/passes/Tiling/attn-to-tile.mlir`):

    ```mlir
    %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) schedule(#attn.schedule<tile_m = 16, tile_n = 32>) : …
    %o = tile.launch @f.attention0 grid(%tiles, %heads, %batch) ins(%q, %k, %v : …) outs(%empty : …) -> …
    ```
  }];
  let dependentDialects = ["::lacuna::attn::AttnDialect", "::lacuna::tile::TileDialect", "::mlir::memref::MemRefDialect", "::mlir::scf::SCFDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::math::MathDialect", "::mlir::arith::ArithDialect"];
}

def TileOutlineCostPass : Pass<"tile-outline-cost", "::mlir::ModuleOp"> {
  let summary = "Make a twin of every kernel that counts the tiles it would visit";
  let description = [{
    `K` gets a twin `K.cost` that returns how many full and how many partial tiles the item visits, and how many there are. It is the kernel's own walk with everything else removed,
    so it cannot disagree with it. The CPU runtime splits work by it; tools report it.
  }];
  let dependentDialects = ["::lacuna::tile::TileDialect", "::mlir::scf::SCFDialect", "::mlir::arith::ArithDialect"];
}

#endif // LACUNA_PASSES_TILING_PASSES_TD
