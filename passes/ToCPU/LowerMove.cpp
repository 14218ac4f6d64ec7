// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads (views, nothing moves), conversions into scratch, and stores. Between rows and lanes squares are transposed in registers.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace lacuna {
namespace {

/// Numeric conversion of a scalar or vector. 16-bit formats meet through f32.
Value convertElement(ImplicitLocOpBuilder &b, Value x, Type to) {
  Type from = getElementTypeOrSelf(x.getType());
  auto vector = dyn_cast<VectorType>(x.getType());
  auto typed = [&](Type element) { return vector ? Type(vector.clone(element)) : element; };
  if (from == to)
    return x;
  if (from.getIntOrFloatBitWidth() == to.getIntOrFloatBitWidth())
    return convertElement(b, arith::ExtFOp::create(b, typed(b.getF32Type()), x), to);
  if (from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth())
    return arith::ExtFOp::create(b, typed(to), x);
  return arith::TruncFOp::create(b, typed(to), x);
}

/// w vectors of w elements, transposed: log2(w) rounds of interleaving vector i with vector i + w/2.
SmallVector<Value> transposed(ImplicitLocOpBuilder &b, SmallVector<Value> rows) {
  int64_t w = rows.size();
  SmallVector<int64_t> masks[2];
  for (int64_t half : {0, 1})
    for (int64_t i = 0; i < w / 2; ++i)
      masks[half].append({half * w / 2 + i, half * w / 2 + i + w});
  for (int64_t round = 1; round < w; round *= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < w / 2; ++i)
      for (ArrayRef<int64_t> mask : masks)
        next.push_back(vector::ShuffleOp::create(b, rows[i], rows[i + w / 2], mask));
    rows = next;
  }
  return rows;
}

/// The largest square that fills blocks of `count` units and is at most a vector.
int64_t squareSize(int64_t count, int64_t width) {
  while (count % width)
    width /= 2;
  return width;
}

Value bitcast(ImplicitLocOpBuilder &b, Value x, int64_t count, Type element) {
  auto type = VectorType::get({count}, element);
  return x.getType() == type ? x : vector::BitCastOp::create(b, type, x).getResult();
}

} // namespace

/// The last `rank` dimensions of `memory` at leading `indices`, as a memref of that rank.
Value CpuLowering::planeOf(Value memory, ValueRange indices, int64_t rank) {
  auto type = cast<MemRefType>(memory.getType());
  SmallVector<OpFoldResult> offsets, sizes, strides(type.getRank(), b.getIndexAttr(1));
  for (Value index : indices) {
    offsets.push_back(scalar(index));
    sizes.push_back(b.getIndexAttr(1));
  }
  SmallVector<int64_t> shape;
  for (int64_t i = type.getRank() - rank; i < type.getRank(); ++i) {
    offsets.push_back(b.getIndexAttr(0));
    shape.push_back(type.getDimSize(i));
    sizes.push_back(type.isDynamicDim(i) ? OpFoldResult(memref::DimOp::create(b, memory, i).getResult()) : b.getIndexAttr(type.getDimSize(i)));
  }
  auto reduced = memref::SubViewOp::inferRankReducedResultType(shape, type, offsets, sizes, strides);
  return memref::SubViewOp::create(b, cast<MemRefType>(reduced), memory, offsets, sizes, strides);
}

Value CpuLowering::viewRow(const RowView &view, Value offset) {
  Value row = b.createOrFold<arith::AddIOp>(view.first, offset);
  if (!view.inBounds) {
    // Rows past the limit repeat the last one. A visited tile has at least one row, so limit > 0.
    Value last = arith::SubIOp::create(b, view.limit, constant(1));
    row = arith::MinSIOp::create(b, row, last);
  }
  return view.map && !view.map->empty() ? mapRow(*view.map, row).front() : row;
}

/// Emits the map of a load or store at one row.
SmallVector<Value> CpuLowering::mapRow(Region &map, Value row) {
  IRMapping values(scalars);
  values.map(map.getArgument(0), row);
  for (Operation &op : map.front().without_terminator())
    b.clone(op, values);
  return llvm::map_to_vector(map.front().getTerminator()->getOperands(), [&](Value v) { return values.lookupOrDefault(v); });
}

