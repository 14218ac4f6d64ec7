// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every message that a caller of the C interface can provoke, word for word.
#include "TestProgram.h"

#include <cstdlib>
#include <functional>
#include <gtest/gtest.h>

using namespace lacuna;
using namespace lacuna::test;

namespace {
class ErrorTest : public ::testing::Test {
protected:
  /// "rows" with a change for the worse has to fail with this message.
  void expectRunError(const std::string &message, const std::function<void(RowsCall &)> &spoil,
                      lacunaStatus code = LACUNA_INVALID_ARGUMENT) {
    RowsCall call(4);
    spoil(call);
    EXPECT_EQ(call.run(program.get(), device.get()), code) << message;
    EXPECT_EQ(lacunaLastError(), message);
    for (float value : call.scaled)
      EXPECT_EQ(value, -1) << "ran in spite of: " << message;
  }

  void expectMisbehaviour(int64_t what, lacunaStatus code, const std::string &message) {
    lacunaValue value = integerValue(what);
    int64_t size = 0;
    lacunaTensor result = tensorValue(nullptr, LACUNA_F32, {}).tensor;
    result.rank = 1;
    result.sizes = &size;
    EXPECT_EQ(lacunaRun(program.get(), device.get(), 1, &value, 1, &result, 1, nullptr), code) << what;
    if (code != LACUNA_OK)
      EXPECT_EQ(lacunaLastError(), message);
  }

  ProgramHandle program = loadProgram(fixtureArtifact());
  DeviceHandle device = openDevice();
  std::vector<int64_t> other;
};

void expectLoadError(lacuna::runtime::Artifact artifact, lacunaStatus code, const std::string &message) {
  ProgramHandle program = loadProgram(artifact);
  DeviceHandle device = openDevice();
  EXPECT_EQ(lacunaProgramPrepare(program.get(), device.get(), nullptr), code);
  EXPECT_EQ(lacunaLastError(), message);
}
} // namespace

//===--- Arguments ------------------------------------------------------------------------------------------------===//

TEST_F(ErrorTest, missingArguments) {
  expectRunError("argument 'limit' is missing (number 3 of 4, counted from 0)",
                 [](RowsCall &call) { call.arguments.pop_back(); });
  expectRunError("argument 'table' is missing (number 1 of 4, counted from 0)",
                 [](RowsCall &call) { call.arguments[1] = {}; });
  expectRunError("entry 'rows': expects 4 arguments, but got 5",
                 [](RowsCall &call) { call.arguments.push_back(integerValue(1)); });
}

TEST_F(ErrorTest, kinds) {
  expectRunError("argument 'table': expects a tensor, but got a scalar",
                 [](RowsCall &call) { call.arguments[1] = integerValue(1); });
  expectRunError("argument 'factor': expects a scalar, but got a tensor",
                 [](RowsCall &call) { call.arguments[2] = call.arguments[0]; });
  expectRunError("argument 'factor': expects a scalar, but got kind 9",
                 [](RowsCall &call) { call.arguments[2].kind = lacunaKind(9); });
}

TEST_F(ErrorTest, dtypes) {
  expectRunError("argument 'x': expects dtype f32, but got bf16",
                 [](RowsCall &call) { call.arguments[0].tensor.dtype = LACUNA_BF16; });
  expectRunError("argument 'x': expects dtype f32, but got dtype 0",
                 [](RowsCall &call) { call.arguments[0].tensor.dtype = lacunaDType(0); });
  expectRunError("argument 'factor': expects dtype f32, but got f64",
                 [](RowsCall &call) { call.arguments[2] = floatValue(2, LACUNA_F64); });
  RowsCall call(4); // index and i64 are the same thing
  call.arguments[3] = integerValue(9, LACUNA_I64);
  EXPECT_EQ(call.run(program.get(), device.get()), LACUNA_OK) << lacunaLastError();
}

TEST_F(ErrorTest, scalarRange) {
  auto artifact = fixtureArtifact();
  artifact.entries[0].arguments[3].dtype = LACUNA_I16;
  program = loadProgram(artifact);
  expectRunError("argument 'limit': expects a value that fits i16, but got 32768",
                 [](RowsCall &call) { call.arguments[3] = integerValue(32768, LACUNA_I16); });
}

