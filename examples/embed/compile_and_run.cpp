// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Embedding compiler and runtime in a C++ program: compiles a module that the program holds as text, runs it on its own
// memory and checks the answer. With a file as argument, it compiles that instead and lists its entries.
#include <lacuna/Compiler.h>
#include <lacuna/Runtime.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace {

const char *const causalAttention = R"(
func.func @causal(%q: tensor<?x2x?x16xf32>, %k: tensor<?x2x?x16xf32>, %v: tensor<?x2x?x16xf32>) -> tensor<?x2x?x16xf32> {
  %m = attn.causal align(bottom_right)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd)
    : tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32>, tensor<?x2x?x16xf32> -> tensor<?x2x?x16xf32>
  return %o : tensor<?x2x?x16xf32>
}
)";

using Program = std::unique_ptr<lacunaProgram, decltype(&lacunaProgramDestroy)>;
using Device = std::unique_ptr<lacunaDevice, decltype(&lacunaDeviceDestroy)>;

void printDiagnostic(void *, lacunaSeverity severity, const char *message) {
  std::fprintf(stderr, "%s: %s\n", severity == LACUNA_ERROR ? "error" : "warning", message);
}

bool ok(lacunaStatus status) {
  if (status != LACUNA_OK)
    std::fprintf(stderr, "error: %s\n", lacunaLastError());
  return status == LACUNA_OK;
}

/// The program that a module compiles to on this machine's CPU; null after an error.
Program compile(const std::string &source, const char *name) {
  lacunaCompileOptions options = {};
  options.struct_size = sizeof(options);
  options.source_name = name;
  options.diagnostic = printDiagnostic;
  lacunaBuffer *artifact = nullptr;
  lacunaProgram *program = nullptr;
  if (lacunaCompile(source.data(), source.size(), &options, &artifact) == 0)
    ok(lacunaProgramLoad(lacunaBufferData(artifact), lacunaBufferSize(artifact), &program));
  lacunaBufferDestroy(artifact);
  return Program(program, lacunaProgramDestroy);
}

lacunaValue tensorValue(std::vector<float> &data, const std::vector<int64_t> &sizes) {
  lacunaValue value = {};
  value.kind = LACUNA_TENSOR;
  value.tensor = {data.data(), LACUNA_F32, static_cast<int32_t>(sizes.size()), sizes.data(), nullptr};
  return value;
}

/// Equal keys weigh all values alike: row i of the output must be the mean of values 0 … i, here i / 2.
int runCausal(lacunaProgram *program) {
  const int64_t length = 100, heads = 2, features = 16;
  const std::vector<int64_t> sizes{1, heads, length, features};
  std::vector<float> q(heads * length * features, 1.0f), k(q), v(q), o(q.size(), -1.0f);
  for (size_t i = 0; i < v.size(); ++i)
    v[i] = static_cast<float>(i / features % length);
  lacunaDevice *opened = nullptr;
  if (!ok(lacunaDeviceOpen("cpu", &opened)))
    return 1;
  Device device(opened, lacunaDeviceDestroy);
  lacunaValue arguments[] = {tensorValue(q, sizes), tensorValue(k, sizes), tensorValue(v, sizes)};
  lacunaTensor result = tensorValue(o, sizes).tensor;
  if (!ok(lacunaRun(program, device.get(), 0, arguments, 3, &result, 1, nullptr)))
    return 1;
  float worst = 0;
  for (size_t i = 0; i < o.size(); ++i)
    worst = std::fmax(worst, std::fabs(o[i] - static_cast<float>(i / features % length) / 2));
  std::printf("causal: largest error %s\n", worst < 1e-3f ? "below 1e-3" : "too large");
  return worst < 1e-3f ? 0 : 1;
}

int listEntries(lacunaProgram *program) {
  for (int64_t i = 0; i < lacunaProgramNumEntries(program); ++i) {
    lacunaEntryInfo info;
    if (!ok(lacunaProgramEntry(program, i, &info)))
      return 1;
    std::printf("%s: %d arguments, %d results\n", info.name, int(info.num_arguments), int(info.num_results));
  }
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    Program program = compile(causalAttention, "causal");
    return program ? runCausal(program.get()) : 1;
  }
  std::ifstream file(argv[1]);
  if (!file) {
    std::fprintf(stderr, "error: cannot read '%s'\n", argv[1]);
    return 1;
  }
  Program program = compile(std::string(std::istreambuf_iterator<char>(file), {}), argv[1]);
  return program ? listEntries(program.get()) : 1;
}
