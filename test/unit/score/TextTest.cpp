// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Texts from files on their way into a page, and numbers for people.
#include "Text.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace lacuna::score;

static const std::string bad = "\xEF\xBF\xBD"; // U+FFFD

TEST(TextTest, escapesMarkup) {
  EXPECT_EQ(escape("<a href=\"x\" b='y'>&amp;"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(escape("]]>"), "]]&gt;");
}

TEST(TextTest, replacesWhatIsNoText) {
  EXPECT_EQ(escape(std::string_view("a\0b", 3)), "a" + bad + "b");
  EXPECT_EQ(escape("a\tb\nc\rd"), "a b c d");
  EXPECT_EQ(escape("\x1b[0m\x7f"), bad + "[0m" + bad);
  EXPECT_EQ(escape("\xC2\x85"), bad);                           // U+0085
  EXPECT_EQ(escape("\xE2\x80\xAE"), bad);                       // turns the direction around
  EXPECT_EQ(escape("\xEF\xBF\xBE"), bad);                       // U+FFFE
  EXPECT_EQ(escape("\xED\xA0\x80"), bad + bad + bad);           // half of a pair of surrogates
  EXPECT_EQ(escape("\xC0\xBC"), bad + bad);                     // "<", overlong
  EXPECT_EQ(escape("\xE2\x82"), bad + bad);                     // cut off
  EXPECT_EQ(escape("\xF4\x90\x80\x80"), bad + bad + bad + bad); // above U+10FFFF
  EXPECT_EQ(escape("\xFF<"), bad + "&lt;");
}

TEST(TextTest, keepsWords) {
  const std::string words = "caf\xC3\xA9 \xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\x98\x80";
  EXPECT_EQ(escape(words), words);
}

TEST(TextTest, shortensByCharacters) {
  EXPECT_EQ(shorten("abcd", 4), "abcd");
  EXPECT_EQ(shorten("abcde", 4), "abc\xE2\x80\xA6");
  EXPECT_EQ(shorten("\xC3\xA9\xC3\xA9\xC3\xA9", 2), "\xC3\xA9\xE2\x80\xA6");
  EXPECT_EQ(shorten("", 4), "");
}

TEST(TextTest, widths) {
  EXPECT_GT(textWidth("mmm"), textWidth("aaa"));
  EXPECT_GT(textWidth("aaa"), textWidth("iii"));
  EXPECT_EQ(textWidth("\xE6\xBC\xA2"), 1);
}

TEST(TextTest, numbers) {
  EXPECT_EQ(formatNumber(0), "0");
  EXPECT_EQ(formatNumber(0.5), "0.5");
  EXPECT_EQ(formatNumber(1234.5), "1234");
  EXPECT_EQ(formatNumber(-0.1234), "\xE2\x88\x92"
                                   "0.123");
  EXPECT_EQ(formatNumber(1e9), "1.00e+09");
  EXPECT_EQ(formatNumber(std::nullopt), "\xE2\x80\x93");
  EXPECT_EQ(formatNumber(NAN), "\xE2\x80\x93");
  EXPECT_EQ(formatNumber(INFINITY), "\xE2\x80\x93");
  EXPECT_EQ(formatSeconds(2.5), "2.5 s");
  EXPECT_EQ(formatSeconds(1e-3), "1 ms");
  EXPECT_EQ(formatSeconds(1.5e-5), "15 \xC2\xB5s");
  EXPECT_EQ(formatSeconds(1e-12), "0.001 ns");
  EXPECT_EQ(formatTimes(1.5), "1.5\xC3\x97");
  EXPECT_EQ(formatPercent(0.025), "2.5 %");
  EXPECT_EQ(formatLength(512), "512");
  EXPECT_EQ(formatLength(1000), "1000");
  EXPECT_EQ(formatLength(16384), "16k");
  EXPECT_EQ(formatBytes(3.0 * 1024 * 1024 * 1024), "3 GiB");
  EXPECT_EQ(formatLevel(-5), "\xE2\x88\x92"
                             "5");
}
