// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.reduce: registers of a thread first, then the lanes that share the axis (shuffles), then warps (through shared
// scratch).
#include "lib/GPU/Lowering.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

struct ReduceLowering : TilePattern<ReduceOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(ReduceOp op, OneToNOpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Build build{rewriter, op.getLoc()};
    TileType tile = op.getTile().getType();
    SmallVector<Value> scalars = unpack(build, tile, adaptor.getTile());
    auto fragment = dyn_cast<FragmentAttr>(tile.getLayout());
    SpreadAttr along = fragment ? fragment.getAxis(op.getAxis()) : cast<SpreadAttr>(tile.getLayout());
    int64_t kept = scalars.size() / along.getRegisters(); // results per thread
    SmallVector<Value> results;
    for (int64_t k = 0; k < kept; ++k) {
      SmallVector<Value> values;
      for (int64_t r = 0; r < along.getRegisters(); ++r)
        values.push_back(scalars[!fragment ? r : op.getAxis() == 0 ? r * kept + k : k * along.getRegisters() + r]);
      results.push_back(reduceLanes(build, op.getKind(), along, reduceTree(build, op.getKind(), values)));
    }
    if (along.getWarps() > 1)
      reduceWarps(build, op, along, fragment ? fragment.getAxis(1 - op.getAxis()) : SpreadAttr(), results);
    rewriter.replaceOpWithMultiple(op, {results});
    return success();
  }

private:
  static Value combine(const Build &build, Reduction kind, Value x, Value y) {
    bool isFloat = isa<FloatType>(x.getType());
    switch (kind) {
    case Reduction::Sum:
      return isFloat ? Value(arith::AddFOp::create(build.b, build.loc, x, y))
                     : Value(arith::AddIOp::create(build.b, build.loc, x, y));
    // A NaN among the scores reaches the result through their exponentials; the plain instruction is enough here.
    case Reduction::Max:
      return isFloat ? Value(arith::MaxNumFOp::create(build.b, build.loc, x, y))
                     : Value(arith::MaxSIOp::create(build.b, build.loc, x, y));
    case Reduction::Min:
      return isFloat ? Value(arith::MinNumFOp::create(build.b, build.loc, x, y))
                     : Value(arith::MinSIOp::create(build.b, build.loc, x, y));
    }
    llvm_unreachable("all reductions handled");
  }

  /// Neighbours first: short dependence chains, one fixed order.
  static Value reduceTree(const Build &build, Reduction kind, SmallVector<Value> values) {
    while (values.size() > 1) {
      SmallVector<Value> next;
      for (size_t i = 0; i + 1 < values.size(); i += 2)
        next.push_back(combine(build, kind, values[i], values[i + 1]));
      if (values.size() % 2)
        next.push_back(values.back());
      values = std::move(next);
    }
    return values.front();
  }

  Value reduceLanes(const Build &build, Reduction kind, SpreadAttr along, Value value) const {
    Type type = value.getType();
    if (type.isIndex())
      value = build.cast(value, build.b.getI64Type());
    for (int64_t distance = 1; distance < along.getLanes(); distance *= 2) {
      Value other = gpu::ShuffleOp::create(build.b, build.loc, value, build.i32(distance * along.getStride()),
                                           build.i32(target.warpSize()), gpu::ShuffleMode::XOR)
                        .getShuffleResult();
      value = combine(build, kind, value, other);
    }
    return type.isIndex() ? build.cast(value, type) : value;
  }

  /// Each warp writes its partial results to its row of the scratch; all threads combine the rows in order.
  void reduceWarps(const Build &build, ReduceOp op, SpreadAttr along, SpreadAttr other,
                   SmallVector<Value> &results) const {
    ThreadIds ids(build, target.warpSize());
    Type type = results.front().getType(), stored = type.isIndex() ? Type(build.b.getI64Type()) : type;
    int64_t width = other ? other.getSize() : 1;
    SmallVector<Value> columns = other ? positions(build, other, ids) : SmallVector<Value>{build.index(0)};
    Value scratch = sharedMemory(build, target);
    auto slot = [&](Value warp, Value column) {
      return build.advance(scratch, stored,
                           build.add(build.mul(warp, width), build.cast(column, build.b.getI32Type())));
    };
    // One lane per value: all lanes of the warp hold copies of a scalar, lanes of one column copies of its value.
    Value copy = other ? build.rem(build.div(ids.lane, along.getStride()), along.getLanes()) : ids.lane;
    auto first = scf::IfOp::create(build.b, build.loc, build.equal(copy, 0), /*withElse=*/false);
    {
      OpBuilder::InsertionGuard guard(build.b);
      build.b.setInsertionPointToStart(first.thenBlock());
      for (auto [value, column] : llvm::zip(results, columns))
        LLVM::StoreOp::create(build.b, build.loc, type.isIndex() ? build.cast(value, stored) : value,
                              slot(ids.warp, column));
    }
    gpu::BarrierOp::create(build.b, build.loc);
    for (auto [value, column] : llvm::zip(results, columns)) {
      SmallVector<Value> partial;
      for (int64_t w = 0; w < along.getWarps(); ++w)
        partial.push_back(LLVM::LoadOp::create(build.b, build.loc, stored, slot(build.i32(w), column)));
      Value whole = reduceTree(build, op.getKind(), partial);
      value = type.isIndex() ? build.cast(whole, type) : whole;
    }
    gpu::BarrierOp::create(build.b, build.loc);
  }
};

} // namespace

void lacuna::populateReducePatterns(RewritePatternSet &patterns, const TypeConverter &converter,
                                    const GpuTarget &target) {
  patterns.add<ReduceLowering>(converter, patterns.getContext(), target);
}