void CpuLowering::lowerLoad(tile::LoadOp op) {
  Value plane = planeOf(scalar(op.getSource()), op.getIndices(), op.getResult().getType().getRank());
  views[op.getResult()] = {plane, scalar(op.getFirst()), scalar(op.getLimit()), op.getInBounds(), &op.getMap()};
}

/// Copies the rows of a view into a buffer of type `to`.
void CpuLowering::pack(const RowView &view, tile::TileType to, Value output) {
  if (hasPairs(to) && lanesAxis(to) == 1)
    pairRows(view, to, output);
  else if (lanesAxis(to) == 1)
    copyRows(view, to, output);
  else if (!hasPairs(to) && to.getElementType().isBF16() && to.getShape()[0] % 2 == 0)
    transposeRowPairs(view, to, output);
  else
    transposeRows(view, to, output);
}

LogicalResult CpuLowering::lowerConvert(tile::ConvertOp op) {
  tile::TileType from = op.getTile().getType(), to = op.getResult().getType();
  if (auto source = views.find(op.getTile()); source != views.end()) {
    RowView view = source->second;
    pack(view, to, bufferFor(op->getResult(0)));
    return success();
  }
  // Scratch to scratch: the lanes stay.
  if (from.getRank() != 2 || hasPairs(from) || lanesAxis(from) != lanesAxis(to) || (hasPairs(to) && lanesAxis(to) != 0))
    return op.emitOpError("expects the same layout on both sides, but got ") << from << " and " << to;
  Value input = buffers.lookup(op.getTile()), output = bufferFor(op->getResult(0));
  if (hasPairs(to)) {
    pairScratch(input, to, output);
    return success();
  }
  ArrayRef<int64_t> shape = bufferType(to).getShape();
  forLoop(shape[0], 1, [&](Value i) {
    forLoop(shape[1], 8, [&](Value j) {
      Value x = vector::LoadOp::create(b, VectorType::get({8}, from.getElementType()), input, ValueRange{i, j});
      vector::StoreOp::create(b, convertElement(b, x, to.getElementType()), output, ValueRange{i, j});
    });
  });
  return success();
}

/// Row by row, as they lie.
void CpuLowering::copyRows(const RowView &view, tile::TileType to, Value output) {
  auto type = VectorType::get({8}, cast<MemRefType>(view.plane.getType()).getElementType()); // head sizes are multiples of 8
  forLoop(to.getShape()[0], 1, [&](Value i) {
    Value row = viewRow(view, i);
    forLoop(to.getShape()[1], 8, [&](Value j) {
      Value x = vector::LoadOp::create(b, type, view.plane, ValueRange{row, j});
      vector::StoreOp::create(b, convertElement(b, x, to.getElementType()), output, ValueRange{i, j});
    });
  });
}

/// Rows go to the lanes: squares are transposed in registers. A unit is an element, or two columns that stay neighbours.
void CpuLowering::transposeRows(const RowView &view, tile::TileType to, Value output) {
  int64_t perUnit = hasPairs(to) ? 2 : 1, w = squareSize(to.getShape()[1] / perUnit, squareSize(to.getShape()[0], vectorWidth(to.getElementType())));
  Type from = cast<MemRefType>(view.plane.getType()).getElementType(), element = to.getElementType();
  Type unit = hasPairs(to) ? Type(b.getI32Type()) : element;
  Value scale = constant(perUnit);
  forLoop(to.getShape()[0], w, [&](Value i) {
    forLoop(to.getShape()[1] / perUnit, w, [&](Value j) {
      Value column = b.createOrFold<arith::MulIOp>(j, scale), lane = b.createOrFold<arith::MulIOp>(i, scale);
      SmallVector<Value> units;
      for (int64_t n = 0; n < w; ++n) {
        Value row = viewRow(view, arith::AddIOp::create(b, i, constant(n)));
        Value x = vector::LoadOp::create(b, VectorType::get({w * perUnit}, from), view.plane, ValueRange{row, column});
        units.push_back(bitcast(b, convertElement(b, x, element), w, unit));
      }
      units = transposed(b, units);
      for (int64_t n = 0; n < w; ++n)
        vector::StoreOp::create(b, bitcast(b, units[n], w * perUnit, element), output, ValueRange{arith::AddIOp::create(b, j, constant(n)), lane});
    });
  });
}

