// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One query: the query heads that share a key head are the rows of one tile, so that K and V are read once for all of them.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna {

/// True for one query and a flat tile of as many rows as query heads share a key head. Only where no part of the op is bound to one head per tile: opaque masks are
/// tested per tile, sinks and score regions are per head.
bool packsHeads(attn::AttentionOp op, attn::ScheduleAttr schedule);

/// The view of Q or O whose last two dimensions are (head, feature).
mlir::Value headRows(mlir::ImplicitLocOpBuilder &b, mlir::Value memory, attn::Layout layout, bool hasShares);

/// The view of a result per row whose last dimension is the head.
mlir::Value headValues(mlir::ImplicitLocOpBuilder &b, mlir::Value memory);

} // namespace lacuna
