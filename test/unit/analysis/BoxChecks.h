// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The class of a box against its pairs, one by one: for tests of random masks and of chosen ones.
#pragma once

#include "tools/lacuna-mask/MaskProbe.h"

#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>

namespace lacuna::test {

/// The number in an environment variable.
int64_t setting(const char *name, int64_t otherwise);

/// LACUNA_SEED.
int64_t seed();

struct Counts {
  int64_t cases = 0, uniform = 0, doubtful = 0, wrong = 0;
  /// Of boxes that are empty or full, how many are called partial, in percent.
  double share() const { return uniform ? 100.0 * doubtful / uniform : 0; }
};

/// Fails where the class of the box is wrong, or, unless it may doubt, where it is partial and the box is not.
void checkBox(BoundProbe &probe, const ProbeBox &box, Counts &counts, bool mayDoubt, llvm::function_ref<std::string()> describe);

class TileClass : public ::testing::Test {
protected:
  TileClass();
  /// `rows` decides masks of intervals row by row, where no doubt is left; with a `tile` boxes must lie in one. Null where the sources are wrong.
  std::unique_ptr<MaskProbe> compile(const std::vector<std::string> &sources, bool rows, int64_t tile = 0);

  mlir::MLIRContext context;
};

} // namespace lacuna::test
