// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn.attention and attn.attention_state: syntax (named groups in any order), shapes, verification.
#include "dialects/Attn/Attn.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace lacuna::attn;

//===----------------------------------------------------------------------===//
// Syntax
//===----------------------------------------------------------------------===//

namespace {

/// What the named groups of one attention op said.
struct Groups {
  std::optional<OpAsmParser::UnresolvedOperand> mask, sinks;
  Type sinkType;
  bool layout = false, scale = false, schedule = false, score = false;
};

ParseResult parseLayout(OpAsmParser &parser, OperationState &state) {
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLParen() || parser.parseKeyword(&keyword) || parser.parseRParen())
    return failure();
  std::optional<Layout> layout = symbolizeLayout(keyword);
  if (!layout)
    return parser.emitError(loc, "expects layout bhsd, bshd or shd, but got ") << keyword;
  state.addAttribute("layout", LayoutAttr::get(parser.getContext(), *layout));
  return success();
}

ParseResult parseScale(OpAsmParser &parser, OperationState &state) {
  FloatAttr scale;
  if (parser.parseLParen() || parser.parseAttribute(scale, parser.getBuilder().getF32Type()) || parser.parseRParen())
    return failure();
  state.addAttribute("scale", scale);
  return success();
}

/// Parses one named group; no value when the next token starts none.
OptionalParseResult parseGroup(OpAsmParser &parser, OperationState &state, Groups &groups, Region &score) {
  auto once = [&](bool seen, StringRef name) -> ParseResult {
    return seen ? parser.emitError(parser.getCurrentLocation(), "expects at most one group ") << name : success();
  };
  if (succeeded(parser.parseOptionalKeyword("mask")))
    return failure(once(groups.mask.has_value(), "mask") || parser.parseLParen() || parser.parseOperand(groups.mask.emplace()) || parser.parseRParen());
  if (succeeded(parser.parseOptionalKeyword("sink_logits")))
    return failure(once(groups.sinks.has_value(), "sink_logits") || parser.parseLParen() || parser.parseOperand(groups.sinks.emplace()) ||
                   parser.parseColonType(groups.sinkType) || parser.parseRParen());
  if (succeeded(parser.parseOptionalKeyword("layout")))
    return failure(once(std::exchange(groups.layout, true), "layout") || parseLayout(parser, state));
  if (succeeded(parser.parseOptionalKeyword("scale")))
    return failure(once(std::exchange(groups.scale, true), "scale") || parseScale(parser, state));
  if (succeeded(parser.parseOptionalKeyword("schedule"))) {
    ScheduleAttr schedule;
    if (once(std::exchange(groups.schedule, true), "schedule") || parser.parseLParen() || parser.parseAttribute(schedule) || parser.parseRParen())
      return failure();
    state.addAttribute("schedule", schedule);
    return success();
  }
  if (succeeded(parser.parseOptionalKeyword("score")))
    return failure(once(std::exchange(groups.score, true), "score") || parser.parseRegion(score));
  return std::nullopt;
}

ParseResult parseAttention(OpAsmParser &parser, OperationState &state) {
  OpAsmParser::UnresolvedOperand q, k, v;
  if (parser.parseOperand(q) || parser.parseComma() || parser.parseOperand(k) || parser.parseComma() || parser.parseOperand(v))
    return failure();
  Groups groups;
  Region *score = state.addRegion();
  while (true) {
    OptionalParseResult result = parseGroup(parser, state, groups, *score);
    if (!result.has_value())
      break;
    if (failed(*result))
      return failure();
  }
  if (!groups.layout)
    return parser.emitError(parser.getCurrentLocation(), "expects layout(bhsd | bshd | shd)");
  SmallVector<Type> inputs, outputs;
  SMLoc typeLoc = parser.getCurrentLocation();
  if (parser.parseOptionalAttrDict(state.attributes) || parser.parseColonTypeList(inputs) || parser.parseArrow() ||
      parser.parseTypeList(outputs))
    return failure();
  if (inputs.size() != 3)
    return parser.emitError(typeLoc, "expects the types of query, key and value, but got ") << inputs.size() << " type(s)";
  if (parser.resolveOperands({q, k, v}, inputs, typeLoc, state.operands))
    return failure();
  if (groups.mask && parser.resolveOperand(*groups.mask, MaskType::get(parser.getContext()), state.operands))
    return failure();
  if (groups.sinks && parser.resolveOperand(*groups.sinks, groups.sinkType, state.operands))
    return failure();
  state.addAttribute("operandSegmentSizes", parser.getBuilder().getDenseI32ArrayAttr({1, 1, 1, groups.mask ? 1 : 0, groups.sinks ? 1 : 0}));
  state.addTypes(outputs);
  return success();
}