/// The same for 16-bit elements: two rows are interleaved first, so that squares have elements of 32 bits (a third of the work: permutations of 16-bit elements
/// are slow, and half as many vectors remain).
void CpuLowering::transposeRowPairs(const RowView &view, tile::TileType to, Value output) {
  int64_t w = squareSize(to.getShape()[1], squareSize(to.getShape()[0] / 2, vectorWidth(b.getI32Type())));
  auto type = VectorType::get({w}, cast<MemRefType>(view.plane.getType()).getElementType());
  forLoop(to.getShape()[0], 2 * w, [&](Value i) {
    forLoop(to.getShape()[1], w, [&](Value j) {
      SmallVector<Value> words;
      for (int64_t n = 0; n < w; ++n) {
        Value x[2];
        for (int odd : {0, 1}) {
          Value row = viewRow(view, arith::AddIOp::create(b, i, constant(2 * n + odd)));
          x[odd] = convertElement(b, vector::LoadOp::create(b, type, view.plane, ValueRange{row, j}), to.getElementType());
        }
        words.push_back(bitcast(b, vector::InterleaveOp::create(b, x[0], x[1]), w, b.getI32Type()));
      }
      words = transposed(b, words);
      for (int64_t n = 0; n < w; ++n)
        vector::StoreOp::create(b, bitcast(b, words[n], 2 * w, to.getElementType()), output, ValueRange{arith::AddIOp::create(b, j, constant(n)), i});
    });
  });
}

/// The first row of the panel that holds a column.
Value CpuLowering::panelRow(Value buffer, Value column, int64_t pairs) {
  return arith::MulIOp::create(b, arith::DivUIOp::create(b, column, constant(panelColumns(buffer))), constant(pairs));
}

/// Two rows become one of twice the length, cut into panels.
void CpuLowering::pairRows(const RowView &view, tile::TileType to, Value output) {
  int64_t columns = to.getShape()[1], pairs = to.getShape()[0] / 2, panel = panelColumns(output), width = columns % 32 ? panel : 32;
  auto type = VectorType::get({width}, cast<MemRefType>(view.plane.getType()).getElementType());
  forLoop(pairs, 1, [&](Value i) {
    Value first = arith::MulIOp::create(b, i, constant(2));
    Value rows[] = {viewRow(view, first), viewRow(view, arith::AddIOp::create(b, first, constant(1)))};
    forLoop(columns, width, [&](Value j) {
      Value x[2];
      for (int n : {0, 1})
        x[n] = convertElement(b, vector::LoadOp::create(b, type, view.plane, ValueRange{rows[n], j}), to.getElementType());
      Value both = vector::InterleaveOp::create(b, x[0], x[1]), row = arith::AddIOp::create(b, panelRow(output, j, pairs), i);
      for (int64_t n = 0; n < width / panel; ++n) {
        Value part = vector::ExtractStridedSliceOp::create(b, both, 2 * n * panel, 2 * panel, 1);
        vector::StoreOp::create(b, part, output, ValueRange{arith::AddIOp::create(b, row, constant(n * pairs)), constant(0)});
      }
    });
  });
}

