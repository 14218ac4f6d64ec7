// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lib/Analysis/IntervalTwin.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace lacuna {

// Placeholder of the first slice: every opaque mask is partial (sound, never precise).
TileClass emitTileClass(OpBuilder &builder, Location loc, Value mask, const TileBox &, const IRMapping &) {
  ImplicitLocOpBuilder b(loc, builder);
  Value yes = arith::ConstantOp::create(b, b.getBoolAttr(true)), no = arith::ConstantOp::create(b, b.getBoolAttr(false));
  return {yes, mask ? no : yes};
}

} // namespace lacuna
