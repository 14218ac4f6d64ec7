// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.load into registers and tile.store from them: every thread moves the elements it holds.
#include "lib/GPU/GlobalMemory.h"
#include "lib/GPU/Lowering.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

namespace {

/// The operands of a load or store after conversion.
struct Access {
  TypedValue<MemRefType> memory;
  SmallVector<Value> indices;
  Value first, limit;

  template <typename Adaptor>
  Access(Value memory, Adaptor adaptor)
      : memory(cast<TypedValue<MemRefType>>(memory)),
        indices(llvm::map_to_vector(adaptor.getIndices(), [](ValueRange range) { return range.front(); })),
        first(adaptor.getFirst().front()), limit(adaptor.getLimit().front()) {}

  SmallVector<Value> at(ArrayRef<Value> last) const {
    SmallVector<Value> all(indices);
    llvm::append_range(all, last);
    return all;
  }
};

struct LoadLowering : TilePattern<LoadOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(LoadOp op, OneToNOpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    TileType tile = op.getResult().getType();
    Access access(adaptor.getSource().front(), adaptor);
    if (tile.getSpace() != Space::Registers)
      return rewriter.notifyMatchFailure(op, "shared loads are tile-pipeline's");
    Build build{rewriter, op.getLoc()};
    ThreadIds ids(build, target.warpSize());
    auto fragment = dyn_cast<FragmentAttr>(tile.getLayout());
    if (packingOf(tile) > 1 && hasColumns(access.memory.getType(), tile.getShape()[1])) {
      rewriter.replaceOpWithMultiple(op, {loadPackedRows(build, access, tile, ids)});
      return success();
    }
    SmallVector<Value> rows = positions(build, fragment ? fragment.getRows() : cast<SpreadAttr>(tile.getLayout()), ids);
    SmallVector<Value> scalars;
    for (Value row : rows) {
      Value at = build.add(access.first, row);
      Value live = op.getInBounds() ? Value() : build.less(at, access.limit);
      if (!fragment) {
        scalars.push_back(loadIf(build, access, live, {at}));
        continue;
      }
      for (Value column : positions(build, fragment.getColumns(), ids))
        scalars.push_back(loadIf(build, access, insideColumns(build, access, tile, live, column), {at, column}));
    }
    rewriter.replaceOpWithMultiple(op, {pack(build, tile, scalars)});
    return success();
  }

private:
  /// Whole packed registers of the rows below the limit where rows are aligned, elements one by one otherwise; zeros
  /// for the other rows.
  static SmallVector<Value> loadPackedRows(const Build &build, const Access &access, TileType tile,
                                           const ThreadIds &ids) {
    OpBuilder &b = build.b;
    auto fragment = cast<FragmentAttr>(tile.getLayout());
    int64_t packing = packingOf(tile);
    SmallVector<Value> columns = positions(build, fragment.getColumns(), ids);
    GlobalRows memory(build, access.memory, access.indices);
    Value aligned = memory.isAligned(build, packing * 2);
    SmallVector<Type> types(columns.size() / packing, VectorType::get(packing, tile.getElementType()));
    SmallVector<Value> registers;
    for (Value position : positions(build, fragment.getRows(), ids)) {
      Value row = build.add(access.first, position);
      auto vectors = [&](OpBuilder &, Location loc) {
        SmallVector<Value> loaded;
        for (size_t i = 0; i < types.size(); ++i)
          loaded.push_back(
              LLVM::LoadOp::create(b, loc, types[i], memory.address(build, row, columns[i * packing]), packing * 2));
        scf::YieldOp::create(b, loc, loaded);
      };
      auto elements = [&](OpBuilder &, Location loc) {
        SmallVector<Value> loaded;
        for (Value column : columns)
          loaded.push_back(memref::LoadOp::create(b, loc, access.memory, access.at({row, column})));
        scf::YieldOp::create(b, loc, pack(build, tile, loaded));
      };
      auto zeros = [&](OpBuilder &, Location loc) {
        scf::YieldOp::create(b, loc, SmallVector<Value>(types.size(), LLVM::ZeroOp::create(b, loc, types.front())));
      };
      auto load = [&](OpBuilder &, Location loc) {
        scf::YieldOp::create(b, loc, scf::IfOp::create(b, loc, aligned, vectors, elements).getResults());
      };
      llvm::append_range(registers,
                         scf::IfOp::create(b, build.loc, build.less(row, access.limit), load, zeros).getResults());
    }
    return registers;
  }

  static Value insideColumns(const Build &build, const Access &access, TileType tile, Value live, Value column) {
    if (hasColumns(access.memory.getType(), tile.getShape()[1]))
      return live;
    Value inside = build.less(column, columnsOf(build, access.memory));
    return live ? build.bitAnd(live, inside) : inside;
  }

