// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// On-chip rings of buffers and the asynchronous copies that fill them. Made by tile-pipeline; nobody else writes them.
#ifndef LACUNA_DIALECTS_TILE_TILEMEMORYOPS_TD
#define LACUNA_DIALECTS_TILE_TILEMEMORYOPS_TD

include "dialects/Tile/TileOps.td"

// The life of buffer `t mod stages` of a ring:
//
//     tile.copy …, %ring[%t]        started: nobody may read or write the buffer
//     tile.acquire %ring[%t]        full: every thread of the block may read it
//     tile.release %ring[%t]        done: this thread reads it no more
//     (barrier of the block)        free: the next copy may start
//
// The barrier between release and the next copy is the one inside any acquire; where none stands there, release carries `fence` and is one itself.

def Tile_RingOp : Tile_Op<"ring", [Pure]> {
  let summary = "buffers in shared memory, at a byte offset of the block's shared memory";
  let description = [{
    ```mlir
    %ring = tile.ring offset 8192 : !tile.ring<2, !tile.tile<64x64xbf16, shared>>
    ```
  }];
  let arguments = (ins I64Attr:$offset);
  let results = (outs Tile_RingType:$result);
  let assemblyFormat = "`offset` $offset attr-dict `:` qualified(type($result))";
}

def Tile_CopyOp : Tile_Op<"copy", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "start copying a block of rows into buffer `ordinal mod stages` of a ring";
  let description = [{
    Rows, limits and `in_bounds` are those of `tile.load`. The copy may be asynchronous: only `tile.acquire` says that it has landed. All copies of a thread land
    in the order of their start.

    ```mlir
    tile.copy %K[%b, %g] rows(%k0) limit(%sk), %ring[%t] : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>>, !tile.ring<2, !tile.tile<64x64xbf16, shared>>
    ```
  }];
  let arguments = (ins Tile_Memory:$source, Variadic<Index>:$indices, Index:$first, Index:$limit, Tile_RingType:$ring, Index:$ordinal,
                       UnitAttr:$in_bounds);
  let assemblyFormat = [{
    $source `[` $indices `]` `rows` `(` $first `)` `limit` `(` $limit `)` (`in_bounds` $in_bounds^)? `,` $ring `[` $ordinal `]` attr-dict
    `:` type($source) `,` qualified(type($ring))
  }];
  let hasVerifier = 1;
}

def Tile_AcquireOp : Tile_Op<"acquire", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "wait until the copy of an ordinal has landed for the whole block";
  let description = [{
    Each thread waits until all but its newest `pending` copies have landed, then the block meets at a barrier. `pending` is the number of copies started after
    the one that is waited for; tile-pipeline computes it.

    ```mlir
    %k = tile.acquire %ring[%t] pending 1 : !tile.ring<2, !tile.tile<64x64xbf16, shared>> -> !tile.tile<64x64xbf16, shared>
    ```
  }];
  let arguments = (ins Tile_RingType:$ring, Index:$ordinal, I64Attr:$pending);
  let results = (outs Tile_TileType:$result);
  let assemblyFormat = "$ring `[` $ordinal `]` `pending` $pending attr-dict `:` qualified(type($ring)) `->` qualified(type($result))";
  let hasVerifier = 1;
}

def Tile_ReleaseOp : Tile_Op<"release", [MemoryEffects<[MemWrite]>]> {
  let summary = "this thread has read the buffer of an ordinal for the last time";
  let description = [{
    With `fence` it is a barrier of the block as well: the pass found no `tile.acquire` between here and the next copy into the buffer.

    ```mlir
    tile.release %ring[%t] fence : !tile.ring<1, !tile.tile<64x64xbf16, shared>>
    ```
  }];
  let arguments = (ins Tile_RingType:$ring, Index:$ordinal, UnitAttr:$fence);
  let assemblyFormat = "$ring `[` $ordinal `]` (`fence` $fence^)? attr-dict `:` qualified(type($ring))";
}

#endif // LACUNA_DIALECTS_TILE_TILEMEMORYOPS_TD
