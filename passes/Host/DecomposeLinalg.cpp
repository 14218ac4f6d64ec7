// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Aggregates such as linalg.softmax become the generics that they stand for: upstream knows how, but has no pass that asks.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTDECOMPOSELINALGPASS
#include "passes/Host/Passes.h.inc"

namespace {

struct HostDecomposeLinalg final : impl::HostDecomposeLinalgPassBase<HostDecomposeLinalg> {
  void runOnOperation() override {
    SmallVector<linalg::AggregatedOpInterface> ops;
    getOperation()->walk([&](linalg::AggregatedOpInterface op) { ops.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::AggregatedOpInterface op : ops) {
      rewriter.setInsertionPoint(op);
      FailureOr<SmallVector<Value>> results = op.decomposeOperation(rewriter);
      if (succeeded(results)) // e.g. not for memrefs: those fail where nothing lowers them
        rewriter.replaceOp(op, *results);
    }
  }
};

} // namespace
} // namespace lacuna
