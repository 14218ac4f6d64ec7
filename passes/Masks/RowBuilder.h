// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Builds the interval that a core mask expands to. Not for others: later stages read intervals, they do not write them.
#pragma once

#include "dialects/Attn/Attn.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"

namespace lacuna::attn {

/// Builds the region of one attn.interval: scalars of a query row.
struct RowBuilder : mlir::ImplicitLocOpBuilder {
  RowBuilder(mlir::OpBuilder &b, mlir::Location loc) : mlir::ImplicitLocOpBuilder(loc, b) {
    interval = IntervalOp::create(b, loc);
    mlir::Type index = getIndexType();
    mlir::Block *block = createBlock(&interval.getBounds(), {}, {index, index, index}, {loc, loc, loc});
    batch = block->getArgument(0);
    query = block->getArgument(2);
  }

  mlir::Value constant(int64_t value) { return mlir::arith::ConstantIndexOp::create(*this, value); }
  mlir::Value add(mlir::Value a, mlir::Value b) { return createOrFold<mlir::arith::AddIOp>(a, b); }
  mlir::Value subtract(mlir::Value a, mlir::Value b) { return createOrFold<mlir::arith::SubIOp>(a, b); }
  mlir::Value value(mlir::OpFoldResult v) { return mlir::getValueOrCreateConstantIndexOp(*this, getLoc(), v); }

  /// q + off: the key on the query's own diagonal.
  mlir::Value position(Align align) {
    if (align == Align::TopLeft)
      return query;
    mlir::Value keys = KeyLengthOp::create(*this), queries = QueryLengthOp::create(*this);
    return add(query, subtract(keys, queries));
  }

  mlir::Value finish(mlir::Value lo, mlir::Value hi) {
    YieldOp::create(*this, mlir::ValueRange{lo, hi});
    return interval;
  }

  IntervalOp interval;
  mlir::Value batch, query;
};

} // namespace lacuna::attn
