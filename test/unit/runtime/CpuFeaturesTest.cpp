// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/CpuFeatures.h"

#include <gtest/gtest.h>

using namespace lacuna::runtime;

TEST(CpuFeaturesTest, readsBothArchitectures) {
  EXPECT_EQ(parseCpuFeatures("processor\t: 0\nflags\t\t: fpu avx2 fma\nprocessor\t: 1\nflags\t\t: sse\n"),
            (std::set<std::string>{"fpu", "avx2", "fma"}));
  EXPECT_EQ(parseCpuFeatures("BogoMIPS\t: 50.00\nFeatures\t: fp asimd sve\n"),
            (std::set<std::string>{"fp", "asimd", "sve"}));
  EXPECT_TRUE(parseCpuFeatures("").empty());
}

TEST(CpuFeaturesTest, listsWhatIsMissingInOrder) {
  EXPECT_EQ(missingFeatures({"c", "a", "b"}, {"a"}), (std::vector<std::string>{"c", "b"}));
  EXPECT_TRUE(missingFeatures({}, {}).empty());
}

TEST(CpuFeaturesTest, thisMachineHasSome) { EXPECT_FALSE(cpuFeatures().empty()); }
