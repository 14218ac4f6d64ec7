// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "passes/Tiling/PairTest.h"

#include "lib/Analysis/IndexArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace lacuna {
namespace {

/// How an element of a tile holds a scalar of a mask, and back: small numbers in 32 bits, truth as 0 or 1.
Type elementFor(Value scalar, Ranges &ranges) {
  if (scalar.getType().isF32())
    return scalar.getType();
  return IntegerType::get(scalar.getContext(), scalar.getType().isInteger(1) || fitsInt32(scalar, ranges) ? 32 : 64);
}
Value toElement(ImplicitLocOpBuilder &b, Value scalar, Type element) {
  if (scalar.getType().isInteger(1))
    return arith::ExtUIOp::create(b, element, scalar);
  return scalar.getType().isIndex() ? b.createOrFold<arith::IndexCastOp>(element, scalar) : scalar;
}
Value fromElement(ImplicitLocOpBuilder &b, Value element, Type scalar) {
  if (scalar.isInteger(1))
    return compare(b, CmpIPredicate::ne, element, arith::ConstantOp::create(b, b.getI32IntegerAttr(0)));
  return scalar.isIndex() ? b.createOrFold<arith::IndexCastOp>(scalar, element) : element;
}

} // namespace

void PairTest::add(ImplicitLocOpBuilder &b, Value mask) {
  if (auto equal = mask.getDefiningOp<attn::EqualOp>())
    return emitEqualRows(b, equal);
  auto predicate = mask.getDefiningOp<attn::PredicateOp>();
  if (!predicate)
    return;
  if (std::optional<ListedKeys> keys = ListedKeys::match(predicate, item.blockTile(), item.tileN))
    addListed(b, predicate, *keys);
  else
    emitPredicateRows(b, predicate);
}

/// The query side of an equality is the same for all tiles of the item: once per row, not once per pair.
void PairTest::emitEqualRows(ImplicitLocOpBuilder &b, attn::EqualOp op) {
  if (known.count(op))
    return;
  bool mayMiss = llvm::any_of(op.getQuery().front(), llvm::IsaPred<attn::LookupOp, attn::SegmentOp>);
  SmallVector<Type> types{tile::TileType::get(b.getContext(), {item.tileM}, b.getI64Type())};
  if (mayMiss)
    types.push_back(tile::TileType::get(b.getContext(), {item.tileM}, b.getI32Type()));
  auto body = [&](OpBuilder &inner, Location loc, ValueRange) {
    ImplicitLocOpBuilder at(loc, inner);
    Coordinates here = item.rowCoordinates(at);
    ScalarResult r = emitScalarRegion(at, op.getQuery(), {here.batch, here.head, here.query}, here, captures);
    SmallVector<Value> results{arith::IndexCastOp::create(at, at.getI64Type(), r.values[0])};
    if (mayMiss)
      results.push_back(arith::ExtUIOp::create(at, at.getI32Type(), r.valid ? r.valid : boolean(at, true)));
    tile::YieldOp::create(at, results);
  };
  auto map = tile::MapOp::create(b, types, ValueRange(), ArrayRef<tile::Broadcast>(), body);
  known[op] = llvm::to_vector_of<Value>(map.getResults());
}

/// What a predicate computes by its row is the same for all tiles of the item, and a guarded read has no vector form.
void PairTest::emitPredicateRows(ImplicitLocOpBuilder &b, attn::PredicateOp op) {
  RowPart part(op.getBody(), item.blockTile());
  if (part.kept().empty() || known.count(op))
    return;
  Ranges ranges;
  SmallVector<Type> elements;
  for (Operation *kept : part.kept())
    elements.push_back(elementFor(kept->getResult(0), ranges));
  if (part.reads())
    elements.push_back(b.getI32Type());
  SmallVector<Type> types = llvm::map_to_vector(elements, [&](Type t) -> Type { return tile::TileType::get(b.getContext(), {item.tileM}, t); });
  auto body = [&](OpBuilder &inner, Location loc, ValueRange) {
    ImplicitLocOpBuilder at(loc, inner);
    ScalarResult row = emitRowPart(at, op.getBody(), part, item.rowCoordinates(at), captures);
    if (part.reads())
      row.values.push_back(row.valid ? row.valid : boolean(at, true));
    for (auto [value, element] : llvm::zip(row.values, elements))
      value = toElement(at, value, element);
    tile::YieldOp::create(at, row.values);
  };
  auto map = tile::MapOp::create(b, types, ValueRange(), ArrayRef<tile::Broadcast>(), body);
  known[op] = llvm::to_vector_of<Value>(map.getResults());
}

SmallVector<Value> PairTest::rowValues() const {
  SmallVector<Value> rows;
  for (auto &[op, values] : known)
    llvm::append_range(rows, values);
  return rows;
}

/// Values by row of the work item that a list gives, for the tile at hand or for all tiles.
ResultRange PairTest::mapRows(ImplicitLocOpBuilder &b, const Listed &list, ArrayRef<Type> elements, RowBody body) const {
  SmallVector<Type> types = llvm::map_to_vector(elements, [&](Type t) -> Type { return tile::TileType::get(b.getContext(), {item.tileM}, t); });
  SmallVector<Value> inputs;
  if (list.isSorted)
    inputs.push_back(list.isSorted);
  SmallVector<tile::Broadcast> broadcast(inputs.size(), tile::Broadcast::None);
  auto map = tile::MapOp::create(b, types, inputs, broadcast, [&](OpBuilder &inner, Location loc, ValueRange rows) {
    ImplicitLocOpBuilder at(loc, inner);
    tile::YieldOp::create(at, body(at, item.rowCoordinates(at), rows.empty() ? Value() : fromElement(at, rows[0], at.getI1Type())));
  });
  return map.getResults();
}

