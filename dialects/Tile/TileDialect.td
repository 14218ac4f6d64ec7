// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tile dialect: its name, the tile type, spaces and layouts.
#ifndef LACUNA_DIALECTS_TILE_TILEDIALECT_TD
#define LACUNA_DIALECTS_TILE_TILEDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Tile_Dialect : Dialect {
  let name = "tile";
  let cppNamespace = "::lacuna::tile";
  let summary = "How one cooperative block computes attention: tiles moved and combined";
  let description = [{
    A `tile.kernel` is the program of one work item (query tile, head, batch); `tile.launch` maps the items to blocks. Tiles are SSA values. The dialect
    is neutral between CPU and GPU: which memory a tile lives in and how its elements are laid out are filled in by `tile-assign-memory` and
    `tile-assign-layouts`; before them a kernel's text is the same for every target. Rationale: dialects/Tile/README.md.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"];
  let extraClassDeclaration = [{
    /// Module attribute that names the chip the module is compiled for (a name of lib/Target).
    static ::llvm::StringRef getTargetAttrName() { return "tile.target"; }
    /// Kernel attribute with the `#attn.schedule` it was tiled by.
    static ::llvm::StringRef getScheduleAttrName() { return "tile.schedule"; }
    /// GPU kernel attribute with the bytes of shared memory it uses (tile-pipeline).
    static ::llvm::StringRef getSharedBytesAttrName() { return "tile.shared_bytes"; }
  }];
}

def Tile_Space : I32EnumAttr<"Space", "memory that a tile lives in", [
    I32EnumAttrCase<"Any", 0, "any">,              // not assigned yet
    I32EnumAttrCase<"Global", 1, "global">,        // where it was loaded from: a view, nothing is copied
    I32EnumAttrCase<"Shared", 2, "shared">,        // GPU shared memory / LDS
    I32EnumAttrCase<"Registers", 3, "registers">,  // spread over the threads of the block
    I32EnumAttrCase<"Scratch", 4, "scratch">]> {   // a CPU thread's own buffer, sized for L1/L2
  let cppNamespace = "::lacuna::tile";
  let genSpecializedAttr = 0;
}

def Tile_TileType : TypeDef<Tile_Dialect, "Tile"> {
  let mnemonic = "tile";
  let summary = "a rank-1 or rank-2 block of elements held by one cooperative block";
  let description = [{
    `!tile.tile<128x64xbf16>`, and after the memory passes `!tile.tile<128x64xbf16, shared, #layout>`. The shape is logical: rows are queries for scores
    and outputs, whatever order the layout stores them in. Rank 1 holds one value per row (or per column, as its user says). Elements are floats or signless
    integers.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$shape, "::mlir::Type":$elementType,
                        DefaultValuedParameter<"Space", "Space::Any">:$space, OptionalParameter<"::mlir::Attribute">:$layout);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t getRank() { return getShape().size(); }
    int64_t getNumElements();
    TileType withSpace(Space space) { return get(getContext(), getShape(), getElementType(), space, getLayout()); }
    TileType withLayout(::mlir::Attribute layout) { return get(getContext(), getShape(), getElementType(), getSpace(), layout); }
    TileType withElementType(::mlir::Type type) { return get(getContext(), getShape(), type, getSpace(), getLayout()); }
  }];
  let builders = [TypeBuilder<(ins "::llvm::ArrayRef<int64_t>":$shape, "::mlir::Type":$elementType), [{
    return $_get($_ctxt, shape, elementType, Space::Any, ::mlir::Attribute());
  }]>];
}

def Tile_LanesAttr : AttrDef<Tile_Dialect, "Lanes"> {
  let mnemonic = "lanes";
  let summary = "scratch layout of a CPU: the given axis is contiguous, in the vector lanes";
  let description = [{
    For a 4x2 tile, `#tile.lanes<1>` is row-major and `#tile.lanes<0>` stores the transpose:

    ```
    lanes<1>: (0,0) (0,1) (1,0) (1,1) (2,0) (2,1) (3,0) (3,1)
    lanes<0>: (0,0) (1,0) (2,0) (3,0) (0,1) (1,1) (2,1) (3,1)
    ```
  }];
  let parameters = (ins "int64_t":$axis);
  let assemblyFormat = "`<` $axis `>`";
}

