// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The binary interface between generated host code and the runtime, exactly as in docs/design/abi.md.
#ifndef LACUNA_RUNTIME_HOSTABI_H
#define LACUNA_RUNTIME_HOSTABI_H

#include <cstdint>

extern "C" {
struct lacunaHost {
  int32_t (*launch)(const lacunaHost *, int64_t kernel, const int64_t *grid, const void *params, int64_t paramsBytes,
                    void *stream);
  int32_t (*fail)(const lacunaHost *, const char *what, int64_t expected, int64_t got);
};
}

namespace lacuna::runtime {

using RunFunction = int32_t (*)(const lacunaHost *, const void *params, void *workspace, void *stream);
using WorkspaceFunction = int64_t (*)(const void *params);
using ShapesFunction = void (*)(const void *params, int64_t *sizes);
/// A cpu kernel: runs the work items [begin, end).
using ItemsFunction = void (*)(const void *params, int64_t begin, int64_t end);
/// Writes counts[0] = full, counts[1] = partial; may write counts[2] = all tiles of the item (else it stays -1).
using CostFunction = void (*)(const void *params, int64_t item, int64_t *counts);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_HOSTABI_H
