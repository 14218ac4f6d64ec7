// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-to-tile: outlines each attention op into a tile.kernel (KernelBuilder) and leaves a tile.launch, with the checks of sizes that run-time values can get wrong.
#include "passes/Tiling/AttentionLowering.h"
#include "passes/Tiling/Passes.h"
#include "passes/Tiling/SplitKeys.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace lacuna {
#define GEN_PASS_DEF_ATTNTOTILEPASS
#include "passes/Tiling/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using attn::AttentionOp;

namespace {

/// A kernel sees tensors of any strides with last stride 1.
Type parameterType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return type;
  SmallVector<int64_t> strides(tensor.getRank(), ShapedType::kDynamic);
  if (!strides.empty())
    strides.back() = 1;
  return MemRefType::get(tensor.getShape(), tensor.getElementType(), StridedLayoutAttr::get(type.getContext(), ShapedType::kDynamic, strides));
}

/// Sizes that only run-time values can get wrong.
void emitRequirements(ImplicitLocOpBuilder &b, AttentionOp op) {
  auto dims = op.getDims();
  Value q = op.getQuery(), k = op.getKey(), v = op.getValue(), one = arith::ConstantIndexOp::create(b, 1);
  auto require = [&](Value expected, Value got, StringRef what) {
    std::optional<int64_t> x = getConstantIntValue(expected), y = getConstantIntValue(got);
    if (!x || !y || *x != *y)
      tile::RequireOp::create(b, expected, got, b.getStringAttr(what));
  };
  auto same = [&](Value x, Value y, int64_t i, StringRef what) { require(sizeOf(b, x, i), sizeOf(b, y, i), what); };
  if (dims.batch >= 0) {
    same(q, k, dims.batch, "attention: batch size of key");
    same(q, v, dims.batch, "attention: batch size of value");
  }
  same(k, v, dims.head, "attention: number of heads of value");
  same(k, v, dims.sequence, "attention: length of value");
  Value heads = sizeOf(b, q, dims.head), kvHeads = sizeOf(b, k, dims.head);
  Value some = b.createOrFold<arith::MaxSIOp>(kvHeads, one);
  require(one, b.createOrFold<arith::MinSIOp>(heads, one), "attention: number of query heads (at least)");
  require(one, b.createOrFold<arith::MinSIOp>(kvHeads, one), "attention: number of key heads (at least)");
  require(arith::ConstantIndexOp::create(b, 0), b.createOrFold<arith::RemUIOp>(heads, some), "attention: query heads modulo key heads");
  if (op.getSinkLogits())
    require(heads, sizeOf(b, op.getSinkLogits(), 0), "attention: number of sink logits");
}

SmallVector<Value> createOutputs(ImplicitLocOpBuilder &b, AttentionOp op) {
  ReifiedRankedShapedTypeDims shapes;
  if (failed(op.reifyResultShapes(b, shapes)))
    return {};
  SmallVector<Value> outputs;
  for (auto [shape, type] : llvm::zip(shapes, op.getResultTypes()))
    outputs.push_back(tensor::EmptyOp::create(b, shape, cast<RankedTensorType>(type).getElementType()));
  return outputs;
}

