// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The artifact container and its header: round trip, and one damaged file per check of the reader.
#include "TestProgram.h"

#include "runtime/ArtifactHeader.h"

#include <gtest/gtest.h>

using namespace lacuna::runtime;
using namespace lacuna::test;

//===--- Helpers --------------------------------------------------------------------------------------------------===//

/// A file with this header text and `tail` after it.
static std::string fileWith(const std::string &header, const std::string &tail = "") {
  std::string file = "LACUNA\r\n";
  for (int i = 0; i < 8; ++i)
    file.push_back(char(uint64_t(header.size()) >> (8 * i)));
  return file + header + tail;
}

static std::string errorOf(const std::string &file) {
  Result<Artifact> artifact = parse(file.data(), file.size());
  if (artifact.ok())
    return "";
  EXPECT_EQ(artifact.status().code, LACUNA_INVALID_ARTIFACT);
  return artifact.status().message;
}

static Artifact smallArtifact() {
  Artifact artifact = fixtureArtifact();
  artifact.blobs[0].bytes = "not really an object";
  return artifact;
}

/// The header of the small artifact with the first `from` replaced, in a file long enough for its blob.
static std::string damaged(const std::string &from, const std::string &to) {
  std::string header = writeHeader(smallArtifact(), {{4096, 20}});
  size_t at = header.find(from);
  EXPECT_NE(at, std::string::npos) << from << " is not in " << header;
  header.replace(at, from.size(), to);
  std::string file = fileWith(header);
  file.resize(4096 + 20, 'x');
  return file;
}

static void expectError(const std::string &from, const std::string &to, const std::string &message) {
  EXPECT_EQ(errorOf(damaged(from, to)), message) << from << " -> " << to;
}

//===--- Round trip -----------------------------------------------------------------------------------------------===//

TEST(ArtifactTest, roundTrip) {
  Artifact before = smallArtifact();
  before.source = "func.func @\"ä\"";
  before.blobs.push_back({"ptx", std::string(100, '\0')});
  before.blobs.push_back({"hsaco", ""});
  before.targets[0].code = 1;
  before.targets[0].requirements = {"avx2", "fma"};
  before.targets[0].kernels[0].block = {128, 2, 1};
  before.targets[0].kernels[0].sharedBytes = 232448;
  std::string bytes = serialize(before);
  EXPECT_EQ(bytes, serialize(before)) << "not deterministic";
  Result<Artifact> after = parse(bytes.data(), bytes.size());
  ASSERT_TRUE(after.ok()) << after.status().message;
  EXPECT_EQ(serialize(*after), bytes);
  EXPECT_EQ(*after->source, *before.source);
  EXPECT_EQ(after->entries[0].arguments[0].shape, (std::vector<int64_t>{-1, 8}));
  EXPECT_EQ(after->entries[0].arguments[3].offset, 72);
  EXPECT_EQ(after->entries[0].parameterBytes, 144);
  EXPECT_EQ(after->targets[0].code, 1);
  EXPECT_EQ(after->targets[0].kernels[0].cost, "rows.scale0.cost");
  EXPECT_EQ(after->targets[0].kernels[1].cost, std::nullopt);
  EXPECT_EQ(after->blobs[1].bytes, before.blobs[1].bytes);
}

TEST(ArtifactTest, blobsAreAligned) {
  // Whatever the length of the header: its own offsets are part of it.
  for (int length = 0; length < 200; ++length) {
    Artifact artifact = smallArtifact();
    artifact.producer = std::string(size_t(length), 'p');
    artifact.blobs.push_back({"elf", "second"});
    std::string bytes = serialize(artifact);
    ASSERT_EQ(errorOf(bytes), "") << length;
    EXPECT_EQ(bytes.find("not really") % 64, 0u);
    EXPECT_EQ(bytes.rfind("second") % 64, 0u);
  }
}

TEST(ArtifactTest, sourceThatIsNotUtf8IsWrittenAnyway) {
  Artifact artifact = smallArtifact();
  artifact.source = "\xff\xfe";
  EXPECT_EQ(errorOf(serialize(artifact)), "");
}

//===--- Versions -------------------------------------------------------------------------------------------------===//

TEST(ArtifactTest, acceptsNewerMinorsAndUnknownMembers) {
  EXPECT_EQ(errorOf(damaged("\"minor\":0", "\"minor\":7,\"new\":[{}]")), "");
  EXPECT_EQ(errorOf(damaged("\"producer\"", "\"features\":[1],\"producer\"")), "");
}

