// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rewrites a mask on document-local coordinates into one on the coordinates outside the documents.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna::attn {

/// The boundaries of packed documents on both sides.
struct DocumentFrame {
  mlir::Value cuQ, cuK;

  /// A(b,h,q,k) = q and k lie in the same document: keys [cu_k[d], cu_k[d + 1]) with d the document of q.
  mlir::Value sameDocument(mlir::OpBuilder &b, mlir::Location loc) const;

  /// Copies the tree of atoms and algebra `mask` so that every atom sees q - cu_q[d], k - cu_k[d] and the lengths of
  /// document d. The copy is right for pairs in the same document only. Null, with an error on the op, where the tree
  /// holds anything else.
  mlir::Value localize(mlir::OpBuilder &b, mlir::Value mask) const;
};

} // namespace lacuna::attn