TEST_F(ErrorTest, shapes) {
  expectRunError("argument 'x': expects rank 2, but got 1", [](RowsCall &call) { call.arguments[0].tensor.rank = 1; });
  expectRunError("argument 'x': expects sizes, but got a null pointer",
                 [](RowsCall &call) { call.arguments[0].tensor.sizes = nullptr; });
  other = {4, 7};
  auto withOther = [&](RowsCall &call) { call.arguments[0].tensor.sizes = other.data(); };
  expectRunError("argument 'x', dimension 1: expects 8, but got 7", withOther);
  other = {-4, 8};
  expectRunError("argument 'x', dimension 0: expects a size of at least 0, but got -4", withOther);
  other = {int64_t(1) << 60, 8};
  expectRunError("argument 'x': expects sizes that fit the address space, but got dimension 1 of size 8", withOther);
}

TEST_F(ErrorTest, strides) {
  static const int64_t strides[] = {1, 4};
  expectRunError("argument 'x': expects last stride 1, but got 4",
                 [](RowsCall &call) { call.arguments[0].tensor.strides = strides; });
  expectRunError("result 'scaled': expects last stride 1, but got 4",
                 [](RowsCall &call) { call.results[0].strides = strides; });
  static const int64_t zero[] = {0, 1};
  expectRunError("result 'scaled', dimension 0: expects a stride other than 0, but got 0",
                 [](RowsCall &call) { call.results[0].strides = zero; });
  RowsCall call(4); // a single element has no use for its stride
  static const int64_t one = 1, any = 77;
  call.arguments[1].tensor.sizes = &one;
  call.arguments[1].tensor.strides = &any;
  call.table = {10, 10, 10};
  EXPECT_EQ(call.run(program.get(), device.get()), LACUNA_OK) << lacunaLastError();
  EXPECT_EQ(call.wrongElements(), 0);
}

TEST_F(ErrorTest, data) {
  expectRunError("argument 'x': expects data of 32 elements, but got a null pointer",
                 [](RowsCall &call) { call.arguments[0].tensor.data = nullptr; });
  expectRunError(
      "argument 'x': expects data aligned to 4 bytes, but got a pointer 2 bytes past one",
      [](RowsCall &call) { call.arguments[0].tensor.data = static_cast<char *>(call.arguments[0].tensor.data) + 2; });
  expectRunError("result 'sums': expects data of 4 elements, but got a null pointer",
                 [](RowsCall &call) { call.results[1].data = nullptr; });
}

TEST_F(ErrorTest, results) {
  expectRunError("entry 'rows': expects 2 results, but got 1", [](RowsCall &call) { call.results.pop_back(); });
  other = {5, 8};
  expectRunError("result 'scaled', dimension 0: expects 4, but got 5",
                 [&](RowsCall &call) { call.results[0].sizes = other.data(); });
  expectRunError("result 'sums': expects dtype f32, but got f16",
                 [](RowsCall &call) { call.results[1].dtype = LACUNA_F16; });
  expectRunError("result 'sums': expects rank 1, but got 2", [](RowsCall &call) { call.results[1].rank = 2; });
}

TEST_F(ErrorTest, workspace) {
  RowsCall call(12);
  alignas(64) char workspace[256];
  lacunaRunOptions options = {};
  options.struct_size = sizeof(options);
  options.workspace = workspace;
  options.workspace_bytes = 127;
  EXPECT_EQ(call.run(program.get(), device.get(), &options), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "workspace: expects at least 128 bytes, but got 127");
  options.workspace = workspace + 8;
  options.workspace_bytes = 128;
  EXPECT_EQ(call.run(program.get(), device.get(), &options), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "workspace: expects a 64-byte aligned pointer, but got one 8 bytes past such");
  options.struct_size = 8;
  EXPECT_EQ(call.run(program.get(), device.get(), &options), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "lacunaRunOptions.struct_size: expects at least 40, but got 8");
}

//===--- The entry itself -----------------------------------------------------------------------------------------===//

