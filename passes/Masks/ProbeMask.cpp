// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Masks as host functions, for lacuna-mask and for the tests of the analysis: one box of pairs, its class and its bits.
#include "dialects/Attn/Attn.h"
#include "lib/Analysis/BlockMasks.h"
#include "lib/Analysis/IndexArithmetic.h"
#include "lib/Analysis/RowInterval.h"
#include "passes/Masks/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/RegionUtils.h"

namespace lacuna {
#define GEN_PASS_DEF_PROBEMASKS
#include "passes/Masks/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

/// Order of the arguments that follow those of the probed function.
enum ProbeArgument { Batch, Head, QueryLength, KeyLength, Q0, Q1, K0, K1, Bits, NumProbeArguments };

MemRefType bufferOf(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return MemRefType::get(type.getShape(), type.getElementType());
}

/// A size of an op's result by the sizes of its operands; null where the op does not tell.
Value sizeByOperands(tensor::DimOp dim) {
  auto result = dyn_cast<OpResult>(dim.getSource());
  std::optional<int64_t> index = dim.getConstantIndex();
  ReifiedRankedShapedTypeDims shapes;
  OpBuilder builder(dim);
  if (!result || !index || failed(reifyResultShapes(builder, result.getOwner(), shapes)))
    return {};
  Value size = getValueOrCreateConstantIndexOp(builder, dim.getLoc(), shapes[result.getResultNumber()][*index]);
  auto again = size.getDefiningOp<tensor::DimOp>();
  return again && again.getSource() == dim.getSource() ? Value() : size;
}

/// Rebuilds, at the start of a probe, values of the probed function: those that a mask needs, or the lengths.
class Slice {
public:
  Slice(ImplicitLocOpBuilder &b, func::FuncOp from, func::FuncOp probe, bool quiet = false) : b(b), from(from), probe(probe), quiet(quiet) {}

  /// The value in the probe, tensors as memrefs; null (with a diagnostic unless quiet) where it cannot be had.
  Value capture(Value value) {
    if (auto tensor = dyn_cast<RankedTensorType>(value.getType())) {
      if (Value argument = argumentOf(value))
        return argument;
      Value copy = materialize(value);
      return copy ? bufferization::ToBufferOp::create(b, bufferOf(tensor), copy, /*read_only=*/true).getResult() : Value();
    }
    return materialize(value);
  }

private:
  Value argumentOf(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getOwner() == &from.front() ? probe.getArgument(argument.getArgNumber()) : Value();
  }

  Value materialize(Value value) {
    if (Value known = mapping.lookupOrNull(value))
      return known;
    if (Value argument = argumentOf(value)) {
      Value result = argument;
      if (isa<RankedTensorType>(value.getType()))
        result = bufferization::ToTensorOp::create(b, value.getType(), argument, /*restrict=*/true);
      mapping.map(value, result);
      return result;
    }
    auto dim = value.getDefiningOp<tensor::DimOp>();
    if (Value size = dim ? sizeByOperands(dim) : Value()) // a size does not need the tensor
      return materialize(size);
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != &from.front() || (quiet && isa<attn::AttnDialect>(op->getDialect()))) {
      if (!quiet)
        emitError(value.getLoc(), "expects the parameters of a mask to be computed at the top level of ") << from.getName();
      return {};
    }
    SetVector<Value> needed(op->operand_begin(), op->operand_end());
    for (Region &region : op->getRegions())
      getUsedValuesDefinedAbove(region, needed);
    for (Value operand : needed)
      if (!materialize(operand))
        return {};
    b.clone(*op, mapping);
    return mapping.lookup(value);
  }

  ImplicitLocOpBuilder &b;
  func::FuncOp from, probe;
  bool quiet;
  IRMapping mapping;
};

