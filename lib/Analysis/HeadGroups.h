// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which query heads of an attention may be rows of one tile.
#pragma once

#include "dialects/Attn/Attn.h"

namespace lacuna {

/// The number of query heads that share a key head, where it is known and nothing in the op is bound to the one head of a tile: opaque masks are tested tile by
/// tile, gathered queries have a table per head. Else 1.
int64_t packableHeads(attn::AttentionOp op);

} // namespace lacuna