TEST_F(ErrorTest, failuresOfTheEntry) {
  expectRunError(
      "rows of 'x': expects 3, but got 4", [](RowsCall &call) { call.arguments[3] = integerValue(3); },
      LACUNA_EXECUTION_FAILED);
  expectMisbehaviour(0, LACUNA_OK, "");
  expectMisbehaviour(1, LACUNA_EXECUTION_FAILED, "entry 'misbehave' returned status 77");
  expectMisbehaviour(2, LACUNA_INVALID_ARGUMENT, "launch: expects a kernel number below 2, but got 99");
  expectMisbehaviour(3, LACUNA_INVALID_ARGUMENT, "launch, grid dimension 1: expects a size of at least 0, but got -4");
  expectMisbehaviour(4, LACUNA_OK, "");
  expectMisbehaviour(5, LACUNA_EXECUTION_FAILED, "first: expects 1, but got 2");
  expectMisbehaviour(6, LACUNA_INVALID_ARGUMENT, "launch: expects fewer than 2^63 work items, but got more");
  expectMisbehaviour(7, LACUNA_EXECUTION_FAILED, "entry 'misbehave' asks for -5 bytes of workspace");
  expectMisbehaviour(8, LACUNA_INVALID_ARGUMENT,
                     "result 'result', dimension 0, from the arguments' shapes: expects a size of at least 0, but got "
                     "-1");
}

//===--- Devices and targets --------------------------------------------------------------------------------------===//

TEST_F(ErrorTest, devices) {
  auto expectOpenError = [](const char *name, lacunaStatus code, const std::string &message) {
    lacunaDevice *opened = reinterpret_cast<lacunaDevice *>(8);
    EXPECT_EQ(lacunaDeviceOpen(name, &opened), code) << name;
    EXPECT_EQ(lacunaLastError(), message);
    EXPECT_EQ(opened, nullptr);
  };
  expectOpenError("cuda:0", LACUNA_UNSUPPORTED,
                  "device cuda:0 is not supported by this build: its driver part comes later");
  expectOpenError("hip:12", LACUNA_UNSUPPORTED,
                  "device hip:12 is not supported by this build: its driver part comes later");
  for (const char *name : {"tpu", "", "cpu:0", "cuda", "cuda:", "cuda:x", "hip:-1", "emulate", "emulate:", "CPU"})
    expectOpenError(name, LACUNA_INVALID_ARGUMENT,
                    "device: expects one of cpu, cuda:N, hip:N, emulate:CHIP, but got '" + std::string(name) + "'");
  expectOpenError(nullptr, LACUNA_INVALID_ARGUMENT, "a handle or out-pointer is null");
}

TEST_F(ErrorTest, threads) {
  EXPECT_EQ(lacunaDeviceSetNumThreads(device.get(), 0), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "number of threads: expects 1 to 4096, but got 0");
  for (const char *text : {"zero", "0", "-3", "4x", "5000", "99999999999999999999"}) {
    ::setenv("LACUNA_NUM_THREADS", text, 1);
    lacunaDevice *opened = nullptr;
    EXPECT_EQ(lacunaDeviceOpen("cpu", &opened), LACUNA_INVALID_ARGUMENT);
    EXPECT_EQ(lacunaLastError(),
              "LACUNA_NUM_THREADS: expects a number from 1 to 4096, but got '" + std::string(text) + "'");
  }
  ::unsetenv("LACUNA_NUM_THREADS");
}

TEST_F(ErrorTest, targetsForOtherDevices) {
  auto artifact = fixtureArtifact();
  artifact.targets[0].device = "cuda";
  artifact.targets[0].name = "sm_90a";
  expectLoadError(artifact, LACUNA_UNSUPPORTED, "no target for device cpu in this artifact, which has: cuda (sm_90a)");
  artifact.targets.clear();
  expectLoadError(artifact, LACUNA_UNSUPPORTED, "no target for device cpu in this artifact, which has: none");
}

TEST_F(ErrorTest, targetsBeyondThisMachine) {
  auto artifact = fixtureArtifact();
  artifact.targets[0].requirements = {"warp_drive", "telepathy"};
  expectLoadError(artifact, LACUNA_UNSUPPORTED,
                  "no target for device cpu can run: target 'fixture' needs CPU features this machine lacks: "
                  "warp_drive, telepathy");
  // The first one that can run is taken, not the first one.
  artifact.targets.push_back(fixtureArtifact().targets[0]);
  artifact.targets.push_back(fixtureArtifact().targets[0]);
  program = loadProgram(artifact);
  int64_t target = -1;
  EXPECT_EQ(lacunaProgramPrepare(program.get(), device.get(), &target), LACUNA_OK) << lacunaLastError();
  EXPECT_EQ(target, 1);
}

