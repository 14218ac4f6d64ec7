// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The exact share of pairs that attend and a picture, by lacuna-mask's probe: not by the kernel, whose work is to be
// judged with it.
#ifndef LACUNA_TOOLS_BENCH_MASKLOOK_H
#define LACUNA_TOOLS_BENCH_MASKLOOK_H

#include "Values.h"

#include <optional>

namespace lacuna::bench {

/// A mask as numbers and as SVG (of batch entry 0, head 0; empty for no mask).
struct MaskLook {
  double attendedShare = 1; ///< over all batch entries and query heads
  std::string picture;
};

/// Nothing for programs that are not one attention op on three arguments, and where it takes longer than `seconds`.
std::optional<MaskLook> lookAtMask(llvm::StringRef source, const std::string &entry,
                                   const std::vector<std::string> &maskLibraries,
                                   const std::vector<run::HostValue> &values, double seconds);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_MASKLOOK_H
