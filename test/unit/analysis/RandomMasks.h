// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Random mask expressions as MLIR text, and random arguments for them. Everything follows from a seed.
#pragma once

#include "tools/lacuna-mask/MaskProbe.h"

#include <random>

namespace lacuna::test {

using Random = std::mt19937_64;

inline int64_t pick(Random &random, int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random); }
inline bool chance(Random &random, int percent) { return pick(random, 1, 100) <= percent; }

enum class MaskFamily {
  Intervals,  ///< algebra, choices and parts of intervals and one-dimensional neighborhoods
  Predicates, ///< the same of predicates of comparisons and neighborhoods
  Mixed,      ///< all atoms, blocks, documents, and ops the analysis does not know
  Blocks,     ///< covers and interiors of intervals, in documents and parts
  Chunks,     ///< intervals whose ends are rounded and scaled positions
};

/// A function @NAME that applies a random mask. All have the arguments that randomArguments fills.
std::string randomMaskFunction(Random &random, llvm::StringRef name, MaskFamily family);

/// Q, K, V, then scalars and tables; tables may be empty, short or hold wild values, `cu` and `sorted` do not decrease.
std::vector<ProbeArgumentValue> randomArguments(Random &random, int64_t queries, int64_t keys);

} // namespace lacuna::test