/// The keys that the rows of the box may attend by their intervals and blocks, as the walk over tiles has them.
KeySpan emitTermHull(ImplicitLocOpBuilder &b, const MaskTerm &term, const TileBox &box, const IRMapping &captures) {
  Value zero = constant(b, 0);
  KeySpan hull{zero, box.keyLength};
  if (!term.intervals.empty()) {
    auto row = [&](OpBuilder &inner, Location loc, Value query, ValueRange soFar) {
      ImplicitLocOpBuilder at(loc, inner);
      KeySpan own = emitRowInterval(at, term, {box.batch, box.head, query, {}, box.queryLength, box.keyLength, box.heads}, captures);
      Value some = compare(at, arith::CmpIPredicate::slt, own.low, own.high);
      Value low = at.createOrFold<arith::SelectOp>(some, min(at, soFar[0], own.low), soFar[0]);
      scf::YieldOp::create(at, ValueRange{low, at.createOrFold<arith::SelectOp>(some, max(at, soFar[1], own.high), soFar[1])});
    };
    auto rows = scf::ForOp::create(b, box.q0, box.q1, constant(b, 1), ValueRange{box.keyLength, zero}, row);
    hull = {rows.getResult(0), rows.getResult(1)};
  }
  for (const OpaqueLiteral &literal : term.opaque)
    if (std::optional<KeySpan> blocks = emitBlockHull(b, literal, box, captures))
      hull = {max(b, hull.low, blocks->low), min(b, hull.high, blocks->high)};
  return hull;
}

/// Does the hull of some term meet the box? Where it does not, a walk leaves the box out without asking. Null where no blocks bound a term.
Value emitTouches(ImplicitLocOpBuilder &b, Value mask, const TileBox &box, const IRMapping &captures) {
  MaskNormalForm form = normalizeMask(mask);
  auto isOfBlocks = [](const OpaqueLiteral &literal) { return isBlockMask(literal.mask.getDefiningOp()); };
  if (llvm::none_of(form.terms, [&](const MaskTerm &term) { return llvm::any_of(term.opaque, isOfBlocks); }))
    return {};
  Value touches = boolean(b, false);
  for (const MaskTerm &term : form.terms) {
    KeySpan hull = emitTermHull(b, term, box, captures);
    touches = either(b, touches, compare(b, arith::CmpIPredicate::slt, max(b, hull.low, box.k0), min(b, hull.high, box.k1)));
  }
  return touches;
}

SmallVector<Type> argumentsOf(func::FuncOp from) {
  return llvm::map_to_vector(from.getArgumentTypes(), [](Type type) -> Type { return isa<RankedTensorType>(type) ? bufferOf(type) : type; });
}

func::FuncOp createProbe(OpBuilder &builder, func::FuncOp from, unsigned number) {
  Type index = builder.getIndexType(), i1 = builder.getI1Type();
  SmallVector<Type> inputs = argumentsOf(from);
  inputs.append(Bits, index);
  inputs.push_back(MemRefType::get({ShapedType::kDynamic, ShapedType::kDynamic}, builder.getI8Type()));
  std::string name = (from.getName() + ".probe" + Twine(number)).str();
  auto probe = func::FuncOp::create(builder, from.getLoc(), name, builder.getFunctionType(inputs, {i1, i1}));
  probe.addEntryBlock();
  return probe;
}

/// bits[q - q0][k - k0] = attends(q, k), as far as `bits` reaches.
void emitBits(ImplicitLocOpBuilder &b, Value mask, const TileBox &box, Value bits, const IRMapping &captures) {
  Value zero = arith::ConstantIndexOp::create(b, 0), one = arith::ConstantIndexOp::create(b, 1);
  auto extent = [&](Value begin, Value end, int64_t dim) -> Value {
    return arith::MinSIOp::create(b, arith::SubIOp::create(b, end, begin), memref::DimOp::create(b, bits, dim));
  };
  Value rows = extent(box.q0, box.q1, 0), columns = extent(box.k0, box.k1, 1);
  scf::ForOp::create(b, zero, rows, one, ValueRange{}, [&](OpBuilder &outer, Location loc, Value i, ValueRange) {
    Value query = arith::AddIOp::create(outer, loc, box.q0, i);
    scf::ForOp::create(outer, loc, zero, columns, one, ValueRange{}, [&](OpBuilder &inner, Location, Value j, ValueRange) {
      ImplicitLocOpBuilder at(loc, inner);
      Value key = arith::AddIOp::create(at, box.k0, j);
      Coordinates pair{box.batch, box.head, query, key, box.queryLength, box.keyLength, box.heads};
      Value attends = emitAttends(at, loc, mask, pair, captures);
      memref::StoreOp::create(at, arith::ExtUIOp::create(at, at.getI8Type(), attends), bits, ValueRange{i, j});
      scf::YieldOp::create(at);
    });
    scf::YieldOp::create(outer, loc);
  });
}