  /// The element where `live` (null: always), zero elsewhere.
  static Value loadIf(const Build &build, const Access &access, Value live, ArrayRef<Value> last) {
    OpBuilder &b = build.b;
    SmallVector<Value> indices = access.at(last);
    if (!live)
      return memref::LoadOp::create(b, build.loc, access.memory, indices);
    Type type = access.memory.getType().getElementType();
    auto branch = scf::IfOp::create(
        b, build.loc, live,
        [&](OpBuilder &inner, Location loc) {
          scf::YieldOp::create(inner, loc, memref::LoadOp::create(inner, loc, access.memory, indices).getResult());
        },
        [&](OpBuilder &inner, Location loc) {
          scf::YieldOp::create(inner, loc, arith::ConstantOp::create(inner, loc, inner.getZeroAttr(type)).getResult());
        });
    return branch.getResult(0);
  }
};

struct StoreLowering : TilePattern<StoreOp> {
  using TilePattern::TilePattern;

  LogicalResult matchAndRewrite(StoreOp op, OneToNOpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    TileType tile = op.getTile().getType();
    Access access(adaptor.getDestination().front(), adaptor);
    Build build{rewriter, op.getLoc()};
    ThreadIds ids(build, target.warpSize());
    if (tile.getRank() == 1)
      storeVector(build, access, tile, adaptor.getTile(), ids);
    else
      storeMatrix(build, access, tile, adaptor.getTile(), ids);
    rewriter.eraseOp(op);
    return success();
  }

private:
  /// Runs `body` in a branch taken where `condition` holds.
  static void guarded(const Build &build, Value condition, function_ref<void()> body) {
    auto branch = scf::IfOp::create(build.b, build.loc, condition, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(build.b);
    build.b.setInsertionPointToStart(branch.thenBlock());
    body();
  }

  /// A rank-1 tile has copies in other lanes and warps: the first of them writes.
  void storeVector(const Build &build, const Access &access, TileType tile, ValueRange registers,
                   const ThreadIds &ids) const {
    auto spread = cast<SpreadAttr>(tile.getLayout());
    Value other =
        build.add(build.rem(ids.lane, spread.getStride()), build.div(ids.lane, spread.getStride() * spread.getLanes()));
    if (spread.getWarps() < target.warps)
      other = build.add(other, ids.warp);
    guarded(build, build.equal(other, 0), [&] {
      for (auto [value, position] : llvm::zip(registers, positions(build, spread, ids))) {
        Value element = value, row = build.add(access.first, position);
        guarded(build, build.less(row, access.limit),
                [&] { memref::StoreOp::create(build.b, build.loc, element, access.memory, access.at({row})); });
      }
    });
  }

  /// Packed registers are written whole where rows are aligned and hold all columns, elements one by one otherwise.
  void storeMatrix(const Build &build, const Access &access, TileType tile, ValueRange registers,
                   const ThreadIds &ids) const {
    auto fragment = cast<FragmentAttr>(tile.getLayout());
    SmallVector<Value> rows = positions(build, fragment.getRows(), ids),
                       columns = positions(build, fragment.getColumns(), ids);
    int64_t packing = packingOf(tile), perRow = columns.size() / packing;
    bool whole = hasColumns(access.memory.getType(), tile.getShape()[1]);
    GlobalRows memory(build, access.memory, access.indices);
    Value aligned = packing > 1 && whole ? memory.isAligned(build, packing * 2) : Value();
    for (auto [r, position] : llvm::enumerate(rows)) {
      Value row = build.add(access.first, position);
      ValueRange ofRow = registers.slice(r * perRow, perRow);
      guarded(build, build.less(row, access.limit), [&] {
        if (!aligned)
          return storeElements(build, access, unpackRow(build, ofRow), row, columns, whole);
        auto branch = scf::IfOp::create(build.b, build.loc, aligned, /*withElseRegion=*/true);
        OpBuilder::InsertionGuard guard(build.b);
        build.b.setInsertionPointToStart(branch.thenBlock());
        for (auto [i, packed] : llvm::enumerate(ofRow))
          LLVM::StoreOp::create(build.b, build.loc, packed, memory.address(build, row, columns[i * packing]),
                                packing * 2);
        build.b.setInsertionPointToStart(branch.elseBlock());
        storeElements(build, access, unpackRow(build, ofRow), row, columns, whole);
      });
    }
  }

  static SmallVector<Value> unpackRow(const Build &build, ValueRange registers) {
    SmallVector<Value> scalars;
    for (Value value : registers) {
      auto vector = dyn_cast<VectorType>(value.getType());
      for (int64_t i = 0, n = vector ? vector.getNumElements() : 1; i < n; ++i)
        scalars.push_back(vector ? LLVM::ExtractElementOp::create(build.b, build.loc, value, build.i32(i)) : value);
    }
    return scalars;
  }

  static void storeElements(const Build &build, const Access &access, ArrayRef<Value> scalars, Value row,
                            ArrayRef<Value> columns, bool whole) {
    for (auto [value, column] : llvm::zip(scalars, columns)) {
      Value element = value, at = column;
      auto store = [&] { memref::StoreOp::create(build.b, build.loc, element, access.memory, access.at({row, at})); };
      if (whole)
        store();
      else
        guarded(build, build.less(at, columnsOf(build, access.memory)), store);
    }
  }
};

} // namespace

void lacuna::populateTransferPatterns(RewritePatternSet &patterns, const TypeConverter &converter,
                                      const GpuTarget &target) {
  patterns.add<LoadLowering, StoreLowering>(converter, patterns.getContext(), target);
}
