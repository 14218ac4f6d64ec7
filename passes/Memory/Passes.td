// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes that give tiles a place, a time and a layout. Each one dispatches on the kind of target; its rules stand in files of their own.
#ifndef LACUNA_PASSES_MEMORY_PASSES_TD
#define LACUNA_PASSES_MEMORY_PASSES_TD

include "mlir/Pass/PassBase.td"

def TileAssignMemory : Pass<"tile-assign-memory", "::mlir::ModuleOp"> {
  let summary = "say in which memory every tile lives";
  let description = [{
    CPU: K and V stay where they are (`global`; with a `transposed` schedule 16-bit ones are widened into `scratch`), everything else lives in `scratch`. Where the target multiplies
    bf16, nothing is widened: Q and P are packed in pairs, K stays where it is, and V becomes pairs of keys (dot products) or is transposed (tile unit):

    ```mlir
    %o = tile.mma %p, %v acc(%a : …) : !tile.tile<48x128xf32>, !tile.tile<128x64xbf16> -> !tile.tile<48x64xf32>
    // becomes
    %p16 = tile.convert %p : … -> !tile.tile<48x128xbf16, scratch, #tile.pairs<0>>
    %v16 = tile.convert %v : … -> !tile.tile<128x64xbf16, scratch, #tile.pairs<1>>
    %o = tile.mma %p16, %v16 acc(%a : …) : …
    ```

    GPU: tiles that the matrix instructions read from shared memory (operands of `tile.mma` that are loaded) go to `shared`, everything else to `registers`. A
    left operand of at most 128 columns is moved from shared memory to registers, where the matrix instructions want it, and converted to the right one's type:

    ```mlir
    %o = tile.mma %p, %v acc(%a : …) : !tile.tile<64x64xf32>, !tile.tile<64x64xbf16> -> !tile.tile<64x64xf32>
    // becomes
    %p16 = tile.convert %p : !tile.tile<64x64xf32, registers> -> !tile.tile<64x64xbf16, registers>
    %o = tile.mma %p16, %v acc(%a : …) : !tile.tile<64x64xbf16, registers>, !tile.tile<64x64xbf16, shared> -> !tile.tile<64x64xf32, registers>
    ```

    The shared bytes of the whole kernel, with as many buffers as the schedule's `stages` ask for, are compared with the target's; too many is an error that
    names every buffer.
  }];
  let dependentDialects = ["::lacuna::tile::TileDialect"];
}

def TilePipeline : Pass<"tile-pipeline", "::mlir::ModuleOp"> {
  let summary = "replace shared loads by rings of buffers and copies that run ahead of their use";
  let description = [{
    Each shared `tile.load` becomes `tile.ring`, `tile.copy`, `tile.acquire`, `tile.release`. With asynchronous copies (NVIDIA) and `stages` = 2 a visit looks ahead:
    `before` starts the copies of the first tile, and each body starts those of the next tile right after its first acquire (whose barrier proves that nobody still
    reads the buffers of the tile before), so they run while this tile is computed. With `stages` = 1 and two loads used one after the other, V is copied while K is
    read and the next K while V is. Otherwise (no asynchronous copies, a `test` region, bodies that load differently) a copy starts where the load stood.
  }];
  let dependentDialects = ["::lacuna::tile::TileDialect", "::mlir::arith::ArithDialect"];
}

def TileAssignLayouts : Pass<"tile-assign-layouts", "::mlir::ModuleOp"> {
  let summary = "say how every tile's elements lie in its memory";
  let description = [{
    CPU: rank-2 scratch tiles get `#tile.lanes<0>` (queries in the vector lanes) under a `transposed` schedule, else `#tile.lanes<1>` (keys and features; for few
    queries).

    GPU: `#tile.fragment` for rank-2 tiles in registers, `#tile.spread` of the rows (or of the columns, as its users say) for rank-1 ones, `#tile.swizzle` for shared
    tiles. The fragment follows from the shape, the warps of the schedule and the target's matrix instruction alone, so tiles of one shape never
    need a conversion.
  }];
  let dependentDialects = ["::lacuna::tile::TileDialect"];
}

