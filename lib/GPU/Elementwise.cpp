// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.map and tile.convert: the scalar region once per register; shared tiles move to registers as the target does it.
#include "lib/GPU/Lowering.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

/// Row and column registers of a tile; a rank-1 tile has rows only, whichever axis it lies along.
struct Grid {
  int64_t rows, columns = 1;
  SmallVector<Value> rowPositions, columnPositions;

  Grid(const Build &build, TileType type, const ThreadIds &ids) {
    if (auto fragment = dyn_cast<FragmentAttr>(type.getLayout())) {
      rowPositions = positions(build, fragment.getRows(), ids);
      columnPositions = positions(build, fragment.getColumns(), ids);
      columns = columnPositions.size();
    } else {
      rowPositions = positions(build, cast<SpreadAttr>(type.getLayout()), ids);
    }
    rows = rowPositions.size();
  }
};

struct MapLowering : TilePattern<MapOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(MapOp op, OneToNOpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Build build{rewriter, op.getLoc()};
    Grid grid(build, cast<TileType>(op.getResult(0).getType()), ThreadIds(build, target.warpSize()));
    SmallVector<SmallVector<Value>> inputs;
    for (auto [tile, registers] : llvm::zip(op.getInputs(), adaptor.getInputs()))
      inputs.push_back(unpack(build, cast<TileType>(tile.getType()), registers));
    IRMapping captured;
    llvm::SetVector<Value> above;
    getUsedValuesDefinedAbove(op.getBody(), above);
    for (Value value : above)
      captured.map(value, rewriter.getRemappedValue(value));
    SmallVector<SmallVector<Value>> results(op.getNumResults());
    for (int64_t r = 0; r < grid.rows; ++r)
      for (int64_t c = 0; c < grid.columns; ++c)
        mapElement(op, rewriter, grid, inputs, captured, r, c, results);
    for (auto [tile, scalars] : llvm::zip(op.getResults(), results))
      scalars = pack(build, cast<TileType>(tile.getType()), scalars);
    rewriter.replaceOpWithMultiple(op, std::move(results));
    return success();
  }

private:
  static void mapElement(MapOp op, OpBuilder &builder, const Grid &grid, ArrayRef<SmallVector<Value>> inputs,
                         const IRMapping &captured, int64_t r, int64_t c, SmallVector<SmallVector<Value>> &results) {
    IRMapping mapping = captured;
    for (auto [i, argument] : llvm::enumerate(op.getBody().getArguments())) {
      Broadcast spread = op.getBroadcastOf(i);
      int64_t at = spread == Broadcast::Rows ? r : spread == Broadcast::Columns ? c : r * grid.columns + c;
      mapping.map(argument, inputs[i][at]);
    }
    for (Operation &inner : op.getBody().front().without_terminator()) {
      if (auto index = dyn_cast<IndexOp>(inner))
        mapping.map(index.getResult(), index.getAxis() == 0 ? grid.rowPositions[r] : grid.columnPositions[c]);
      else
        builder.clone(inner, mapping);
    }
    for (auto [i, value] : llvm::enumerate(op.getBody().front().getTerminator()->getOperands()))
      results[i].push_back(mapping.lookupOrDefault(value));
  }
};

/// Conversion between element types; f32 to 16 bits by whole registers, which targets have instructions for.
Value convertElements(const Build &build, Value value, Type element) {
  Type from = getElementTypeOrSelf(value.getType()), type = element;
  if (auto vector = dyn_cast<VectorType>(value.getType()))
    type = vector.clone(element);
  if (from == element)
    return value;
  if (isa<FloatType>(from) && isa<FloatType>(element)) {
    if (from.getIntOrFloatBitWidth() > element.getIntOrFloatBitWidth())
      return LLVM::FPTruncOp::create(build.b, build.loc, type, value);
    return LLVM::FPExtOp::create(build.b, build.loc, type, value);
  }
  if (isa<FloatType>(element))
    return arith::SIToFPOp::create(build.b, build.loc, type, value);
  return build.cast(value, type);
}

struct ConvertLowering : TilePattern<ConvertOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(ConvertOp op, OneToNOpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    TileType from = op.getTile().getType(), to = op.getResult().getType();
    Build build{rewriter, op.getLoc()};
    if (from.getSpace() == Space::Shared && to.getSpace() == Space::Registers &&
        from.getElementType() == to.getElementType()) {
      rewriter.replaceOpWithMultiple(op,
                                     {target.loadFragment(rewriter, op.getLoc(), adaptor.getTile().front(), from, to)});
      return success();
    }
    if (from.getLayout() != to.getLayout())
      return op.emitOpError("expects tiles of one layout on ") << target.description.name;
    // Both sides packed alike: scalars that become a packed register are packed first, so that one instruction converts
    // the register.
    SmallVector<Value> values = unpack(build, from, adaptor.getTile());
    if (int64_t packing = packingOf(to); packing > 1)
      values = packFloats(build, values, packing);
    for (Value &value : values)
      value = convertElements(build, value, to.getElementType());
    rewriter.replaceOpWithMultiple(op, {values});
    return success();
  }

private:
  static SmallVector<Value> packFloats(const Build &build, ArrayRef<Value> scalars, int64_t packing) {
    SmallVector<Value> registers;
    for (size_t first = 0; first < scalars.size(); first += packing) {
      Value vector = LLVM::PoisonOp::create(build.b, build.loc, VectorType::get(packing, scalars.front().getType()));
      for (int64_t i = 0; i < packing; ++i)
        vector = LLVM::InsertElementOp::create(build.b, build.loc, vector, scalars[first + i], build.i32(i));
      registers.push_back(vector);
    }
    return registers;
  }
};

struct MmaLowering : TilePattern<MmaOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(MmaOp op, OneToNOpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    if (op.getAccScale())
      return rewriter.notifyMatchFailure(op, "expects a scaled accumulator on CPUs only");
    SmallVector<Value> acc;
    if (op.getAcc()) {
      acc = llvm::to_vector(adaptor.getAcc());
    } else {
      Value zero = arith::ConstantOp::create(rewriter, op.getLoc(), rewriter.getF32FloatAttr(0));
      acc.assign(cast<FragmentAttr>(op.getResult().getType().getLayout()).getRegisters(), zero);
    }
    rewriter.replaceOpWithMultiple(op,
                                   {target.multiply(rewriter, op, adaptor.getLhs(), adaptor.getRhs().front(), acc)});
    return success();
  }
};

} // namespace

void lacuna::populateElementwisePatterns(RewritePatternSet &patterns, const TypeConverter &converter,
                                         const GpuTarget &target) {
  patterns.add<MapLowering, ConvertLowering, MmaLowering>(converter, patterns.getContext(), target);
}
