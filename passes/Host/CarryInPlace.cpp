// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// host-carry-in-place: bufferization wants what a loop yields in the memory of what it carries, and computes most values somewhere else. One copy an iteration
// says so. Letting loops yield memory of their own is no way: all iterations have one place in the workspace, and would read what they write.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTCARRYINPLACEPASS
#include "passes/Host/Passes.h.inc"

namespace {

/// Whether `value` is `carried`, or made from it by ops that write what they start from.
bool isInPlace(Value value, BlockArgument carried) {
  if (value == carried)
    return true;
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return false;
  if (auto loop = dyn_cast<scf::ForOp>(result.getOwner()))
    return isInPlace(loop.getInitArgs()[result.getResultNumber()], carried);
  if (auto branch = dyn_cast<scf::IfOp>(result.getOwner()))
    return llvm::all_of(ArrayRef<Region *>{&branch.getThenRegion(), &branch.getElseRegion()}, [&](Region *region) {
      return isInPlace(region->front().getTerminator()->getOperand(result.getResultNumber()), carried);
    });
  if (auto cast = dyn_cast<tensor::CastOp>(result.getOwner()))
    return isInPlace(cast.getSource(), carried);
  auto writes = dyn_cast<DestinationStyleOpInterface>(result.getOwner());
  return writes && isInPlace(writes.getTiedOpOperand(result)->get(), carried);
}

struct HostCarryInPlace final : impl::HostCarryInPlacePassBase<HostCarryInPlace> {
  void runOnOperation() override {
    getOperation()->walk([](scf::ForOp loop) {
      auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
      OpBuilder b(yield);
      for (auto [i, carried] : llvm::enumerate(loop.getRegionIterArgs())) {
        Value yielded = yield.getOperand(i);
        if (isa<TensorType>(carried.getType()) && !isInPlace(yielded, carried))
          yield.setOperand(i, bufferization::MaterializeInDestinationOp::create(b, yield.getLoc(), carried.getType(), yielded, carried).getResult());
      }
    });
  }
};

} // namespace
} // namespace lacuna
