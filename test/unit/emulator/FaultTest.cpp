// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A planted fault per check: kernels/faults.mlir must pass without it and be caught, with the right message, with it.
#include "KernelLibrary.h"

#include <numeric>

using namespace lacuna::emulator;

namespace {
struct FaultCase {
  const char *kernel;
  EmulatedFault fault;
  std::vector<const char *> message;           // parts
  int32_t (*output)(int32_t thread) = nullptr; // what the right kernel writes
};

void PrintTo(const FaultCase &faultCase, std::ostream *stream) { *stream << faultCase.kernel; }

class PlantedFault : public testing::TestWithParam<FaultCase> {
protected:
  EmulatedReport run(int64_t fault) {
    std::iota(input.begin(), input.end(), 0);
    EmulatedLaunch launch = makeLaunch("faults", GetParam().kernel, 64);
    launch.sharedBytes = 256;
    addRange(launch, "input", input);
    addRange(launch, "output", output);
    struct {
      void *input, *output;
      int64_t fault;
    } params = {input.data(), output.data(), fault};
    launch.params = &params;
    launch.paramsBytes = sizeof(params);
    return emulate(launch);
  }

  std::vector<int32_t> input = std::vector<int32_t>(64), output = std::vector<int32_t>(64);
};
} // namespace

static int32_t same(int32_t thread) { return thread; }
static int32_t reversed(int32_t thread) { return 63 - thread; }
static int32_t otherHalf(int32_t thread) { return thread ^ 16; }

TEST_P(PlantedFault, IsAbsent) {
  EmulatedReport report = run(0);
  EXPECT_TRUE(report.ok) << report.message;
  EXPECT_EQ(report.fault, EmulatedFault::none);
  for (int32_t thread = 0; thread < 64 && GetParam().output; ++thread)
    EXPECT_EQ(output[size_t(thread)], GetParam().output(thread)) << thread;
}

TEST_P(PlantedFault, IsCaught) {
  EmulatedReport report = run(1);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.fault, GetParam().fault);
  EXPECT_NE(report.message.find(std::string("kernel '") + GetParam().kernel + "', block (0, 0, 0), thread ("),
            std::string::npos)
      << report.message;
  EXPECT_NE(report.message.find("faults.mlir:"), std::string::npos) << report.message;
  for (const char *part : GetParam().message)
    EXPECT_NE(report.message.find(part), std::string::npos) << part << " is not in: " << report.message;
}

INSTANTIATE_TEST_SUITE_P(
    , PlantedFault,
    testing::Values(
        FaultCase{"race",
                  EmulatedFault::race,
                  {"shared race: expects a barrier between the 4-byte", "llvm.load at"},
                  reversed},
        FaultCase{"overwrite",
                  EmulatedFault::race,
                  {"shared race: expects a barrier between the 4-byte", "llvm.store at"},
                  reversed},
        FaultCase{"global_bounds",
                  EmulatedFault::globalOutOfBounds,
                  {"thread (63, 0, 0)",
                   "global out-of-bounds 4-byte write: expects offsets in [0, 256) of output, but got 256"},
                  same},
        FaultCase{"shared_bounds",
                  EmulatedFault::sharedOutOfBounds,
                  {"thread (63, 0, 0)", "shared out-of-bounds 4-byte write: expects offsets in [0, 256), but got 256"}},
        FaultCase{"uninitialised",
                  EmulatedFault::uninitialisedRead,
                  {"thread (40, 0, 0)", "uninitialised shared read", "4-byte read at shared offset 160"},
                  same},
        FaultCase{"missing_wait",
                  EmulatedFault::missingAsyncWait,
                  {"missing cp.async wait: expects a wait for the copy by thread (", "nvvm.cp.async.shared.global at"},
                  reversed},
        FaultCase{"divergent_barrier",
                  EmulatedFault::barrierDivergence,
                  {"barrier divergence: expects 64 threads at barrier 0, but got 40", "24 threads exited"}},
        FaultCase{"two_barriers",
                  EmulatedFault::barrierDivergence,
                  {"barrier divergence: expects all lanes of a warp at one instruction of barrier 0"}},
        FaultCase{"divergent_shuffle",
                  EmulatedFault::warpDivergence,
                  {"warp divergence: shuffle reads lane 16, which does not take part"},
                  otherHalf},
        FaultCase{"divergent_mma",
                  EmulatedFault::warpDivergence,
                  {"warp divergence: the other lanes never arrive", "32 threads wait for their warp in nvvm.mma.sync"}},
        FaultCase{"misaligned",
                  EmulatedFault::misaligned,
                  {"misaligned global 8-byte read: expects a multiple of 8 bytes, but got 4 too many"}}),
    [](const auto &info) { return std::string(info.param.kernel); });
