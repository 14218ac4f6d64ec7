// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "TestProgram.h"

#include "runtime/HostObject.h"

#include <gtest/gtest.h>

using namespace lacuna::runtime;

TEST(HostObjectTest, everyObjectIsItsOwnMapping) {
  // dlopen must not serve the second one from the first: in general they are different code.
  std::string elf = lacuna::test::fixtureArtifact().blobs[0].bytes;
  Result<HostObject> first = HostObject::load(elf, "first"), second = HostObject::load(elf, "second");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->find("rows.run"), nullptr);
  EXPECT_NE(second->find("rows.run"), nullptr);
  EXPECT_NE(first->find("rows.run"), second->find("rows.run"));
}

TEST(HostObjectTest, symbolsStayPrivate) {
  Result<HostObject> object = HostObject::load(lacuna::test::fixtureArtifact().blobs[0].bytes, "test");
  ASSERT_TRUE(object.ok());
  HostObject moved = std::move(*object);
  EXPECT_NE(moved.find("rows.scale0"), nullptr);
  EXPECT_EQ(moved.find("scale"), nullptr);
  void *missing = nullptr;
  EXPECT_EQ(moved.resolve("nothing", missing).message, "host object of test: expects the symbol 'nothing'");
}
