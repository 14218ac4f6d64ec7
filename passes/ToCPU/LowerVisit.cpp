// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile.visit: a loop over the partial tiles of all segments, then one over the full ones. Carried tiles live in buffers of their own.
#include "passes/ToCPU/CpuLowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace lacuna {

void CpuLowering::copyBuffer(Value from, Value to) {
  if (from != to)
    memref::CopyOp::create(b, from, to);
}

/// Calls `body` with the first row of every tile of the segments, and whether they are full. Segments that are known to be empty cost nothing; several
/// ones are put in a small table so that the body is emitted once.
void CpuLowering::walkSegments(ArrayRef<VisitSegment> all, int64_t step, llvm::function_ref<void(Value, Value)> body) {
  SmallVector<VisitSegment> segments;
  llvm::copy_if(all, std::back_inserter(segments), [](const VisitSegment &s) { return getConstantIntValue(s.count) != 0; });
  auto walk = [&](Value start, Value count, Value isFull) {
    forLoop(constant(0), count, 1, [&](Value i) {
      Value number = arith::AddIOp::create(b, start, i);
      body(arith::MulIOp::create(b, number, constant(step)), isFull);
    });
  };
  auto flag = [&](bool v) { return constant(v ? 1 : 0); };
  if (segments.size() == 1)
    return walk(scalar(segments[0].start), scalar(segments[0].count), flag(segments[0].isFull));
  if (segments.empty())
    return;
  Value table = allocate(MemRefType::get({static_cast<int64_t>(segments.size()), 3}, b.getIndexType()));
  for (auto [i, segment] : llvm::enumerate(segments)) {
    const Value row[] = {scalar(segment.start), scalar(segment.count), flag(segment.isFull)};
    for (auto [j, value] : llvm::enumerate(row))
      memref::StoreOp::create(b, value, table, ValueRange{constant(i), constant(j)});
  }
  forLoop(segments.size(), 1, [&](Value s) {
    auto column = [&](int64_t j) { return memref::LoadOp::create(b, table, ValueRange{s, constant(j)}).getResult(); };
    walk(column(0), column(1), column(2));
  });
}

/// What the test yields for a tile; full ones are not tested again.
SmallVector<Value> CpuLowering::lowerTest(tile::VisitOp op, Value k0, Value isFull) {
  Block &test = op.getTest().front();
  OperandRange results = test.getTerminator()->getOperands();
  Value known = arith::CmpIOp::create(b, arith::CmpIPredicate::ne, isFull, constant(0));
  auto branch = scf::IfOp::create(b, results.getTypes(), known, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  Value yes = arith::ConstantOp::create(b, b.getBoolAttr(true));
  SmallVector<Value> ofFull{yes, yes};
  if (op.givesKeys())
    ofFull.append({constant(0), constant(op.getStep())});
  scf::YieldOp::create(b, ofFull);
  b.setInsertionPointToStart(branch.elseBlock());
  scalars.map(test.getArgument(0), k0);
  if (failed(lowerBlock(test)))
    return {};
  scf::YieldOp::create(b, llvm::map_to_vector(results, [&](Value v) { return scalar(v); }));
  return SmallVector<Value>(branch.getResults());
}

LogicalResult CpuLowering::lowerBody(Region &region, Value k0, ArrayRef<Value> carried) {
  Block &block = region.front();
  scalars.map(block.getArgument(0), k0);
  for (auto [argument, buffer] : llvm::zip(block.getArguments().drop_front(), carried))
    buffers[argument] = buffer;
  // Buffers of one body are free again for the next.
  size_t before = taken.size();
  if (failed(lowerBlock(block)))
    return failure();
  for (auto [i, value] : llvm::enumerate(block.getTerminator()->getOperands())) {
    Value buffer = buffers.lookup(value);
    if (buffer != carried[i] && llvm::is_contained(carried, buffer))
      return block.getTerminator()->emitOpError("expects a carried tile to keep its place, but got value #") << i << " in another's";
    copyBuffer(buffer, carried[i]);
  }
  for (Value buffer : ArrayRef<Value>(taken).drop_front(before))
    pool[buffer.getType()].push_back(buffer);
  taken.truncate(before);
  return success();
}

LogicalResult CpuLowering::lowerVisit(tile::VisitOp op) {
  SmallVector<Value> carried;
  for (auto [init, result] : llvm::zip(op.getInits(), op.getResults())) {
    if (!isa<tile::TileType>(init.getType()))
      return op.emitOpError("expects carried tiles, but got ") << init.getType();
    Value buffer = buffers.lookup(init);
    if (!init.hasOneUse()) {
      Value own = allocate(cast<MemRefType>(buffer.getType()));
      copyBuffer(buffer, own);
      buffer = own;
    }
    carried.push_back(buffer);
    buffers[result] = buffer;
  }
  LogicalResult result = success();
  auto lowerInto = [&](Region &region, Value k0, ValueRange keys = {}) {
    keyRange = &region == &op.getPartialBody() ? keyRangeOf(op, k0, keys) : std::nullopt;
    if (failed(lowerBody(region, k0, carried)))
      result = failure();
    keyRange.reset();
  };
  SmallVector<VisitSegment> partial, full;
  for (auto [start, partialCount, fullCount] : llvm::zip(op.getStarts(), op.getPartial(), op.getFull())) {
    partial.push_back({start, partialCount, false});
    full.push_back({start, fullCount, true});
  }
  if (op.getTest().empty()) {
    walkSegments(partial, op.getStep(), [&](Value k0, Value) { lowerInto(op.getPartialBody(), k0); });
    walkSegments(full, op.getStep(), [&](Value k0, Value) { lowerInto(op.getFullBody(), k0); });
    return result;
  }
  // With a test every tile may take either body: one loop, so that each body is emitted once.
  llvm::append_range(partial, full);
  walkSegments(partial, op.getStep(), [&](Value k0, Value isFull) {
    SmallVector<Value> answer = lowerTest(op, k0, isFull);
    if (answer.empty())
      return void(result = failure());
    auto visited = scf::IfOp::create(b, answer[0], /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(visited.thenBlock());
    auto takesFull = scf::IfOp::create(b, answer[1], /*withElseRegion=*/true);
    b.setInsertionPointToStart(takesFull.thenBlock());
    lowerInto(op.getFullBody(), k0);
    b.setInsertionPointToStart(takesFull.elseBlock());
    lowerInto(op.getPartialBody(), k0, ArrayRef(answer).drop_front(2));
  });
  return result;
}

} // namespace lacuna
