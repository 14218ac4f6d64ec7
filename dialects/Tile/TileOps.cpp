// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tile type, kernels, launches and tile computation: syntax and verification. tile.visit is in VisitOp.cpp.
#include "dialects/Tile/Tile.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace lacuna::tile;

//===----------------------------------------------------------------------===//
// !tile.tile
//===----------------------------------------------------------------------===//

int64_t TileType::getNumElements() { return ShapedType::getNumElements(getShape()); }

Type TileType::parse(AsmParser &parser) {
  SmallVector<int64_t> shape;
  Type element;
  if (parser.parseLess() || parser.parseDimensionList(shape, /*allowDynamic=*/false) || parser.parseType(element))
    return {};
  Space space = Space::Any;
  Attribute layout;
  if (succeeded(parser.parseOptionalComma())) {
    StringRef keyword;
    SMLoc loc = parser.getCurrentLocation();
    if (succeeded(parser.parseOptionalKeyword(&keyword))) {
      std::optional<Space> parsed = symbolizeSpace(keyword);
      if (!parsed)
        return parser.emitError(loc, "expects space global, shared, registers or scratch, but got ") << keyword, Type();
      space = *parsed;
      if (succeeded(parser.parseOptionalComma()) && parser.parseAttribute(layout))
        return {};
    } else if (parser.parseAttribute(layout)) {
      return {};
    }
  }
  if (parser.parseGreater())
    return {};
  return parser.getChecked<TileType>(parser.getContext(), ArrayRef<int64_t>(shape), element, space, layout);
}

void TileType::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printDimensionList(getShape());
  printer << 'x' << getElementType();
  if (getSpace() != Space::Any)
    printer << ", " << stringifySpace(getSpace());
  if (getLayout())
    printer << ", " << getLayout();
  printer << '>';
}

LogicalResult TileType::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<int64_t> shape, Type element, Space, Attribute) {
  if (shape.empty() || shape.size() > 2 || llvm::any_of(shape, [](int64_t s) { return s <= 0; }))
    return emitError() << "expects a tile of rank 1 or 2 with positive sizes, but got " << shape.size() << " dimension(s)";
  if (!isa<FloatType>(element) && !element.isSignlessIntOrIndex())
    return emitError() << "expects tile elements that are floats or signless integers, but got " << element;
  return success();
}

//===----------------------------------------------------------------------===//
// Kernel and launch
//===----------------------------------------------------------------------===//

void KernelOp::build(OpBuilder &builder, OperationState &state, StringRef name, FunctionType type) {
  state.addAttribute(getSymNameAttrName(state.name), builder.getStringAttr(name));
  state.addAttribute(getFunctionTypeAttrName(state.name), TypeAttr::get(type));
  Block &entry = state.addRegion()->emplaceBlock();
  entry.addArguments(type.getInputs(), SmallVector<Location>(type.getNumInputs(), state.location));
}

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &state) {
  auto build = [](Builder &b, ArrayRef<Type> in, ArrayRef<Type> out, function_interface_impl::VariadicFlag, std::string &) {
    return b.getFunctionType(in, out);
  };
  return function_interface_impl::parseFunctionOp(parser, state, false, getFunctionTypeAttrName(state.name), build, getArgAttrsAttrName(state.name),
                                                  getResAttrsAttrName(state.name));
}

void KernelOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, false, getFunctionTypeAttrName(), getArgAttrsAttrName(), getResAttrsAttrName());
}

LogicalResult KernelOp::verify() {
  ArrayRef<Type> types = getArgumentTypes();
  if (types.size() < kNumItemArguments || llvm::any_of(types.take_back(kNumItemArguments), [](Type t) { return !t.isIndex(); }))
    return emitOpError("expects three index coordinates of the work item as last arguments, but got ") << getFunctionType();
  for (Type type : getParameterTypes())
    if (!isa<MemRefType>(type) && !type.isIntOrIndexOrFloat())
      return emitOpError("expects memrefs and scalars as parameters, but got ") << type;
  return success();
}

void LaunchOp::getEffects(SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>> &effects) {
  // On tensors the op is pure; on memrefs it reads its inputs and writes its inits.
  for (OpOperand &operand : getInputsMutable())
    if (isa<BaseMemRefType>(operand.get().getType()))
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  for (OpOperand &operand : getInitsMutable())
    if (isa<BaseMemRefType>(operand.get().getType()))
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
}

