// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The artifact that runtime tests use, built around HostFixture.c, and small handles for the C interface.
#ifndef LACUNA_TEST_UNIT_RUNTIME_TESTPROGRAM_H
#define LACUNA_TEST_UNIT_RUNTIME_TESTPROGRAM_H

#include "runtime/Artifact.h"

#include <memory>
#include <string>
#include <vector>

namespace lacuna::test {

/// Entries "rows" (x, table, factor, limit -> scaled, sums) and "misbehave" (what -> result); one cpu target.
runtime::Artifact fixtureArtifact();

struct Deleter {
  void operator()(lacunaProgram *program) const { lacunaProgramDestroy(program); }
  void operator()(lacunaDevice *device) const { lacunaDeviceDestroy(device); }
};
using ProgramHandle = std::unique_ptr<lacunaProgram, Deleter>;
using DeviceHandle = std::unique_ptr<lacunaDevice, Deleter>;

/// Fail the test if the call fails.
ProgramHandle loadProgram(const runtime::Artifact &artifact);
DeviceHandle openDevice(const char *name = "cpu");

lacunaValue tensorValue(void *data, lacunaDType dtype, const std::vector<int64_t> &sizes,
                        const int64_t *strides = nullptr);
lacunaValue floatValue(double value, lacunaDType dtype = LACUNA_F32);
lacunaValue integerValue(int64_t value, lacunaDType dtype = LACUNA_INDEX);

/// Data and values of one call of "rows".
struct RowsCall {
  explicit RowsCall(int64_t rows, double factor = 2.0);
  // The values point into this object.
  RowsCall(const RowsCall &) = delete;

  lacunaStatus run(lacunaProgram *program, lacunaDevice *device, const lacunaRunOptions *options = nullptr);
  /// Elements that differ from what "rows" has to give, computed here.
  int64_t wrongElements() const;

  int64_t rows;
  double factor;
  std::vector<float> x, scaled, sums;
  std::vector<int32_t> table = {10, 20, 30};
  std::vector<int64_t> matrix, vector, tableSizes = {3};
  std::vector<lacunaValue> arguments;
  std::vector<lacunaTensor> results;
};

} // namespace lacuna::test

#endif // LACUNA_TEST_UNIT_RUNTIME_TESTPROGRAM_H
