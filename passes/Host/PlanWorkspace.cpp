// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One workspace per entry. Sizes are recomputed at the start of the function and in NAME.workspace_bytes by cloning the pure ops that lead to
// them. Buffers are not reused within a run.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTPLANWORKSPACEPASS
#include "passes/Host/Passes.h.inc"

namespace {

constexpr int64_t kAlignment = 64;

/// Where the allocations of a function lie: offsets in bytes, run-time sizes, and the sum.
struct Plan {
  SmallVector<Value> offsets;
  SmallVector<SmallVector<Value>> sizes;
  Value total;
};

/// Clones what computes `value` from the values in `map`; fails at anything impure or with regions.
FailureOr<Value> rebuild(OpBuilder &b, Value value, IRMapping &map) {
  if (Value known = map.lookupOrNull(value))
    return known;
  Operation *op = value.getDefiningOp();
  if (!op || !isPure(op) || op->getNumRegions())
    return failure();
  for (Value operand : op->getOperands())
    if (failed(rebuild(b, operand, map)))
      return failure();
  b.clone(*op, map);
  return map.lookup(value);
}

/// Bytes of an allocation, rounded up to the alignment.
Value emitBytes(ImplicitLocOpBuilder &b, MemRefType type, ValueRange sizes) {
  int64_t fixed = DataLayout::closest(b.getInsertionBlock()->getParentOp()).getTypeSize(type.getElementType());
  for (int64_t size : type.getShape())
    fixed *= ShapedType::isDynamic(size) ? 1 : size;
  Value bytes = arith::ConstantIndexOp::create(b, fixed);
  for (Value size : sizes)
    bytes = arith::MulIOp::create(b, bytes, size);
  bytes = arith::AddIOp::create(b, bytes, arith::ConstantIndexOp::create(b, kAlignment - 1));
  return arith::AndIOp::create(b, bytes, arith::ConstantIndexOp::create(b, -kAlignment));
}

FailureOr<Plan> emitPlan(ImplicitLocOpBuilder &b, ArrayRef<memref::AllocOp> allocs, IRMapping &map) {
  Plan plan;
  plan.total = arith::ConstantIndexOp::create(b, 0);
  for (memref::AllocOp alloc : allocs) {
    SmallVector<Value> &sizes = plan.sizes.emplace_back();
    for (Value size : alloc.getDynamicSizes()) {
      FailureOr<Value> rebuilt = rebuild(b, size, map);
      if (failed(rebuilt))
        return alloc.emitError("expects the size of a temporary buffer to be computed from sizes and scalars of arguments, but got ") << size;
      sizes.push_back(*rebuilt);
    }
    plan.offsets.push_back(plan.total);
    plan.total = arith::AddIOp::create(b, plan.total, emitBytes(b, alloc.getType(), sizes));
  }
  return plan;
}

/// Adds NAME.workspace_bytes.
LogicalResult emitWorkspaceBytes(func::FuncOp entry, ArrayRef<memref::AllocOp> allocs) {
  OpBuilder outer(entry.getContext());
  outer.setInsertionPointAfter(entry);
  auto type = outer.getFunctionType(entry.getArgumentTypes(), outer.getIndexType());
  auto function = func::FuncOp::create(outer, entry.getLoc(), (entry.getName() + ".workspace_bytes").str(), type);
  function->setAttr(kPartAttr, outer.getStringAttr("workspace_bytes"));
  auto b = ImplicitLocOpBuilder::atBlockBegin(entry.getLoc(), function.addEntryBlock());
  IRMapping map;
  map.map(entry.getArguments(), function.getArguments());
  FailureOr<Plan> plan = emitPlan(b, allocs, map);
  if (failed(plan))
    return failure();
  func::ReturnOp::create(b, plan->total);
  return success();
}

LogicalResult placeAllocations(func::FuncOp entry, ArrayRef<memref::AllocOp> allocs) {
  auto b = ImplicitLocOpBuilder::atBlockBegin(entry.getLoc(), &entry.getBody().front());
  IRMapping map;
  for (BlockArgument argument : entry.getArguments())
    map.map(argument, argument);
  FailureOr<Plan> plan = emitPlan(b, allocs, map);
  if (failed(plan))
    return failure();
  auto workspaceType = MemRefType::get(ShapedType::kDynamic, b.getI8Type());
  auto marker = b.getDictionaryAttr(b.getNamedAttr(kWorkspaceAttr, b.getUnitAttr()));
  (void)entry.insertArgument(entry.getNumArguments(), workspaceType, marker, entry.getLoc());
  for (auto [allocOp, offset, sizes] : llvm::zip(allocs, plan->offsets, plan->sizes)) {
    memref::AllocOp alloc = allocOp;
    b.setInsertionPoint(alloc);
    alloc.replaceAllUsesWith(Value(memref::ViewOp::create(b, alloc.getType(), entry.getArguments().back(), offset, sizes)));
    alloc.erase();
  }
  return success();
}

struct HostPlanWorkspace final : impl::HostPlanWorkspacePassBase<HostPlanWorkspace> {
  void runOnOperation() override {
    for (func::FuncOp entry : getEntries(getOperation())) {
      SmallVector<memref::AllocOp> allocs;
      WalkResult contiguous = entry.walk([&](memref::AllocOp alloc) {
        allocs.push_back(alloc);
        if (alloc.getType().getLayout().isIdentity() && alloc.getSymbolOperands().empty())
          return WalkResult::advance();
        alloc.emitError("expects a contiguous temporary buffer, but got ") << alloc.getType();
        return WalkResult::interrupt();
      });
      if (contiguous.wasInterrupted() || failed(emitWorkspaceBytes(entry, allocs)) || failed(placeAllocations(entry, allocs)))
        return signalPassFailure();
    }
  }
};

} // namespace
} // namespace lacuna
