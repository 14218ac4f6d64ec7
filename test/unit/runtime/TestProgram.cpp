// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TestProgram.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

using namespace lacuna;
using namespace lacuna::runtime;
using namespace lacuna::test;

static Argument tensor(const char *name, lacunaDType dtype, std::vector<int64_t> shape) {
  return {name, LACUNA_TENSOR, dtype, std::move(shape), 0, std::nullopt};
}

static Argument scalar(const char *name, lacunaDType dtype, std::optional<std::string> defaultValue = std::nullopt) {
  return {name, LACUNA_SCALAR, dtype, {}, 0, std::move(defaultValue)};
}

Artifact lacuna::test::fixtureArtifact() {
  Artifact artifact;
  artifact.producer = "lacuna test";
  artifact.sourceHash = "0123";
  artifact.entries.resize(2);
  Entry &rows = artifact.entries[0];
  rows.name = "rows";
  rows.arguments = {tensor("x", LACUNA_F32, {-1, 8}), tensor("table", LACUNA_I32, {-1}), scalar("factor", LACUNA_F32),
                    scalar("limit", LACUNA_INDEX, "100000")};
  rows.arguments[0].defaultValue = "randn:4x8xf32:0";
  rows.results = {tensor("scaled", LACUNA_F32, {-1, 8}), tensor("sums", LACUNA_F32, {-1})};
  Entry &misbehave = artifact.entries[1];
  misbehave.name = "misbehave";
  misbehave.arguments = {scalar("what", LACUNA_I64)};
  misbehave.results = {tensor("result", LACUNA_F32, {-1})};
  for (Entry &entry : artifact.entries)
    assignOffsets(entry);

  Target target;
  target.name = "fixture";
  target.device = "cpu";
  target.kernels.resize(2);
  target.kernels[0].symbol = "rows.scale0";
  target.kernels[0].cost = "rows.scale0.cost";
  target.kernels[0].schedule = "by row";
  target.kernels[0].tile = {1, 4};
  target.kernels[1].symbol = "rows.add1";
  target.kernels[1].schedule = "flat";
  artifact.targets.push_back(target);
  std::ifstream file(LACUNA_HOST_FIXTURE, std::ios::binary);
  artifact.blobs.push_back({"elf", std::string(std::istreambuf_iterator<char>(file), {})});
  EXPECT_GT(artifact.blobs[0].bytes.size(), 1000u) << "no host object in " LACUNA_HOST_FIXTURE;
  return artifact;
}

ProgramHandle lacuna::test::loadProgram(const Artifact &artifact) {
  std::string bytes = serialize(artifact);
  lacunaProgram *program = nullptr;
  EXPECT_EQ(lacunaProgramLoad(bytes.data(), bytes.size(), &program), LACUNA_OK) << lacunaLastError();
  return ProgramHandle(program);
}

DeviceHandle lacuna::test::openDevice(const char *name) {
  lacunaDevice *device = nullptr;
  EXPECT_EQ(lacunaDeviceOpen(name, &device), LACUNA_OK) << lacunaLastError();
  return DeviceHandle(device);
}

lacunaValue lacuna::test::tensorValue(void *data, lacunaDType dtype, const std::vector<int64_t> &sizes,
                                      const int64_t *strides) {
  lacunaValue value = {};
  value.kind = LACUNA_TENSOR;
  value.tensor = {data, dtype, int32_t(sizes.size()), sizes.data(), strides};
  return value;
}

lacunaValue lacuna::test::floatValue(double number, lacunaDType dtype) {
  lacunaValue value = {};
  value.kind = LACUNA_SCALAR;
  value.dtype = dtype;
  value.real = number;
  return value;
}

lacunaValue lacuna::test::integerValue(int64_t number, lacunaDType dtype) {
  lacunaValue value = {};
  value.kind = LACUNA_SCALAR;
  value.dtype = dtype;
  value.integer = number;
  return value;
}

RowsCall::RowsCall(int64_t rows, double factor)
    : rows(rows), factor(factor), x(size_t(rows * 8)), scaled(size_t(rows * 8), -1), sums(size_t(rows), -1),
      matrix{rows, 8}, vector{rows} {
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = float(int(i * 7 % 31) - 15);
  arguments = {tensorValue(x.data(), LACUNA_F32, matrix), tensorValue(table.data(), LACUNA_I32, tableSizes),
               floatValue(factor), integerValue(100000)};
  results = {tensorValue(scaled.data(), LACUNA_F32, matrix).tensor,
             tensorValue(sums.data(), LACUNA_F32, vector).tensor};
}

lacunaStatus RowsCall::run(lacunaProgram *program, lacunaDevice *device, const lacunaRunOptions *options) {
  return lacunaRun(program, device, 0, arguments.data(), int64_t(arguments.size()), results.data(),
                   int64_t(results.size()), options);
}

int64_t RowsCall::wrongElements() const {
  // Small integers: every float sum is exact, whatever the order.
  int64_t wrong = 0;
  for (int64_t row = 0; row < rows; ++row) {
    double sum = table[size_t(row % 3)];
    for (int64_t column = 0; column < 8; ++column) {
      double value = factor * x[size_t(row * 8 + column)];
      wrong += scaled[size_t(row * 8 + column)] != value;
      sum += value;
    }
    wrong += sums[size_t(row)] != sum;
  }
  return wrong;
}