TEST_F(ErrorTest, hostObjects) {
  auto artifact = fixtureArtifact();
  artifact.entries[1].name = "absent";
  expectLoadError(artifact, LACUNA_INVALID_ARTIFACT,
                  "host object of target 'fixture': expects the symbol 'absent.run'");
  artifact = fixtureArtifact();
  artifact.targets[0].kernels[1].symbol = "rows.nothing";
  expectLoadError(artifact, LACUNA_INVALID_ARTIFACT,
                  "host object of target 'fixture': expects the symbol 'rows.nothing'");
  artifact = fixtureArtifact();
  artifact.targets[0].kernels[0].cost = "rows.free";
  expectLoadError(artifact, LACUNA_INVALID_ARTIFACT, "host object of target 'fixture': expects the symbol 'rows.free'");
  artifact.blobs[0].bytes = "no ELF";
  program = loadProgram(artifact);
  EXPECT_EQ(lacunaProgramPrepare(program.get(), device.get(), nullptr), LACUNA_INVALID_ARTIFACT);
  EXPECT_EQ(std::string(lacunaLastError()).rfind("host object of target 'fixture': /proc/self/fd/", 0), 0u)
      << lacunaLastError();
}

//===--- Programs -------------------------------------------------------------------------------------------------===//

TEST_F(ErrorTest, programs) {
  lacunaProgram *loaded = reinterpret_cast<lacunaProgram *>(8);
  EXPECT_EQ(lacunaProgramLoad("LACUNA", 6, &loaded), LACUNA_INVALID_ARTIFACT);
  EXPECT_STREQ(lacunaLastError(), "artifact: expects at least 16 bytes, but got 6");
  EXPECT_EQ(loaded, nullptr);
  EXPECT_EQ(lacunaProgramLoadFile("/no/such/file.lacuna", &loaded), LACUNA_IO_ERROR);
  EXPECT_STREQ(lacunaLastError(), "/no/such/file.lacuna: cannot be read: No such file or directory");
  EXPECT_EQ(lacunaProgramLoadFile("/", &loaded), LACUNA_IO_ERROR);
  EXPECT_STREQ(lacunaLastError(), "/: cannot be read: Is a directory");
  EXPECT_EQ(lacunaProgramLoadFile("/dev/null", &loaded), LACUNA_INVALID_ARTIFACT);
  EXPECT_STREQ(lacunaLastError(), "/dev/null: artifact: expects at least 16 bytes, but got 0");
}

TEST_F(ErrorTest, entriesAndNumbers) {
  int64_t entry = 0;
  EXPECT_EQ(lacunaProgramFindEntry(program.get(), "row", &entry), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "entry: expects one of rows, misbehave, but got 'row'");
  EXPECT_EQ(lacunaProgramFindEntry(program.get(), nullptr, &entry), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "entry: expects one of rows, misbehave, but got no name");
  lacunaArgumentInfo info;
  EXPECT_EQ(lacunaProgramArgument(program.get(), 0, 4, &info), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "argument number: expects 0 to 3, but got 4");
  EXPECT_EQ(lacunaProgramResult(program.get(), -1, 0, &info), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "entry number: expects 0 to 1, but got -1");
  lacunaTargetInfo target;
  EXPECT_EQ(lacunaProgramTarget(program.get(), 1, &target), LACUNA_INVALID_ARGUMENT);
  EXPECT_STREQ(lacunaLastError(), "target number: expects 0 to 0, but got 1");
  EXPECT_EQ(lacunaRun(program.get(), device.get(), 2, nullptr, 0, nullptr, 0, nullptr), LACUNA_INVALID_ARGUMENT);
  EXPECT_EQ(lacunaRun(nullptr, device.get(), 0, nullptr, 0, nullptr, 0, nullptr), LACUNA_INVALID_ARGUMENT);
  EXPECT_EQ(lacunaProgramPrepare(program.get(), nullptr, nullptr), LACUNA_INVALID_ARGUMENT);
}
