// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verifiers of masks, atoms and index maps.
#include "dialects/Attn/Attn.h"
#include "dialects/Attn/ScalarRegionRules.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace lacuna::attn;

LogicalResult lacuna::attn::verifyScalarRegion(Operation *op, Region &region, StringRef arguments, unsigned numIndices, unsigned numYields, Type yielded) {
  Block &block = region.front();
  if (block.getNumArguments() != numIndices || llvm::any_of(block.getArgumentTypes(), [](Type t) { return !t.isIndex(); }))
    return op->emitOpError("expects a region with index arguments ") << arguments << ", but got " << block.getArgumentTypes();
  auto yield = dyn_cast<YieldOp>(block.back());
  if (!yield)
    return op->emitOpError("expects a region that ends in attn.yield");
  if (yield.getNumOperands() != numYields || llvm::any_of(yield.getOperandTypes(), [&](Type t) { return t != yielded; }))
    return yield.emitOpError("expects ") << numYields << " value(s) of type " << yielded << ", but got " << yield.getOperandTypes();
  for (Operation &inner : block.without_terminator())
    if (inner.getNumRegions() || !isMemoryEffectFree(&inner) || llvm::any_of(inner.getResultTypes(), [](Type t) { return !t.isIntOrIndexOrFloat(); }))
      return inner.emitOpError("is not allowed in the region of ") << op->getName() << ": expects pure scalar ops without regions";
  return success();
}

namespace {

LogicalResult verifyIndexList(Operation *op, StringRef name, size_t expected, ArrayRef<int64_t> constants, size_t numDynamic) {
  if (constants.size() != expected)
    return op->emitOpError("expects ") << expected << " value(s) in " << name << ", but got " << constants.size();
  if (size_t dynamic = llvm::count_if(constants, ShapedType::isDynamic); dynamic != numDynamic)
    return op->emitOpError("expects ") << dynamic << " operand(s) for the dynamic values of " << name << ", but got " << numDynamic;
  for (int64_t value : constants)
    if (!ShapedType::isDynamic(value) && value < 0)
      return op->emitOpError("expects non-negative values in ") << name << ", but got " << value;
  return success();
}

} // namespace

LogicalResult LookupOp::verify() {
  auto table = cast<ShapedType>(getTable().getType());
  if (static_cast<int64_t>(getIndices().size()) != table.getRank())
    return emitOpError("expects ") << table.getRank() << " indices, one per dimension of the table, but got " << getIndices().size();
  Type expected = isa<FloatType>(table.getElementType()) ? table.getElementType() : IndexType::get(getContext());
  if (getType() != expected)
    return emitOpError("expects result type ") << expected << " for a table of " << table.getElementType() << ", but got " << getType();
  if (getMonotone() && (table.getRank() != 1 || !expected.isIndex()))
    return emitOpError("expects a rank-1 integer table for 'monotone', but got ") << getTable().getType();
  if (getGrouped() && table.getRank() < 2)
    return emitOpError("expects a table with batch and head dimensions for 'grouped', but got ") << getTable().getType();
  return success();
}

LogicalResult IntervalOp::verifyRegions() {
  return verifyScalarRegion(*this, getBounds(), "(batch, head, query)", 3, 2, IndexType::get(getContext()));
}

LogicalResult EqualOp::verifyRegions() {
  Type index = IndexType::get(getContext());
  if (failed(verifyScalarRegion(*this, getQuery(), "(batch, head, query)", 3, 1, index)))
    return failure();
  return verifyScalarRegion(*this, getKey(), "(batch, head, key)", 3, 1, index);
}

LogicalResult PredicateOp::verifyRegions() {
  return verifyScalarRegion(*this, getBody(), "(batch, head, query, key)", 4, 1, IntegerType::get(getContext(), 1));
}

LogicalResult SlidingWindowOp::verify() {
  return verifyIndexList(*this, "the window [left, right]", 2, getStaticWindow(), getWindow().size());
}

LogicalResult SinkTokensOp::verify() {
  return verifyIndexList(*this, "the count", 1, getStaticCount(), getCount().size());
}

LogicalResult DocumentOp::verify() {
  int64_t q = cast<ShapedType>(getCuQ().getType()).getDimSize(0), k = cast<ShapedType>(getCuK().getType()).getDimSize(0);
  if (!ShapedType::isDynamic(q) && !ShapedType::isDynamic(k) && q != k)
    return emitOpError("expects boundary tables of the same length, but got ") << q << " and " << k;
  if (q == 0 || k == 0)
    return emitOpError("expects boundary tables of at least 1 entry (N + 1 for N documents), but got 0");
  return success();
}

static LogicalResult verifyHasMasks(Operation *op) {
  if (op->getNumOperands() == 0)
    return op->emitOpError("expects at least one mask, but got none");
  return success();
}
LogicalResult AndOp::verify() { return verifyHasMasks(*this); }
LogicalResult OrOp::verify() { return verifyHasMasks(*this); }

#define GET_OP_CLASSES
#include "dialects/Attn/AttnOps.cpp.inc"