LogicalResult LaunchOp::verify() {
  if (getGrid().size() != KernelOp::kNumItemArguments)
    return emitOpError("expects a grid of 3 sizes, but got ") << getGrid().size();
  return success();
}

static bool launchMayPass(Type value, Type parameter) {
  auto memref = dyn_cast<MemRefType>(parameter);
  if (!memref)
    return value == parameter;
  auto shaped = dyn_cast<ShapedType>(value);
  return shaped && shaped.getRank() == memref.getRank() && shaped.getElementType() == memref.getElementType();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto kernel = tables.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel)
    return success(); // already outlined into the host ABI: the kernel is code by now
  SmallVector<Type> values(getInputs().getTypes());
  llvm::append_range(values, getInits().getTypes());
  if (values.size() != kernel.getParameterTypes().size())
    return emitOpError("expects ") << kernel.getParameterTypes().size() << " parameters for " << getKernelAttr() << ", but got " << values.size();
  for (auto [value, parameter] : llvm::zip(values, kernel.getParameterTypes()))
    if (!launchMayPass(value, parameter))
      return emitOpError("expects a parameter of type ") << parameter << ", but got " << value;
  return success();
}

//===----------------------------------------------------------------------===//
// Loads and stores
//===----------------------------------------------------------------------===//

static LogicalResult verifyTransfer(Operation *op, TileType tile, Value memory, size_t numIndices) {
  auto memref = cast<MemRefType>(memory.getType());
  int64_t expected = memref.getRank() - tile.getRank();
  if (static_cast<int64_t>(numIndices) != expected)
    return op->emitOpError("expects ") << expected << " leading indices, but got " << numIndices;
  if (memref.getElementType() != tile.getElementType())
    return op->emitOpError("expects a memref of ") << tile.getElementType() << ", but got " << memref;
  return success();
}
/// The map of rows yields `types`; no region, no map.
static LogicalResult verifyRowMap(Operation *op, Region &map, ArrayRef<Type> types) {
  if (map.empty())
    return success();
  Block &block = map.front();
  if (block.getNumArguments() != 1 || !block.getArgument(0).getType().isIndex())
    return op->emitOpError("expects a map with one index argument, but got ") << block.getArgumentTypes();
  auto yield = dyn_cast<YieldOp>(block.back());
  if (!yield || TypeRange(yield.getOperandTypes()) != TypeRange(types))
    return op->emitOpError("expects a map that yields ") << types;
  return success();
}
LogicalResult LoadOp::verifyRegions() { return verifyRowMap(*this, getMap(), {IndexType::get(getContext())}); }
LogicalResult StoreOp::verifyRegions() {
  return verifyRowMap(*this, getMap(), {IndexType::get(getContext()), IntegerType::get(getContext(), 1)});
}

LogicalResult LoadOp::verify() { return verifyTransfer(*this, getResult().getType(), getSource(), getIndices().size()); }
LogicalResult StoreOp::verify() { return verifyTransfer(*this, getTile().getType(), getDestination(), getIndices().size()); }

//===----------------------------------------------------------------------===//
// Computation
//===----------------------------------------------------------------------===//

LogicalResult MmaOp::verify() {
  ArrayRef<int64_t> a = getLhs().getType().getShape(), b = getRhs().getType().getShape(), c = getResult().getType().getShape();
  if (a.size() != 2 || b.size() != 2 || c.size() != 2)
    return emitOpError("expects rank-2 tiles");
  int64_t depth = getTransposeRhs() ? b[1] : b[0], columns = getTransposeRhs() ? b[0] : b[1];
  if (a[1] != depth || c[0] != a[0] || c[1] != columns)
    return emitOpError("expects MxK by ") << (getTransposeRhs() ? "NxK" : "KxN") << " to give MxN, but got " << getLhs().getType() << ", "
                                          << getRhs().getType() << " and " << getResult().getType();
  if (!getResult().getType().getElementType().isF32())
    return emitOpError("expects an f32 result, but got ") << getResult().getType();
  if (getAcc() && getAcc().getType() != getResult().getType())
    return emitOpError("expects an accumulator of the result's type ") << getResult().getType() << ", but got " << getAcc().getType();
  if (!getAccScale())
    return success();
  if (!getAcc())
    return emitOpError("expects an accumulator to scale, but got only the scale ") << getAccScale().getType();
  if (TileType scale = getAccScale().getType(); scale.getShape() != ArrayRef(a[0]) || !scale.getElementType().isF32())
    return emitOpError("expects an f32 scale for each of the ") << a[0] << " rows of the accumulator, but got " << scale;
  return success();
}