/// The same from a scratch tile whose rows (of its buffer) lie across the lanes.
void CpuLowering::pairScratch(Value input, tile::TileType to, Value output) {
  auto from = cast<MemRefType>(input.getType());
  int64_t width = vectorWidth(from.getElementType());
  auto type = VectorType::get({width}, from.getElementType());
  forLoop(from.getDimSize(0), 2, [&](Value row) {
    forLoop(from.getDimSize(1), width, [&](Value lane) {
      Value x[2];
      for (int n : {0, 1})
        x[n] = convertElement(b, vector::LoadOp::create(b, type, input, ValueRange{arith::AddIOp::create(b, row, constant(n)), lane}), to.getElementType());
      Value there[] = {arith::DivUIOp::create(b, row, constant(2)), arith::MulIOp::create(b, lane, constant(2))};
      vector::StoreOp::create(b, vector::InterleaveOp::create(b, x[0], x[1]), output, there);
    });
  });
}

/// What follows happens only if the row at this place is stored.
static void enterIfStored(ImplicitLocOpBuilder &b, ArrayRef<Value> place) {
  if (place.size() > 1)
    b.setInsertionPointToStart(scf::IfOp::create(b, place[1], /*withElseRegion=*/false).thenBlock());
}

void CpuLowering::lowerStore(tile::StoreOp op) {
  tile::TileType type = op.getTile().getType();
  Value buffer = buffers.lookup(op.getTile()), plane = planeOf(scalar(op.getDestination()), op.getIndices(), type.getRank());
  Value first = scalar(op.getFirst()), left = arith::SubIOp::create(b, scalar(op.getLimit()), first);
  Value rows = arith::MinSIOp::create(b, left, constant(type.getShape()[0])), done = constant(0);
  // Where a row goes, and, in a store with a map, whether it does.
  auto placeOf = [&](Value i) {
    Value row = arith::AddIOp::create(b, first, i);
    return op.getMap().empty() ? SmallVector<Value>{row} : mapRow(op.getMap(), row);
  };
  if (type.getRank() == 2 && lanesAxis(type) == 0)
    done = storeSquares(type, buffer, plane, rows, placeOf);
  forLoop(done, rows, 1, [&](Value i) {
    SmallVector<Value> place = placeOf(i);
    OpBuilder::InsertionGuard guard(b);
    enterIfStored(b, place);
    Value row = place[0];
    if (type.getRank() == 1) {
      memref::StoreOp::create(b, memref::LoadOp::create(b, buffer, i), plane, row);
      return;
    }
    forLoop(type.getShape()[1], 1, [&](Value j) {
      Value x = memref::LoadOp::create(b, buffer, lanesAxis(type) == 0 ? ValueRange{j, i} : ValueRange{i, j});
      memref::StoreOp::create(b, x, plane, ValueRange{row, j});
    });
  });
}

/// Lanes become rows again, in squares as long as they lie below `rows`. Returns how many rows are done.
Value CpuLowering::storeSquares(tile::TileType type, Value buffer, Value plane, Value rows, llvm::function_ref<SmallVector<Value>(Value)> placeOf) {
  Type element = type.getElementType(), unit = b.getIntegerType(element.getIntOrFloatBitWidth());
  int64_t w = squareSize(type.getShape()[1], squareSize(type.getShape()[0], vectorWidth(element)));
  auto squareRow = VectorType::get({w}, element);
  Value done = arith::MulIOp::create(b, arith::DivSIOp::create(b, rows, constant(w)), constant(w));
  forLoop(constant(0), done, w, [&](Value i) {
    SmallVector<SmallVector<Value>> places;
    for (int64_t n = 0; n < w; ++n)
      places.push_back(placeOf(arith::AddIOp::create(b, i, constant(n))));
    forLoop(type.getShape()[1], w, [&](Value j) {
      SmallVector<Value> x;
      for (int64_t n = 0; n < w; ++n) {
        Value column = arith::AddIOp::create(b, j, constant(n));
        x.push_back(bitcast(b, vector::LoadOp::create(b, squareRow, buffer, ValueRange{column, i}), w, unit));
      }
      x = transposed(b, x);
      for (int64_t n = 0; n < w; ++n) {
        OpBuilder::InsertionGuard guard(b);
        Value row = bitcast(b, x[n], w, element);
        enterIfStored(b, places[n]);
        vector::StoreOp::create(b, row, plane, ValueRange{places[n][0], j});
      }
    });
  });
  return done;
}

} // namespace lacuna
