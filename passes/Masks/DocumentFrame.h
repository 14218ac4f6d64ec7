// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Coordinates of packed documents: each begins at 0 and has its own lengths.
#pragma once

#include "passes/Masks/CoordinateFrame.h"

namespace lacuna::attn {

/// The boundaries of packed documents on both sides. What localize() makes is right for pairs in the same document only.
class DocumentFrame final : public CoordinateFrame {
public:
  DocumentFrame(mlir::Value cuQ, mlir::Value cuK) : cuQ(cuQ), cuK(cuK) {}

  /// A(b,h,q,k) = q and k lie in the same document: keys [cu_k[d], cu_k[d + 1]) with d the document of q.
  mlir::Value sameDocument(mlir::OpBuilder &b, mlir::Location loc) const;

  mlir::Value locate(mlir::OpBuilder &b, mlir::Location loc, Side side, mlir::Value coordinate) const override;
  mlir::Value toLocal(mlir::OpBuilder &b, mlir::Location loc, Side side, mlir::Value coordinate, mlir::Value document) const override;
  mlir::Value fromLocal(mlir::OpBuilder &b, mlir::Location loc, mlir::Value key, mlir::Value document) const override;
  mlir::Value length(mlir::OpBuilder &b, mlir::Location loc, Side side, mlir::Value document) const override;
  llvm::StringRef name() const override { return "a document"; }

private:
  mlir::Value boundaries(Side side) const { return side == Query ? cuQ : cuK; }
  mlir::Value cuQ, cuK;
};

} // namespace lacuna::attn