TEST(ArtifactTest, refusesAnotherMajorBeforeAllElse) {
  expectError("\"major\":1,\"minor\":0", "\"major\":2,\"minor\":3",
              "artifact format: expects 1.0 or another 1.x, but got 2.3");
  EXPECT_EQ(errorOf(fileWith("{\"format\":{\"major\":0,\"minor\":9},\"entries\":7}")),
            "artifact format: expects 1.0 or another 1.x, but got 0.9");
}

//===--- Container ------------------------------------------------------------------------------------------------===//

TEST(ArtifactTest, refusesForeignFiles) {
  EXPECT_EQ(errorOf(""), "artifact: expects at least 16 bytes, but got 0");
  EXPECT_EQ(errorOf("LACUNA\r\n"), "artifact: expects at least 16 bytes, but got 8");
  EXPECT_EQ(errorOf(std::string(64, 'E')),
            "artifact: expects the magic bytes 'LACUNA\\r\\n' at the start, but got something else");
  // What a transfer in text mode makes of it.
  EXPECT_EQ(errorOf("LACUNA\n" + std::string(60, 'x')),
            "artifact: expects the magic bytes 'LACUNA\\r\\n' at the start, but got something else");
  EXPECT_FALSE(parse(nullptr, 100).ok());
}

TEST(ArtifactTest, refusesHeadersBeyondTheFile) {
  std::string file = fileWith("{}");
  file[8] = 3;
  EXPECT_EQ(errorOf(file), "artifact: expects a header of 3 bytes, but got a file of 18 bytes (truncated?)");
  for (int i = 8; i < 16; ++i)
    file[size_t(i)] = '\xff';
  EXPECT_EQ(errorOf(file),
            "artifact: expects a header of 18446744073709551615 bytes, but got a file of 18 bytes (truncated?)");
}

TEST(ArtifactTest, everyTruncationIsAnError) {
  std::string bytes = serialize(smallArtifact());
  for (size_t size = 0; size < bytes.size(); ++size) {
    // A copy of exactly this size, so that sanitizers see any read beyond it.
    std::vector<char> copy(bytes.begin(), bytes.begin() + std::ptrdiff_t(size));
    EXPECT_FALSE(parse(copy.data(), size).ok()) << size;
  }
}

TEST(ArtifactTest, refusesWhatIsNoJsonObject) {
  EXPECT_EQ(errorOf(fileWith("{\"format\":")), "artifact header: expects JSON in UTF-8, but got something else");
  EXPECT_EQ(errorOf(fileWith("{\"a\":\"\xff\"}")), "artifact header: expects JSON in UTF-8, but got something else");
  EXPECT_EQ(errorOf(fileWith("")), "artifact header: expects JSON in UTF-8, but got something else");
  EXPECT_EQ(errorOf(fileWith("[1]")), "artifact header: expects an object, but got array");
  EXPECT_EQ(errorOf(fileWith("{}")), "artifact header: format: expects an object, but got nothing");
}

TEST(ArtifactTest, survivesDeepNesting) {
  EXPECT_EQ(errorOf(fileWith(std::string(1000000, '['))),
            "artifact header: expects JSON in UTF-8, but got something else");
  std::string nested = std::string(1000000, '[') + std::string(1000000, ']');
  EXPECT_EQ(errorOf(fileWith(nested)), "artifact header: expects an object, but got array");
}

//===--- Members --------------------------------------------------------------------------------------------------===//

TEST(ArtifactTest, checksMemberTypes) {
  expectError("\"minor\":0", "\"minor\":\"0\"",
              "artifact header: format.minor: expects an integer from 0 to 9223372036854775807, but got \"0\"");
  expectError("\"lacuna test\"", "7", "artifact header: producer: expects a string, but got 7");
  expectError("\"source_hash\"", "\"x\"", "artifact header: source_hash: expects a string, but got nothing");
  expectError("\"name\":\"x\"", "\"name\":\"\"",
              "artifact header: entries[0].arguments[0].name: expects a name, but got \"\"");
  expectError("\"name\":\"x\"", "\"name\":\"a\\u0000b\"",
              "artifact header: entries[0].arguments[0].name: expects a name, but got \"a\\u0000b\"");
  expectError("\"kind\":\"tensor\"", "\"kind\":\"matrix\"",
              "artifact header: entries[0].arguments[0].kind: expects 'tensor' or 'scalar', but got \"matrix\"");
  expectError("\"dtype\":\"f32\"", "\"dtype\":\"f4\"",
              "artifact header: entries[0].arguments[0].dtype: expects an element type that this runtime knows, but "
              "got \"f4\"");
  expectError("[null,8]", "[null,-8]",
              "artifact header: entries[0].arguments[0].shape[1]: expects an integer from 0 to 9223372036854775807, "
              "but got -8");
  expectError("[null,8]", "{}", "artifact header: entries[0].arguments[0].shape: expects an array, but got object");
  expectError("\"randn:4x8xf32:0\"", "[]",
              "artifact header: entries[0].arguments[0].default: expects a string, but got array");
  expectError("\"requires\":[]", "\"requires\":[null]",
              "artifact header: targets[0].requires[0]: expects a string, but got null");
  expectError("\"block\":[1,1,1]", "\"block\":[1,1]",
              "artifact header: targets[0].kernels[0].block: expects 3 sizes, but got array");
  expectError("\"block\":[1,1,1]", "\"block\":[1,0,1]",
              "artifact header: targets[0].kernels[0].block[1]: expects an integer from 1 to 2147483647, but got 0");
}

