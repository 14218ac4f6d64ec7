// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the fixture artifact to a file, for tests that run other programs on it.
#include "TestProgram.h"

#include <fstream>

int main(int argc, char **argv) {
  if (argc != 2)
    return 1;
  std::ofstream file(argv[1], std::ios::binary);
  file << lacuna::runtime::serialize(lacuna::test::fixtureArtifact());
  return file.flush() ? 0 : 1;
}
