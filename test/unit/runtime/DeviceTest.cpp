// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a device is told: a device that only writes down its launches runs an entry of the fixture.
#include "TestProgram.h"

#include "runtime/Program.h"

#include <gtest/gtest.h>

using namespace lacuna::runtime;
using namespace lacuna::test;

namespace {
struct Recorded {
  size_t kernel;
  std::vector<int64_t> grid;
  int64_t items, paramsBytes;
  const void *stream;
  std::vector<MemoryRange> memory;
};

class RecordingTarget final : public LoadedTarget {
public:
  explicit RecordingTarget(std::vector<Recorded> &log) : log(log) {}
  Status launch(const Launch &launch) override {
    if (launch.kernel == 1)
      return failure(LACUNA_EXECUTION_FAILED, "the second launch fails");
    log.push_back({launch.kernel,
                   {launch.grid, launch.grid + 3},
                   launch.items,
                   launch.paramsBytes,
                   launch.stream,
                   launch.memory ? *launch.memory : std::vector<MemoryRange>()});
    return success();
  }

private:
  std::vector<Recorded> &log;
};

class RecordingDevice final : public HostMemoryDevice {
public:
  std::string name() const override { return "recording:1"; }
  std::string kind() const override { return "cpu"; }
  bool checksMemory() const override { return true; }
  Status supports(const Target &target) const override {
    return target.name == "chosen" ? success() : failure(LACUNA_UNSUPPORTED, "is not the chosen one");
  }
  Result<std::unique_ptr<LoadedTarget>> load(const Artifact &, const Target &, const HostObject &) override {
    return std::unique_ptr<LoadedTarget>(std::make_unique<RecordingTarget>(log));
  }
  std::vector<Recorded> log;
};
} // namespace

TEST(DeviceTest, launchesCarryEverything) {
  Artifact artifact = fixtureArtifact();
  artifact.targets.push_back(artifact.targets[0]);
  artifact.targets[1].name = "chosen";
  auto device = std::make_shared<RecordingDevice>();
  Program program(artifact);
  auto executable = program.executable(device);
  ASSERT_TRUE(executable.ok()) << executable.status().message;
  EXPECT_EQ((*executable)->target(), 1u);

  RowsCall call(5);
  const Entry &entry = program.contents().entries[0];
  Result<ParameterBlock> block = packArguments(entry, call.arguments.data(), 4, DataPointers::required);
  ASSERT_TRUE(block.ok());
  ASSERT_TRUE(packResults(*block, entry, call.results.data(), 2, {5, 8, 5}).ok());
  int stream = 0;
  alignas(64) char workspace[64];
  Status status = (*executable)->run(0, *block, workspace, 64, &stream, nullptr);
  EXPECT_EQ(status.message, "the second launch fails");

  ASSERT_EQ(device->log.size(), 1u);
  const Recorded &launch = device->log[0];
  EXPECT_EQ(launch.kernel, 0u);
  EXPECT_EQ(launch.grid, (std::vector<int64_t>{5, 2, 1}));
  EXPECT_EQ(launch.items, 10);
  EXPECT_EQ(launch.paramsBytes, 16);
  EXPECT_EQ(launch.stream, &stream);
  std::string names;
  for (const MemoryRange &range : launch.memory)
    names += range.name + (range.writable ? "! " : " ");
  EXPECT_EQ(names, "x table scaled! sums! workspace! ");
  EXPECT_EQ(launch.memory[4].bytes, 64);
}

TEST(DeviceTest, saysWhyNoTargetRuns) {
  RecordingDevice device;
  Result<size_t> target = selectTarget(fixtureArtifact(), device);
  ASSERT_FALSE(target.ok());
  EXPECT_EQ(target.status().message,
            "no target for device recording:1 can run: target 'fixture' is not the chosen one");
}
