// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Rings in shared memory: addresses of buffers, copies by vectors (element by element where global rows are not
// aligned), waits and barriers.
#include "lib/GPU/GlobalMemory.h"
#include "lib/GPU/Lowering.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

Value bufferOf(const Build &build, RingType ring, Value base, Value ordinal) {
  if (ring.getStages() == 1)
    return base;
  Value slot = build.cast(build.rem(ordinal, ring.getStages()), build.b.getI32Type());
  return build.advance(base, build.b.getI8Type(), build.mul(slot, ring.getBufferBytes()));
}

struct RingLowering : TilePattern<RingOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(RingOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    Build build{rewriter, op.getLoc()};
    rewriter.replaceOp(
        op, build.advance(sharedMemory(build, target), rewriter.getI8Type(), static_cast<int32_t>(op.getOffset())));
    return success();
  }
};

struct AcquireLowering : TilePattern<AcquireOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(AcquireOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Build build{rewriter, op.getLoc()};
    target.waitCopies(rewriter, op.getLoc(), op.getPending());
    gpu::BarrierOp::create(rewriter, op.getLoc());
    rewriter.replaceOp(op, bufferOf(build, op.getRing().getType(), adaptor.getRing(), adaptor.getOrdinal()));
    return success();
  }
};

struct ReleaseLowering : TilePattern<ReleaseOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(ReleaseOp op, OpAdaptor, ConversionPatternRewriter &rewriter) const override {
    if (op.getFence())
      gpu::BarrierOp::create(rewriter, op.getLoc());
    rewriter.eraseOp(op);
    return success();
  }
};

struct CopyLowering : TilePattern<CopyOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(CopyOp op, OpAdaptor adaptor, ConversionPatternRewriter &rewriter) const override {
    Build build{rewriter, op.getLoc()};
    TileType tile = op.getRing().getType().getTile();
    auto source = cast<TypedValue<MemRefType>>(adaptor.getSource());
    Value buffer = bufferOf(build, op.getRing().getType(), adaptor.getRing(), adaptor.getOrdinal());
    auto swizzle = cast<SwizzleAttr>(tile.getLayout());
    int64_t vector = swizzle.getVector();
    bool byVectors = tile.getShape()[1] % vector == 0 && hasColumns(source.getType(), tile.getShape()[1]);
    if (byVectors) {
      GlobalRows memory(build, source, adaptor.getIndices());
      Value aligned = memory.isAligned(build, vector * elementBytes(tile));
      auto branch = scf::IfOp::create(rewriter, op.getLoc(), aligned, /*withElseRegion=*/true);
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(branch.thenBlock());
      copyVectors(build, op, adaptor, memory, buffer);
      rewriter.setInsertionPointToStart(branch.elseBlock());
      copyElements(build, op, adaptor, buffer);
    } else {
      copyElements(build, op, adaptor, buffer);
    }
    target.commitCopies(rewriter, op.getLoc());
    rewriter.eraseOp(op);
    return success();
  }

private:
  static int64_t elementBytes(TileType tile) { return tile.getElementType().getIntOrFloatBitWidth() / 8; }

  /// Thread t takes vectors t, t + threads, …, counted along the rows.
  void copyVectors(const Build &build, CopyOp op, OpAdaptor adaptor, const GlobalRows &memory, Value buffer) const {
    TileType tile = op.getRing().getType().getTile();
    auto swizzle = cast<SwizzleAttr>(tile.getLayout());
    int64_t vector = swizzle.getVector(), perRow = tile.getShape()[1] / vector, total = tile.getShape()[0] * perRow;
    ThreadIds ids(build, target.warpSize());
    for (int64_t first = 0; first < total; first += target.threads()) {
      Value number = build.add(ids.thread, first), row = build.div(number, perRow),
            column = build.mul(build.rem(number, perRow), vector);
      OpBuilder::InsertionGuard guard(build.b);
      if (first + target.threads() > total) {
        auto some =
            scf::IfOp::create(build.b, build.loc, build.less(number, build.i32(total)), /*withElseRegion=*/false);
        build.b.setInsertionPointToStart(some.thenBlock());
      }
      Value globalRow = build.add(adaptor.getFirst(), build.toIndex(row));
      Value live = op.getInBounds() ? Value() : build.less(globalRow, adaptor.getLimit());
      Value to = build.advance(buffer, tile.getElementType(), swizzledOffset(build, swizzle, row, column));
      target.copyVector(build.b, build.loc, to, memory.address(build, globalRow, build.toIndex(column)), live,
                        vector * elementBytes(tile));
    }
  }

  /// Any alignment, any number of columns: a loop over elements.
  void copyElements(const Build &build, CopyOp op, OpAdaptor adaptor, Value buffer) const {
    OpBuilder &b = build.b;
    TileType tile = op.getRing().getType().getTile();
    int64_t columns = tile.getShape()[1], total = tile.getShape()[0] * columns;
    auto source = cast<TypedValue<MemRefType>>(adaptor.getSource());
    ThreadIds ids(build, target.warpSize());
    auto loop =
        scf::ForOp::create(b, build.loc, build.toIndex(ids.thread), build.index(total), build.index(target.threads()));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Value number = loop.getInductionVar(), row = build.div(number, columns), column = build.rem(number, columns);
    Value globalRow = build.add(adaptor.getFirst(), row);
    Value live = build.bitAnd(build.less(globalRow, adaptor.getLimit()), build.less(column, columnsOf(build, source)));
    SmallVector<Value> indices(adaptor.getIndices());
    indices.append({globalRow, column});
    auto value = scf::IfOp::create(
        b, build.loc, live,
        [&](OpBuilder &inner, Location loc) {
          scf::YieldOp::create(inner, loc, memref::LoadOp::create(inner, loc, source, indices).getResult());
        },
        [&](OpBuilder &inner, Location loc) {
          scf::YieldOp::create(
              inner, loc, arith::ConstantOp::create(inner, loc, inner.getZeroAttr(tile.getElementType())).getResult());
        });
    Type i32 = b.getI32Type();
    Value offset =
        swizzledOffset(build, cast<SwizzleAttr>(tile.getLayout()), build.cast(row, i32), build.cast(column, i32));
    LLVM::StoreOp::create(b, build.loc, value.getResult(0), build.advance(buffer, tile.getElementType(), offset));
  }
};

} // namespace

void lacuna::populateRingPatterns(RewritePatternSet &patterns, const TypeConverter &converter,
                                  const GpuTarget &target) {
  patterns.add<RingLowering, AcquireLowering, ReleaseLowering, CopyLowering>(converter, patterns.getContext(), target);
}
