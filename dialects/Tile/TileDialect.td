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
