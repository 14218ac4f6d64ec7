// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rewrites a mask on local coordinates (of a document, of a part of a longer sequence) into one on the coordinates outside.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna::attn {

/// How local coordinates and lengths follow from the coordinates outside. The hooks emit code into the region of one atom.
class CoordinateFrame {
public:
  enum Side { Query, Key };
  virtual ~CoordinateFrame() = default;

  /// Copies the tree of atoms, blocks and algebra `mask` so that all of them see local coordinates and lengths. Null, with an error on the op, where the tree
  /// holds anything else.
  mlir::Value localize(mlir::OpBuilder &b, mlir::Value mask) const;

  /// What the other hooks need to know of the place that `coordinate` lies in (the document); may be null. A pair's place is its query's, so that what a key is
  /// moved by is known by row; who localizes a mask adds that pairs of two places do not attend.
  virtual mlir::Value locate(mlir::OpBuilder &b, mlir::Location loc, Side side, mlir::Value coordinate) const { return {}; }
  virtual mlir::Value toLocal(mlir::OpBuilder &b, mlir::Location loc, Side side, mlir::Value coordinate, mlir::Value place) const = 0;
  /// The key outside of a local one.
  virtual mlir::Value fromLocal(mlir::OpBuilder &b, mlir::Location loc, mlir::Value key, mlir::Value place) const = 0;
  virtual mlir::Value length(mlir::OpBuilder &b, mlir::Location loc, Side side, mlir::Value place) const = 0;
  /// For diagnostics: "a document".
  virtual llvm::StringRef name() const = 0;
};

} // namespace lacuna::attn
