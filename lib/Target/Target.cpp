// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The table of chips.
#include "lib/Target/Target.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace lacuna {
namespace {

constexpr StringRef kV4[] = {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd", "fma", "f16c", "bmi2"};
constexpr StringRef kV4Bf16[] = {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd", "avx512_bf16", "fma", "f16c", "bmi2"};
constexpr StringRef kSapphireRapids[] = {"amx_tile", "amx_bf16", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd", "avx512_bf16", "fma", "f16c", "bmi2"};
constexpr StringRef kV3[] = {"avx2", "fma", "f16c", "bmi2"};
constexpr StringRef kAarch64[] = {"asimd"};
constexpr StringRef kSm80[] = {"sm_80"};
constexpr StringRef kGfx942[] = {"gfx942"};
constexpr StringRef kX86 = "x86_64-unknown-linux-gnu";

// prefer-256-bit is LLVM's default for some AVX-512 chips; our tiles are laid out for whole registers.
const TargetDescription kTargets[] = {
    // TDPBF16PS: 16 rows of 32 elements by 16 pairs of 16.
    {"sapphirerapids", TargetKind::Cpu, kX86, "sapphirerapids", "-prefer-256-bit", 64, 32, 0, 0, 0, {16, 16, 32}, kSapphireRapids},
    // VDPBF16PS: one pair of a row by 16 pairs in the lanes.
    {"x86-64-v4-bf16", TargetKind::Cpu, kX86, "x86-64-v4", "-prefer-256-bit,+avx512bf16", 64, 32, 0, 0, 0, {1, 16, 2}, kV4Bf16},
    {"x86-64-v4", TargetKind::Cpu, kX86, "x86-64-v4", "-prefer-256-bit", 64, 32, 0, 0, 0, {}, kV4},
    {"x86-64-v3", TargetKind::Cpu, kX86, "x86-64-v3", "", 32, 16, 0, 0, 0, {}, kV3},
    // NEON: 128-bit vectors, twice the registers of the generic row. Assembles; never yet run.
    {"aarch64", TargetKind::Cpu, "aarch64-unknown-linux-gnu", "generic", "", 16, 32, 0, 0, 0, {}, kAarch64},
    // Any CPU of the host's architecture, 128-bit vectors.
    {"generic", TargetKind::Cpu, "", "", "", 16, 16, 0, 0, 0, {}, {}},
    // 164 KiB of shared memory a block after opting in (CUDA C programming guide, compute capability 8.0); 1 KiB is the driver's.
    {"sm_80", TargetKind::Nvidia, "nvptx64-nvidia-cuda", "sm_80", "+ptx80", 0, 0, 32, 163 * 1024, 255, {16, 8, 16}, kSm80},
    // 64 KiB of LDS a block; 512 registers a thread at 4 waves a CU (CDNA3 ISA guide).
    {"gfx942", TargetKind::Amd, "amdgcn-amd-amdhsa", "gfx942", "", 0, 0, 64, 64 * 1024, 512, {32, 32, 8}, kGfx942},
};

} // namespace

ArrayRef<TargetDescription> allTargets() { return kTargets; }

const TargetDescription *lookupTarget(StringRef name) {
  if (name == "native")
    name = nativeTarget();
  const auto *it = find_if(kTargets, [&](const TargetDescription &t) { return t.name == name; });
  return it == std::end(kTargets) ? nullptr : it;
}

StringRef nativeTarget() {
  StringMap<bool> host = sys::getHostCPUFeatures();
  // LLVM spells avx512_bf16 without the line, and amx_tile with a dash.
  auto has = [&](StringRef flag) {
    auto [head, tail] = flag.split('_');
    return host.lookup(flag) || host.lookup((head + tail).str()) || host.lookup((head + "-" + tail).str());
  };
  for (const TargetDescription &target : kTargets)
    if (target.kind == TargetKind::Cpu && all_of(target.requirements, has))
      return target.name;
  return "generic";
}

std::string targetNames() {
  std::string names = "native";
  for (const TargetDescription &target : kTargets)
    names += (", " + target.name).str();
  return names;
}

} // namespace lacuna
