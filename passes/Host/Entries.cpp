// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the host passes agree on: which functions are entries, and which memref a tensor at their boundary becomes.
#include "passes/Host/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

SmallVector<func::FuncOp> lacuna::getEntries(ModuleOp module) {
  SmallVector<func::FuncOp> entries;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isExternal() && !function->hasAttr(kPartAttr))
      entries.push_back(function);
  return entries;
}

MemRefType lacuna::getBoundaryType(RankedTensorType type, Attribute memorySpace) {
  SmallVector<int64_t> strides(type.getRank(), ShapedType::kDynamic);
  if (!strides.empty())
    strides.back() = 1;
  auto layout = StridedLayoutAttr::get(type.getContext(), ShapedType::kDynamic, strides);
  return MemRefType::get(type.getShape(), type.getElementType(), layout, memorySpace);
}
