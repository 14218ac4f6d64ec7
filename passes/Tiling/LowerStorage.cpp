// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-lower-storage: gathers and scatters of rows as loops over elements, straight from the op descriptions. Slow on purpose: kernels do their own.
#include "dialects/Attn/Attn.h"
#include "passes/Tiling/Passes.h"
#include "passes/Tiling/RowStorage.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace lacuna {
#define GEN_PASS_DEF_ATTNLOWERSTORAGEPASS
#include "passes/Tiling/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

class StorageLoops {
public:
  StorageLoops(Operation *op, attn::Layout layout) : op(op), dims(attn::dimsOf(layout)), b(op->getLoc(), op) {}

  void gatherRows(attn::GatherRowsOp gather) {
    emitGatherRequirements(b, storageOf(gather, gather.getLayout()), gather, gather.getLayout(), batchesOf(gather.getSource()), "gather_rows");
    Value source = gather.getSource(), rows = size(source, dims.sequence);
    replace(empty(), [&](SmallVector<Value> at, Value into) {
      SmallVector<Value> from(at);
      from[dims.sequence] = clamp(rowOf(gather.getRows(), at, source), rows);
      return insert(tensor::ExtractOp::create(b, source, from), into, at);
    });
  }

  void gatherPages(attn::GatherPagesOp gather) {
    RankedTensorType type = gather.getResult().getType();
    Value batches = type.isDynamicDim(dims.batch) ? size(gather.getTable(), 0) : constant(type.getDimSize(dims.batch));
    emitGatherRequirements(b, storageOf(gather, gather.getLayout()), gather, gather.getLayout(), batches, "gather_pages");
    Value cache = gather.getCache(), pages = size(cache, dims.batch), page = size(cache, dims.sequence);
    replace(empty(), [&](SmallVector<Value> at, Value into) {
      Value number = arith::DivUIOp::create(b, at[dims.sequence], page);
      SmallVector<Value> from(at);
      from[dims.batch] = clamp(entry(gather.getTable(), {at[dims.batch], number}), pages);
      from[dims.sequence] = arith::RemUIOp::create(b, at[dims.sequence], page);
      return insert(tensor::ExtractOp::create(b, cache, from), into, at);
    });
  }

  void scatterRows(attn::ScatterRowsOp scatter) {
    Value source = scatter.getSource(), init = scatter.getInit(), rows = size(init, dims.sequence);
    emitScatterRequirements(b, scatter, batchesOf(source), size(source, dims.head), size(source, dims.sequence), "scatter_rows");
    shapeOf = source;
    replace(init, [&](SmallVector<Value> at, Value into) {
      Value row = rowOf(scatter.getRows(), at, init);
      Value exists = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, row, rows);
      auto branch = scf::IfOp::create(b, into.getType(), exists, /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(branch.thenBlock());
      SmallVector<Value> to(at);
      to[dims.sequence] = row;
      scf::YieldOp::create(b, insert(tensor::ExtractOp::create(b, source, at), into, to));
      b.setInsertionPointToStart(branch.elseBlock());
      scf::YieldOp::create(b, into);
      return branch.getResult(0);
    });
  }

private:
  using Body = llvm::function_ref<Value(SmallVector<Value> at, Value into)>;

  Value constant(int64_t v) { return arith::ConstantIndexOp::create(b, v); }
  Value size(Value tensor, int64_t dim) { return b.createOrFold<tensor::DimOp>(tensor, dim); }
  Value batchesOf(Value tensor) { return dims.batch < 0 ? constant(1) : size(tensor, dims.batch); }
  Value insert(Value element, Value into, ValueRange at) { return tensor::InsertOp::create(b, element, into, at); }
  Value entry(Value table, ValueRange at) { return arith::IndexCastOp::create(b, b.getIndexType(), tensor::ExtractOp::create(b, table, at).getResult()); }

  Value clamp(Value x, Value size) {
    Value last = arith::SubIOp::create(b, size, constant(1));
    return arith::MaxSIOp::create(b, arith::MinSIOp::create(b, x, last), constant(0));
  }

  /// The table's entry for the batch entry, head and position of `at`; batch and head are shared as those of sets.
  Value rowOf(Value table, ValueRange at, Value stored) {
    Value batch = dims.batch < 0 ? constant(0) : at[dims.batch];
    Value own = clamp(batch, size(table, 0)); // one entry for all, or one each
    Value head = arith::DivUIOp::create(b, arith::MulIOp::create(b, at[dims.head], size(table, 1)), size(stored, dims.head));
    return entry(table, {own, head, at[dims.sequence]});
  }

  Value empty() {
    shapeOf = op->getResult(0);
    ReifiedRankedShapedTypeDims shapes;
    (void)cast<ReifyRankedShapedTypeOpInterface>(op).reifyResultShapes(b, shapes); // never fails for these ops
    extent = getValueOrCreateConstantIndexOp(b, b.getLoc(), shapes[0]);
    return tensor::EmptyOp::create(b, shapes[0], cast<RankedTensorType>(op->getResult(0).getType()).getElementType());
  }

  /// Loops over the elements of the result (gather) or of the source (scatter), and replaces the op.
  void replace(Value init, Body body) {
    if (extent.empty())
      for (int64_t i = 0, rank = cast<ShapedType>(shapeOf.getType()).getRank(); i < rank; ++i)
        extent.push_back(size(shapeOf, i));
    SmallVector<Value> zeros(extent.size(), constant(0)), ones(extent.size(), constant(1));
    auto nest = scf::buildLoopNest(b, b.getLoc(), zeros, extent, ones, ValueRange{init},
                                   [&](OpBuilder &inner, Location, ValueRange ivs, ValueRange carried) -> scf::ValueVector {
                                     OpBuilder::InsertionGuard guard(b);
                                     b.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
                                     return {body(SmallVector<Value>(ivs), carried[0])};
                                   });
    Value result = nest.results[0];
    if (result.getType() != op->getResult(0).getType())
      result = tensor::CastOp::create(b, op->getResult(0).getType(), result);
    op->getResult(0).replaceAllUsesWith(result);
    op->erase();
  }

  Operation *op;
  attn::Dims dims;
  ImplicitLocOpBuilder b;
  Value shapeOf;
  SmallVector<Value> extent;
};

struct AttnLowerStorage final : lacuna::impl::AttnLowerStoragePassBase<AttnLowerStorage> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<attn::GatherRowsOp, attn::GatherPagesOp, attn::ScatterRowsOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      llvm::TypeSwitch<Operation *>(op)
          .Case([](attn::GatherRowsOp gather) { StorageLoops(gather, gather.getLayout()).gatherRows(gather); })
          .Case([](attn::GatherPagesOp gather) { StorageLoops(gather, gather.getLayout()).gatherPages(gather); })
          .Case([](attn::ScatterRowsOp scatter) { StorageLoops(scatter, scatter.getLayout()).scatterRows(scatter); });
  }
};

} // namespace
