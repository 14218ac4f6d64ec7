// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 20000 mutations of a valid artifact, always the same ones: the reader has to accept or refuse each, never crash (run
// it with sanitizers to see more). What it accepts must keep the promises that the runtime builds on.
#include "TestProgram.h"

#include <gtest/gtest.h>
#include <random>

using namespace lacuna::runtime;
using namespace lacuna::test;

namespace {
class Mutator {
public:
  explicit Mutator(std::string valid) : valid(std::move(valid)) {}

  std::string next() {
    std::string file = valid;
    for (size_t edits = 1 + below(3); edits > 0; --edits)
      edit(file);
    return file;
  }

private:
  size_t below(size_t limit) { return limit ? size_t(random() % limit) : 0; }

  void edit(std::string &file) {
    static const char *const tokens[] = {"null",
                                         "-1",
                                         "1e99",
                                         "18446744073709551615",
                                         "{}",
                                         "[]",
                                         "\"\"",
                                         "true",
                                         "9223372036854775807",
                                         "\"tensor\"",
                                         "\"scalar\"",
                                         ",",
                                         "}",
                                         "\\u0000"};
    size_t at = below(file.size());
    switch (below(6)) {
    case 0: // a flipped bit
      if (!file.empty())
        file[at] = char(file[at] ^ (1 << below(8)));
      break;
    case 1: // a lost piece
      file.erase(at, below(40));
      break;
    case 2: // a cut file
      file.resize(at);
      break;
    case 3: // a piece twice
      file.insert(at, file.substr(below(file.size() + 1), below(60)));
      break;
    case 4: // a header length
      for (size_t i = 8; i < 16 && i < file.size(); ++i)
        file[i] = char(random() & (below(2) ? 0xff : 0));
      break;
    case 5: // another value: after a colon, where the reader meets it
      if (size_t colon = file.find(':', at); colon != std::string::npos)
        file.replace(colon + 1, file.find_first_of(",}]", colon) - colon - 1, tokens[below(std::size(tokens))]);
      break;
    }
  }

  std::string valid;
  std::mt19937_64 random{20240817};
};

/// What Program, ParameterBlock and HostObject take for granted.
void expectUsable(const Artifact &artifact) {
  for (const Entry &entry : artifact.entries) {
    int64_t end = 0;
    for (const auto *list : {&entry.arguments, &entry.results})
      for (const Argument &argument : *list) {
        EXPECT_GE(argument.offset, end);
        end = argument.offset + 8 * argument.slots();
      }
    EXPECT_LE(end, entry.parameterBytes);
  }
  for (const Target &target : artifact.targets) {
    EXPECT_LT(uint64_t(target.host), artifact.blobs.size());
    EXPECT_TRUE(!target.code || uint64_t(*target.code) < artifact.blobs.size());
  }
}
} // namespace

TEST(ArtifactFuzzTest, neverCrashes) {
  Artifact artifact = fixtureArtifact();
  artifact.blobs[0].bytes = "not really an object";
  artifact.targets[0].code = 0;
  artifact.targets[0].requirements = {"avx2"};
  Mutator mutator(serialize(artifact));
  int accepted = 0, refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string file = mutator.next();
    std::vector<char> exact(file.begin(), file.end()); // no spare byte after the end
    Result<Artifact> result = parse(exact.data(), exact.size());
    if (result.ok())
      expectUsable(*result);
    else
      EXPECT_FALSE(result.status().message.empty());
    ++(result.ok() ? accepted : refused);
  }
  // Both kinds must occur, or the mutations test nothing.
  EXPECT_GT(accepted, 200);
  EXPECT_GT(refused, 5000);
}
