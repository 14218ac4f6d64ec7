// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-specialize-queries: one description, kernels for decoding and for everything else. No branch: the attention of few queries gets a slice with all
// of them or none, and a launch without work items costs nothing. Masks are shared, since all queries means the same coordinates and lengths.
#include "dialects/Attn/Attn.h"
#include "lib/Support/KernelTarget.h"
#include "lib/Target/Schedules.h"
#include "passes/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace lacuna {
#define GEN_PASS_DEF_ATTNSPECIALIZEQUERIESPASS
#include "passes/Schedule/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {

/// Is the number of queries unknown and without bounds, and are queries and outputs stored in order? (Gathers and scatters become part of one kernel.)
bool isCandidate(attn::AttentionOp op) {
  bool isDynamic = ShapedType::isDynamic(op.getQueryType().getDimSize(op.getDims().sequence));
  bool isBounded = op->hasAttr(attn::AttentionOp::kMaxQueriesAttr) || op->hasAttr(attn::AttentionOp::kMinQueriesAttr);
  bool isScattered = llvm::any_of(op.getResult(0).getUsers(), llvm::IsaPred<attn::ScatterRowsOp>);
  return isDynamic && !isBounded && !op.getScheduleAttr() && !op.getQuery().getDefiningOp<attn::GatherRowsOp>() && !isScattered;
}

class Specializer {
public:
  explicit Specializer(attn::AttentionOp op) : op(op), b(op.getLoc(), op) {}

  void run() {
    SmallVector<Value> results(op.getResults());
    SmallVector<SmallVector<OpOperand *>> uses;
    for (Value result : results)
      uses.push_back(llvm::map_to_vector(result.getUses(), [](OpOperand &use) { return &use; }));
    b.setInsertionPointAfter(op);
    Value rest = tensor::DimOp::create(b, op.getQuery(), op.getDims().sequence), none = arith::ConstantIndexOp::create(b, 0);
    for (int64_t most : kFewQueries) {
      Value isFew = arith::CmpIOp::create(b, arith::CmpIPredicate::ule, rest, arith::ConstantIndexOp::create(b, most));
      insert(results, arith::SelectOp::create(b, isFew, rest, none), most);
      rest = arith::SelectOp::create(b, isFew, none, rest);
    }
    op->setAttr(attn::AttentionOp::kMinQueriesAttr, b.getI64IntegerAttr(*std::rbegin(kFewQueries) + 1));
    for (auto [result, usesOfIt] : llvm::zip(results, uses))
      for (OpOperand *use : usesOfIt)
        use->set(result);
  }

private:
  /// Offsets, sizes and strides of the first `count` rows of a tensor whose sequence is dimension `dim`.
  struct Rows {
    SmallVector<OpFoldResult> offsets, sizes, strides;
  };
  Rows firstRows(Value tensor, int64_t dim, Value count) {
    Rows rows{{}, tensor::getMixedSizes(b, b.getLoc(), tensor), {}};
    rows.offsets.assign(rows.sizes.size(), b.getIndexAttr(0)), rows.strides.assign(rows.sizes.size(), b.getIndexAttr(1));
    rows.sizes[dim] = count;
    return rows;
  }

  /// Puts the attention of the first `count` queries, at most `most`, into the results.
  void insert(MutableArrayRef<Value> results, Value count, int64_t most) {
    Rows rows = firstRows(op.getQuery(), op.getDims().sequence, count);
    Value query = tensor::ExtractSliceOp::create(b, op.getQueryType(), op.getQuery(), rows.offsets, rows.sizes, rows.strides);
    auto part = cast<attn::AttentionOp>(b.clone(*op));
    part.getQueryMutable().assign(query);
    part->setAttr(attn::AttentionOp::kMaxQueriesAttr, b.getI64IntegerAttr(most));
    for (auto [result, rowsOfPart] : llvm::zip(results, part.getResults())) {
      // Statistics are [B, H, S] or [H, S], whatever the layout of O.
      int64_t dim = rowsOfPart == part.getResult(0) ? op.getDims().sequence : cast<ShapedType>(rowsOfPart.getType()).getRank() - 1;
      Rows there = firstRows(result, dim, count);
      result = tensor::InsertSliceOp::create(b, rowsOfPart, result, there.offsets, there.sizes, there.strides);
    }
  }

  attn::AttentionOp op;
  ImplicitLocOpBuilder b;
};

struct AttnSpecializeQueries final : lacuna::impl::AttnSpecializeQueriesPassBase<AttnSpecializeQueries> {
  using AttnSpecializeQueriesPassBase::AttnSpecializeQueriesPassBase;

  void runOnOperation() override {
    const TargetDescription *target = targetOf(getOperation());
    if (!target)
      return signalPassFailure();
    if (target->kind != TargetKind::Cpu)
      return;
    SmallVector<attn::AttentionOp> ops;
    getOperation().walk([&](attn::AttentionOp op) {
      if (isCandidate(op) && !(batchInvariant && op.getLayout() == attn::Layout::shd))
        ops.push_back(op);
    });
    for (attn::AttentionOp op : ops)
      Specializer(op).run();
  }
};

} // namespace
