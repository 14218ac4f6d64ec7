// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole invocations on the runtime's fixture artifact, with a compiler that hands out artifacts made by hand.
#include "Tool.h"
#include "Outputs.h"
#include "Safetensors.h"

#include "test/unit/runtime/TestProgram.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

using namespace lacuna::run;
using lacuna::runtime::Artifact;

namespace {
class ToolTest : public ::testing::Test {
protected:
  std::string folder = ::testing::TempDir() + "lacuna-run-" + std::to_string(getpid()) + "-";
  std::vector<std::string> files;
  std::string input = file("in.lacuna"), out, err;
  ToolOptions options;
  Artifact artifact = lacuna::test::fixtureArtifact(), reference = artifact;
  std::vector<CompileRequest> requests;
  std::vector<std::string> sources;

  ToolTest() {
    options.input = input;
    options.compile.entry = "rows";
    options.arguments = {"table=[10, 20, 30]", "factor=2"};
  }
  ~ToolTest() override {
    for (const std::string &path : files)
      std::remove(path.c_str());
  }
  std::string file(const std::string &name) {
    files.push_back(folder + name);
    return files.back();
  }
  bool run(bool asSource = false) {
    EXPECT_TRUE(writeFile(input, asSource ? "module {}" : lacuna::runtime::serialize(artifact)).ok());
    out.clear();
    err.clear();
    llvm::raw_string_ostream outStream(out), errStream(err);
    return runTool(
        options,
        [&](llvm::StringRef source, llvm::StringRef name, const CompileRequest &request) -> std::optional<std::string> {
          requests.push_back(request);
          sources.push_back(source.str());
          if (source == "broken")
            return std::nullopt;
          return lacuna::runtime::serialize(request.reference ? reference : artifact);
        },
        outStream, errStream);
  }
};
} // namespace

TEST_F(ToolTest, runsAnArtifact) {
  options.jsonPath = file("a.json");
  options.arguments.push_back("x=ones:3x8xf32");
  std::string results = file("results.safetensors");
  options.outputs = {"scaled=@" + results, "result1=@" + results};
  ASSERT_TRUE(run()) << err;
  EXPECT_NE(out.find("entry     rows(x: 3x8xf32, table: 3xi32, factor: 2, limit: 100000)\n"), std::string::npos) << out;
  EXPECT_NE(out.find("target    fixture on cpu\nschedule  by row\nschedule  flat\n"), std::string::npos) << out;
  EXPECT_NE(out.find("tiles     12 visited of 6000 (6 full, 6 partial), in 1 of 2 launches\n"), std::string::npos)
      << out;
  auto sums = readSafetensor(results, "sums"), scaled = readSafetensor(results, "scaled");
  ASSERT_TRUE(sums.ok() && scaled.ok());
  EXPECT_EQ(scaled->shape, (std::vector<int64_t>{3, 8}));
  for (int64_t i = 0; i < 3; ++i)
    EXPECT_EQ(sums->real(i), 16 + 10 * (i + 1));
  EXPECT_TRUE(requests.empty());
}

TEST_F(ToolTest, compilesSourceForTheDevice) {
  ASSERT_TRUE(run(/*asSource=*/true)) << err;
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].targets, std::vector<std::string>{"native"});
  EXPECT_EQ(requests[0].entry, "rows");
  EXPECT_FALSE(requests[0].reference);
  EXPECT_NE(out.find("compile   "), std::string::npos);
  options.compile.targets = {"generic"};
  ASSERT_TRUE(run(true)) << err;
  EXPECT_EQ(requests[1].targets, std::vector<std::string>{"generic"});
}

TEST_F(ToolTest, repeatGivesTimes) {
  options.repeat = 5;
  options.jsonPath = "-";
  ASSERT_TRUE(run());
  auto json = nlohmann::json::parse(out);
  EXPECT_EQ(json["repeat"], 5);
  EXPECT_LE(json["seconds"]["min"], json["seconds"]["median"]);
  EXPECT_LE(json["seconds"]["median"], json["seconds"]["max"]);
  EXPECT_NE(err.find("median of 5"), std::string::npos) << "the summary goes where JSON is not";
}

TEST_F(ToolTest, checkPassesAgainstEqualResults) {
  options.check = true;
  options.compile.maskLibraries = {"masks.mlir"};
  options.compile.scheduleFile = "schedule";
  ASSERT_TRUE(run(true)) << err;
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_TRUE(requests[1].reference);
  EXPECT_EQ(requests[1].entry, "rows");
  EXPECT_EQ(requests[1].scheduleFile, "");
  EXPECT_EQ(requests[1].maskLibraries, options.compile.maskLibraries);
  EXPECT_NE(out.find("check     PASS scaled: max_abs_error 0.000e+00"), std::string::npos) << out;
  EXPECT_NE(out.find("check     PASS sums"), std::string::npos) << out;
}

