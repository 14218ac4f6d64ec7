// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.visit: one loop over the partial tiles of all segments, then one over the full ones; no class test in the
// second.
#include "lib/GPU/Lowering.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

/// Tiles of one class in visiting order: segment i holds `counts[i]` tiles from tile `starts[i]` on.
struct TileList {
  ValueRange starts, counts;
  SmallVector<Value> ends; // of the segments, in ordinals of this list

  TileList(const Build &build, ValueRange starts, ValueRange counts) : starts(starts), counts(counts) {
    Value end = build.index(0);
    for (Value count : counts)
      ends.push_back(end = build.add(end, count));
  }
  Value size() const { return ends.back(); }

  /// First row of the tile with this ordinal (below size()).
  Value row(const Build &build, Value ordinal, int64_t step) const {
    Value tile = build.add(starts[0], ordinal);
    for (size_t i = 1; i < starts.size(); ++i) {
      Value other = build.add(starts[i], build.sub(ordinal, ends[i - 1]));
      tile = build.select(build.less(ordinal, ends[i - 1]), tile, other);
    }
    return build.mul(tile, step);
  }
};

struct VisitLowering : TilePattern<VisitOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(VisitOp op, OneToNOpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Build build{rewriter, op.getLoc()};
    auto flat = [](ArrayRef<ValueRange> ranges) {
      return llvm::map_to_vector(ranges, [](ValueRange r) { return r.front(); });
    };
    SmallVector<Value> starts = flat(adaptor.getStarts()), partialCounts = flat(adaptor.getPartial()),
                       fullCounts = flat(adaptor.getFull());
    Lists lists{TileList(build, starts, partialCounts), TileList(build, starts, fullCounts), build.index(0)};
    lists.total = build.add(lists.partial.size(), lists.full.size());
    SmallVector<Value> carried;
    for (ValueRange init : adaptor.getInits())
      llvm::append_range(carried, init);
    lists.looksAhead = op.looksAhead();
    if (lists.looksAhead)
      startFirst(op, build, lists, rewriter);
    carried = loop(op, build, lists, /*full=*/false, carried, rewriter);
    carried = loop(op, build, lists, /*full=*/true, carried, rewriter);
    SmallVector<SmallVector<Value>> results;
    size_t at = 0;
    for (ValueRange init : adaptor.getInits()) {
      results.emplace_back(carried.begin() + at, carried.begin() + at + init.size());
      at += init.size();
    }
    rewriter.replaceOpWithMultiple(op, std::move(results));
    return success();
  }

