// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// C interface of the compiler: results, diagnostics, threads, and no litter.
#include "lacuna/Compiler.h"
#include "lacuna/Runtime.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

namespace {

const std::string module = R"(
func.func @f(%q: tensor<?x1x?x16xf32>, %n: index) -> tensor<?x1x?x16xf32> {
  %m = attn.sliding_window [%n, 0] align(bottom_right)
  %o = attn.attention %q, %q, %q mask(%m) layout(bhsd) : tensor<?x1x?x16xf32>, tensor<?x1x?x16xf32>, tensor<?x1x?x16xf32> -> tensor<?x1x?x16xf32>
  return %o : tensor<?x1x?x16xf32>
}
)";

struct Result {
  int status = 0;
  std::string bytes, errors;
};

Result compile(const std::string &source, lacunaCompileOptions options = {}) {
  Result result;
  options.struct_size = sizeof(options);
  options.user = &result;
  options.diagnostic = [](void *user, lacunaSeverity severity, const char *message) {
    if (severity == LACUNA_ERROR)
      static_cast<Result *>(user)->errors += std::string(message) + "\n";
  };
  lacunaBuffer *buffer = nullptr;
  result.status = lacunaCompile(source.data(), source.size(), &options, &buffer);
  if (buffer)
    result.bytes.assign(static_cast<const char *>(lacunaBufferData(buffer)), lacunaBufferSize(buffer));
  lacunaBufferDestroy(buffer);
  return result;
}

TEST(Compiler, MakesAnArtifactThatTheRuntimeLoads) {
  Result result = compile(module);
  ASSERT_EQ(result.status, 0) << result.errors;
  lacunaProgram *program = nullptr;
  ASSERT_EQ(lacunaProgramLoad(result.bytes.data(), result.bytes.size(), &program), LACUNA_OK) << lacunaLastError();
  lacunaEntryInfo entry;
  ASSERT_EQ(lacunaProgramEntry(program, 0, &entry), LACUNA_OK);
  EXPECT_STREQ(entry.name, "f");
  EXPECT_EQ(entry.num_arguments, 2);
  lacunaProgramDestroy(program);
}

TEST(Compiler, SaysWhatIsWrongAndWhere) {
  lacunaCompileOptions options = {};
  options.source_name = "here.mlir";
  Result result = compile("func.func @f() { return %x : i32 }", options);
  EXPECT_NE(result.status, 0);
  EXPECT_EQ(result.errors, "here.mlir:1:25: use of undeclared SSA value name\n");
  options.targets = "z80";
  EXPECT_NE(compile(module, options).errors.find("expects a target of native, "), std::string::npos);
  options = {};
  options.emit = "wasm";
  EXPECT_NE(compile(module, options).errors.find("but got 'wasm'"), std::string::npos);
}

TEST(Compiler, RaisesUpstreamOpsIfAsked) {
  const std::string upstream = R"(
!q = tensor<4x32x16xf32>
!s = tensor<4x32x32xf32>
func.func @f(%q: !q, %k: tensor<4x16x32xf32>, %v: !q) -> !q {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : !s
  %z = linalg.fill ins(%zero : f32) outs(%e : !s) -> !s
  %s = linalg.batch_matmul ins(%q, %k : !q, tensor<4x16x32xf32>) outs(%z : !s) -> !s
  %p = linalg.softmax dimension(2) ins(%s : !s) outs(%e : !s) -> !s
  %t = tensor.empty() : !q
  %y = linalg.fill ins(%zero : f32) outs(%t : !q) -> !q
  %o = linalg.batch_matmul ins(%p, %v : !s, !q) outs(%y : !q) -> !q
  return %o : !q
}
)";
  lacunaCompileOptions options = {};
  options.emit = "attn";
  EXPECT_EQ(compile(upstream, options).bytes.find("attn.attention"), std::string::npos);
  options.raise = 1;
  Result raised = compile(upstream, options);
  EXPECT_NE(raised.bytes.find("attn.attention"), std::string::npos) << raised.errors;
  EXPECT_EQ(raised.bytes.find("linalg.batch_matmul"), std::string::npos);
}

TEST(Compiler, RefusesNullArguments) {
  lacunaBuffer *buffer = nullptr;
  EXPECT_NE(lacunaCompile(nullptr, 3, nullptr, &buffer), 0);
  EXPECT_NE(lacunaCompile(module.data(), module.size(), nullptr, nullptr), 0);
  EXPECT_EQ(buffer, nullptr);
}

TEST(Compiler, AcceptsNoOptionsAndShorterOnes) {
  lacunaBuffer *buffer = nullptr;
  EXPECT_EQ(lacunaCompile(module.data(), module.size(), nullptr, &buffer), 0);
  lacunaBufferDestroy(buffer);
  lacunaCompileOptions options = {};
  options.targets = "z80"; // lies beyond the size that this caller claims
  options.struct_size = sizeof(size_t);
  EXPECT_EQ(lacunaCompile(module.data(), module.size(), &options, &buffer), 0);
  lacunaBufferDestroy(buffer);
}

TEST(Compiler, GivesTheSameBytesFromManyThreads) {
  Result expected = compile(module);
  std::vector<Result> results(4);
  std::vector<std::thread> threads;
  for (Result &result : results)
    threads.emplace_back([&result] {
      for (int i = 0; i < 3; ++i)
        result = compile(module);
    });
  for (std::thread &thread : threads)
    thread.join();
  for (const Result &result : results)
    EXPECT_EQ(result.bytes, expected.bytes) << result.errors;
}

TEST(Compiler, LeavesNoTemporaryFiles) {
  std::string folder = ::testing::TempDir() + "/lacuna-compiler-test";
  std::filesystem::create_directories(folder);
  setenv("TMPDIR", folder.c_str(), 1);
  EXPECT_EQ(compile(module).status, 0);
  // f64 sin has neither an instruction nor a polynomial: the link fails.
  Result failed = compile("func.func @f(%x: tensor<4xf64>) -> tensor<4xf64> {\n  %y = math.sin %x : tensor<4xf64>\n  return %y : tensor<4xf64>\n}");
  EXPECT_NE(failed.status, 0);
  EXPECT_NE(failed.errors.find("undefined symbol: sin"), std::string::npos) << failed.errors;
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  unsetenv("TMPDIR");
  std::filesystem::remove(folder);
}

} // namespace
