// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// State of lowering one kernel to CPU loops, and the lowering of each op family. Every lowering looks only at its own op.
#pragma once

#include "dialects/Tile/Tile.h"
#include "lib/Target/Target.h"

#include "mlir/IR/IRMapping.h"

#include <functional>

namespace lacuna {

constexpr int64_t kCacheLineBits = 512;

/// A tile that stays where it was loaded from: rows [first, first + rows) of a rank-2 memref; rows at or beyond `limit` repeat the last one.
struct RowView {
  mlir::Value plane, first, limit;
  bool inBounds;
  mlir::Region *map = nullptr; ///< where row r of the tile's source lies in the plane; null or empty: at r
};

/// A run of tiles of one class along the axis of a visit.
struct VisitSegment {
  mlir::Value start, count;
  bool isFull;
};

/// Keys of a partial tile, [begin, end) counted from its first one, outside which no pair attends. The tiles of scores and weights are computed there only.
struct KeyRange {
  mlir::Value begin, end;
  llvm::SmallDenseSet<mlir::Value> tiles; ///< rank-2 tiles with keys along axis 1
};

/// Accumulators of a product that are in registers at once: rows of the result by vectors of lanes.
struct RegisterBlock {
  int64_t rows, vectors;
};

/// One product: shape, operands, and how a step of the depth is multiplied. A step is one element, or a pair of bf16 (VDPBF16PS).
struct CpuProduct {
  int64_t rows, lanes, steps, width;
  bool pairs, transposed;
  RegisterBlock block;
  mlir::Value in, acc, scale, out; // acc: null starts from zero; scale: of its lanes, null leaves it as it is
  mlir::Value firstStep, endStep; // of the depth
  int64_t perStep() const { return pairs ? 2 : 1; }
};

/// A tile.map, its buffers, which axis lies in the lanes, and how many lanes are computed at once (1: scalars).
struct MapLoop {
  tile::MapOp op;
  int64_t lanes, width;
  llvm::SmallVector<mlir::Value> inputs, outputs;
  mlir::Value first, end; // of the axis outside the lanes
};

class CpuLowering {
public:
  CpuLowering(mlir::ImplicitLocOpBuilder &b, const TargetDescription &target, mlir::Block *allocations)
      : b(b), target(target), allocations(allocations) {}

  /// Lowers the ops of a block up to its terminator; ops of other dialects are cloned.
  mlir::LogicalResult lowerBlock(mlir::Block &block);

  mlir::IRMapping scalars; // everything that is not a tile

  mlir::Value scalar(mlir::Value value) { return scalars.lookupOrDefault(value); }

private:
  mlir::LogicalResult lower(mlir::Operation &op);
  mlir::LogicalResult lowerOther(mlir::Operation &op);
  void lowerLoad(tile::LoadOp op);
  void lowerStore(tile::StoreOp op);
  mlir::LogicalResult lowerConvert(tile::ConvertOp op);
  mlir::LogicalResult lowerConvertOnce(tile::ConvertOnceOp op);
  mlir::LogicalResult lowerMap(tile::MapOp op);
  mlir::LogicalResult lowerReduce(tile::ReduceOp op);
  mlir::LogicalResult lowerMma(tile::MmaOp op);
  mlir::LogicalResult lowerVisit(tile::VisitOp op);

