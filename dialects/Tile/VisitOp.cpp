// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.visit: syntax of its bodies and verification.
#include "dialects/Tile/Tile.h"

using namespace mlir;
using namespace lacuna::tile;

static ParseResult parseVisitBodies(OpAsmParser &parser, Region &before, Region &test, Region &partial, Region &full) {
  if (succeeded(parser.parseOptionalKeyword("before")) && parser.parseRegion(before))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("test")) && parser.parseRegion(test))
    return failure();
  return failure(parser.parseKeyword("partial") || parser.parseRegion(partial) || parser.parseKeyword("full") || parser.parseRegion(full));
}

static void printVisitBodies(OpAsmPrinter &printer, Operation *, Region &before, Region &test, Region &partial, Region &full) {
  printer.printNewline();
  if (!before.empty()) {
    printer << "  before ";
    printer.printRegion(before);
    printer.printNewline();
  }
  if (!test.empty()) {
    printer << "  test ";
    printer.printRegion(test);
    printer.printNewline();
  }
  printer << "  partial ";
  printer.printRegion(partial);
  printer.printNewline();
  printer << "  full ";
  printer.printRegion(full);
}

LogicalResult VisitOp::verify() {
  if (getStarts().empty() || getStarts().size() != getPartial().size() || getStarts().size() != getFull().size())
    return emitOpError("expects as many partial and full counts as starts, at least one, but got ")
           << getStarts().size() << ", " << getPartial().size() << " and " << getFull().size();
  if (auto step = static_cast<int64_t>(getStep()); step <= 0)
    return emitOpError("expects a positive step, but got ") << step;
  if (getHulls().size() % 2 != 0)
    return emitOpError("expects pairs of ends as hull, but got ") << getHulls().size() << " values";
  if (TypeRange(getInits().getTypes()) != TypeRange(getResultTypes()))
    return emitOpError("expects results of the carried types, but got ") << getResultTypes();
  return success();
}

static LogicalResult verifyBody(VisitOp op, StringRef name, Region &body, unsigned positions, TypeRange carried, TypeRange yielded) {
  SmallVector<Type> expected(positions, IndexType::get(op.getContext()));
  llvm::append_range(expected, carried);
  Block &block = body.front();
  if (TypeRange(block.getArgumentTypes()) != TypeRange(expected))
    return op.emitOpError("expects the ") << name << " body to take " << positions << " position(s) and the carried values, but got " << block.getArgumentTypes();
  auto yield = dyn_cast<YieldOp>(block.back());
  if (!yield || TypeRange(yield.getOperandTypes()) != yielded)
    return op.emitOpError("expects the ") << name << " body to yield " << yielded;
  return success();
}

LogicalResult VisitOp::verifyRegions() {
  TypeRange carried = getResultTypes();
  Type i1 = IntegerType::get(getContext(), 1);
  if (looksAhead() && !getTest().empty())
    return emitOpError("expects a test or a before region, but got both");
  if (looksAhead() && failed(verifyBody(*this, "before", getBefore(), 1, {}, {})))
    return failure();
  Type index = IndexType::get(getContext());
  SmallVector<Type> answer{i1, i1};
  if (givesKeys())
    answer.append({index, index});
  if (!getTest().empty() && failed(verifyBody(*this, "test", getTest(), 1, {}, answer)))
    return failure();
  unsigned positions = getNumPositionArguments();
  if (failed(verifyBody(*this, "partial", getPartialBody(), positions, carried, carried)))
    return failure();
  return verifyBody(*this, "full", getFullBody(), positions, carried, carried);
}

#define GET_OP_CLASSES
#include "dialects/Tile/TileOps.cpp.inc"
