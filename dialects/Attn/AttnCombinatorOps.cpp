// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Syntax and verifiers of attn.select, attn.restrict, attn.block_cover, attn.block_interior and attn.neighborhood.
#include "dialects/Attn/Attn.h"
#include "dialects/Attn/ScalarRegionRules.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace lacuna::attn;

namespace {

constexpr int64_t kMaxLength = INT32_MAX; // of sequences and spaces: a condition of the analysis

using Operands = SmallVector<OpAsmParser::UnresolvedOperand>;

bool isKnown(int64_t constant) { return !ShapedType::isDynamic(constant); }

LogicalResult verifyDynamicCount(Operation *op, StringRef name, ArrayRef<int64_t> constants, size_t numDynamic) {
  if (size_t dynamic = llvm::count_if(constants, ShapedType::isDynamic); dynamic != numDynamic)
    return op->emitOpError("expects ") << dynamic << " operand(s) for the dynamic values of " << name << ", but got " << numDynamic;
  return success();
}

} // namespace

LogicalResult SelectOp::verify() {
  if (getMasks().empty())
    return emitOpError("expects at least one mask, but got none");
  return success();
}

//===----------------------------------------------------------------------===//
// attn.restrict
//===----------------------------------------------------------------------===//

/// One bound: a constant or a value.
static ParseResult parseBound(OpAsmParser &parser, Operands &values, SmallVectorImpl<int64_t> &constants) {
  OpAsmParser::UnresolvedOperand value;
  OptionalParseResult isValue = parser.parseOptionalOperand(value);
  if (!isValue.has_value())
    return parser.parseInteger(constants.emplace_back());
  values.push_back(value);
  constants.push_back(ShapedType::kDynamic);
  return *isValue;
}

ParseResult RestrictOp::parse(OpAsmParser &parser, OperationState &state) {
  OpAsmParser::UnresolvedOperand mask;
  Operands values;
  SmallVector<int64_t> constants;
  if (parser.parseOperand(mask))
    return failure();
  for (StringRef side : {"queries", "keys"})
    if (parser.parseKeyword(side) || parser.parseLParen() || parseBound(parser, values, constants) || parser.parseKeyword("of") ||
        parseBound(parser, values, constants) || parser.parseRParen())
      return failure();
  state.addAttribute(getStaticBoundsAttrName(state.name), parser.getBuilder().getDenseI64ArrayAttr(constants));
  state.addTypes(MaskType::get(parser.getContext()));
  return failure(parser.parseOptionalAttrDict(state.attributes) || parser.resolveOperand(mask, state.types[0], state.operands) ||
                 parser.resolveOperands(values, parser.getBuilder().getIndexType(), state.operands));
}

void RestrictOp::print(OpAsmPrinter &printer) {
  SmallVector<OpFoldResult> bounds = getMixedBounds();
  auto print = [&](OpFoldResult bound) {
    if (auto value = dyn_cast<Value>(bound))
      printer << value;
    else
      printer << *getConstantIntValue(bound);
  };
  printer << ' ' << getMask();
  for (auto [side, offset] : {std::pair("queries", QueryOffset), std::pair("keys", KeyOffset)}) {
    printer << ' ' << side << '(';
    print(bounds[offset]);
    printer << " of ";
    print(bounds[offset + 1]);
    printer << ')';
  }
  printer.printOptionalAttrDict((*this)->getAttrs(), {getStaticBoundsAttrName()});
}

LogicalResult RestrictOp::verify() {
  if (getStaticBounds().size() != NumBounds)
    return emitOpError("expects 4 bounds (offset and length of queries and of keys), but got ") << getStaticBounds().size();
  for (int64_t constant : getStaticBounds())
    if (isKnown(constant) && (constant < 0 || constant > kMaxLength))
      return emitOpError("expects constant offsets and lengths in [0, 2^31), but got ") << constant;
  return verifyDynamicCount(*this, "the bounds", getStaticBounds(), getBounds().size());
}

SmallVector<OpFoldResult> RestrictOp::getMixedBounds() { return getMixedValues(getStaticBounds(), getBounds(), getContext()); }

//===----------------------------------------------------------------------===//
// attn.block_cover, attn.block_interior
//===----------------------------------------------------------------------===//

static LogicalResult verifyBlock(Operation *op, ArrayRef<int64_t> block) {
  if (block.size() != 2)
    return op->emitOpError("expects a block [queries, keys], but got ") << block.size() << " value(s)";
  for (int64_t extent : block)
    if (extent < 1 || extent > kMaxLength)
      return op->emitOpError("expects extents of a block in [1, 2^31), but got ") << extent;
  return success();
}
static LogicalResult verifyFrame(Operation *op, Region &frame) {
  if (frame.empty())
    return success();
  return verifyScalarRegion(op, frame, "(batch, head, query)", 3, 4, IndexType::get(op->getContext()));
}
LogicalResult BlockCoverOp::verify() { return verifyBlock(*this, getBlock()); }
LogicalResult BlockInteriorOp::verify() { return verifyBlock(*this, getBlock()); }
LogicalResult BlockCoverOp::verifyRegions() { return verifyFrame(*this, getFrame()); }
LogicalResult BlockInteriorOp::verifyRegions() { return verifyFrame(*this, getFrame()); }