  // LowerMatrix.cpp
  mlir::LogicalResult checkMma(tile::MmaOp op);
  std::function<mlir::Value(int64_t)> blockOperand(const CpuProduct &p, llvm::ArrayRef<mlir::Value> rows, mlir::Value t, llvm::function_ref<mlir::Value(mlir::Value)> rowOf,
                                                   mlir::Value memory);
  llvm::SmallVector<mlir::Value> multiplyBlock(const CpuProduct &p, llvm::ArrayRef<mlir::Value> rows, mlir::Value lane, mlir::ValueRange start,
                                               llvm::function_ref<mlir::Value(mlir::Value)> rowOf, mlir::Value memory);
  void prefetchNextOperand(tile::MmaOp op, llvm::ArrayRef<mlir::Value> rows);
  // LowerTiles.cpp
  bool usesTiles(tile::MmaOp op);
  void lowerToTiles(tile::MmaOp op);
  void clearOutsideRange(tile::MmaOp op);
  // LowerMove.cpp
  void pack(const RowView &view, tile::TileType to, mlir::Value output);
  void copyRows(const RowView &view, tile::TileType to, mlir::Value output);
  void transposeRows(const RowView &view, tile::TileType to, mlir::Value output);
  void transposeRowPairs(const RowView &view, tile::TileType to, mlir::Value output);
  void pairRows(const RowView &view, tile::TileType to, mlir::Value output);
  mlir::Value panelRow(mlir::Value buffer, mlir::Value column, int64_t pairs);
  void pairScratch(mlir::Value input, tile::TileType to, mlir::Value output);
  mlir::Value storeSquares(tile::TileType type, mlir::Value buffer, mlir::Value plane, mlir::Value rows,
                           llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value)> placeOf);
  mlir::Value planeOf(mlir::Value memory, mlir::ValueRange indices, int64_t rank);
  mlir::Value viewRow(const RowView &view, mlir::Value offset);
  llvm::SmallVector<mlir::Value> mapRow(mlir::Region &map, mlir::Value row);
  // LowerOnce.cpp
  mlir::Value slotOf(mlir::Value slots, mlir::ValueRange at, mlir::MemRefType buffer);
  // LowerReduce.cpp
  void reduceToRows(tile::ReduceOp op, mlir::Value from, mlir::Value to);
  // LowerFlat.cpp
  struct FlatOperand;
  FlatOperand flatOperand(mlir::Value tile);
  mlir::Value flatRow(const FlatOperand &operand, mlir::Value offset);
  void prefetchRow(const FlatOperand &operand, mlir::Value offset, int64_t ahead, mlir::Value column);
  mlir::Value loadRow(mlir::Value memory, mlir::Value row, mlir::Value column, mlir::VectorType type);
  llvm::SmallVector<mlir::Value> loadKeys(tile::MmaOp op, const FlatOperand &right, mlir::Value k, mlir::Value d0, int64_t count, bool pairs);
  mlir::LogicalResult lowerFlatMma(tile::MmaOp op);
  void flatDotProducts(tile::MmaOp op, mlir::Value out);
  void flatScaledRows(tile::MmaOp op, mlir::Value out);
  void reduceAlongLanes(mlir::Value from, mlir::Value row, mlir::Value start, llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine,
                        llvm::function_ref<void(mlir::Value)> use);
  // LowerMap.cpp
  llvm::SmallVector<mlir::Value> mapElements(const MapLoop &loop, mlir::Value outer, mlir::Value lane, const mlir::IRMapping &known);
  mlir::Value readElements(const MapLoop &loop, mlir::Value buffer, mlir::ValueRange at, bool wide);
  mlir::IRMapping mapLanes(const MapLoop &loop, mlir::Value lane);
  mlir::IRMapping mapUniform(const MapLoop &loop, const llvm::SmallDenseSet<mlir::Value> &perLane, mlir::Value outer);
  void storeMapped(const MapLoop &loop, llvm::ArrayRef<llvm::SmallVector<mlir::Value>> rows, mlir::Value outer, mlir::Value lane);
  void emitMap(MapLoop loop);
  void mapColumns(const MapLoop &loop, mlir::Value lane);
  void mapRows(const MapLoop &loop, const llvm::SmallDenseSet<mlir::Value> &perLane);
  // LowerVisit.cpp
  void walkSegments(llvm::ArrayRef<VisitSegment> segments, int64_t step, llvm::function_ref<void(mlir::Value k0, mlir::Value isFull)> body);
  llvm::SmallVector<mlir::Value> lowerTest(tile::VisitOp op, mlir::Value k0, mlir::Value isFull);
  mlir::LogicalResult lowerBody(mlir::Region &region, mlir::Value k0, llvm::ArrayRef<mlir::Value> carried);
  void copyBuffer(mlir::Value from, mlir::Value to);
  // TrimKeys.cpp
  int64_t trimGranule(tile::VisitOp op);
  std::optional<KeyRange> keyRangeOf(tile::VisitOp op, mlir::Value k0, mlir::ValueRange tested);
  void passKeyRange(mlir::Operation &op);
  /// Bounds of a loop along axis 1 of a tile: all of it, or the key range at hand.
  std::pair<mlir::Value, mlir::Value> columnsOf(mlir::Value tile);

