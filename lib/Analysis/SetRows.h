// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One row of a run-time set: where its entries are and how one is read. Nothing outside a table is read. Questions about rows: SetMembership.h.
#pragma once

#include "dialects/Attn/Attn.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace lacuna {

/// The tables of a set (memrefs, in the order of its constructor) for one batch entry and query head of `heads`.
struct SetView {
  attn::SetFormat format;
  llvm::SmallVector<mlir::Value> tables;
  mlir::Value batch, head, heads;
  bool inBounds = false; ///< as in attn.contains
};

/// The set of an attn.contains whose operands are mapped by `mapping`.
SetView setViewOf(attn::ContainsOp op, const mlir::IRMapping &mapping, mlir::Value heads);

/// Indices of a table whose first two dimensions may be shared (attn.lookup `grouped`): batch 0 where there is one only, the head's group.
void emitGroupIndices(mlir::ImplicitLocOpBuilder &b, mlir::Value table, mlir::Value heads, mlir::Value &batch, mlir::Value &head);

/// An element of a table of integers as `index`.
mlir::Value loadIndex(mlir::ImplicitLocOpBuilder &b, mlir::Value table, mlir::ValueRange at);

/// A row of a csr or list set: its entries have the numbers [begin, end), none for a row outside the tables.
class ListRow {
public:
  ListRow(mlir::ImplicitLocOpBuilder &b, const SetView &set, mlir::Value row);
  static bool hasFormat(attn::SetFormat format) { return format == attn::SetFormat::Csr || format == attn::SetFormat::List; }

  mlir::Value begin, end;
  /// An entry as `index`.
  mlir::Value read(mlir::ImplicitLocOpBuilder &b, mlir::Value number) const;

private:
  mlir::Value entries;
  llvm::SmallVector<mlir::Value> place; ///< of the row among the entries
};

/// A row of a bitmap or table set: columns [0, count) may be read where the row `exists`. Of a set that is read in bounds, row and columns are there whenever they
/// are asked for: they may be read in any case, `exists` says whether that counts, and there is no count.
class ColumnRow {
public:
  ColumnRow(mlir::ImplicitLocOpBuilder &b, const SetView &set, mlir::Value row);
  static bool hasFormat(attn::SetFormat format) { return format == attn::SetFormat::Bitmap || format == attn::SetFormat::Table; }

  mlir::Value exists, count;
  mlir::Value isSet(mlir::ImplicitLocOpBuilder &b, mlir::Value column) const;

private:
  attn::SetFormat format;
  mlir::Value table;
  llvm::SmallVector<mlir::Value> place;
};

} // namespace lacuna