TEST(ArtifactTest, checksParameterBlocks) {
  expectError("\"parameter_bytes\":144", "\"parameter_bytes\":136",
              "artifact header: entries[0].parameter_bytes: expects at least 144, but got 136");
  expectError("\"parameter_bytes\":144", "\"parameter_bytes\":99999999999",
              "artifact header: entries[0].parameter_bytes: expects an integer from 0 to 1048576, but got 99999999999");
  expectError("\"offset\":40", "\"offset\":-40",
              "artifact header: entries[0].arguments[1].offset: expects an integer from 0 to 1048576, but got -40");
  expectError("\"offset\":40", "\"offset\":32",
              "artifact header: entries[0].arguments: expects the offset of 'table' to be a multiple of 8 and at least "
              "40 (it is 32), but got array");
  expectError("\"offset\":40", "\"offset\":44",
              "artifact header: entries[0].arguments: expects the offset of 'table' to be a multiple of 8 and at least "
              "40 (it is 44), but got array");
  expectError("\"name\":\"table\"", "\"name\":\"x\"",
              "artifact header: entries[0].arguments: expects distinct names (two are 'x'), but got array");
  expectError("\"name\":\"misbehave\"", "\"name\":\"rows\"",
              "artifact header: entries[1].name: expects names that differ, but got \"rows\"");
}

TEST(ArtifactTest, checksBlobs) {
  expectError("\"host\":0", "\"host\":1",
              "artifact header: targets[0].host: expects the number of one of the 1 blobs, but got 1");
  expectError("\"host\":0", "\"host\":-1",
              "artifact header: targets[0].host: expects an integer from 0 to 9223372036854775807, but got -1");
  expectError("\"code\":null", "\"code\":18446744073709551615",
              "artifact header: targets[0].code: expects an integer from 0 to 9223372036854775807, but got "
              "18446744073709551615");
  expectError("\"offset\":4096", "\"offset\":-4096",
              "artifact header: blobs[0].offset: expects an integer from 0 to 9223372036854775807, but got -4096");
  expectError("\"offset\":4096", "\"offset\":4096.5",
              "artifact header: blobs[0].offset: expects an integer from 0 to 9223372036854775807, but got 4096.5");
  expectError("\"offset\":4096", "\"offset\":4097",
              "artifact: blobs[0]: expects a 64-byte aligned offset, but got 4097");
  expectError("\"offset\":4096,\"size\":20", "\"offset\":4096,\"size\":21",
              "artifact: blobs[0]: expects to end inside the file of 4116 bytes, but got offset 4096 and size 21 "
              "(truncated?)");
  expectError("\"offset\":4096,\"size\":20", "\"offset\":4096,\"size\":9223372036854775807",
              "artifact: blobs[0]: expects to end inside the file of 4116 bytes, but got offset 4096 and size "
              "9223372036854775807 (truncated?)");
  expectError("\"offset\":4096", "\"offset\":9223372036854775744",
              "artifact: blobs[0]: expects to end inside the file of 4116 bytes, but got offset 9223372036854775744 "
              "and size 20 (truncated?)");
  EXPECT_NE(errorOf(damaged("\"offset\":4096", "\"offset\":64")).find("expects an offset after the header"),
            std::string::npos);
  // Two blobs in the same place: harmless alone, but a million of them would multiply the file in memory.
  std::string blob = "{\"offset\":2048,\"size\":2000,\"kind\":\"elf\"}", three = blob + "," + blob + "," + blob;
  EXPECT_EQ(errorOf(damaged("{\"offset\":4096,\"size\":20,\"kind\":\"elf\"}", three)),
            "artifact: blobs[2]: expects blobs that do not overlap, but got more bytes than the file has");
}