LogicalResult lower(AttentionOp op, StringRef name, OpBuilder &atModule) {
  if (!op.getScheduleAttr())
    return op.emitOpError("expects a schedule (run attn-select-schedule first)");
  int64_t shares = op.getScheduleAttr().getSplit();
  if (shares > 1 && op.hasRowMax())
    return op.emitOpError("expects no row max of keys that are split, but got ") << op.getScheduleAttr();
  AttentionLowering lowering(op);
  if (lowering.schedule.getPackHeads() && lowering.group == 1)
    return op.emitOpError("expects static numbers of heads, of which several share a key head, and no gathered queries or masks tested tile by tile with "
                          "pack_heads, but got ")
           << lowering.schedule;
  SmallVector<Value> inputs = lowering.inputs();
  ImplicitLocOpBuilder b(op.getLoc(), op);
  if (lowering.scatter)
    b.setInsertionPoint(lowering.scatter); // its init may come later than the attention
  SmallVector<Value> outputs = shares > 1 ? createShares(b, op, shares) : createOutputs(b, op);
  if (lowering.scatter)
    outputs[0] = lowering.scatter.getInit();
  SmallVector<Type> types;
  for (Value value : inputs)
    types.push_back(parameterType(value.getType()));
  for (Value value : outputs)
    types.push_back(parameterType(value.getType()));
  types.append(tile::KernelOp::kNumItemArguments, b.getIndexType());
  auto kernel = tile::KernelOp::create(atModule, op.getLoc(), name, b.getFunctionType(types, {}));
  kernel->setAttr(tile::TileDialect::getScheduleAttrName(), lowering.schedule);
  buildKernel(lowering, kernel);

  emitRequirements(b, op);
  auto dims = op.getDims();
  Value entries = dims.batch >= 0 ? sizeOf(b, op.getQuery(), dims.batch) : arith::ConstantIndexOp::create(b, 1).getResult();
  for (auto [storage, gathered] : {std::pair(lowering.query, op.getQuery()), std::pair(lowering.key, op.getKey()), std::pair(lowering.value, op.getValue())})
    emitGatherRequirements(b, storage, gathered, op.getLayout(), entries, "attention");
  if (lowering.scatter)
    emitScatterRequirements(b, lowering.scatter, entries, sizeOf(b, op.getQuery(), dims.head), sizeOf(b, op.getQuery(), dims.sequence), "attention");
  Value tileM = arith::ConstantIndexOp::create(b, lowering.schedule.getTileM());
  Value rows = b.createOrFold<arith::MulIOp>(sizeOf(b, op.getQuery(), dims.sequence), arith::ConstantIndexOp::create(b, lowering.group));
  Value tiles = b.createOrFold<arith::CeilDivUIOp>(rows, tileM);
  tiles = b.createOrFold<arith::MulIOp>(tiles, arith::ConstantIndexOp::create(b, shares));
  if (auto least = op->getAttrOfType<IntegerAttr>(AttentionOp::kMinQueriesAttr)) {
    Value enough = arith::CmpIOp::create(b, arith::CmpIPredicate::uge, sizeOf(b, op.getQuery(), dims.sequence), arith::ConstantIndexOp::create(b, least.getInt()));
    tiles = arith::SelectOp::create(b, enough, tiles, arith::ConstantIndexOp::create(b, 0));
  }
  Value heads = sizeOf(b, lowering.group > 1 ? op.getKey() : op.getQuery(), dims.head);
  auto launch = tile::LaunchOp::create(b, ValueRange(outputs).getTypes(), name, ValueRange{tiles, heads, entries}, inputs, outputs);
  SmallVector<Value> results = shares > 1 ? mergeShares(b, op, launch.getResults(), shares) : SmallVector<Value>(launch.getResults());
  SmallVector<Value> replaced(op.getResults());
  if (lowering.scatter)
    replaced[0] = lowering.scatter.getResult();
  for (auto [result, old] : llvm::zip(results, replaced)) {
    bool same = result.getType() == old.getType();
    old.replaceAllUsesWith(same ? result : tensor::CastOp::create(b, old.getType(), result).getResult());
  }
  if (lowering.scatter)
    lowering.scatter.erase();
  op.erase();
  return success();
}

/// Masks are pure descriptions: once no attention uses them they are dead.
void eraseDeadMasks(ModuleOp module) {
  SmallVector<Operation *> masks;
  module.walk([&](Operation *op) {
    if (op->getNumResults() == 1 && isa<attn::MaskType>(op->getResult(0).getType()))
      masks.push_back(op);
  });
  for (Operation *op : llvm::reverse(masks))
    if (op->use_empty())
      op->erase();
}

struct AttnToTile final : lacuna::impl::AttnToTilePassBase<AttnToTile> {
  void runOnOperation() override {
    SmallVector<AttentionOp> ops;
    getOperation().walk([&](AttentionOp op) { ops.push_back(op); });
    llvm::DenseMap<Operation *, unsigned> counts;
    OpBuilder atModule = OpBuilder::atBlockEnd(getOperation().getBody());
    for (AttentionOp op : ops) {
      auto function = op->getParentOfType<func::FuncOp>();
      if (!function) {
        op.emitOpError("expects to be in a func.func");
        return signalPassFailure();
      }
      std::string name = (function.getName() + ".attention" + Twine(counts[function]++)).str();
      if (failed(lower(op, name, atModule)))
        return signalPassFailure();
    }
    eraseDeadMasks(getOperation());
    // Sizes of gathered tensors come from their sources; gathers that kernels do themselves are dead then.
    RewritePatternSet patterns(&getContext());
    memref::populateResolveRankedShapedTypeResultDimsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
  }
};

} // namespace
