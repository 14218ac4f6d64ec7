// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads the kernels of kernels/*.mlir, which the build turned into shared objects by emulate-gpu.
#ifndef LACUNA_TEST_UNIT_EMULATOR_KERNELLIBRARY_H
#define LACUNA_TEST_UNIT_EMULATOR_KERNELLIBRARY_H

#include "runtime/emulator/Emulator.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

/// A launch of kernel `name` of kernels/FILE.mlir with one block of `threads`; the test adds parameters and ranges.
inline lacuna::emulator::EmulatedLaunch makeLaunch(const std::string &file, const std::string &name, int64_t threads) {
  using namespace lacuna::emulator;
  void *library = dlopen((std::string(LACUNA_EMULATED_KERNELS "/") + file + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
  EXPECT_NE(library, nullptr) << dlerror();
  if (!library)
    return {};
  auto **table = static_cast<const lacunaEmulator **>(dlsym(library, tableSymbol));
  EXPECT_NE(table, nullptr);
  if (table)
    *table = emulatorTable();
  EmulatedLaunch launch;
  launch.name = name;
  launch.kernel = reinterpret_cast<void (*)(const void *)>(dlsym(library, name.c_str()));
  EXPECT_NE(launch.kernel, nullptr) << name;
  launch.block[0] = threads;
  return launch;
}

/// Registers a vector as global memory.
template <typename T> void addRange(lacuna::emulator::EmulatedLaunch &launch, const char *name, std::vector<T> &data) {
  launch.ranges.push_back({data.data(), int64_t(data.size() * sizeof(T)), name, true});
}

#endif // LACUNA_TEST_UNIT_EMULATOR_KERNELLIBRARY_H