LogicalResult ReduceOp::verify() {
  TileType tile = getTile().getType();
  if (static_cast<int64_t>(getAxis()) >= tile.getRank())
    return emitOpError("expects an axis below the rank ") << tile.getRank() << ", but got " << getAxis();
  auto result = dyn_cast<TileType>(getType());
  bool good = tile.getRank() == 1 ? getType() == tile.getElementType()
                                  : result && result.getRank() == 1 && result.getElementType() == tile.getElementType() &&
                                        result.getShape()[0] == tile.getShape()[1 - getAxis()];
  if (!good)
    return emitOpError("expects the reduction of ") << tile << " along axis " << getAxis() << ", but got " << getType();
  return success();
}

LogicalResult ConvertOp::verify() {
  if (getTile().getType().getShape() != getResult().getType().getShape())
    return emitOpError("expects the same shape, but got ") << getTile().getType() << " and " << getResult().getType();
  return success();
}

LogicalResult ConvertOnceOp::verify() {
  TileType from = getTile().getType(), to = getResult().getType();
  if (from.getShape() != to.getShape())
    return emitOpError("expects the same shape, but got ") << from << " and " << to;
  auto slots = cast<MemRefType>(getSlots().getType()), states = cast<MemRefType>(getStates().getType());
  auto rank = static_cast<int64_t>(getIndices().size());
  if (slots.getRank() != rank + 1 || slots.getShape().back() != to.getNumElements() || slots.getElementType() != to.getElementType())
    return emitOpError("expects slots of ") << rank + 1 << " dimensions, the last of " << to.getNumElements() << " x " << to.getElementType() << ", but got " << slots;
  if (states.getRank() != rank || !states.getElementType().isInteger(32))
    return emitOpError("expects states of ") << rank << " dimensions of i32, but got " << states;
  return success();
}

//===----------------------------------------------------------------------===//
// tile.map
//===----------------------------------------------------------------------===//

ArrayRef<int64_t> MapOp::getShape() { return cast<TileType>(getResult(0).getType()).getShape(); }

std::optional<Reduction> MapOp::getReductionOf(unsigned result) {
  std::optional<ArrayRef<int32_t>> entries = getReductions();
  if (!entries || (*entries)[result] == kNotReduced)
    return std::nullopt;
  return static_cast<Reduction>((*entries)[result]);
}

void MapOp::build(OpBuilder &builder, OperationState &state, TypeRange results, ValueRange inputs, ArrayRef<Broadcast> broadcast,
                  function_ref<void(OpBuilder &, Location, ValueRange)> body) {
  state.addOperands(inputs);
  state.addTypes(results);
  SmallVector<int32_t> entries = llvm::map_to_vector(broadcast, [](Broadcast b) { return static_cast<int32_t>(b); });
  entries.resize(inputs.size(), 0);
  state.addAttribute(getBroadcastAttrName(state.name), builder.getDenseI32ArrayAttr(entries));
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(state.addRegion());
  for (Value input : inputs)
    block->addArgument(cast<TileType>(input.getType()).getElementType(), state.location);
  body(builder, state.location, block->getArguments());
}

ParseResult MapOp::parse(OpAsmParser &parser, OperationState &state) {
  SmallVector<OpAsmParser::UnresolvedOperand> inputs;
  SmallVector<Type> inputTypes, resultTypes;
  SmallVector<int32_t> broadcast;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseOperandList(inputs))
    return failure();
  auto parseEntry = [&]() -> ParseResult {
    StringRef keyword;
    SMLoc at = parser.getCurrentLocation();
    if (parser.parseKeyword(&keyword))
      return failure();
    std::optional<Broadcast> entry = symbolizeBroadcast(keyword);
    if (!entry)
      return parser.emitError(at, "expects none, rows or columns, but got ") << keyword;
    broadcast.push_back(static_cast<int32_t>(*entry));
    return success();
  };
  if (succeeded(parser.parseOptionalKeyword("broadcast")) && parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, parseEntry))
    return failure();
  broadcast.resize(std::max(broadcast.size(), inputs.size()), 0);
  SmallVector<int32_t> reductions;
  auto parseReduction = [&]() -> ParseResult {
    StringRef keyword;
    SMLoc at = parser.getCurrentLocation();
    if (parser.parseKeyword(&keyword))
      return failure();
    std::optional<Reduction> entry = symbolizeReduction(keyword);
    if (!entry && keyword != "none")
      return parser.emitError(at, "expects none, sum, max or min, but got ") << keyword;
    reductions.push_back(entry ? static_cast<int32_t>(*entry) : kNotReduced);
    return success();
  };
  if (succeeded(parser.parseOptionalKeyword("reduce"))) {
    if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, parseReduction))
      return failure();
    state.addAttribute(getReductionsAttrName(state.name), parser.getBuilder().getDenseI32ArrayAttr(reductions));
  }
  if (parser.parseColon() || (!inputs.empty() && (parser.parseTypeList(inputTypes) || parser.parseArrow())) || parser.parseTypeList(resultTypes) ||
      parser.resolveOperands(inputs, inputTypes, loc, state.operands) || parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
      parser.parseRegion(*state.addRegion()))
    return failure();
  state.addAttribute(getBroadcastAttrName(state.name), parser.getBuilder().getDenseI32ArrayAttr(broadcast));
  state.addTypes(resultTypes);
  return success();
}

