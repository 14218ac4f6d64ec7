// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When an earlier result is one of the same: --resume keeps entries with an equal key.
#ifndef LACUNA_TOOLS_BENCH_KEY_H
#define LACUNA_TOOLS_BENCH_KEY_H

#include "Side.h"

namespace lacuna::bench {

struct KeyContext {
  const Workplace &workplace;
  const std::string &toolHash;
  bool failFluctuating;
};

/// A hash of all that decides what is measured, but the machine.
std::string keyOf(const Entry &entry, const KeyContext &context);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_KEY_H
