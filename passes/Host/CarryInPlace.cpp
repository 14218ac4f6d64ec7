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

/// Copies first: what another carried tensor holds may be overwritten before it is read (two that change places).
void carryInPlace(scf::ForOp loop) {
  auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
  OpBuilder b(yield);
  SmallVector<std::pair<OpOperand *, BlockArgument>> elsewhere;
  for (auto [operand, carried] : llvm::zip(yield->getOpOperands(), loop.getRegionIterArgs()))
    if (isa<TensorType>(carried.getType()) && !isInPlace(operand.get(), carried))
      elsewhere.push_back({&operand, carried});
  for (auto [operand, carried] : elsewhere)
    if (llvm::any_of(loop.getRegionIterArgs(), [&](BlockArgument other) { return isInPlace(operand->get(), other); }))
      operand->set(bufferization::AllocTensorOp::create(b, yield.getLoc(), cast<RankedTensorType>(carried.getType()), ValueRange(), operand->get()));
  for (auto [operand, carried] : elsewhere)
    operand->set(bufferization::MaterializeInDestinationOp::create(b, yield.getLoc(), carried.getType(), operand->get(), carried).getResult());
}

struct HostCarryInPlace final : impl::HostCarryInPlacePassBase<HostCarryInPlace> {
  void runOnOperation() override { getOperation()->walk(carryInPlace); }
};

} // namespace
} // namespace lacuna
