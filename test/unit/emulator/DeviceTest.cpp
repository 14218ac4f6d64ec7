// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The device emulate:CHIP end to end through the C interface: an artifact, its entry's tensors as registered memory,
// faults as errors of the run.
#include "lacuna/Runtime.h"
#include "runtime/Artifact.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <numeric>

using namespace lacuna::runtime;

static Artifact shiftArtifact() {
  Artifact artifact;
  artifact.producer = "lacuna test";
  artifact.entries.resize(1);
  Entry &entry = artifact.entries[0];
  entry.name = "shift";
  entry.arguments = {{"x", LACUNA_TENSOR, LACUNA_F32, {-1}, 0, std::nullopt},
                     {"shift", LACUNA_SCALAR, LACUNA_INDEX, {}, 0, std::nullopt}};
  entry.results = {{"y", LACUNA_TENSOR, LACUNA_F32, {-1}, 0, std::nullopt}};
  assignOffsets(entry);
  Target target;
  target.name = "sm_80";
  target.device = "emulate";
  target.requirements = {"sm_80"};
  target.kernels.resize(1);
  target.kernels[0].symbol = "shift.kernel0";
  target.kernels[0].block = {64, 1, 1};
  artifact.targets.push_back(target);
  std::ifstream file(LACUNA_EMULATED_KERNELS "/shift.so", std::ios::binary);
  artifact.blobs.push_back({"elf", std::string(std::istreambuf_iterator<char>(file), {})});
  return artifact;
}

namespace {
class EmulatorDeviceTest : public testing::Test {
protected:
  void SetUp() override {
    std::string bytes = serialize(shiftArtifact());
    lacunaProgram *loaded = nullptr;
    ASSERT_EQ(lacunaProgramLoad(bytes.data(), bytes.size(), &loaded), LACUNA_OK) << lacunaLastError();
    program.reset(loaded);
    std::iota(x.begin(), x.end(), 1.0f);
  }

  lacunaStatus run(const char *deviceName, int64_t shift) {
    lacunaDevice *opened = nullptr;
    EXPECT_EQ(lacunaDeviceOpen(deviceName, &opened), LACUNA_OK) << lacunaLastError();
    std::unique_ptr<lacunaDevice, decltype(&lacunaDeviceDestroy)> device(opened, lacunaDeviceDestroy);
    int64_t sizes[1] = {int64_t(y.size())};
    lacunaValue arguments[2] = {};
    arguments[0].kind = LACUNA_TENSOR;
    arguments[0].tensor = {x.data(), LACUNA_F32, 1, sizes, nullptr};
    arguments[1].kind = LACUNA_SCALAR;
    arguments[1].dtype = LACUNA_INDEX;
    arguments[1].integer = shift;
    lacunaTensor result = {y.data(), LACUNA_F32, 1, sizes, nullptr};
    return lacunaRun(program.get(), device.get(), 0, arguments, 2, &result, 1, nullptr);
  }

  std::unique_ptr<lacunaProgram, decltype(&lacunaProgramDestroy)> program{nullptr, lacunaProgramDestroy};
  std::vector<float> x = std::vector<float>(192), y = std::vector<float>(192, -1);
};
} // namespace

TEST_F(EmulatorDeviceTest, Runs) {
  ASSERT_EQ(run("emulate:sm_80", 0), LACUNA_OK) << lacunaLastError();
  EXPECT_EQ(x, y);
}

TEST_F(EmulatorDeviceTest, ReportsFaults) {
  EXPECT_EQ(run("emulate:sm_80", 1), LACUNA_EXECUTION_FAILED);
  std::string message = lacunaLastError();
  EXPECT_EQ(
      message.find("kernel 'shift.kernel0', block (2, 0, 0), thread (63, 0, 0): global out-of-bounds 4-byte read: "
                   "expects offsets in [0, 768) of x, but got 768, in llvm.load at "),
      0u)
      << message;
}

TEST_F(EmulatorDeviceTest, RunsOnlyTargetsOfItsChip) {
  EXPECT_EQ(run("emulate:sm_90a", 0), LACUNA_UNSUPPORTED);
  EXPECT_STREQ(lacunaLastError(), "no target for device emulate:sm_90a can run: target 'sm_80' is for another chip");
}