def TileShareCopies : Pass<"tile-share-copies", "::mlir::ModuleOp"> {
  let summary = "pack V once per key tile of a launch, not once per query tile";
  let description = [{
    CPU only, after `tile-assign-layouts` and before launches are bufferized and cost twins outlined. The `tile.convert` of a visit's body that packs V
    (`#tile.pairs<1>` of bf16 dot products, `#tile.lanes<0>` of a tile unit) depends on batch entry, key head and key tile only. It becomes a
    `tile.convert_once` with a home in the workspace: kernel and launches get two more parameters, `slots` (one packed tile per batch entry, key head and key tile: V's size once more) and `states`
    (an i32 each, zeroed before the launch). Partial and full bodies share the slots: rows beyond the limit repeat the last one in both.

    Rows that lie elsewhere (a load with a map) are shared if the map is made of the load's indices, the batch entry and memory that nobody writes: then all query
    tiles find the same rows. Where the batch entry is no index of the load (pages of a cache), slots are numbered by it, too. A tile unit's copy of gathered K is
    shared like V.

    A launch decides with its sizes whether sharing pays: from 16 query tiles (times query heads per key head) on; below, there are no slots, the workspace does not
    grow, and every work item packs for itself as before. Slots of gathered rows must not take more memory than what is gathered: a table of pages may have room
    for sequences that are not there. Left alone: launches known to be below, and K and tiles that are widened only.

    ```mlir
    tile.kernel @k(%V: …, %O: …, %m: index, %h: index, %b: index) {
      … full { ^bb0(%k0: index, …):
        %v = tile.load %V[%b, %g] rows(%k0) limit(%sk) in_bounds : … -> !tile.tile<128x64xbf16, global>
        %v16 = tile.convert %v : … -> !tile.tile<128x64xbf16, scratch, #tile.pairs<1>>
    %o = tile.launch @k grid(%x, %h, %b) ins(%v : …) outs(%init : …) -> …
    // becomes
    tile.kernel @k(%V: …, %O: …, %slots: memref<?x?x?x8192xbf16, …>, %states: memref<?x?x?xi32, …>, %m: index, %h: index, %b: index) {
      … full { ^bb0(%k0: index, …):
        %v = tile.load %V[%b, %g] rows(%k0) limit(%sk) in_bounds : … -> !tile.tile<128x64xbf16, global>
        %t = arith.divui %k0, %c128 : index
        %v16 = tile.convert_once %v into %slots, %states[%b, %g, %t] : … -> !tile.tile<128x64xbf16, global, #tile.pairs<1>>
    %pays = arith.cmpi uge, %itemsOfABatchEntry, %sixteenTimesKeyHeads : index
    %slotTiles = arith.select %pays, %keyTiles, %c0 : index
    %states = linalg.fill ins(%c0_i32 : i32) outs(tensor.empty(%batch, %heads, %slotTiles)) …
    %o:3 = tile.launch @k grid(%x, %h, %b) ins(%v : …) outs(%init, %slots, %states : …) -> …
    ```
  }];
  let dependentDialects = ["::lacuna::tile::TileDialect", "::mlir::arith::ArithDialect", "::mlir::bufferization::BufferizationDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def TileGroupQueries : Pass<"tile-group-queries", "::mlir::ModuleOp"> {
  let summary = "cut a query tile into groups for a tile unit, in the order of a software pipeline";
  let description = [{
    CPUs with a tile unit (AMX), schedules with `stages` >= 2, after `tile-assign-layouts` and before `tile-fuse-maps`. Every tile with a row per query becomes one tile
    for each group of 32 queries, two accumulators wide; K and V stay one tile that all groups read. The values of an element are computed by the same operations in
    the same order. In the bodies of the visit step t takes Q·Kᵀ of group t, P·V of group t - 2, then the softmax of group t - 1, so that products stand beside rows
    that do not depend on them (`cpu-interleave-products` mixes them):

    ```mlir
    %s = tile.mma %q, %k transpose_rhs : !pairs96, !k -> !scores96
    %p = tile.map %s … : !scores96 -> !pairs96 { … }
    %o = tile.mma %p, %v acc(%out : …) : …
    // becomes
    %s0 = tile.mma %q0, %k transpose_rhs : !pairs32, !k -> !scores32
    %s1 = tile.mma %q1, %k transpose_rhs : !pairs32, !k -> !scores32
    %p0 = tile.map %s0 … : !scores32 -> !pairs32 { … }
    %s2 = tile.mma %q2, %k transpose_rhs : !pairs32, !k -> !scores32
    %o0 = tile.mma %p0, %v acc(%out0 : …) : …
    %p1 = tile.map %s1 … : !scores32 -> !pairs32 { … }
    %o1 = tile.mma %p1, %v acc(%out1 : …) : …
    %p2 = tile.map %s2 … : !scores32 -> !pairs32 { … }
    %o2 = tile.mma %p2, %v acc(%out2 : …) : …
    ```

    What a body computes for each key with a loop, a branch or a division by a run-time value, whichever the query, moves into a `tile.map` over the keys: it is computed
    once and not once a group. A kernel with a product that the tile unit does not take (f32, a head size that is no multiple of 32) stays as it is.
  }];
  let dependentDialects = ["::lacuna::tile::TileDialect", "::mlir::arith::ArithDialect"];
}

def TileFuseMaps : Pass<"tile-fuse-maps", "::mlir::ModuleOp"> {
  let summary = "compute reductions, roundings and scaled accumulators while their values are in registers";
  let description = [{
    CPU only, after `tile-assign-layouts`. A `tile.map` with queries in the lanes takes over the `tile.reduce` along rows of its result, and the `tile.convert` to
    pairs of bf16 if nothing else reads the result:

    ```mlir
    %p = tile.map %s : … -> !f32 { … tile.yield %e : f32 }
    %sum = tile.reduce sum %p axis 1 : !f32 -> !rows
    %p16 = tile.convert %p : !f32 -> !pairs
    // becomes
    %p16, %sum = tile.map %s reduce [none, sum] : … -> !pairs, !rows { … %r = arith.truncf %e : f32 to bf16  tile.yield %r, %e : bf16, f32 }
    ```

    A map that multiplies the rows of an accumulator, and nothing else reads, joins the product (not on a tile unit, which loads accumulators as they are):

    ```mlir
    %scaled = tile.map %o, %alpha broadcast [none, rows] : … { … %x = arith.mulf %a, %b : f32  tile.yield %x : f32 }
    %next = tile.mma %p, %v acc(%scaled : !o) : …
    // becomes
    %next = tile.mma %p, %v acc(%o : !o scaled %alpha : !rows) : …
    ```
  }];
  let dependentDialects = ["::lacuna::tile::TileDialect", "::mlir::arith::ArithDialect"];
}

def TileReuseBuffers : Pass<"tile-reuse-buffers", "::mlir::ModuleOp"> {
  let summary = "let results take over the buffer of an operand that dies";
  let description = [{
    Marks `tile.map` and `tile.mma` in `scratch` with `tile.reuse = i`: the (first) result lives where operand i lived. An operand qualifies when it has the result's
    type, is read element by element (or accumulated into), belongs to the same block and is used nowhere after.

    ```mlir
    %p = tile.map %s, %m broadcast [none, rows] : … attributes {tile.reuse = 0 : i64} { … }
    ```
  }];
}

#endif // LACUNA_PASSES_MEMORY_PASSES_TD