TEST_F(ToolTest, checkFailsOnNaN) {
  // Both sides compute the same here, so NaN has to make the difference.
  HostTensor x{LACUNA_F32, {1, 8}, std::vector<char>(32)};
  x.setReal(5, NAN);
  std::string path = file("x.safetensors");
  ASSERT_TRUE(writeFile(path, serializeSafetensors({{"x", &x}})).ok());
  options.arguments.push_back("x=@" + path + ":x");
  options.check = true;
  options.jsonPath = file("fail.json");
  EXPECT_FALSE(run(true));
  EXPECT_NE(out.find("check     FAIL scaled: max_abs_error inf"), std::string::npos) << out;
  EXPECT_NE(out.find("worst at [0, 5]: got nan, reference nan"), std::string::npos) << out;
  auto json = nlohmann::json::parse(std::string(llvm::MemoryBuffer::getFile(options.jsonPath).get()->getBuffer()));
  EXPECT_EQ(json["passed"], false);
}

TEST_F(ToolTest, checkUsesTheEmbeddedSource) {
  options.check = true;
  EXPECT_FALSE(run());
  EXPECT_EQ(err, "lacuna-run: error: --check needs the source, which '" + input +
                     "' does not have: compile it with --embed-source\n");
  artifact.source = "embedded";
  EXPECT_TRUE(run()) << err;
  EXPECT_EQ(sources, std::vector<std::string>{"embedded"});
  artifact.source = "broken";
  EXPECT_FALSE(run());
  EXPECT_EQ(err, "") << "the compiler has told why";
}

TEST_F(ToolTest, checkComparesTypes) {
  options.check = true;
  reference.entries[0].results[1].dtype = LACUNA_I32;
  EXPECT_FALSE(run(true));
  EXPECT_EQ(err, "lacuna-run: error: result 'sums': expects 4xi32 as the reference, but got 4xf32\n");
}

TEST_F(ToolTest, runtimeMessagesReachTheUser) {
  options.arguments.push_back("x=zeros:3x9xf32");
  EXPECT_FALSE(run());
  EXPECT_EQ(err, "lacuna-run: error: argument 'x', dimension 1: expects 8, but got 9\n");
  options.arguments.back() = "limit=2";
  EXPECT_FALSE(run());
  EXPECT_EQ(err, "lacuna-run: error: rows of 'x': expects 2, but got 4\n");
}

TEST_F(ToolTest, errors) {
  auto errorOf = [&](auto change) {
    ToolOptions saved = options;
    change();
    EXPECT_FALSE(run());
    options = saved;
    EXPECT_EQ(out, "");
    return err;
  };
  const std::string e = "lacuna-run: error: ";
  EXPECT_EQ(errorOf([&] { options.arguments = {"x"}; }), e + "--arg expects NAME=VALUE, but got 'x'\n");
  EXPECT_EQ(errorOf([&] { options.outputs = {"sums=x"}; }), e + "--out: expects NAME=@FILE, but got 'sums=x'\n");
  EXPECT_EQ(errorOf([&] { options.outputs = {"a=@x"}; }),
            e + "--out result: expects one of scaled, sums, but got 'a'\n");
  EXPECT_EQ(errorOf([&] { options.outputs = {"sums=@x", "1=@x"}; }), e + "--out writes result 'sums' to 'x' twice\n");
  EXPECT_EQ(errorOf([&] { options.repeat = 0; }), e + "--repeat: expects 1 or more, but got 0\n");
  EXPECT_EQ(errorOf([&] { options.atol = 1; }), e + "--atol and --rtol need --check\n");
  EXPECT_EQ(errorOf([&] { options.atol = -1; }), e + "--atol and --rtol expect 0 or more\n");
  EXPECT_EQ(errorOf([&] { options.input = "/nonexistent"; }),
            e + "cannot read '/nonexistent': No such file or directory\n");
  EXPECT_EQ(errorOf([&] { options.compile.targets = {"generic"}; }),
            e + "--target and --schedule say how to compile, but '" + input + "' is compiled\n");
  EXPECT_NE(errorOf([&] { options.compile.entry = ""; }).find("rows, misbehave"), std::string::npos);
  EXPECT_NE(errorOf([&] { options.device = "cuda:0"; }).find("cuda:0"), std::string::npos);
  EXPECT_NE(errorOf([&] { options.threads = 0; }).find("got 0"), std::string::npos);
  artifact.targets[0].requirements = {"no_such_feature"};
  EXPECT_NE(errorOf([] {}).find("no_such_feature"), std::string::npos);
}

TEST_F(ToolTest, noHalfWrittenFiles) {
  std::string path = file("o.safetensors");
  options.outputs = {"sums=@" + path};
  options.arguments.push_back("limit=2");
  EXPECT_FALSE(run());
  EXPECT_FALSE(llvm::sys::fs::exists(path));
  options.arguments.pop_back();
  options.outputs = {"sums=@/nonexistent/o"};
  EXPECT_FALSE(run());
  EXPECT_NE(err.find("cannot write '/nonexistent/o'"), std::string::npos) << err;
}
