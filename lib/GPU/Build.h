// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// An OpBuilder with a location and short names for the arithmetic that address code is full of.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"

namespace lacuna {

/// Values are i32, i64 or index, both operands alike. Constants fold: `add(x, 0)` is x.
struct Build {
  mlir::OpBuilder &b;
  mlir::Location loc;

  mlir::Value constant(mlir::Type type, int64_t value) const {
    return mlir::arith::ConstantOp::create(b, loc, b.getIntegerAttr(type, value));
  }
  mlir::Value i32(int64_t value) const { return constant(b.getI32Type(), value); }
  mlir::Value index(int64_t value) const { return constant(b.getIndexType(), value); }

  mlir::Value add(mlir::Value x, mlir::Value y) const { return b.createOrFold<mlir::arith::AddIOp>(loc, x, y); }
  mlir::Value sub(mlir::Value x, mlir::Value y) const { return b.createOrFold<mlir::arith::SubIOp>(loc, x, y); }
  mlir::Value mul(mlir::Value x, mlir::Value y) const { return b.createOrFold<mlir::arith::MulIOp>(loc, x, y); }
  mlir::Value bitAnd(mlir::Value x, mlir::Value y) const { return b.createOrFold<mlir::arith::AndIOp>(loc, x, y); }
  mlir::Value bitXor(mlir::Value x, mlir::Value y) const { return b.createOrFold<mlir::arith::XOrIOp>(loc, x, y); }
  mlir::Value less(mlir::Value x, mlir::Value y) const {
    return b.createOrFold<mlir::arith::CmpIOp>(loc, mlir::arith::CmpIPredicate::slt, x, y);
  }
  mlir::Value equal(mlir::Value x, int64_t y) const {
    return b.createOrFold<mlir::arith::CmpIOp>(loc, mlir::arith::CmpIPredicate::eq, x, constant(x.getType(), y));
  }
  mlir::Value select(mlir::Value c, mlir::Value x, mlir::Value y) const {
    return b.createOrFold<mlir::arith::SelectOp>(loc, c, x, y);
  }

  // With a constant; division and remainder are of non-negative values.
  mlir::Value add(mlir::Value x, int64_t y) const { return y == 0 ? x : add(x, constant(x.getType(), y)); }
  mlir::Value mul(mlir::Value x, int64_t y) const { return y == 1 ? x : mul(x, constant(x.getType(), y)); }
  mlir::Value div(mlir::Value x, int64_t y) const {
    return y == 1 ? x : b.createOrFold<mlir::arith::DivUIOp>(loc, x, constant(x.getType(), y));
  }
  mlir::Value rem(mlir::Value x, int64_t y) const {
    return y == 1 ? constant(x.getType(), 0) : b.createOrFold<mlir::arith::RemUIOp>(loc, x, constant(x.getType(), y));
  }
  mlir::Value bitXor(mlir::Value x, int64_t y) const { return y == 0 ? x : bitXor(x, constant(x.getType(), y)); }

  /// index, i32 and i64 into one another.
  mlir::Value cast(mlir::Value x, mlir::Type type) const {
    if (x.getType() == type)
      return x;
    if (x.getType().isIndex() || type.isIndex())
      return b.createOrFold<mlir::arith::IndexCastOp>(loc, type, x);
    if (x.getType().getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth())
      return mlir::arith::ExtSIOp::create(b, loc, type, x);
    return mlir::arith::TruncIOp::create(b, loc, type, x);
  }
  mlir::Value toIndex(mlir::Value x) const { return cast(x, b.getIndexType()); }

  mlir::Type pointer(unsigned space) const { return mlir::LLVM::LLVMPointerType::get(b.getContext(), space); }
  /// Pointer `offset` elements of `type` behind `base`; a constant or an i32/i64 value.
  mlir::Value advance(mlir::Value base, mlir::Type type, mlir::LLVM::GEPArg offset) const {
    return mlir::LLVM::GEPOp::create(b, loc, base.getType(), type, base, llvm::ArrayRef<mlir::LLVM::GEPArg>{offset});
  }
};

/// Thread coordinates as i32.
struct ThreadIds {
  mlir::Value thread, lane, warp;
  ThreadIds(const Build &build, int64_t warpSize);
};

constexpr unsigned kGlobalSpace = 1, kSharedSpace = 3;

} // namespace lacuna
