// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Short names for scalar arithmetic on positions, folded while it is built. For .cpp files that emit much of it.
#pragma once

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace lacuna {

inline mlir::Value constant(mlir::ImplicitLocOpBuilder &b, int64_t v) { return mlir::arith::ConstantIndexOp::create(b, v); }
inline mlir::Value boolean(mlir::ImplicitLocOpBuilder &b, bool v) { return mlir::arith::ConstantOp::create(b, b.getBoolAttr(v)); }
inline mlir::Value add(mlir::ImplicitLocOpBuilder &b, mlir::Value x, mlir::Value y) { return b.createOrFold<mlir::arith::AddIOp>(x, y); }
inline mlir::Value sub(mlir::ImplicitLocOpBuilder &b, mlir::Value x, mlir::Value y) { return b.createOrFold<mlir::arith::SubIOp>(x, y); }
inline mlir::Value min(mlir::ImplicitLocOpBuilder &b, mlir::Value x, mlir::Value y) { return b.createOrFold<mlir::arith::MinSIOp>(x, y); }
inline mlir::Value max(mlir::ImplicitLocOpBuilder &b, mlir::Value x, mlir::Value y) { return b.createOrFold<mlir::arith::MaxSIOp>(x, y); }
inline mlir::Value both(mlir::ImplicitLocOpBuilder &b, mlir::Value x, mlir::Value y) { return b.createOrFold<mlir::arith::AndIOp>(x, y); }
inline mlir::Value either(mlir::ImplicitLocOpBuilder &b, mlir::Value x, mlir::Value y) { return b.createOrFold<mlir::arith::OrIOp>(x, y); }
inline mlir::Value negate(mlir::ImplicitLocOpBuilder &b, mlir::Value x) { return b.createOrFold<mlir::arith::XOrIOp>(x, boolean(b, true)); }
inline mlir::Value select(mlir::ImplicitLocOpBuilder &b, mlir::Value c, mlir::Value x, mlir::Value y) { return b.createOrFold<mlir::arith::SelectOp>(c, x, y); }
inline mlir::Value toI32(mlir::ImplicitLocOpBuilder &b, mlir::Value x) { return b.createOrFold<mlir::arith::IndexCastOp>(b.getI32Type(), x); }
inline mlir::Value compare(mlir::ImplicitLocOpBuilder &b, mlir::arith::CmpIPredicate p, mlir::Value x, mlir::Value y) { return b.createOrFold<mlir::arith::CmpIOp>(p, x, y); }

} // namespace lacuna