private:
  struct Lists {
    TileList partial, full;
    Value total;
    bool looksAhead = false; // startFirst() empties the region that op.looksAhead() asks for
  };

  /// First row of the visit's tile number `ordinal`, or kNoRow behind the last one. In the full loop the partial list
  /// is over.
  static Value rowOf(const Build &build, VisitOp op, const Lists &lists, Value ordinal, bool inFullLoop) {
    Value partials = lists.partial.size();
    Value row = lists.full.row(build, build.sub(ordinal, partials), op.getStep());
    if (!inFullLoop)
      row = build.select(build.less(ordinal, partials), lists.partial.row(build, ordinal, op.getStep()), row);
    return build.select(build.less(ordinal, lists.total), row, build.index(VisitOp::kNoRow));
  }

  void startFirst(VisitOp op, const Build &build, const Lists &lists, ConversionPatternRewriter &rewriter) const {
    Value row = rowOf(build, op, lists, build.index(0), /*inFullLoop=*/false);
    Block &block = op.getBefore().front();
    rewriter.eraseOp(block.getTerminator());
    rewriter.inlineBlockBefore(&block, op, {row});
  }

  SmallVector<Value> loop(VisitOp op, const Build &build, const Lists &lists, bool full, ValueRange inits,
                          ConversionPatternRewriter &rewriter) const {
    Value first = full ? lists.partial.size() : build.index(0), last = full ? lists.total : lists.partial.size();
    auto loop = scf::ForOp::create(rewriter, op.getLoc(), first, last, build.index(1), inits);
    OpBuilder::InsertionGuard guard(rewriter);
    if (inits.empty())
      rewriter.eraseOp(loop.getBody()->getTerminator());
    rewriter.setInsertionPointToEnd(loop.getBody());
    Value ordinal = loop.getInductionVar();
    const TileList &list = full ? lists.full : lists.partial;
    Value row = list.row(build, full ? build.sub(ordinal, first) : ordinal, op.getStep());
    SmallVector<Value> arguments{row};
    if (lists.looksAhead) {
      Value next = rowOf(build, op, lists, build.add(ordinal, 1), full);
      arguments.append({ordinal, next});
    }
    if (full || op.getTest().empty()) {
      llvm::append_range(arguments, loop.getRegionIterArgs());
      inlineBody((full ? op.getFullBody() : op.getPartialBody()).front(), arguments, rewriter);
    } else {
      testTile(op, row, loop.getRegionIterArgs(), rewriter);
    }
    return loop.getResults();
  }

  /// Moves a body, its terminator included, to the insertion point.
  void inlineBody(Block &body, ValueRange arguments, ConversionPatternRewriter &rewriter) const {
    Block *into = rewriter.getInsertionBlock();
    TypeConverter::SignatureConversion signature(body.getNumArguments());
    LogicalResult converted = getTypeConverter()->convertSignatureArgs(body.getArgumentTypes(), signature);
    assert(succeeded(converted) && "layouts are assigned");
    (void)converted;
    Block *block = rewriter.applySignatureConversion(&body, signature, getTypeConverter());
    rewriter.inlineBlockBefore(block, into, into->end(), arguments);
    rewriter.setInsertionPointToEnd(into);
  }

  /// A partial tile is asked first: nothing attended, skip; everything attended, take the full body.
  void testTile(VisitOp op, Value row, ValueRange carried, ConversionPatternRewriter &rewriter) const {
    // The full body is used a second time, by the loop over full tiles. Its copy waits in the before region, which a
    // visit with a test lacks.
    rewriter.cloneRegionBefore(op.getFullBody(), op.getBefore(), op.getBefore().end());
    Block &fullCopy = op.getBefore().front();
    inlineBody(op.getTest().front(), {row}, rewriter);
    auto answers = cast<YieldOp>(rewriter.getInsertionBlock()->back());
    Value anyAttended = answers.getValues()[0], allAttended = answers.getValues()[1];
    rewriter.eraseOp(answers);
    auto any = scf::IfOp::create(rewriter, op.getLoc(), carried.getTypes(), anyAttended, /*addThenBlock=*/true,
                                 /*addElseBlock=*/true);
    scf::YieldOp::create(rewriter, op.getLoc(), any.getResults());
    rewriter.setInsertionPointToEnd(&any.getElseRegion().front());
    scf::YieldOp::create(rewriter, op.getLoc(), carried);
    rewriter.setInsertionPointToEnd(&any.getThenRegion().front());
    auto all = scf::IfOp::create(rewriter, op.getLoc(), carried.getTypes(), allAttended, /*addThenBlock=*/true,
                                 /*addElseBlock=*/true);
    scf::YieldOp::create(rewriter, op.getLoc(), all.getResults());
    SmallVector<Value> arguments{row};
    llvm::append_range(arguments, carried);
    rewriter.setInsertionPointToEnd(&all.getThenRegion().front());
    inlineBody(fullCopy, arguments, rewriter);
    rewriter.setInsertionPointToEnd(&all.getElseRegion().front());
    inlineBody(op.getPartialBody().front(), arguments, rewriter);
  }
};

/// The end of a body that VisitLowering moved into a loop or a branch.
struct YieldLowering : TilePattern<YieldOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(YieldOp op, OneToNOpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!isa<scf::ForOp, scf::IfOp>(op->getParentOp()))
      return failure();
    SmallVector<Value> registers;
    for (ValueRange range : adaptor.getValues())
      llvm::append_range(registers, range);
    rewriter.replaceOpWithNewOp<scf::YieldOp>(op, registers);
    return success();
  }
};

} // namespace

void lacuna::populateVisitPatterns(RewritePatternSet &patterns, const TypeConverter &converter,
                                   const GpuTarget &target) {
  patterns.add<VisitLowering, YieldLowering>(converter, patterns.getContext(), target);
}
