// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Asks a kernel's cost function about every work item of a launch, in parallel when there are many.
#ifndef LACUNA_RUNTIME_TILECOST_H
#define LACUNA_RUNTIME_TILECOST_H

#include "runtime/Executor.h"
#include "runtime/HostAbi.h"

#include <vector>

namespace lacuna::runtime {

/// Adds the launch's tiles to `counts`. If `prefix` is not null it receives the running weight of the items (items + 1
/// numbers; see splitByWeight). Memory: 8 bytes per item.
Status addTileCosts(CostFunction cost, const void *params, int64_t items, const Executor &executor,
                    lacunaTileCounts &counts, std::vector<int64_t> *prefix);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_TILECOST_H
