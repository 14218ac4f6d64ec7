// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of chips: names, and the numbers that other rooms rely on.
#include "lib/Target/Target.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "gtest/gtest.h"

#include <fstream>

namespace lacuna {
namespace {

TEST(Target, NamesAreUniqueAndFound) {
  llvm::StringSet<> names;
  for (const TargetDescription &target : allTargets()) {
    EXPECT_TRUE(names.insert(target.name).second) << target.name.str();
    EXPECT_EQ(lookupTarget(target.name), &target);
    EXPECT_NE(targetNames().find(target.name.str()), std::string::npos);
  }
}

TEST(Target, UnknownNamesAreNotFound) {
  EXPECT_EQ(lookupTarget("pentium"), nullptr);
  EXPECT_EQ(lookupTarget(""), nullptr);
}

TEST(Target, NativeIsACpu) {
  const TargetDescription *native = lookupTarget("native");
  ASSERT_NE(native, nullptr);
  EXPECT_EQ(native->kind, TargetKind::Cpu);
  EXPECT_EQ(native->name, nativeTarget());
}

// Requirements are spelled as in /proc/cpuinfo; LLVM, which nativeTarget asks, spells some of them otherwise.
TEST(Target, NativeIsTheFirstThatCpuinfoAllows) {
  std::ifstream info("/proc/cpuinfo");
  std::string line;
  while (std::getline(info, line) && line.rfind("flags", 0) != 0) {
  }
  if (line.empty())
    GTEST_SKIP() << "no flags in /proc/cpuinfo";
  auto allows = [&](const TargetDescription &target) {
    return target.kind == TargetKind::Cpu &&
           llvm::all_of(target.requirements, [&](llvm::StringRef flag) { return (line + " ").find(" " + flag.str() + " ") != std::string::npos; });
  };
  EXPECT_EQ(nativeTarget(), llvm::find_if(allTargets(), allows)->name);
}

TEST(Target, TileUnitsTakeWholeUnitsOnly) {
  MatrixInstruction amx{16, 16, 32}, dot{1, 16, 2};
  EXPECT_TRUE(amx.fills(64, 96, 32));
  EXPECT_FALSE(amx.fills(48, 96, 32));
  EXPECT_FALSE(amx.fills(64, 48, 32));
  EXPECT_FALSE(amx.fills(64, 96, 40));
  EXPECT_FALSE(dot.fills(64, 96, 32));
}

// The best one comes first, the one without requirements last: nativeTarget takes the first that the machine satisfies.
TEST(Target, CpusAreOrdered) {
  int64_t vectorBytes = INT64_MAX;
  const TargetDescription *last = nullptr;
  for (const TargetDescription &target : allTargets()) {
    if (target.kind != TargetKind::Cpu)
      continue;
    EXPECT_LE(target.vectorBytes, vectorBytes) << target.name.str();
    vectorBytes = target.vectorBytes;
    last = &target;
  }
  ASSERT_NE(last, nullptr);
  EXPECT_TRUE(last->requirements.empty());
}

TEST(Target, EachKindHasItsNumbers) {
  for (const TargetDescription &target : allTargets()) {
    SCOPED_TRACE(target.name.str());
    bool isCpu = target.kind == TargetKind::Cpu;
    EXPECT_EQ(target.vectorBytes > 0, isCpu);
    EXPECT_EQ(target.vectorRegisters > 0, isCpu);
    EXPECT_EQ(target.warpSize > 0, !isCpu);
    EXPECT_EQ(target.sharedBytes > 0, !isCpu);
    EXPECT_TRUE(target.matrix.m > 0 || isCpu);
    EXPECT_EQ(target.triple.empty(), target.cpu.empty());
  }
}

} // namespace
} // namespace lacuna