template <typename Op>
void printAttention(Op op, OpAsmPrinter &printer) {
  printer << ' ' << op.getQuery() << ", " << op.getKey() << ", " << op.getValue();
  if (op.getMask())
    printer << " mask(" << op.getMask() << ")";
  printer << " layout(" << stringifyLayout(op.getLayout()) << ")";
  if (op.getScaleAttr()) {
    printer << " scale(";
    printer.printAttributeWithoutType(op.getScaleAttr());
    printer << ")";
  }
  if (op.getSinkLogits())
    printer << " sink_logits(" << op.getSinkLogits() << " : " << op.getSinkLogits().getType() << ")";
  if (op.getScheduleAttr())
    printer << " schedule(" << op.getScheduleAttr() << ")";
  if (!op.getScore().empty()) {
    printer << " score ";
    printer.printRegion(op.getScore());
  }
  printer.printOptionalAttrDict(op->getAttrs(), {"layout", "scale", "schedule", "operandSegmentSizes"});
  printer << " : " << op.getQuery().getType() << ", " << op.getKey().getType() << ", " << op.getValue().getType() << " -> ";
  llvm::interleaveComma(op->getResultTypes(), printer);
}

} // namespace

ParseResult AttentionOp::parse(OpAsmParser &parser, OperationState &state) { return parseAttention(parser, state); }
ParseResult AttentionStateOp::parse(OpAsmParser &parser, OperationState &state) { return parseAttention(parser, state); }
void AttentionOp::print(OpAsmPrinter &printer) { printAttention(*this, printer); }
void AttentionStateOp::print(OpAsmPrinter &printer) { printAttention(*this, printer); }

//===----------------------------------------------------------------------===//
// Shapes and verification
//===----------------------------------------------------------------------===//

Dims lacuna::attn::dimsOf(Layout layout) {
  switch (layout) {
  case Layout::bhsd:
    return {0, 1, 2, 3};
  case Layout::bshd:
    return {0, 2, 1, 3};
  case Layout::shd:
    return {-1, 1, 0, 2};
  }
  llvm_unreachable("unknown layout");
}

SmallVector<int64_t> lacuna::attn::rowShapeOf(Layout layout, ArrayRef<int64_t> shape) {
  Dims dims = dimsOf(layout);
  SmallVector<int64_t> rows;
  if (dims.batch >= 0)
    rows.push_back(shape[dims.batch]);
  rows.append({shape[dims.head], shape[dims.sequence]});
  return rows;
}

static double scaleOf(std::optional<APFloat> scale, int64_t headSize) {
  return scale ? scale->convertToDouble() : 1.0 / std::sqrt(static_cast<double>(headSize));
}

double AttentionOp::getScaleValue() { return scaleOf(getScale(), getHeadSize()); }
double AttentionStateOp::getScaleValue() { return scaleOf(getScale(), getHeadSize()); }