/// Number of query heads: from the type, or from the query if it is an argument; else null, with an error.
Value emitHeads(ImplicitLocOpBuilder &b, attn::AttentionOp attention, func::FuncOp from, func::FuncOp probe) {
  int64_t dim = attention.getDims().head, heads = attention.getQueryType().getDimSize(dim);
  auto argument = dyn_cast<BlockArgument>(attention.getQuery());
  if (ShapedType::isDynamic(heads) && argument && argument.getOwner() == &from.front())
    return memref::DimOp::create(b, probe.getArgument(argument.getArgNumber()), dim);
  if (ShapedType::isDynamic(heads))
    return attention.emitOpError("expects a static number of query heads or a query that is an argument of ") << from.getName(), Value();
  return arith::ConstantIndexOp::create(b, heads);
}

/// The tile of `size` coordinates that holds `x`.
AlignedTile tileAround(ImplicitLocOpBuilder &b, Value x, int64_t size) {
  if (size <= 0)
    return {};
  return {sub(b, x, b.createOrFold<arith::RemUIOp>(x, constant(b, size))), size};
}

LogicalResult emitProbe(attn::AttentionOp attention, unsigned number, bool rows, int64_t tile) {
  auto from = attention->getParentOfType<func::FuncOp>();
  OpBuilder builder(from);
  func::FuncOp probe = createProbe(builder, from, number);
  ImplicitLocOpBuilder b = ImplicitLocOpBuilder::atBlockBegin(attention.getLoc(), &probe.front());
  auto extra = [&](ProbeArgument which) { return probe.getArgument(from.getNumArguments() + which); };
  Value mask = attention.getMask();
  IRMapping captures;
  Slice slice(b, from, probe);
  for (Value value : collectCaptures(mask, nullptr)) {
    Value captured = slice.capture(value);
    if (!captured)
      return failure();
    captures.map(value, captured);
  }
  cloneCapturedConstants(b, mask, nullptr, captures);
  Value heads = emitHeads(b, attention, from, probe);
  if (!heads)
    return failure();
  TileBox box{extra(Batch), extra(Head), extra(Q0), extra(Q1), extra(K0), extra(K1), extra(QueryLength), extra(KeyLength),
              heads, tileAround(b, extra(Q0), tile), tileAround(b, extra(K0), tile)};
  bool exact = rows && mask && isIntervalAlgebra(mask);
  auto classify = exact ? emitExactTileClass : tile > 0 ? emitSmallTileClass : emitTileClass;
  TileClass found = classify(b, attention.getLoc(), mask, box, captures);
  if (Value touches = rows ? emitTouches(b, mask, box, captures) : Value())
    found.any = both(b, found.any, touches);
  emitBits(b, mask, box, extra(Bits), captures);
  func::ReturnOp::create(b, ValueRange{found.any, found.all});
  return success();
}

/// A function of the lengths that the attention finds, where it does not take Q and K as they are given. None where they depend on more than sizes.
void emitLengths(attn::AttentionOp attention, unsigned number) {
  auto from = attention->getParentOfType<func::FuncOp>();
  auto isArgument = [&](Value value) { return isa<BlockArgument>(value) && value.getParentBlock() == &from.front(); };
  if (isArgument(attention.getQuery()) && isArgument(attention.getKey()))
    return;
  OpBuilder builder(from), before(attention);
  Type index = builder.getIndexType();
  auto type = builder.getFunctionType(argumentsOf(from), {index, index});
  auto lengths = func::FuncOp::create(builder, from.getLoc(), (from.getName() + ".lengths" + Twine(number)).str(), type);
  ImplicitLocOpBuilder b = ImplicitLocOpBuilder::atBlockBegin(attention.getLoc(), lengths.addEntryBlock());
  Slice slice(b, from, lengths, /*quiet=*/true);
  SmallVector<Value> sizes;
  for (Value operand : {attention.getQuery(), attention.getKey()}) {
    Value size = tensor::DimOp::create(before, attention.getLoc(), operand, attention.getDims().sequence);
    sizes.push_back(slice.capture(size));
  }
  if (llvm::is_contained(sizes, Value()))
    return lengths.erase();
  func::ReturnOp::create(b, sizes);
}

struct ProbeMasks final : lacuna::impl::ProbeMasksBase<ProbeMasks> {
  using Base::Base;

  void runOnOperation() override {
    for (func::FuncOp from : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      SmallVector<attn::AttentionOp> attentions;
      from.walk([&](attn::AttentionOp op) { attentions.push_back(op); });
      for (auto [number, attention] : llvm::enumerate(attentions)) {
        if (failed(emitProbe(attention, number, rows, tile)))
          return signalPassFailure();
        emitLengths(attention, number);
      }
      if (attentions.empty())
        from.setPrivate();
      else
        from.erase();
    }
  }
};

} // namespace