//===----------------------------------------------------------------------===//
// attn.neighborhood
//===----------------------------------------------------------------------===//

void NeighborhoodOp::build(OpBuilder &b, OperationState &state, ArrayRef<OpFoldResult> space, ArrayRef<OpFoldResult> window,
                           ArrayRef<OpFoldResult> stride, ArrayRef<OpFoldResult> dilation, ArrayRef<bool> causal, ArrayRef<int64_t> queryBox,
                           ArrayRef<int64_t> keyBox) {
  SmallVector<Value> values[4];
  SmallVector<int64_t> constants[4];
  const ArrayRef<OpFoldResult> lists[4] = {space, window, stride, dilation};
  for (auto [number, list] : llvm::enumerate(lists))
    dispatchIndexOpFoldResults(list, values[number], constants[number]);
  SmallVector<int64_t> point(space.size(), 1);
  build(b, state, MaskType::get(b.getContext()), values[0], values[1], values[2], values[3], constants[0], constants[1], constants[2], constants[3], causal,
        queryBox.empty() ? point : queryBox, keyBox.empty() ? point : keyBox);
}

/// Larger ones are no tiles, and positions stay far from 2^63.
constexpr int64_t kMaxBoxSide = 1024;

static bool isOne(int64_t value) { return value == 1; }

bool NeighborhoodOp::hasBoxes() { return !llvm::all_of(getQueryBox(), isOne) || !llvm::all_of(getKeyBox(), isOne); }

/// `[true, false, …]`
static ParseResult parseFlags(OpAsmParser &parser, SmallVectorImpl<bool> &flags) {
  return parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, [&]() -> ParseResult {
    bool isTrue = succeeded(parser.parseOptionalKeyword("true"));
    flags.push_back(isTrue);
    return isTrue ? success() : parser.parseKeyword("false");
  });
}

ParseResult NeighborhoodOp::parse(OpAsmParser &parser, OperationState &state) {
  Builder &b = parser.getBuilder();
  SmallVector<int32_t> segments;
  SmallVector<bool> causal;
  size_t rank = 0;
  const std::pair<StringRef, StringAttr> lists[] = {{"space", getStaticSpaceAttrName(state.name)},
                                                    {"window", getStaticWindowAttrName(state.name)},
                                                    {"stride", getStaticStrideAttrName(state.name)},
                                                    {"dilation", getStaticDilationAttrName(state.name)}};
  for (auto [keyword, attribute] : lists) {
    Operands values;
    DenseI64ArrayAttr constants = b.getDenseI64ArrayAttr(SmallVector<int64_t>(rank, 1)); // what an absent list means
    bool required = segments.size() < 2;
    if (required && parser.parseKeyword(keyword))
      return failure();
    if ((required || succeeded(parser.parseOptionalKeyword(keyword))) && parseDynamicIndexList(parser, values, constants))
      return failure();
    if (parser.resolveOperands(values, b.getIndexType(), state.operands))
      return failure();
    rank = segments.empty() ? constants.size() : rank;
    segments.push_back(values.size());
    state.addAttribute(attribute, constants);
  }
  if (succeeded(parser.parseOptionalKeyword("causal")) ? failed(parseFlags(parser, causal)) : (causal.assign(rank, false), false))
    return failure();
  state.addAttribute(getCausalAttrName(state.name), b.getDenseBoolArrayAttr(causal));
  for (auto [keyword, attribute] : {std::pair(StringRef("query_box"), getQueryBoxAttrName(state.name)), std::pair(StringRef("key_box"), getKeyBoxAttrName(state.name))}) {
    SmallVector<int64_t> box;
    auto parsePoint = [&] { return parser.parseInteger(box.emplace_back()); };
    if (failed(parser.parseOptionalKeyword(keyword)))
      box.assign(rank, 1);
    else if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, parsePoint))
      return failure();
    state.addAttribute(attribute, b.getDenseI64ArrayAttr(box));
  }
  state.addAttribute(getOperandSegmentSizesAttrName(state.name), b.getDenseI32ArrayAttr(segments));
  state.addTypes(MaskType::get(parser.getContext()));
  return parser.parseOptionalAttrDict(state.attributes);
}