void MapOp::print(OpAsmPrinter &printer) {
  if (!getInputs().empty())
    printer << ' ' << getInputs();
  if (llvm::any_of(getBroadcast(), [](int32_t b) { return b != 0; })) {
    printer << " broadcast [";
    llvm::interleaveComma(getBroadcast(), printer, [&](int32_t b) { printer << stringifyBroadcast(static_cast<Broadcast>(b)); });
    printer << "]";
  }
  if (getReductions()) {
    printer << " reduce [";
    llvm::interleaveComma(llvm::seq<unsigned>(0, getNumResults()), printer, [&](unsigned i) {
      std::optional<Reduction> reduction = getReductionOf(i);
      printer << (reduction ? stringifyReduction(*reduction) : "none");
    });
    printer << "]";
  }
  printer << " : ";
  if (!getInputs().empty())
    printer << getInputs().getTypes() << " -> ";
  printer << getResultTypes();
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {getBroadcastAttrName(), getReductionsAttrName()});
  printer << ' ';
  printer.printRegion(getBody());
}

LogicalResult MapOp::verify() {
  if (getNumResults() == 0)
    return emitOpError("expects at least one result");
  ArrayRef<int64_t> shape = getShape();
  if (getReductions() && getReductions()->size() != getNumResults())
    return emitOpError("expects one reduce entry per result, but got ") << getReductions()->size();
  if (getReductions() && (shape.size() != 2 || getReductionOf(0)))
    return emitOpError("expects a first result of rank 2 that is not reduced, but got ") << getResult(0).getType();
  for (auto [i, result] : llvm::enumerate(getResults())) {
    ArrayRef<int64_t> wanted = getReductionOf(i) ? shape.take_front() : shape;
    if (cast<TileType>(result.getType()).getShape() != wanted)
      return emitOpError("expects results of one shape, but got ") << getResultTypes();
  }
  if (getBroadcast().size() != getInputs().size())
    return emitOpError("expects one broadcast entry per operand, but got ") << getBroadcast().size();
  for (auto [i, input] : llvm::enumerate(getInputs())) {
    auto type = cast<TileType>(input.getType());
    Broadcast entry = getBroadcastOf(i);
    bool good = entry == Broadcast::None
                    ? type.getShape() == shape
                    : shape.size() == 2 && type.getRank() == 1 && type.getShape()[0] == shape[entry == Broadcast::Rows ? 0 : 1];
    if (!good)
      return emitOpError("expects operand #") << i << " to fit the result with broadcast " << stringifyBroadcast(entry) << ", but got " << type;
  }
  return success();
}

LogicalResult MapOp::verifyRegions() {
  Block &block = getBody().front();
  if (block.getNumArguments() != getInputs().size())
    return emitOpError("expects one region argument per operand, but got ") << block.getNumArguments();
  for (auto [argument, input] : llvm::zip(block.getArguments(), getInputs()))
    if (argument.getType() != cast<TileType>(input.getType()).getElementType())
      return emitOpError("expects region arguments of the operands' element types, but got ") << argument.getType();
  auto yield = dyn_cast<YieldOp>(block.back());
  if (!yield || yield.getNumOperands() != getNumResults())
    return emitOpError("expects a region that yields ") << getNumResults() << " value(s)";
  for (auto [value, result] : llvm::zip(yield.getValues(), getResults()))
    if (value.getType() != cast<TileType>(result.getType()).getElementType())
      return emitOpError("expects yielded values of the results' element types, but got ") << value.getType();
  return success();
}
