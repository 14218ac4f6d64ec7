// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// memref.copy becomes linalg.generic, hence loops.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Builders.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTCOPYTOLINALGPASS
#include "passes/Host/Passes.h.inc"

namespace {

struct HostCopyToLinalg final : impl::HostCopyToLinalgPassBase<HostCopyToLinalg> {
  void runOnOperation() override {
    getOperation()->walk([](memref::CopyOp copy) {
      OpBuilder b(copy);
      linalg::makeMemRefCopyOp(b, copy.getLoc(), copy.getSource(), copy.getTarget());
      copy.erase();
    });
  }
};

} // namespace
} // namespace lacuna
