// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Memory/PerKeyValues.h"

#include "lib/Support/IntegerDivision.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using lacuna::tile::Broadcast;
using lacuna::tile::TileType;

namespace lacuna {
namespace {

bool isCostly(Operation &op) {
  return op.getNumRegions() > 0 || (isIntegerDivision(&op) && !matchPattern(op.getOperand(1), m_Constant()));
}

/// Elements of tiles are no truth values and no indices.
Type storedType(Type type) {
  if (type.isInteger(1))
    return IntegerType::get(type.getContext(), 32);
  return type.isIndex() ? IntegerType::get(type.getContext(), 64) : type;
}

Value converted(ImplicitLocOpBuilder &b, Value x, Type to) {
  if (x.getType() == to)
    return x;
  if (x.getType().isIndex() || to.isIndex())
    return arith::IndexCastOp::create(b, to, x);
  if (x.getType().isInteger(1))
    return arith::ExtUIOp::create(b, to, x);
  return arith::TruncIOp::create(b, to, x);
}

class PerKeyValues {
public:
  explicit PerKeyValues(tile::MapOp map) : map(map), body(map.getBody().front()) {
    perQuery.insert(body.args_begin(), body.args_end());
    for (Operation &op : body.without_terminator())
      classify(op);
  }

  SmallVector<Value> hoist() {
    for (Value value : costly)
      if (llvm::any_of(value.getUsers(), [&](Operation *user) { return !isPerKey(*body.findAncestorOpInBlock(*user)); }))
        moved.push_back(value);
    if (moved.empty())
      return {};
    tile::MapOp columns = emitColumns();
    readColumns(columns);
    return llvm::to_vector_of<Value>(columns.getResults());
  }

private:
  void classify(Operation &op) {
    SetVector<Value> used(op.operand_begin(), op.operand_end());
    for (Region &region : op.getRegions())
      getUsedValuesDefinedAbove(region, used);
    auto index = dyn_cast<tile::IndexOp>(op);
    if ((index && index.getAxis() == 0) || llvm::any_of(used, [&](Value v) { return perQuery.contains(v); }))
      perQuery.insert(op.result_begin(), op.result_end());
    else if (isCostly(op) || llvm::any_of(used, [&](Value v) { return costly.contains(v); }))
      costly.insert(op.result_begin(), op.result_end());
  }

  bool isPerKey(Operation &op) { return op.getNumResults() && !perQuery.contains(op.getResult(0)); }

  /// Everything that does not depend on the query, over the keys alone.
  tile::MapOp emitColumns() {
    int64_t keys = cast<TileType>(map.getResult(0).getType()).getShape()[1];
    SmallVector<Type> types;
    for (Value value : moved)
      types.push_back(TileType::get(map.getContext(), {keys}, storedType(value.getType()), tile::Space::Scratch, Attribute()));
    OpBuilder b(map);
    auto columns = tile::MapOp::create(b, map.getLoc(), types, ValueRange(), ArrayRef<Broadcast>(), [&](OpBuilder &inner, Location loc, ValueRange) {
      ImplicitLocOpBuilder at(loc, inner);
      IRMapping values;
      for (Operation &op : body.without_terminator()) {
        if (!isPerKey(op))
          continue;
        if (isa<tile::IndexOp>(op))
          values.map(op.getResult(0), tile::IndexOp::create(at, 0).getResult());
        else
          at.clone(op, values);
      }
      tile::YieldOp::create(at, llvm::map_to_vector(moved, [&](Value v) { return converted(at, values.lookup(v), storedType(v.getType())); }));
    });
    eraseUnused(columns);
    return columns;
  }

  /// The map with the columns as further operands.
  void readColumns(tile::MapOp columns) {
    SmallVector<Broadcast> broadcast;
    for (unsigned i = 0; i < map.getInputs().size(); ++i)
      broadcast.push_back(map.getBroadcastOf(i));
    broadcast.append(moved.size(), Broadcast::Columns);
    SmallVector<Value> inputs(map.getInputs());
    llvm::append_range(inputs, columns.getResults());
    OpBuilder b(map);
    auto reader = tile::MapOp::create(b, map.getLoc(), map.getResultTypes(), inputs, broadcast, [&](OpBuilder &inner, Location loc, ValueRange arguments) {
      ImplicitLocOpBuilder at(loc, inner);
      IRMapping values;
      values.map(body.getArguments(), arguments.take_front(body.getNumArguments()));
      for (auto [value, argument] : llvm::zip(moved, arguments.drop_front(body.getNumArguments())))
        values.map(value, converted(at, argument, value.getType()));
      for (Operation &op : body)
        if (!op.getNumResults() || !values.contains(op.getResult(0)))
          at.clone(op, values);
    });
    eraseUnused(reader);
    map.replaceAllUsesWith(reader.getResults());
    map.erase();
  }

  static void eraseUnused(tile::MapOp map) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(map.getBody().front())))
      if (isOpTriviallyDead(&op)) // never the terminator
        op.erase();
  }

  tile::MapOp map;
  Block &body;
  llvm::SmallDenseSet<Value> perQuery;
  SetVector<Value> costly; // for each key, with all that follows from it for each key
  SmallVector<Value> moved;
};

} // namespace

SmallVector<Value> hoistPerKeyValues(tile::MapOp map) { return PerKeyValues(map).hoist(); }

} // namespace lacuna
