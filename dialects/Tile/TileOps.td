// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels, launches and what a block does with tiles. On-chip rings and asynchronous copies are in TileMemoryOps.td.
#ifndef LACUNA_DIALECTS_TILE_TILEOPS_TD
#define LACUNA_DIALECTS_TILE_TILEOPS_TD

include "dialects/Tile/TileDialect.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Tile_Op<string mnemonic, list<Trait> traits = []> : Op<Tile_Dialect, mnemonic, traits>;

def Tile_Memory : MemRefOf<[AnyType]>;

//===----------------------------------------------------------------------===//
// Kernel and launch
//===----------------------------------------------------------------------===//

def Tile_KernelOp : Tile_Op<"kernel", [FunctionOpInterface, IsolatedFromAbove, Symbol, SingleBlock]> {
  let summary = "the program of one work item";
  let description = [{
    Arguments: memrefs (any strides, last stride 1) and scalars, then three `index` coordinates of the work item: query tile, query head, batch entry.
    A kernel returns nothing; its `.cost` twin returns the numbers of full and partial tiles that the item visits and of all tiles.

    ```mlir
    tile.kernel @fill(%out: memref<?xf32, strided<[1], offset: ?>>, %n: index, %m: index, %h: index, %b: index) {
      %zero = arith.constant 0.0 : f32
      %t = tile.map : !tile.tile<64xf32> { tile.yield %zero : f32 }
      %c64 = arith.constant 64 : index
      %first = arith.muli %m, %c64 : index
      tile.store %t, %out[] rows(%first) limit(%n) : !tile.tile<64xf32>, memref<?xf32, strided<[1], offset: ?>>
      tile.return
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type, OptionalAttr<StrAttr>:$sym_visibility,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::FunctionType":$type)>];
  let extraClassDeclaration = [{
    static constexpr unsigned kNumItemArguments = 3;
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    /// Types of the arguments that a launch passes: all but the item's coordinates.
    ::llvm::ArrayRef<::mlir::Type> getParameterTypes() { return getArgumentTypes().drop_back(kNumItemArguments); }
  }];
}

def Tile_ReturnOp : Tile_Op<"return", [Pure, HasParent<"KernelOp">, ReturnLike, Terminator]> {
  let summary = "end a kernel";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ (void)$_state; }]>];
}

def Tile_LaunchOp : Tile_Op<"launch", [AttrSizedOperandSegments, DestinationStyleOpInterface,
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a kernel on every work item of a grid";
  let description = [{
    `inputs` (tensors or memrefs, and scalars) and then `inits` become the kernel's parameters in order; the grid is (query tiles, query heads, batch). The
    op is in destination style: with tensors its results are the inits after the kernel wrote them. A grid with a zero dimension runs nothing.

    ```mlir
    tile.launch @k grid(%x, %h, %b) ins(%q, %n : memref<?xf32>, index) outs(%o : memref<?xf32>)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Index>:$grid, Variadic<AnyType>:$inputs,
                       Variadic<AnyShaped>:$inits);
  let results = (outs Variadic<AnyRankedTensor>:$outputs);
  let assemblyFormat = [{
    $kernel `grid` `(` $grid `)` `ins` `(` ($inputs^ `:` type($inputs))? `)` `outs` `(` ($inits^ `:` type($inits))? `)` attr-dict
    (`->` type($outputs)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitsMutable(); }
  }];
}

def Tile_RequireOp : Tile_Op<"require", []> {
  let summary = "stop the host function with a message unless two sizes are equal";
  let description = [{
    Host side only. When `got` differs from `expected`, the entry returns an error "`what`: expects EXPECTED, but got GOT" and launches nothing more.

    ```mlir
    tile.require %sk, %sv, "attention: length of v"
    ```
  }];
  let arguments = (ins Index:$expected, Index:$got, StrAttr:$what);
  let assemblyFormat = "$expected `,` $got `,` $what attr-dict";
}

//===----------------------------------------------------------------------===//
// Loads and stores
//===----------------------------------------------------------------------===//

def Tile_LoadOp : Tile_Op<"load", [MemoryEffects<[MemRead]>]> {
  let summary = "bring a block of rows into a tile";
  let description = [{
    Rows `first, first + 1, …` of the last two dimensions of `source` (the last one for a rank-1 tile), at leading `indices`. Memory at or beyond row
    `limit` is never touched: those rows hold unspecified *finite* values (zero, or a repeated row), as do columns beyond the source's last dimension,
    which read as zero. With `in_bounds` all rows lie below the limit.

    With a `map` region row number r lies at row `map(r)` of the source: gathered rows, pages of a cache. It is asked about rows below the limit only.

    ```mlir
    %k = tile.load %K[%b, %g] rows(%k0) limit(%sk) : memref<?x?x?x64xbf16, strided<[?, ?, ?, 1], offset: ?>> -> !tile.tile<128x64xbf16>
    ```
  }];
  let arguments = (ins Tile_Memory:$source, Variadic<Index>:$indices, Index:$first, Index:$limit, UnitAttr:$in_bounds);
  let results = (outs Tile_TileType:$result);
  let regions = (region MaxSizedRegion<1>:$map);
  let assemblyFormat = [{
    $source `[` $indices `]` `rows` `(` $first `)` `limit` `(` $limit `)` (`in_bounds` $in_bounds^)? (`map` $map^)? attr-dict `:` type($source)
    `->` qualified(type($result))
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

def Tile_StoreOp : Tile_Op<"store", [MemoryEffects<[MemWrite]>]> {
  let summary = "write the rows of a tile that lie below a limit";
  let arguments = (ins Tile_TileType:$tile, Tile_Memory:$destination, Variadic<Index>:$indices, Index:$first, Index:$limit);
  let description = [{
    The mirror of `tile.load`: row `first + i` is written for `first + i < limit`, columns up to the destination's last dimension. A `map` region
    yields the row of the destination and whether it is written at all.

    ```mlir
    tile.store %o, %O[%b, %h] rows(%q0) limit(%sq) : !tile.tile<128x64xf32>, memref<?x?x?x64xf32, strided<[?, ?, ?, 1], offset: ?>>
    ```
  }];
  let regions = (region MaxSizedRegion<1>:$map);
  let assemblyFormat = [{
    $tile `,` $destination `[` $indices `]` `rows` `(` $first `)` `limit` `(` $limit `)` (`map` $map^)? attr-dict `:` qualified(type($tile)) `,` type($destination)
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Computation
//===----------------------------------------------------------------------===//

def Tile_MmaOp : Tile_Op<"mma", [Pure, AttrSizedOperandSegments]> {
  let summary = "matrix product-accumulate: acc + A · B, or acc + A · Bᵀ";
  let description = [{
    `lhs` is MxK; `rhs` is KxN, or NxK with `transpose_rhs`; `acc` and the result are MxN in f32. The operand types may differ before
    `tile-assign-memory`, which converts them to what the target multiplies. Without `acc` the product starts from zero. With `acc_scale`, written by
    `tile-fuse-maps`, row r of `acc` is multiplied by its entry r (M of them, f32): the accumulator of an online softmax under a new maximum.

    ```mlir
    %s = tile.mma %q, %k transpose_rhs : !tile.tile<64x128xbf16>, !tile.tile<32x128xbf16> -> !tile.tile<64x32xf32>
    %o = tile.mma %p, %v acc(%o0 : !o scaled %alpha : !tile.tile<64xf32>) : !p, !v -> !o
    ```
  }];
  let arguments = (ins Tile_TileType:$lhs, Tile_TileType:$rhs, Optional<Tile_TileType>:$acc, Optional<Tile_TileType>:$acc_scale, UnitAttr:$transpose_rhs);
  let results = (outs Tile_TileType:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs (`acc` `(` $acc^ `:` qualified(type($acc)) (`scaled` $acc_scale^ `:` qualified(type($acc_scale)))? `)`)? (`transpose_rhs` $transpose_rhs^)? attr-dict `:` qualified(type($lhs)) `,` qualified(type($rhs)) `->` qualified(type($result))
  }];
  let hasVerifier = 1;
}

def Tile_MapOp : Tile_Op<"map", [RecursiveMemoryEffects, SingleBlock]> {
  let summary = "compute tiles elementwise by a scalar region";
  let description = [{
    The region gets one scalar per operand and yields one per result; all results have one shape. An operand of the same shape is read elementwise; a
    rank-1 operand of a rank-2 map is spread as its `broadcast` entry says: `rows` (one value per row) or `columns`. `tile.index` gives the element's
    coordinates; scalars of the kernel may be used freely.

    With `reduce`, written by `tile-fuse-maps`, a result is not stored but combined along each row, as `tile.reduce` along axis 1 would: it is a rank-1 tile. The
    first result is never reduced.

    ```mlir
    %p = tile.map %s, %m broadcast [none, rows] : !tile.tile<64x32xf32>, !tile.tile<64xf32> -> !tile.tile<64x32xf32> {
    ^bb0(%x: f32, %max: f32):
      %d = arith.subf %x, %max : f32
      %e = math.exp2 %d : f32
      tile.yield %e : f32
    }
    %w, %sum = tile.map %s reduce [none, sum] : !tile.tile<64x32xf32> -> !tile.tile<64x32xf32>, !tile.tile<64xf32> {
    ^bb0(%x: f32):
      tile.yield %x, %x : f32, f32
    }
    ```
  }];
  let arguments = (ins Variadic<Tile_TileType>:$inputs, DenseI32ArrayAttr:$broadcast, OptionalAttr<DenseI32ArrayAttr>:$reductions);
  let results = (outs Variadic<Tile_TileType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<int64_t> getShape();
    Broadcast getBroadcastOf(unsigned operand) { return static_cast<Broadcast>(getBroadcast()[operand]); }
    /// How a result is combined along its rows, if it is.
    ::std::optional<Reduction> getReductionOf(unsigned result);
    /// Entry of `reductions` for a result that is stored.
    static constexpr int32_t kNotReduced = -1;
  }];
  let builders = [OpBuilder<(ins "::mlir::TypeRange":$results, "::mlir::ValueRange":$inputs, "::llvm::ArrayRef<Broadcast>":$broadcast,
                                 "::llvm::function_ref<void(::mlir::OpBuilder &, ::mlir::Location, ::mlir::ValueRange)>":$body)>];
}

def Tile_IndexOp : Tile_Op<"index", [Pure, HasParent<"MapOp">]> {
  let summary = "coordinate of the element inside its tile, along axis 0 (rows) or 1 (columns)";
  let arguments = (ins ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<1>]>:$axis);
  let results = (outs Index:$result);
  let assemblyFormat = "$axis attr-dict";
}

def Tile_ReduceOp : Tile_Op<"reduce", [Pure]> {
  let summary = "reduce a rank-2 tile along an axis, or a rank-1 tile to a scalar";
  let description = [{
    A rank-2 tile gives a rank-1 tile of the other axis; a rank-1 tile gives a scalar that is the same in all threads of the block. Order is fixed, so
    results are reproducible. Integers are signed.

    ```mlir
    %m = tile.reduce max %s axis 1 : !tile.tile<64x32xf32> -> !tile.tile<64xf32>
    ```
  }];
  let arguments = (ins Tile_Reduction:$kind, Tile_TileType:$tile, ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<1>]>:$axis);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$kind $tile `axis` $axis attr-dict `:` qualified(type($tile)) `->` qualified(type($result))";
  let hasVerifier = 1;
}

def Tile_ConvertOp : Tile_Op<"convert", [Pure]> {
  let summary = "change the element type, space or layout of a tile; its values stay (rounded to nearest even)";
  let arguments = (ins Tile_TileType:$tile);
  let results = (outs Tile_TileType:$result);
  let assemblyFormat = "$tile attr-dict `:` qualified(type($tile)) `->` qualified(type($result))";
  let hasVerifier = 1;
}

def Tile_ConvertOnceOp : Tile_Op<"convert_once", [MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "convert a tile once per launch, into a slot where every work item finds it";
  let description = [{
    The result is what `tile.convert` gives. Work items that ask for the same `indices` must ask for the same values: the first one converts into
    `slots[indices]`, those that come later read the slot. `states[indices]` says who is first: 0 nobody yet (before the launch all are), 1 somebody is converting,
    2 ready. Nobody waits: who finds 1 converts into memory of its own, so results do not depend on who was first. So does everybody where the last index is
    beyond the last dimension of `states`: a launch may leave slots out. Written by `tile-share-copies` only.

    ```mlir
    %v16 = tile.convert_once %v into %slots, %states[%b, %g, %t] : !tile.tile<128x64xbf16, global>, memref<?x?x?x8192xbf16, strided<[?, ?, ?, 1], offset: ?>>,
      memref<?x?x?xi32, strided<[?, ?, 1], offset: ?>> -> !tile.tile<128x64xbf16, global, #tile.pairs<1>>
    ```
  }];
  let arguments = (ins Tile_TileType:$tile, Tile_Memory:$slots, Tile_Memory:$states, Variadic<Index>:$indices);
  let results = (outs Tile_TileType:$result);
  let assemblyFormat = [{
    $tile `into` $slots `,` $states `[` $indices `]` attr-dict `:` qualified(type($tile)) `,` type($slots) `,` type($states) `->` qualified(type($result))
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Visit
//===----------------------------------------------------------------------===//

def Tile_VisitOp : Tile_Op<"visit", [AttrSizedOperandSegments, RecursiveMemoryEffects]> {
  let summary = "walk the tiles along an axis that the work item must visit";
  let description = [{
    Segment i starts at tile `starts[i]` and holds either `partial[i]` partial tiles or `full[i]` full ones (at least one of the two is 0). The visit walks the
    partial tiles of all segments in order with the `partial` body, then the full ones in order with the `full` body; bodies get the first
    row of the tile (tile number · `step`) and the carried values. No class test stands in the full body.

    `hull` holds pairs of ends along the axis: outside [low, high) of each pair no element of a partial tile counts, and the lowering may leave it out of
    whatever the partial body computes. Without pairs all elements count.

    With a `before` region (written by `tile-pipeline`) the visit looks ahead by one tile: `before` runs once, with the first tile's first row, and the
    bodies take (first row, ordinal of the tile, first row of the *next* tile, carried values). Where there is no such tile its row is `kNoRow`, beyond
    every limit, so a copy from there touches no memory. It excludes a `test` region.

    With a `test` region every *partial* tile is asked first: it yields (any, all); a tile without any attended pair is skipped, one with all
    pairs attended takes the full body. It may yield two more values, [begin, end), counted from the tile's first row: outside of it no element of the tile counts,
    as outside of `hull`. Source of the two lists: FlashAttention-4 and FlexAttention visit partial, then full blocks; here both are runs in closed form.

    ```mlir
    %sum = tile.visit key step 64 starts(%s) partial(%p) full(%f) iter_args(%init : f32) -> f32
      partial { ^bb0(%k0: index, %acc: f32): tile.yield %acc : f32 }
      full { ^bb0(%k0: index, %acc: f32): tile.yield %acc : f32 }
    ```
  }];
  let arguments = (ins Tile_Axis:$axis, I64Attr:$step, Variadic<Index>:$starts, Variadic<Index>:$partial, Variadic<Index>:$full,
                       Variadic<Index>:$hulls, Variadic<AnyType>:$inits);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region MaxSizedRegion<1>:$before, MaxSizedRegion<1>:$test, SizedRegion<1>:$partialBody, SizedRegion<1>:$fullBody);
  let assemblyFormat = [{
    $axis `step` $step `starts` `(` $starts `)` `partial` `(` $partial `)` `full` `(` $full `)` (`hull` `(` $hulls^ `)`)?
    (`iter_args` `(` $inits^ `:` type($inits) `)` `->` type($results))? attr-dict-with-keyword
    custom<VisitBodies>($before, $test, $partialBody, $fullBody)
  }];
  let hasVerifier = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    static constexpr int64_t kNoRow = int64_t(1) << 31;
    bool looksAhead() { return !getBefore().empty(); }
    /// Does the test say more than (any, all)?
    bool givesKeys() { return !getTest().empty() && getTest().front().mightHaveTerminator() && getTest().front().getTerminator()->getNumOperands() > 2; }
    /// Leading index arguments of the partial and full bodies, before the carried values.
    unsigned getNumPositionArguments() { return looksAhead() ? 3 : 1; }
  }];
}

def Tile_YieldOp : Tile_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["MapOp", "VisitOp", "LoadOp", "StoreOp"]>]> {
  let summary = "end a body of tile.map or tile.visit, or the row map of a load or store";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), [{ (void)$_state; }]>];
}

#endif // LACUNA_DIALECTS_TILE_TILEOPS_TD