def Tile_PairsAttr : AttrDef<Tile_Dialect, "Pairs"> {
  let mnemonic = "pairs";
  let summary = "scratch layout of 16-bit operands on a CPU: `axis` in the vector lanes, two neighbours along the other axis in one 32-bit lane";
  let description = [{
    What dot-product instructions on 16-bit pairs (VDPBF16PS, and AMX for its right operand) read. For a 2x4 tile:

    ```
    pairs<0>: (0,0) (0,1) (1,0) (1,1)   pairs of columns; rows in the lanes
              (0,2) (0,3) (1,2) (1,3)
    pairs<1>: (0,0) (1,0) (0,1) (1,1) (0,2) (1,2) (0,3) (1,3)   pairs of rows; columns in the lanes
    ```

    With axis 1 columns come in panels of sixteen (eight, where sixteen do not divide them): all pairs of rows of the first columns, then those of the next. A product
    that broadcasts the pairs of some columns to its lanes reads one stretch of memory.
  }];
  let parameters = (ins "int64_t":$axis);
  let assemblyFormat = "`<` $axis `>`";
}

//===----------------------------------------------------------------------===//
// Layouts on a GPU
//===----------------------------------------------------------------------===//

def Tile_SpreadAttr : AttrDef<Tile_Dialect, "Spread"> {
  let mnemonic = "spread";
  let summary = "register layout of one axis of a tile: over registers, lanes and warps of a GPU block";
  let description = [{
    Position p along the axis is a mixed-radix number, innermost digit first: `inner` consecutive registers, `lanes` lanes whose numbers lie `stride` apart,
    `outer` registers, `warps` warps:

    ```
    p = i + inner * (((lane / stride) % lanes) + lanes * (o + outer * warp))      0 <= i < inner, 0 <= o < outer
    ```

    A thread holds `inner * outer` positions, register number i + inner * o. Lanes that share the digit hold copies; with `warps` = 1 all warps do.
    Along the axis this is the layout of a rank-1 tile; two of them make the layout of a rank-2 tile (`#tile.fragment`).
  }];
  let parameters = (ins "int64_t":$inner, "int64_t":$lanes, "int64_t":$stride, "int64_t":$outer, "int64_t":$warps);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// Positions that one thread holds.
    int64_t getRegisters() const { return getInner() * getOuter(); }
    int64_t getSize() const { return getRegisters() * getLanes() * getWarps(); }
    /// Distance of register `r` from the thread's first position.
    int64_t getOffset(int64_t r) const { return r % getInner() + getInner() * getLanes() * (r / getInner()); }
  }];
}