void PairTest::addListed(ImplicitLocOpBuilder &b, attn::PredicateOp op, const ListedKeys &keys) {
  auto [entry, isNew] = listed.insert({op, {keys, Value(), Value()}});
  if (!isNew || !keys.isSearchable())
    return;
  SmallVector<Type> types{b.getI32Type()};
  if (keys.hasManyRows()) {
    types.push_back(b.getI64Type());
    slot = slot ? slot : ListedKeys::emitSlotSize(b, item.keyLength);
  }
  auto body = [&](ImplicitLocOpBuilder &at, const Coordinates &row, Value) {
    SmallVector<Value> values{toElement(at, keys.emitIsSorted(at, row, captures), types[0])};
    if (keys.hasManyRows())
      values.push_back(keys.emitOccupied(at, row, slot, captures));
    return values;
  };
  ResultRange rows = mapRows(b, entry->second, types, body);
  entry->second.isSorted = rows[0];
  if (keys.hasManyRows())
    entry->second.occupied = rows[1];
}

Value PairTest::emitMayHold(ImplicitLocOpBuilder &b, Value mask, Value k0) const {
  auto entry = listed.find(mask.getDefiningOp());
  if (entry == listed.end() || !entry->second.occupied)
    return {};
  Value slots = ListedKeys::emitSlotsOf(b, k0, min(b, lacuna::add(b, k0, constant(b, item.tileN)), item.keyLength), slot);
  Type rows = tile::TileType::get(b.getContext(), {item.tileM}, b.getI32Type());
  auto body = [&](OpBuilder &inner, Location loc, ValueRange occupied) {
    ImplicitLocOpBuilder at(loc, inner);
    Value zero = arith::ConstantOp::create(at, at.getI64IntegerAttr(0)), some = compare(at, CmpIPredicate::ne, both(at, occupied[0], slots), zero);
    tile::YieldOp::create(at, ValueRange{toElement(at, some, at.getI32Type())});
  };
  auto map = tile::MapOp::create(b, TypeRange{rows}, ValueRange{entry->second.occupied}, {tile::Broadcast::None}, body);
  return fromElement(b, tile::ReduceOp::create(b, b.getI32Type(), tile::Reduction::Max, map.getResult(0), 0), b.getI1Type());
}

SmallVector<Value> PairTest::emitListed(ImplicitLocOpBuilder &b, Value k0) const {
  SmallVector<Value> result;
  SmallVector<Type> words(ListedKeys::wordsFor(item.tileN), b.getI64Type());
  for (auto &[op, list] : listed)
    llvm::append_range(result, mapRows(b, list, words, [&, &list = list](ImplicitLocOpBuilder &at, const Coordinates &row, Value isSorted) {
                         return list.keys.emitWords(at, row, isSorted, k0, item.tileN, captures);
                       }));
  return result;
}

ValueRange PairTest::wordsOf(Operation *mask, ValueRange rows) const {
  size_t words = ListedKeys::wordsFor(item.tileN), end = rows.size() - words * listed.size();
  for (auto &[op, list] : listed) {
    if (op == mask)
      return rows.slice(end, words);
    end += words;
  }
  return {};
}

ValueRange PairTest::rowsOf(Operation *mask, ValueRange rows) const {
  size_t first = 0;
  for (auto &[op, values] : known) {
    if (op == mask)
      return rows.slice(first, values.size());
    first += values.size();
  }
  return {};
}

Value PairTest::emitEqual(ImplicitLocOpBuilder &b, attn::EqualOp op, const Coordinates &at, ValueRange rows) const {
  ScalarResult key = emitScalarRegion(b, op.getKey(), {at.batch, at.head, at.key}, at, captures);
  Value holds = compare(b, CmpIPredicate::eq, arith::IndexCastOp::create(b, b.getI64Type(), key.values[0]), rows[0]);
  if (rows.size() > 1)
    holds = both(b, holds, fromElement(b, rows[1], b.getI1Type()));
  return key.valid ? both(b, holds, key.valid) : holds;
}

/// The predicate at one element, what it computes by row being known.
Value PairTest::emitPredicate(ImplicitLocOpBuilder &b, attn::PredicateOp op, const Coordinates &at, ValueRange rows) const {
  RowPart part(op.getBody(), item.blockTile());
  KnownRow row{part, llvm::DenseMap<Operation *, Value>()};
  for (auto [kept, value] : llvm::zip(part.kept(), rows))
    row.values[kept] = fromElement(b, value, kept->getResult(0).getType());
  Coordinates here = at;
  here.known = &row;
  Value holds = lacuna::emitAttends(b, b.getLoc(), op, here, captures);
  return part.reads() ? both(b, holds, fromElement(b, rows.back(), b.getI1Type())) : holds;
}

Value PairTest::emitHolds(ImplicitLocOpBuilder &b, const OpaqueLiteral &literal, const Coordinates &at, ValueRange rows) const {
  Operation *op = literal.mask.getDefiningOp();
  ValueRange own = rowsOf(op, rows);
  Value holds;
  if (ValueRange words = wordsOf(op, rows); !words.empty())
    holds = ListedKeys::emitBit(b, words, tile::IndexOp::create(b, 1));
  else if (own.empty())
    holds = lacuna::emitAttends(b, b.getLoc(), literal.mask, at, captures);
  else if (auto equal = dyn_cast<attn::EqualOp>(op))
    holds = emitEqual(b, equal, at, own);
  else
    holds = emitPredicate(b, cast<attn::PredicateOp>(op), at, own);
  return literal.negated ? negate(b, holds) : holds;
}

} // namespace lacuna