void NeighborhoodOp::print(OpAsmPrinter &printer) {
  auto list = [&](StringRef keyword, OperandRange values, ArrayRef<int64_t> constants) {
    printer << ' ' << keyword;
    printDynamicIndexList(printer, *this, values, constants);
  };
  list("space", getSpace(), getStaticSpace());
  list("window", getWindow(), getStaticWindow());
  if (!llvm::all_of(getStaticStride(), isOne))
    list("stride", getStride(), getStaticStride());
  if (!llvm::all_of(getStaticDilation(), isOne))
    list("dilation", getDilation(), getStaticDilation());
  if (llvm::is_contained(getCausal(), true)) {
    printer << " causal[";
    llvm::interleaveComma(getCausal(), printer, [&](bool flag) { printer << (flag ? "true" : "false"); });
    printer << ']';
  }
  for (auto [keyword, box] : {std::pair(" query_box[", getQueryBox()), std::pair(" key_box[", getKeyBox())})
    if (!llvm::all_of(box, isOne)) {
      printer << keyword;
      llvm::interleaveComma(box, printer);
      printer << ']';
    }
  printer.printOptionalAttrDict((*this)->getAttrs(),
                                {getStaticSpaceAttrName(), getStaticWindowAttrName(), getStaticStrideAttrName(), getStaticDilationAttrName(),
                                 getCausalAttrName(), getQueryBoxAttrName(), getKeyBoxAttrName(), getOperandSegmentSizesAttrName()});
}

static LogicalResult verifyDim(NeighborhoodOp op, size_t dim) {
  int64_t extent = op.getStaticSpace()[dim], window = op.getStaticWindow()[dim], stride = op.getStaticStride()[dim],
          dilation = op.getStaticDilation()[dim];
  for (auto [name, value] : {std::pair("an extent", extent), std::pair("a window", window), std::pair("a stride", stride), std::pair("a dilation", dilation)})
    if (isKnown(value) && (value < 1 || value > kMaxLength))
      return op.emitOpError("expects ") << name << " in [1, 2^31), but got " << value << " in dimension " << dim;
  if (isKnown(stride) && isKnown(window) && stride > window)
    return op.emitOpError("expects a stride up to the window ") << window << ", but got " << stride << " in dimension " << dim;
  // An unknown factor is at least 1.
  int64_t covered = (isKnown(window) ? window : 1) * (isKnown(dilation) ? dilation : 1);
  if (isKnown(extent) && covered > extent)
    return op.emitOpError("expects window * dilation up to the extent ") << extent << ", but got " << covered << " in dimension " << dim;
  return success();
}

LogicalResult NeighborhoodOp::verify() {
  size_t rank = getNumDims();
  if (rank < 1 || rank > 3)
    return emitOpError("expects a space of 1 to 3 dimensions, but got ") << rank;
  const std::tuple<StringRef, ArrayRef<int64_t>, size_t> lists[] = {{"space", getStaticSpace(), getSpace().size()},
                                                                    {"window", getStaticWindow(), getWindow().size()},
                                                                    {"stride", getStaticStride(), getStride().size()},
                                                                    {"dilation", getStaticDilation(), getDilation().size()}};
  for (auto [name, constants, numDynamic] : lists) {
    if (constants.size() != rank)
      return emitOpError("expects one value for each of the ") << rank << " dimension(s) in " << name << ", but got " << constants.size();
    if (failed(verifyDynamicCount(*this, name, constants, numDynamic)))
      return failure();
  }
  if (getCausal().size() != rank)
    return emitOpError("expects one value for each of the ") << rank << " dimension(s) in causal, but got " << getCausal().size();
  for (auto [name, box] : {std::pair("query_box", getQueryBox()), std::pair("key_box", getKeyBox())}) {
    if (box.size() != rank)
      return emitOpError("expects one value for each of the ") << rank << " dimension(s) in " << name << ", but got " << box.size();
    for (int64_t side : box)
      if (side < 1 || side > kMaxBoxSide)
        return emitOpError("expects a side of ") << name << " in [1, " << kMaxBoxSide << "], but got " << side;
  }
  for (size_t dim = 0; dim < rank; ++dim)
    if (failed(verifyDim(*this, dim)))
      return failure();
  return success();
}

SmallVector<OpFoldResult> NeighborhoodOp::getMixedSpace() { return getMixedValues(getStaticSpace(), getSpace(), getContext()); }
SmallVector<OpFoldResult> NeighborhoodOp::getMixedWindow() { return getMixedValues(getStaticWindow(), getWindow(), getContext()); }
SmallVector<OpFoldResult> NeighborhoodOp::getMixedStride() { return getMixedValues(getStaticStride(), getStride(), getContext()); }
SmallVector<OpFoldResult> NeighborhoodOp::getMixedDilation() { return getMixedValues(getStaticDilation(), getDilation(), getContext()); }