namespace {

bool mayBeEqual(int64_t a, int64_t b) { return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b; }

template <typename Op>
LogicalResult expectEqual(Op op, const Twine &what, int64_t expected, int64_t got) {
  if (mayBeEqual(expected, got))
    return success();
  return op.emitOpError("expects ") << what << " to be " << expected << ", but got " << got;
}

template <typename Op>
LogicalResult verifyRanksAndTypes(Op op) {
  int64_t rank = op.getLayout() == Layout::shd ? 3 : 4;
  const char *names[] = {"query", "key", "value"};
  for (auto [name, type] : llvm::zip(names, op->getOperands().take_front(3).getTypes()))
    if (cast<ShapedType>(type).getRank() != rank)
      return op.emitOpError("expects ") << name << " of rank " << rank << " for layout " << stringifyLayout(op.getLayout()) << ", but got " << type;
  Type element = op.getQueryType().getElementType();
  for (auto [name, type] : llvm::zip(ArrayRef(names).drop_front(), op->getOperands().slice(1, 2).getTypes()))
    if (cast<ShapedType>(type).getElementType() != element)
      return op.emitOpError("expects ") << name << " of the query's element type " << element << ", but got " << type;
  return success();
}

template <typename Op>
LogicalResult verifyHeads(Op op) {
  auto dims = op.getDims();
  auto q = op.getQueryType().getShape(), k = op.getKeyType().getShape(), v = op.getValueType().getShape();
  for (auto [name, size] : {std::pair("query", q[dims.feature]), std::pair("value", v[dims.feature])})
    if (ShapedType::isDynamic(size) || size < 8 || size > 256 || size % 8)
      return op.emitOpError("expects a static head size of ") << name << " in [8, 256], a multiple of 8, but got "
                                                               << (ShapedType::isDynamic(size) ? Twine("a dynamic one") : Twine(size));
  if (failed(expectEqual(op, "the head size of key", q[dims.feature], k[dims.feature])) ||
      failed(expectEqual(op, "the number of heads of value", k[dims.head], v[dims.head])) ||
      failed(expectEqual(op, "the length of value", k[dims.sequence], v[dims.sequence])))
    return failure();
  if (dims.batch >= 0 && (failed(expectEqual(op, "the batch size of key", q[dims.batch], k[dims.batch])) ||
                          failed(expectEqual(op, "the batch size of value", q[dims.batch], v[dims.batch]))))
    return failure();
  for (auto [name, heads] : {std::pair("query", q[dims.head]), std::pair("key", k[dims.head])})
    if (heads == 0)
      return op.emitOpError("expects at least one head in ") << name << ", but got 0";
  if (!ShapedType::isDynamic(q[dims.head]) && !ShapedType::isDynamic(k[dims.head]) && q[dims.head] % k[dims.head])
    return op.emitOpError("expects the number of query heads to be a multiple of the number of key heads, but got ")
           << q[dims.head] << " and " << k[dims.head];
  return success();
}

template <typename Op>
SmallVector<int64_t> outputShape(Op op) {
  SmallVector<int64_t> shape(op.getQueryType().getShape());
  shape[op.getDims().feature] = op.getValueSize();
  return shape;
}

LogicalResult verifyResult(AttentionOp op, unsigned number, StringRef name, ArrayRef<int64_t> shape, Type element) {
  auto type = cast<RankedTensorType>(op.getResult(number).getType());
  bool same = type.getRank() == static_cast<int64_t>(shape.size()) && type.getElementType() == element;
  for (int64_t i = 0; same && i < type.getRank(); ++i)
    same = mayBeEqual(type.getDimSize(i), shape[i]);
  if (!same)
    return op.emitOpError("expects result ") << name << " of type " << RankedTensorType::get(shape, element) << ", but got " << type;
  return success();
}

LogicalResult verifyResults(AttentionOp op) {
  if (op.getNumResults() < 1 || op.getNumResults() > 3)
    return op.emitOpError("expects 1 to 3 results (O, LSE, row max), but got ") << op.getNumResults();
  SmallVector<int64_t> output = outputShape(op), row = rowShapeOf(op.getLayout(), output);
  Type f32 = Float32Type::get(op.getContext());
  bool isWide = cast<ShapedType>(op.getResult(0).getType()).getElementType() == f32;
  if (failed(verifyResult(op, 0, "O", output, isWide ? f32 : op.getQueryType().getElementType())))
    return failure();
  if (op.hasLse() && failed(verifyResult(op, 1, "LSE", row, f32)))
    return failure();
  return op.hasRowMax() ? verifyResult(op, 2, "row max", row, f32) : success();
}

/// Tables with one entry per batch must have that many, where both are known.
template <typename Op>
LogicalResult verifyMaskTables(Op op) {
  auto dims = op.getDims();
  int64_t batch = dims.batch < 0 ? 1 : op.getQueryType().getDimSize(dims.batch);
  SmallVector<Value> worklist{op.getMask()};
  while (!worklist.empty()) {
    Operation *mask = worklist.pop_back_val().getDefiningOp();
    if (!mask)
      continue;
    if (auto lengths = dyn_cast<KeyLengthsOp>(mask))
      if (int64_t entries = cast<ShapedType>(lengths.getLengths().getType()).getDimSize(0); !mayBeEqual(entries, batch))
        return lengths.emitOpError("expects one length per batch entry (") << batch << "), but got a table of " << entries;
    for (Value operand : mask->getOperands())
      if (isa<MaskType>(operand.getType()))
        worklist.push_back(operand);
  }
  return success();
}

/// What must hold whatever the results.
template <typename Op>
LogicalResult verifyOperands(Op op) {
  if (failed(verifyRanksAndTypes(op)) || failed(verifyHeads(op)))
    return failure();
  if (op.getSinkLogits()) {
    auto type = cast<ShapedType>(op.getSinkLogits().getType());
    if (type.getRank() != 1 || !mayBeEqual(type.getDimSize(0), op.getQueryType().getDimSize(op.getDims().head)))
      return op.emitOpError("expects sink_logits with one f32 per query head, but got ") << type;
  }
  if (std::optional<ScheduleAttr> schedule = op.getSchedule())
    for (int64_t size : {schedule->getTileM(), schedule->getTileN(), schedule->getWarps(), schedule->getStages(), schedule->getSplit()})
      if (size <= 0)
        return op.emitOpError("expects positive sizes in the schedule, but got ") << *schedule;
  return op.getMask() ? verifyMaskTables(op) : success();
}

template <typename Op>
LogicalResult verifyScore(Op op) {
  if (op.getScore().empty())
    return success();
  Block &block = op.getScore().front();
  Builder b(op.getContext());
  SmallVector<Type> expected{b.getF32Type(), b.getIndexType(), b.getIndexType(), b.getIndexType(), b.getIndexType()};
  if (TypeRange(block.getArgumentTypes()) != TypeRange(expected))
    return op.emitOpError("expects a score region with arguments (f32 score, index batch, index head, index query, index key), but got ")
           << block.getArgumentTypes();
  auto yield = dyn_cast<YieldOp>(block.back());
  if (!yield || yield.getNumOperands() != 1 || !yield.getOperand(0).getType().isF32())
    return op.emitOpError("expects a score region that yields one f32");
  for (Operation &inner : block.without_terminator())
    if (inner.getNumRegions() || !isMemoryEffectFree(&inner) || llvm::any_of(inner.getResultTypes(), [](Type t) { return !t.isIntOrIndexOrFloat(); }))
      return inner.emitOpError("is not allowed in a score region: expects pure scalar ops without regions");
  return success();
}

} // namespace

