// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verifiers of sets and of the masks on them.
#include "dialects/Attn/Attn.h"
#include "dialects/Attn/ScalarRegionRules.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

int64_t sizeOf(Value table, unsigned dim) { return cast<ShapedType>(table.getType()).getDimSize(dim); }

LogicalResult verifyFormat(Operation *op, SetFormat expected) {
  auto type = cast<SetType>(op->getResult(0).getType());
  if (type.getFormat() == expected)
    return success();
  return op->emitOpError("expects result type !attn.set<") << stringifySetFormat(expected) << ">, but got " << type;
}

LogicalResult verifyGranule(Operation *op, ArrayRef<int64_t> granule) {
  if (granule.size() != 2)
    return op->emitOpError("expects a granule of 2 sizes [queries, keys], but got ") << granule.size();
  for (int64_t size : granule)
    if (size < 1)
      return op->emitOpError("expects positive sizes in the granule, but got ") << size;
  return success();
}

/// Dimensions that two tables of one set share must agree where both are static.
LogicalResult verifySame(Operation *op, StringRef what, int64_t x, int64_t y) {
  if (ShapedType::isDynamic(x) || ShapedType::isDynamic(y) || x == y)
    return success();
  return op->emitOpError("expects the same ") << what << " in both tables, but got " << x << " and " << y;
}

LogicalResult verifyBlocks(Operation *op, Value set) {
  if (cast<SetType>(set.getType()).getFormat() != SetFormat::Runs)
    return success();
  return op->emitOpError("expects a set of blocks, but got ") << set.getType() << "; attn.column_runs applies that one";
}

} // namespace

LogicalResult CsrSetOp::verify() {
  if (sizeOf(getIndptr(), 2) == 0)
    return emitOpError("expects indptr to have R + 1 entries per row, at least 1, but got 0");
  return failure(failed(verifyFormat(*this, SetFormat::Csr)) || failed(verifyGranule(*this, getGranule())));
}

LogicalResult ListSetOp::verify() {
  if (failed(verifyFormat(*this, SetFormat::List)) || failed(verifyGranule(*this, getGranule())))
    return failure();
  const char *names[] = {"number of batch entries", "number of heads", "number of rows"};
  for (unsigned dim = 0; dim < 3; ++dim)
    if (failed(verifySame(*this, names[dim], sizeOf(getIndices(), dim), sizeOf(getCounts(), dim))))
      return failure();
  return success();
}

LogicalResult BitmapSetOp::verify() {
  return failure(failed(verifyFormat(*this, SetFormat::Bitmap)) || failed(verifyGranule(*this, getGranule())));
}

LogicalResult TableSetOp::verify() {
  return failure(failed(verifyFormat(*this, SetFormat::Table)) || failed(verifyGranule(*this, getGranule())));
}

LogicalResult RunsSetOp::verify() {
  int64_t columns = sizeOf(getRows(), 3);
  bool known = getBoth() ? columns == 2 || columns == 4 : columns == 1 || columns == 2;
  if (!known)
    return emitOpError("expects a static last dimension of ")
           << (getBoth() ? "2 or 4 for 'both'" : "1 or 2 for 'lower'") << ", but got " << getRows().getType();
  return verifyFormat(*this, SetFormat::Runs);
}

LogicalResult SlicesSetOp::verify() {
  if (failed(verifySame(*this, "number of slices", sizeOf(getQRanges(), 0), sizeOf(getKRanges(), 0))) ||
      failed(verifySame(*this, "number of slices", sizeOf(getQRanges(), 0), sizeOf(getTypes(), 0))))
    return failure();
  for (Value ranges : {getQRanges(), getKRanges()})
    if (sizeOf(ranges, 1) != 2)
      return emitOpError("expects ranges of shape [N, 2], but got ") << ranges.getType();
  return verifyFormat(*this, SetFormat::Slices);
}

LogicalResult MemberOp::verify() { return verifyBlocks(*this, getSet()); }

LogicalResult MemberOp::verifyRegions() {
  return verifyScalarRegion(*this, getPosition(), "(batch, head, query, key)", 4, 2, IndexType::get(getContext()));
}

LogicalResult BlockSparseOp::verify() { return verifyBlocks(*this, getSet()); }

LogicalResult ColumnRunsOp::verify() {
  if (cast<SetType>(getSet().getType()).getFormat() == SetFormat::Runs)
    return success();
  return emitOpError("expects !attn.set<runs>, but got ") << getSet().getType();
}

LogicalResult VerticalSlashOp::verify() {
  for (Value set : {getVerticals(), getSlashes()}) {
    if (failed(verifyBlocks(*this, set)))
      return failure();
    Operation *made = set.getDefiningOp();
    auto granule = made ? made->getAttrOfType<DenseI64ArrayAttr>("granule") : DenseI64ArrayAttr();
    if (granule && granule.asArrayRef() != ArrayRef<int64_t>{1, 1})
      return emitOpError("expects sets of granule [1, 1], but got ") << granule;
  }
  return success();
}

LogicalResult ContainsOp::verify() {
  if (getInBounds() && getFormat() != SetFormat::Table)
    return emitOpError("expects format table with in_bounds, but got ") << stringifySetFormat(getFormat());
  SmallVector<int64_t> ranks;
  switch (getFormat()) {
  case SetFormat::Csr:
    ranks = {3, 1};
    break;
  case SetFormat::List:
    ranks = {4, 3};
    break;
  case SetFormat::Bitmap:
  case SetFormat::Table:
    ranks = {4};
    break;
  case SetFormat::Slices:
    ranks = {2, 2, 1};
    break;
  case SetFormat::Runs:
    return emitOpError("expects a set of blocks, but got format runs");
  }
  if (getTables().size() != ranks.size())
    return emitOpError("expects ") << ranks.size() << " table(s) for format " << stringifySetFormat(getFormat()) << ", but got " << getTables().size();
  for (auto [table, rank] : llvm::zip(getTables(), ranks))
    if (auto type = cast<ShapedType>(table.getType()); type.getRank() != rank || !type.getElementType().isSignlessInteger())
      return emitOpError("expects an integer table of rank ") << rank << ", but got " << type;
  return success();
}