  mlir::Value constant(int64_t v);
  /// The buffer of a tile result: an operand's (attribute `tile.reuse`), a recycled one, or a new one.
  mlir::Value bufferFor(mlir::OpResult result);
  mlir::Value allocate(mlir::MemRefType type);
  int64_t vectorWidth(mlir::Type element) const;
  void forLoop(mlir::Value low, mlir::Value high, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  void forLoop(int64_t high, int64_t step, llvm::function_ref<void(mlir::Value)> body) { forLoop(constant(0), constant(high), step, body); }

  mlir::ImplicitLocOpBuilder &b;
  const TargetDescription &target;
  mlir::Block *allocations;
  llvm::DenseMap<mlir::Value, mlir::Value> buffers;
  llvm::DenseMap<mlir::Value, RowView> views;
  llvm::DenseMap<mlir::Type, llvm::SmallVector<mlir::Value>> pool; // free buffers by type
  llvm::SmallVector<mlir::Value> taken;                            // buffers handed out since the last body began
  std::optional<KeyRange> keyRange;                                // of the partial body that is being lowered
};

/// Type of the buffer that holds a scratch tile.
mlir::MemRefType bufferType(tile::TileType type);
/// Axis of a rank-2 scratch tile that is contiguous (in pairs: neighbours along the other axis stand together).
int64_t lanesAxis(tile::TileType type);
/// Whether elements stand in pairs along the other axis. With axis 0 in the lanes the buffer is (pairs) x (lanes x 2).
bool hasPairs(tile::TileType type);
/// Pairs of rows in panels of columns: the buffer is (panels x pairs) x (columns of a panel x 2), so that register blocks read one stretch of memory.
bool hasPanels(tile::TileType type);
/// Columns of one of its panels: a vector of pairs, if that divides the columns. A register block has at most eight and lies in one panel.
int64_t panelColumns(mlir::Value buffer);

/// The largest power of two that divides `size`, at most `width`: lanes of vectors that cover an axis without a rest.
int64_t vectorWidthFor(int64_t size, int64_t width);
/// The value that changes nothing.
mlir::Value neutralElement(mlir::ImplicitLocOpBuilder &b, tile::Reduction reduction, mlir::Type element);
/// `sum` combined with `x` (scalars or vectors).
mlir::Value combine(mlir::ImplicitLocOpBuilder &b, tile::Reduction reduction, mlir::Value sum, mlir::Value x);

/// Elements (row, column) and (row, column + 1) of bf16 in every 32-bit lane.
mlir::Value splatPair(mlir::ImplicitLocOpBuilder &b, mlir::Value memory, mlir::Value row, mlir::Value column, int64_t width);
/// a · x + sum, lane by lane: of f32, or of pairs of bf16 (VDPBF16PS).
mlir::Value multiplyAdd(mlir::ImplicitLocOpBuilder &b, mlir::Value a, mlir::Value x, mlir::Value sum);
/// `value` as a vector of `width` equal elements; vectors pass through.
mlir::Value splat(mlir::ImplicitLocOpBuilder &b, mlir::Value value, int64_t width);

} // namespace lacuna
