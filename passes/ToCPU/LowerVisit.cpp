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

/// Calls `body` with the first row of every tile of the segments. Segments that are known to be empty cost nothing; several ones are put in a
/// small table so that the body is emitted once.
void CpuLowering::walkSegments(OperandRange starts, OperandRange counts, int64_t step, llvm::function_ref<void(Value)> body) {
  SmallVector<std::pair<Value, Value>> segments;
  for (auto [start, count] : llvm::zip(starts, counts))
    if (getConstantIntValue(count) != 0)
      segments.emplace_back(scalar(start), scalar(count));
  auto walk = [&](Value start, Value count) {
    forLoop(constant(0), count, 1, [&](Value i) {
      Value number = arith::AddIOp::create(b, start, i);
      body(arith::MulIOp::create(b, number, constant(step)));
    });
  };
  if (segments.size() == 1)
    return walk(segments[0].first, segments[0].second);
  if (segments.empty())
    return;
  Value table = allocate(MemRefType::get({static_cast<int64_t>(segments.size()), 2}, b.getIndexType()));
  for (auto [i, segment] : llvm::enumerate(segments)) {
    memref::StoreOp::create(b, segment.first, table, ValueRange{constant(i), constant(0)});
    memref::StoreOp::create(b, segment.second, table, ValueRange{constant(i), constant(1)});
  }
  forLoop(segments.size(), 1, [&](Value s) {
    Value start = memref::LoadOp::create(b, table, ValueRange{s, constant(0)}), count = memref::LoadOp::create(b, table, ValueRange{s, constant(1)});
    walk(start, count);
  });
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
  auto lowerInto = [&](Region &region, Value k0) {
    if (failed(lowerBody(region, k0, carried)))
      result = failure();
  };
  walkSegments(op.getStarts(), op.getPartial(), op.getStep(), [&](Value k0) {
    if (op.getTest().empty())
      return lowerInto(op.getPartialBody(), k0);
    Block &test = op.getTest().front();
    scalars.map(test.getArgument(0), k0);
    if (failed(lowerBlock(test)))
      result = failure();
    Value any = scalar(test.getTerminator()->getOperand(0)), all = scalar(test.getTerminator()->getOperand(1));
    auto visited = scf::IfOp::create(b, any, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(visited.thenBlock());
    auto isFull = scf::IfOp::create(b, all, /*withElseRegion=*/true);
    b.setInsertionPointToStart(isFull.thenBlock());
    lowerInto(op.getFullBody(), k0);
    b.setInsertionPointToStart(isFull.elseBlock());
    lowerInto(op.getPartialBody(), k0);
  });
  walkSegments(op.getStarts(), op.getFull(), op.getStep(), [&](Value k0) { lowerInto(op.getFullBody(), k0); });
  return result;
}

} // namespace lacuna
