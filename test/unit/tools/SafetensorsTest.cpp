// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Round trip, and a reader that survives any file (run with the sanitizers, too).
#include "Safetensors.h"
#include "Outputs.h"

#include <gtest/gtest.h>
#include <random>
#include <unistd.h>

using namespace lacuna::run;

namespace {
class SafetensorsTest : public ::testing::Test {
protected:
  std::string path = ::testing::TempDir() + "lacuna-" + std::to_string(getpid()) + ".safetensors";
  ~SafetensorsTest() override { std::remove(path.c_str()); }

  /// The error of reading `key` from a file with this header and so many bytes of data.
  std::string errorOf(const std::string &header, size_t dataBytes = 8, const std::string &key = "a") {
    uint64_t length = header.size();
    return errorOfBytes(std::string(reinterpret_cast<const char *>(&length), 8) + header + std::string(dataBytes, 'x'),
                        key);
  }
  std::string errorOfBytes(const std::string &bytes, const std::string &key = "a") {
    EXPECT_TRUE(writeFile(path, bytes).ok());
    auto tensor = readSafetensor(path, key);
    if (tensor.ok())
      return "";
    std::string message = tensor.status().message;
    if (size_t start = message.find(path); start != std::string::npos)
      message.replace(start, path.size(), "F");
    return message;
  }
};
} // namespace

TEST_F(SafetensorsTest, roundTrip) {
  HostTensor a{LACUNA_F32, {1, 2}, std::vector<char>(8)}, b{LACUNA_BF16, {3}, std::vector<char>(6)},
      c{LACUNA_INDEX, {}, std::vector<char>(8)}, d{LACUNA_I1, {0, 4}, {}};
  a.setReal(1, -2.5);
  b.setReal(2, 3);
  c.setInteger(0, -7);
  ASSERT_TRUE(writeFile(path, serializeSafetensors({{"a", &a}, {"b", &b}, {"c", &c}, {"d\"\xff", &d}})).ok());
  auto readA = readSafetensor(path, "a"), readB = readSafetensor(path, "b"), readC = readSafetensor(path, "c");
  ASSERT_TRUE(readA.ok() && readB.ok() && readC.ok());
  EXPECT_EQ(readA->bytes, a.bytes);
  EXPECT_EQ(readA->shape, a.shape);
  EXPECT_EQ(readB->bytes, b.bytes);
  EXPECT_EQ(readB->dtype, LACUNA_BF16);
  EXPECT_EQ(readC->integer(0), -7);
  EXPECT_EQ(readC->dtype, LACUNA_I64);
  EXPECT_EQ(errorOfBytes(serializeSafetensors({{"a", &a}, {"b", &b}}), "z"),
            "key in 'F': expects one of a, b, but got 'z'");
  EXPECT_EQ(errorOfBytes(serializeSafetensors({{"b", &b}}), ""), "") << "the only tensor needs no key";
}

TEST_F(SafetensorsTest, bytesOfBoolBecomeZeroOrOne) {
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"BOOL","shape":[8],"data_offsets":[0,8]}})"), "");
  EXPECT_EQ(readSafetensor(path, "a")->integer(3), 1);
}

TEST_F(SafetensorsTest, damagedFiles) {
  const std::string no = "'F' is no safetensors file: ";
  EXPECT_EQ(errorOf(R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})"), "");
  EXPECT_EQ(errorOfBytes(""), no + "it has 0 bytes");
  EXPECT_EQ(errorOfBytes("1234567"), no + "it has 7 bytes");
  EXPECT_EQ(errorOfBytes(std::string(7, '\0') + '\1'), no + "it tells a header of 72057594037927936 bytes");
  EXPECT_EQ(errorOfBytes(std::string(16, '\xff')), no + "it tells a header of 18446744073709551615 bytes");
  EXPECT_EQ(errorOf("{"), no + "its header is no JSON object");
  EXPECT_EQ(errorOf("[]"), no + "its header is no JSON object");
  EXPECT_EQ(errorOf(std::string(100000, '[')), no + "its header is no JSON object");
  const std::string wrong = no + "its header describes tensor 'a' wrongly";
  EXPECT_EQ(errorOf(R"({"a":3})"), wrong);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[2]}})"), wrong);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":1,"shape":[2],"data_offsets":[0,8]}})"), wrong);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})"), wrong);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}})"), wrong);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})"), wrong);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}})"), wrong);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]}})"), wrong);
}

TEST_F(SafetensorsTest, offsetsThatLie) {
  const std::string no = "'F' is no safetensors file: ",
                    ranges = no + "its offsets overlap, leave holes or leave the file";
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})"), ranges);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})"), ranges);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})"), ranges);
  EXPECT_EQ(
      errorOf(
          R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})"),
      ranges);
  const std::string shape = no + "the shape of tensor 'a' does not fit its offsets";
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})"), shape);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}})"), shape);
  EXPECT_EQ(errorOf(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})"),
            "type U8 of tensor 'a' in 'F' is not supported");
}

TEST_F(SafetensorsTest, randomDamage) {
  HostTensor a{LACUNA_F32, {2}, std::vector<char>(8)}, b{LACUNA_I32, {1}, std::vector<char>(4)};
  std::string good = serializeSafetensors({{"a", &a}, {"b", &b}});
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    std::string bad = good.substr(0, random() % 4 ? good.size() : random() % good.size());
    for (unsigned edits = random() % 4; edits > 0 && !bad.empty(); --edits)
      bad[random() % bad.size()] = char(random());
    ASSERT_TRUE(writeFile(path, bad).ok());
    if (auto tensor = readSafetensor(path, "a"); tensor.ok()) {
      EXPECT_EQ(tensor->bytes.size(), size_t(*tensorBytes(tensor->dtype, tensor->shape)));
    }
  }
}

TEST_F(SafetensorsTest, filesThatAreNotThere) {
  EXPECT_EQ(readSafetensor("/nonexistent/x", "a").status().message,
            "cannot read '/nonexistent/x': No such file or directory");
  EXPECT_FALSE(readSafetensor("/", "a").ok());
  EXPECT_EQ(writeFile("/nonexistent/x", "a").code, LACUNA_IO_ERROR);
}