LogicalResult AttentionOp::verify() { return failure(failed(verifyOperands(*this)) || failed(verifyResults(*this))); }
LogicalResult AttentionOp::verifyRegions() { return verifyScore(*this); }
LogicalResult AttentionStateOp::verifyRegions() { return verifyScore(*this); }

LogicalResult AttentionStateOp::verify() {
  if (failed(verifyOperands(*this)))
    return failure();
  StateType type = getState().getType();
  SmallVector<int64_t> shape = outputShape(*this);
  if (type.getLayout() == getLayout() && succeeded(verifyCompatibleShape(shape, type.getShape())))
    return success();
  return emitOpError("expects a result of type ") << StateType::get(getContext(), getLayout(), shape) << ", but got " << type;
}

std::optional<int64_t> AttentionOp::getMaxQueries() {
  int64_t queries = getQueryType().getDimSize(getDims().sequence);
  if (!ShapedType::isDynamic(queries))
    return queries;
  auto bound = (*this)->getAttrOfType<IntegerAttr>(kMaxQueriesAttr);
  return bound ? std::optional(bound.getInt()) : std::nullopt;
}

LogicalResult AttentionOp::reifyResultShapes(OpBuilder &b, ReifiedRankedShapedTypeDims &shapes) {
  auto dims = getDims();
  auto dim = [&](Value v, int64_t i) { return tensor::getMixedSize(b, getLoc(), v, i); };
  SmallVector<OpFoldResult> output, row;
  for (int64_t i = 0, rank = getQueryType().getRank(); i < rank; ++i)
    output.push_back(i == dims.feature ? dim(getValue(), i) : dim(getQuery(), i));
  if (dims.batch >= 0)
    row.push_back(output[dims.batch]);
  row.append({output[dims.head], output[dims.sequence]});
  shapes.push_back(output);
  for (unsigned i = 1; i < getNumResults(); ++i)
    shapes.push_back(row);
  // A static result type must be reified as constants.
  for (auto [shape, type] : llvm::zip(shapes, getResultTypes()))
    for (auto [size, fixed] : llvm::zip(shape, cast<ShapedType>(type).getShape()))
      if (!ShapedType::isDynamic(fixed))
        size = b.getIndexAttr(fixed);
  return success();
}
