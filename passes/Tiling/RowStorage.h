// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gathered rows as an address map of the kernel: which tensor and table a kernel gets in place of a gathered operand, and the row maps of its loads and
// stores.
#pragma once

#include "dialects/Attn/Attn.h"
#include "dialects/Tile/Tile.h"

namespace lacuna {

/// Where the rows of one operand lie. On the host: tensors; in the kernel (after `enter`): memrefs.
struct RowStorage {
  mlir::Value source;
  mlir::Value table; ///< null: every row lies at its own position
  int64_t page = 0;  ///< rows of a page; 0: the table holds rows
};

/// Size `i` of a tensor or memref.
mlir::Value sizeOf(mlir::ImplicitLocOpBuilder &b, mlir::Value memory, int64_t i);

/// The storage behind an operand of an attention with `layout`.
RowStorage storageOf(mlir::Value operand, attn::Layout layout);
/// The scatter that takes the attention's output apart, if that is its only use; else null.
attn::ScatterRowsOp scatterOf(mlir::Value output, attn::Layout layout);

/// Checks on the host, in the name of `user`, that the table of a gather (`result`) serves `batches` batch entries and all heads, that there is a row to read,
/// and that sizes which only the result's type states are those of the source. Nothing for an operand that is not gathered.
void emitGatherRequirements(mlir::ImplicitLocOpBuilder &b, const RowStorage &storage, mlir::Value result, attn::Layout layout, mlir::Value batches,
                            llvm::StringRef user);
/// Checks on the host, in the name of `user`, that the table of a scatter serves all `rows` of a source of so many batch entries and heads, and that its
/// target has just these.
void emitScatterRequirements(mlir::ImplicitLocOpBuilder &b, attn::ScatterRowsOp scatter, mlir::Value batches, mlir::Value heads, mlir::Value rows,
                             llvm::StringRef user);

/// Number of rows as attention sees them. `view` has its last two dimensions (sequence, feature).
mlir::Value emitLength(mlir::ImplicitLocOpBuilder &b, const RowStorage &storage, mlir::Value view);

/// The rows of one operand for one (batch, head), as a kernel finds them once, before it visits any tile: whatever body loads them, the maps are the same.
struct KernelRows {
  mlir::Value memory;               ///< whose row numbers the maps yield: the view itself, or for pages one of unit row stride, rows counted in elements
  mlir::Value table;                ///< null: every row lies at its own position
  llvm::SmallVector<mlir::Value> at; ///< where the table's rows, or page numbers, begin
  mlir::Value count;                ///< rows, or pages, that exist
  int64_t page = 0;
  mlir::Value pageStride, rowStride; ///< of pages
};
/// `head` counts the operand's own heads; `view` is as in `emitLength`.
KernelRows emitRows(mlir::ImplicitLocOpBuilder &b, const RowStorage &storage, mlir::Value view, mlir::Value batch, mlir::Value head);

/// Fills the map of a load.
void emitLoadMap(tile::LoadOp load, const KernelRows &rows);
/// Fills the map of a store: rows that the destination does not have are not written.
void emitStoreMap(tile::StoreOp store, const KernelRows &rows);

} // namespace lacuna
