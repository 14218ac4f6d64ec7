// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Chosen masks whose classes are easily one off, on all small boxes: what random masks meet too seldom.
#include "test/unit/analysis/BoxChecks.h"

using namespace lacuna;
using namespace lacuna::test;

namespace {

/// Checks all small boxes of masks without arguments, given as the definition of %m.
void checkSmallBoxes(const MaskProbe &probe, const std::vector<std::string> &sources, bool mayDoubt, Counts &counts) {
  constexpr int64_t kSize = 11;
  ProbeArgumentValue tensor;
  tensor.isTensor = true;
  tensor.shape = {1, 1, kSize, 8};
  for (size_t i = 0; i < sources.size(); ++i) {
    BoundProbe bound(probe.find("m" + std::to_string(i), 0), {tensor, tensor}, 0, 0, kSize, kSize);
    for (int64_t q0 = 0; q0 < kSize; ++q0)
      for (int64_t q1 = q0 + 1; q1 <= kSize; ++q1)
        for (int64_t k0 = 0; k0 < kSize; k0 += 2)
          for (int64_t k1 = k0 + 1; k1 <= kSize; k1 += 3)
            checkBox(bound, {q0, q1, k0, k1}, counts, mayDoubt, [&] { return "\n" + sources[i]; });
  }
}

std::string maskFunction(size_t number, const std::string &definition) {
  const std::string tensor = "tensor<1x1x?x8xf32>";
  return "func.func @m" + std::to_string(number) + "(%q: " + tensor + ", %k: " + tensor + ") -> " + tensor + " {\n" + definition +
         "\n%o = attn.attention %q, %k, %k mask(%m) layout(bhsd) : " + tensor + ", " + tensor + ", " + tensor + " -> " + tensor + "\nreturn %o : " +
             tensor + "\n}\n";
}

/// A predicate that compares %x with some constants; %len is the number of queries, 11.
void addComparisons(std::vector<std::string> &sources, const std::string &x, std::initializer_list<const char *> constants) {
  for (const char *constant : constants)
    for (const char *comparison : {"sge", "slt", "eq"})
      sources.push_back(maskFunction(sources.size(), std::string("%m = attn.predicate {\n^bb0(%b: index, %h: index, %i: index, %j: index):\n"
          "%len = attn.query_length\n") + x +
                                                         "\n%y = arith.constant " + constant + " : index\n%on = arith.cmpi " + comparison +
                                                         ", %x, %y : index\nattn.yield %on : i1\n}"));
}

/// The pair right at the edge of a select, for every comparison, bound and box.
TEST_F(TileClass, SelectsAreSoundAtTheirEdge) {
  std::vector<std::string> sources;
  for (const char *predicate : {"slt", "sle", "sgt", "sge", "ult", "ugt", "eq", "ne"})
    for (const char *arms : {"%d, %zero", "%zero, %d", "%d, %back", "%back, %d"})
      addComparisons(sources, std::string("%zero = arith.constant 0 : index\n%edge = arith.constant 7 : index\n%d = arith.subi %i, %j : index\n"
                                          "%back = arith.subi %zero, %d : index\n%c = arith.cmpi ") + predicate +
                                              ", %d, %edge : index\n%x = arith.select %c, " + arms + " : index",
                     {"-8", "-7", "-6", "6", "7", "8"});
  std::unique_ptr<MaskProbe> probe = compile(sources, /*rows=*/false);
  ASSERT_TRUE(probe);
  Counts counts;
  checkSmallBoxes(*probe, sources, /*mayDoubt=*/true, counts);
  EXPECT_EQ(counts.wrong, 0);
}

/// What random masks meet too seldom: the first number that wraps, signs, divisors and shifts that change within the box.
TEST_F(TileClass, ArithmeticIsSoundAtItsEdge) {
  std::vector<std::string> sources;
  const std::string five = "%five = arith.constant 5 : index\n%t = arith.subi %i, %five : index\n", one = "%one = arith.constant 1 : index\n"
      "%j1 = arith.addi %j, %one : index\n";
  auto constant = [](const char *value, const char *type = "index") { return std::string("%c = arith.constant ") + value + " : " + type + "\n"; };
  const std::string word = "%w = arith.index_cast %i : index to i32\n";
  addComparisons(sources, constant("2147483641", "i32") + word + "%s = arith.addi %w, %c : i32\n%x = arith.index_cast %s : i32 to index",
      {"0", "2147483647"}); // at i = 7
  addComparisons(sources, constant("2147483640", "i32") +
      "%n = arith.index_cast %len : index to i32\n%s = arith.addi %n, %c : i32\n%l = arith.index_cast %s : i32 to index\n"
                          "%x = arith.addi %l, %i : index", {"0"}); // for all pairs
  // The same sum, and a product, compared in their own 32 bits.
  const std::string truth = "%e = arith.extui %on32 : i1 to i32\n%x = arith.index_cast %e : i32 to index";
  addComparisons(sources, constant("2147483640", "i32") + word + "%n = arith.index_cast %len : index to i32\n%s = arith.addi %n, %c : i32\n"
                          "%on32 = arith.cmpi slt, %s, %w : i32\n" + truth, {"1"});
  addComparisons(sources, constant("1073741824") + "%s = arith.muli %i, %c : index\n%w = arith.index_cast %s : index to i32\n%n = arith.constant 0 : i32\n"
                          "%on32 = arith.cmpi slt, %w, %n : i32\n" + truth, {"1"});
  addComparisons(sources, constant("1073741824") +
      "%s = arith.muli %i, %c : index\n%w = arith.index_cast %s : index to i32\n%x = arith.index_cast %w : i32 to index", {"0"});
  addComparisons(sources, constant("4611686018427387904") + "%x = arith.muli %i, %c : index", {"0", "5"}); // at i = 2
  addComparisons(sources, constant("1152921504606846976") + "%x = arith.muli %i, %c : index", {"0", "5"}); // at i = 8
  addComparisons(sources, constant("-8589934592") + "%x = arith.muli %i, %c : index", {"-5", "0"}); // no number of 32 bits
  addComparisons(sources, constant("8589934592") + "%x = arith.muli %i, %c : index", {"5", "0"});
  for (const char *extension : {"extsi", "extui"})
    addComparisons(sources, constant("5") + "%e = arith.cmpi slt, %i, %c : index\n%w = arith." + extension +
        " %e : i1 to i32\n%x = arith.index_cast %w : i32 to index", {"-1", "0", "1"});
  addComparisons(sources, five + "%w = arith.index_cast %t : index to i32\n%x = arith.index_castui %w : i32 to index", {"2", "4294967293"});
  for (const char *op : {"divui", "remui", "minui", "maxui", "floordivsi", "ceildivsi", "divsi", "remsi", "ceildivui"})
    addComparisons(sources, five + constant("3") + "%x = arith." + op + " %t, %c : index", {"-2", "-1", "0", "1", "2", "3"});
  for (const char *op : {"floordivsi", "ceildivsi", "divsi", "remsi"})
    addComparisons(sources, five + one + "%x = arith." + op + " %t, %j1 : index", {"-1", "0", "1", "2"});
  for (const char *op : {"muli", "andi", "ori", "xori"})
    addComparisons(sources, five + constant("3") + "%u = arith.subi %j, %c : index\n%x = arith." + op + " %t, %u : index", {"-2", "0", "1", "4"});
  addComparisons(sources, five + "%x = arith.muli %j, %t : index", {"-8", "0", "1"});
  addComparisons(sources, constant("6") + "%s = arith.muli %i, %c : index\n%one = arith.constant 1 : index\n%x = arith.shli %one, %s : index",
      {"65536", "2147483649"});
  // A quotient times another number than its divisor: 11 - 8 and 11 - 7.
  addComparisons(sources, constant("8") + "%d = arith.subi %len, %c : index\n%seven = arith.constant 7 : index\n%f = arith.subi %len, %seven : index\n"
                          "%z = arith.floordivsi %i, %d : index\n%p = arith.muli %z, %f : index\n%x = arith.subi %i, %p : index", {"-2", "-1", "0", "1"});
  // Ranges that meet in one number: 0 to 4 against 3 and 1.
  for (const char *choice : {"minsi %r, %three", "minsi %three, %r", "maxsi %r, %one", "maxsi %one, %r"})
    addComparisons(sources, one + constant("5") + "%three = arith.constant 3 : index\n%r = arith.remui %i, %c : index\n%x = arith." + choice + " : index", {"1", "4"});
  // A negative divisor, unsigned: beyond all numbers.
  for (const char *op : {"divui", "remui", "ceildivui"})
    addComparisons(sources, constant("20") + "%s = arith.subi %len, %c : index\n%x = arith." + op + " %i, %s : index", {"0", "1", "5"});
  // A uniform quotient of a negative number, unsigned: more than the number, also where that is known to be small.
  for (const char *op : {"divui", "remui"})
    addComparisons(sources, constant("20") + "%most = arith.constant 100 : index\n%least = arith.minsi %len, %most : index\n%s = arith.subi %least, %c : index\n"
                            "%three = arith.constant 3 : index\n%z = arith." + op + " %s, %three : index\n%x = arith.muli %z, %i : index", {"0", "30"});
  std::unique_ptr<MaskProbe> probe = compile(sources, /*rows=*/false);
  ASSERT_TRUE(probe);
  Counts counts;
  checkSmallBoxes(*probe, sources, /*mayDoubt=*/true, counts);
  EXPECT_EQ(counts.wrong, 0);
}

/// Intervals with an end that no range is known of, and intersections of ends that wrap.
TEST_F(TileClass, IntervalsAreSoundAtTheirEdge) {
  auto interval = [](const std::string &name, const std::string &ops, const std::string &ends) {
    return name + " = attn.interval {\n^bb0(%b: index, %h: index, %i: index):\n%zero = arith.constant 0 : index\n"
        "%four = arith.constant 4 : index\n" + ops + "attn.yield " + ends +
           " : index, index\n}\n";
  };
  const std::string bits = "%l = arith.index_cast %i : index to i64\n%p = math.ctpop %l : i64\n%x = arith.index_cast %p : i64 to index\n";
  const std::string wraps = "%c = arith.constant 1152921504606846976 : index\n%x = arith.muli %i, %c : index\n", length = "%n = attn.key_length\n";
  std::vector<std::string> sources;
  for (const std::string &definition :
       {interval("%m", bits + length, "%x, %n"), interval("%m", bits, "%zero, %x"), interval("%m", bits, "%x, %four"),
        interval("%y", wraps + length, "%x, %n") + interval("%z", "", "%zero, %four") + "%m = attn.and %y, %z",
        interval("%y", wraps, "%zero, %x") + interval("%z", length, "%four, %n") + "%m = attn.and %y, %z"})
    sources.push_back(maskFunction(sources.size(), definition));
  std::unique_ptr<MaskProbe> probe = compile(sources, /*rows=*/false);
  ASSERT_TRUE(probe);
  Counts counts;
  checkSmallBoxes(*probe, sources, /*mayDoubt=*/true, counts);
  EXPECT_EQ(counts.wrong, 0);
}

/// Intervals that end where they begin, or where another one begins, are known to be empty.
TEST_F(TileClass, IntervalsThatTouchAreEmpty) {
  auto interval = [](const std::string &name, const std::string &ends) {
    return name + " = attn.interval {\n^bb0(%b: index, %h: index, %i: index):\n%zero = arith.constant 0 : index\n%four = arith.constant 4 : index\n"
                  "%n = attn.key_length\nattn.yield " + ends + " : index, index\n}\n";
  };
  std::vector<std::string> sources;
  for (const std::string &definition : {interval("%m", "%i, %i"), interval("%m", "%four, %four"),
                                        interval("%y", "%zero, %four") + interval("%z", "%four, %n") + "%m = attn.and %y, %z",
                                        interval("%y", "%i, %n") + interval("%z", "%zero, %i") + "%m = attn.and %y, %z"})
    sources.push_back(maskFunction(sources.size(), definition));
  std::unique_ptr<MaskProbe> probe = compile(sources, /*rows=*/false);
  ASSERT_TRUE(probe);
  Counts counts;
  checkSmallBoxes(*probe, sources, /*mayDoubt=*/false, counts);
  EXPECT_EQ(counts.wrong, 0);
}

/// Within a period quotient and remainder are linear: pieces decide every box, whatever is added before the division.
TEST_F(TileClass, PiecesAreExact) {
  std::vector<std::string> sources;
  for (const char *offset : {"0", "3", "-2", "-6"})
    for (const char *side : {"%i", "%j"})
      for (const char *result : {"%z", "%r"})
        addComparisons(sources, std::string("%c = arith.constant 4 : index\n%o = arith.constant ") + offset + " : index\n%s = arith.addi " + side +
                                    ", %o : index\n%z = arith.floordivsi %s, %c : index\n%f = arith.muli %z, %c : index\n%r = arith.subi %s, %f : index\n"
                                    "%none = arith.constant 0 : index\n%x = arith.addi " + result + ", %none : index", {"0", "1", "2"});
  // Of several periods the least: a number of fours, all of them less those in eights before and the ones after, is 0.
  addComparisons(sources, "%c = arith.constant 4 : index\n%two = arith.constant 2 : index\n%o = arith.constant 8 : index\n%n8 = arith.floordivsi %i, %o : index\n"
                          "%t = arith.muli %n8, %o : index\n%s = arith.subi %i, %t : index\n%u = arith.floordivsi %s, %c : index\n%z = arith.floordivsi %i, %c : index\n"
                          "%w = arith.muli %n8, %two : index\n%a = arith.subi %z, %w : index\n%x = arith.subi %a, %u : index", {"0"});
  std::unique_ptr<MaskProbe> probe = compile(sources, /*rows=*/false);
  ASSERT_TRUE(probe);
  Counts counts;
  checkSmallBoxes(*probe, sources, /*mayDoubt=*/false, counts);
  EXPECT_EQ(counts.wrong, 0);
}

} // namespace