def Tile_FragmentAttr : AttrDef<Tile_Dialect, "Fragment"> {
  let mnemonic = "fragment";
  let summary = "register layout of a rank-2 tile: rows and columns are spread independently";
  let description = [{
    One parametric form covers the accumulators *and* the left operands of the matrix instructions in use, so elementwise code, row reductions and masks
    are lowered by the same code for NVIDIA and AMD. The register of (row register r, column register c) is number r * column registers + c.

    NVIDIA mma.m16n8k16, 16 rows of one warp (lane = 4 * g + t; registers a b | c d | …):

    ```
    rows    = <inner = 1, lanes = 8, stride = 4, outer = 2, warps = W>          column   0  1   2  3   4  5   6  7   8  9 …
    columns = <inner = 2, lanes = 4, stride = 1, outer = N/8, warps = 1>   row 0    t0 ab   t1 ab   t2 ab   t3 ab   t0 …
                                                                            row 1    t4 ab   t5 ab   t6 ab   t7 ab   t4 …
                                                                            …
                                                                            row 8    t0 cd   t1 cd   t2 cd   t3 cd
    ```

    As accumulator of m16n8 and as A operand of m16k16 the positions are the same, hence P needs no exchange between the two products.

    AMD mfma 32x32x8 computing Sᵀ = K·Qᵀ, so the tile's rows (queries) are the instruction's columns; 32 rows of one wave:

    ```
    rows    = <inner = 1, lanes = 32, stride = 1, outer = 1, warps = W>         column   0 1 2 3   4 5 6 7     8 9 …
    columns = <inner = 4, lanes = 2, stride = 32, outer = N/8, warps = 1>  row 0    t0 abcd   t32 abcd   t0 …
                                                                            row 1    t1 abcd   t33 abcd   t1 …
    ```

    The accumulator of Sᵀ and the B operand Pᵀ of Oᵀ = Vᵀ·Pᵀ coincide again.
  }];
  let parameters = (ins "SpreadAttr":$rows, "SpreadAttr":$columns);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    int64_t getRegisters() const { return getRows().getRegisters() * getColumns().getRegisters(); }
    SpreadAttr getAxis(unsigned axis) const { return axis == 0 ? getRows() : getColumns(); }
  }];
}

def Tile_SwizzleAttr : AttrDef<Tile_Dialect, "Swizzle"> {
  let mnemonic = "swizzle";
  let summary = "shared-memory layout of a rank-2 tile: rows of `pitch` elements, vectors permuted by xor with the row";
  let description = [{
    Element (r, c) lies at `r * pitch + ((c / vector) ^ ((r / repeat) % phases)) * vector + c % vector`. With vectors of 16 bytes, 8 phases and rows of
    128 bytes the eight rows that one ldmatrix phase reads lie in eight different groups of four banks:

    ```
    <pitch = 64, vector = 8, phases = 8, repeat = 1>, 16-bit elements: which vector stands in each of the row's eight slots
    row 0:  0 1 2 3 4 5 6 7
    row 1:  1 0 3 2 5 4 7 6
    row 2:  2 3 0 1 6 7 4 5
    …
    row 7:  7 6 5 4 3 2 1 0
    ```

    Rows of 64 bytes share a line of banks in pairs: `repeat` = 2, `phases` = 4.
  }];
  let parameters = (ins "int64_t":$pitch, "int64_t":$vector, "int64_t":$phases, "int64_t":$repeat);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Tile_RingType : TypeDef<Tile_Dialect, "Ring"> {
  let mnemonic = "ring";
  let summary = "`stages` buffers in shared memory for tiles of one type, used in turn";
  let parameters = (ins "int64_t":$stages, "::lacuna::tile::TileType":$tile);
  let assemblyFormat = "`<` $stages `,` qualified($tile) `>`";
  let extraClassDeclaration = [{
    /// Bytes of one buffer.
    int64_t getBufferBytes() const;
  }];
}

def Tile_Axis : I32EnumAttr<"Axis", "what a visit walks", [
    I32EnumAttrCase<"Key", 0, "key">, I32EnumAttrCase<"Query", 1, "query">]> {
  let cppNamespace = "::lacuna::tile";
}

def Tile_Reduction : I32EnumAttr<"Reduction", "how values are combined", [
    I32EnumAttrCase<"Sum", 0, "sum">, I32EnumAttrCase<"Max", 1, "max">, I32EnumAttrCase<"Min", 2, "min">]> {
  let cppNamespace = "::lacuna::tile";
}

def Tile_Broadcast : I32EnumAttr<"Broadcast", "how an operand of tile.map is spread over the result", [
    I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Rows", 1, "rows">, I32EnumAttrCase<"Columns", 2, "columns">]> {
  let cppNamespace = "::lacuna::tile";
  let genSpecializedAttr = 0;
}

#endif // LACUNA_DIALECTS_TILE_TILEDIALECT_TD
