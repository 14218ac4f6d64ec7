// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a report takes from a bench result: families and crossovers, facts, pictures.
#include "Families.h"
#include "Report.h"
#include "SvgFilter.h"

#include <gtest/gtest.h>

using namespace lacuna::score;

//===--- Families -------------------------------------------------------------------------------------------------===//

static EntryFacts entryOf(const std::string &name, double dimension, double ours, double theirs) {
  EntryFacts entry;
  entry.name = name;
  entry.dimensions = {1, 8, dimension, 64};
  entry.sides = {{"ours", "ok", "", ours}, {"dense", "ok", "", theirs}};
  return entry;
}

TEST(FamiliesTest, byNameAndDimension) {
  std::vector<EntryFacts> entries = {entryOf("causal 1k", 1024, 1, 2), entryOf("window of 64, 1k", 1024, 1, 2),
                                     entryOf("causal 512", 512, 1, 2), entryOf("causal 4k", 2048, 1, 2),
                                     entryOf("causal 512", 512, 3, 4), entryOf("alone 512", 512, 1, 2)};
  std::vector<Family> families = groupFamilies(entries);
  ASSERT_EQ(families.size(), 1u); // 4k is no dimension of its entry
  EXPECT_EQ(families[0].name, "causal");
  ASSERT_EQ(families[0].members.size(), 2u);
  EXPECT_EQ(families[0].members[0].length, 512);
  EXPECT_EQ(families[0].members[0].entry, &entries[2]);
  EXPECT_EQ(families[0].members[1].length, 1024);
}

TEST(FamiliesTest, wordsBehindTheLength) {
  std::vector<EntryFacts> entries = {entryOf("causal 512 bf16", 512, 1, 2), entryOf("causal 1024 bf16", 1024, 1, 2)};
  ASSERT_EQ(groupFamilies(entries).size(), 1u);
  EXPECT_EQ(groupFamilies(entries)[0].name, "causal bf16");
}

TEST(FamiliesTest, byKeys) {
  std::vector<EntryFacts> entries = {entryOf("a", 1, 1, 2), entryOf("b", 1, 1, 2)};
  for (EntryFacts &entry : entries)
    entry.family = "both";
  entries[0].length = 300;
  EXPECT_TRUE(groupFamilies(entries).empty());
  entries[1].length = 200;
  ASSERT_EQ(groupFamilies(entries).size(), 1u);
  EXPECT_EQ(groupFamilies(entries)[0].members[0].entry, &entries[1]);
}

TEST(FamiliesTest, crossovers) {
  // Ours: 4, 4, 4; dense: 1, 4 * 4, 256. On logarithmic axes they cross halfway between 256 and 1024.
  std::vector<EntryFacts> entries = {entryOf("x 256", 256, 4, 1), entryOf("x 1024", 1024, 4, 16),
                                     entryOf("x 4096", 4096, 4, 256)};
  Duel duel = compareAlong(groupFamilies(entries)[0], "dense");
  EXPECT_EQ(duel.count, 3u);
  EXPECT_EQ(duel.wins, 2u);
  ASSERT_EQ(duel.crossovers.size(), 1u);
  EXPECT_NEAR(duel.crossovers[0].length, 512, 1e-9);
  EXPECT_TRUE(duel.crossovers[0].isFasterFrom);
  entries[1].sides[1].seconds.reset(); // not measured there
  EXPECT_EQ(compareAlong(groupFamilies(entries)[0], "dense").count, 2u);
  EXPECT_EQ(compareAlong(groupFamilies(entries)[0], "nobody").count, 0u);
  std::swap(entries[2].sides[0].seconds, entries[2].sides[1].seconds);
  EXPECT_TRUE(compareAlong(groupFamilies(entries)[0], "dense").crossovers.empty());
}

//===--- Facts ----------------------------------------------------------------------------------------------------===//

static BenchFacts factsOf(const std::string &entry) {
  return readBenchFacts(R"({"machine": {"cpu": "c", "memory_bytes": 2048, "flags": ["a", "b"], "python": null, "x": {}},
    "command": ["lacuna-bench", "a b"], "options": {"trials": 5}, "suite": "s", "entries": [)" +
                        entry + "]}");
}

TEST(BenchFactsTest, reads) {
  BenchFacts facts = factsOf(R"({"name": "n", "shapes": {"q": "1x8x1024x64xf32", "left": 63},
    "sides": {"dense": {"status": "ok", "seconds": {"median": 2}, "fluctuating": true},
              "a": {"status": "runtime_fail", "error": "e", "seconds": null},
              "ours": {"status": "ok", "seconds": {"median": 1}, "passed": false, "tiles": {"total": 100, "full": 10, "partial": 15, "empty": 75}}},
    "comparisons": [{"baseline": "dense", "status": "ok", "judged_against": "dense", "speedup": {"e2e": 2}}],
    "quality": {"density": 0.2, "over_attention": 1.25, "softmax_mass_kept": 0.9, "dense_max_abs_error": 0}})");
  ASSERT_EQ(facts.entries.size(), 1u);
  const EntryFacts &entry = facts.entries[0];
  EXPECT_EQ(entry.dimensions, (std::vector<double>{1, 8, 1024, 64}));
  ASSERT_EQ(entry.sides.size(), 3u);
  EXPECT_EQ(entry.sides[0].name, "ours");
  EXPECT_EQ(entry.sides[1].name, "dense"); // as the comparisons have it
  EXPECT_EQ(entry.side("dense")->seconds, 2);
  EXPECT_TRUE(entry.side("dense")->isFluctuating);
  EXPECT_EQ(entry.side("a")->seconds, std::nullopt);
  EXPECT_EQ(entry.visitedShare, 0.25);
  EXPECT_EQ(entry.density, 0.2);
  EXPECT_EQ(entry.massKept, 0.9);
  EXPECT_EQ(entry.maxAbsError, 0);
  EXPECT_EQ(entry.denseSpeedup, 2);
  EXPECT_TRUE(entry.comparesWithDense);
  EXPECT_EQ(entry.passed, false);
  EXPECT_EQ(entry.about, "left 63; q 1x8x1024x64xf32");
  EXPECT_EQ(facts.command, (std::vector<std::string>{"lacuna-bench", "a b"}));
  std::vector<std::pair<std::string, std::string>> machine = {
      {"cpu", "c"}, {"flags", "a, b"}, {"memory", "2 KiB"}, {"python", ""}, {"x", ""}};
  EXPECT_EQ(facts.machine, machine);
}

TEST(BenchFactsTest, numbersThatMakeNoSense) {
  for (const char *value : {"-1", "1e308", "null", "\"1\"", "[]", "true", "1e-320"}) {
    std::string v = value;
    BenchFacts facts =
        factsOf("{\"length\": " + v + ", \"sides\": {\"ours\": {\"seconds\": {\"median\": " + v +
                "}, \"tiles\": {\"total\": " + v + ", \"full\": " + v + ", \"partial\": " + v +
                "}}}, \"comparisons\": [{\"baseline\": \"dense\", \"status\": \"ok\", \"speedup\": {\"e2e\": " + v +
                "}}], \"quality\": {\"density\": " + v + "}}");
    const EntryFacts &entry = facts.entries.at(0);
    EXPECT_FALSE(entry.length) << value;
    EXPECT_FALSE(entry.side("ours")->seconds) << value;
    EXPECT_FALSE(entry.visitedShare) << value;
    EXPECT_FALSE(entry.density) << value;
    EXPECT_FALSE(entry.denseSpeedup) << value;
  }
  EXPECT_EQ(factsOf("[], 1, null").entries.size(), 3u);
}

//===--- Pictures -------------------------------------------------------------------------------------------------===//

static std::string filtered(const std::string &svg) {
  auto picture = filterPicture(svg, "p1");
  return picture.ok() ? *picture : picture.status().message;
}

TEST(SvgFilterTest, writesAnew) {
  const std::string given =
      R"xml(<svg xmlns="x" class="y" viewBox="0 0 10 10" width="5"><title>a &lt; b</title><style>* {}</style>)xml"
      R"xml(<g transform="translate(1 2) rotate(90)"><rect class="full" x="1" y="-2.5e1"/><path d="M0 0h1V2z"/></g>)xml"
      R"xml(<rect fill="url(#hatch)" x="0"/>)xml"
      R"xml(<rect class="other" id="a" style="b" fill="red" x="nan" y="1e999" width="1 px"/></svg>)xml";
  const std::string wanted =
      R"xml(<svg xmlns="http://www.w3.org/2000/svg" class="mask" role="img" viewBox="0 0 10 10">)xml"
      R"xml(<defs><pattern id="p1-hatch" width="5" height="5" patternUnits="userSpaceOnUse" )xml"
      R"xml(patternTransform="rotate(45)"><path class="hatch" d="M0 0V5"/></pattern></defs><title>a &lt; b</title>)xml"
      R"xml(<g transform="translate(1 2) rotate(90)"><rect class="full" x="1" y="-2.5e1"/><path d="M0 0h1V2z"/></g>)xml"
      R"xml(<rect fill="url(#p1-hatch)" x="0"/><rect/></svg>)xml";
  EXPECT_EQ(filtered(given), wanted);
}

TEST(SvgFilterTest, refuses) {
  for (const char *picture : {"",
                              "words",
                              "<svg>",
                              "<svg/>",
                              "<g></g>",
                              "<svg></g>",
                              "<svg><g></svg></g>",
                              "<svg></svg><svg></svg>",
                              "<svg></svg>words",
                              "<svg><svg></svg></svg>",
                              "<svg><script>1</script></svg>",
                              "<SVG></SVG>",
                              "<svg><image/></svg>",
                              "<svg><a href=\"x\"></a></svg>",
                              "<svg><use/></svg>",
                              "<svg><foreignObject/></svg>",
                              "<svg><rect onload=\"x\"/></svg>",
                              "<svg><rect xlink:href=\"x\"/></svg>",
                              "<svg><rect x=1/></svg>",
                              "<svg><rect x=\"1\" x=\"2\"/></svg>",
                              "<svg><rect x=\"1/></svg>",
                              "<svg><!-- --></svg>",
                              "<!DOCTYPE svg><svg></svg>",
                              "<?xml?><svg></svg>",
                              "<svg><text>&nbsp;</text></svg>",
                              "<svg><text>&#60;</text></svg>",
                              "<svg><style>",
                              "<style></style><svg></svg>",
                              "<svg><animate/></svg>",
                              "<svg><g",
                              "<",
                              "<svg><set/></svg>"})
    EXPECT_EQ(filtered(picture).rfind("picture refused: ", 0), 0u) << picture;
}

TEST(SvgFilterTest, limits) {
  std::string deep = "<svg>", many = "<svg>";
  for (int i = 0; i < 100; ++i)
    deep += "<g>";
  for (int i = 0; i < 100001; ++i)
    many += "<g/>";
  EXPECT_EQ(filtered(deep), "picture refused: too many elements");
  EXPECT_EQ(filtered(many + "</svg>"), "picture refused: too many elements");
  EXPECT_EQ(filtered(std::string(size_t(5) << 20, ' ')).rfind("picture refused: 5242880 bytes", 0), 0u);
}

//===--- The page -------------------------------------------------------------------------------------------------===//

TEST(ReportTest, commandsForAShell) {
  EXPECT_EQ(shellCommand({"lacuna-bench", "a.json", "--only=x", "a b", "", "it's", "$x", "\xC3\xA9"}),
            "lacuna-bench a.json --only=x 'a b' '' 'it'\\''s' '$x' '\xC3\xA9'");
}

TEST(ReportTest, logsAlone) {
  Report report;
  report.files.push_back({"a.log", "a", {}, {}, std::nullopt});
  std::string html = toHtml(report);
  EXPECT_NE(html.find("id=\"samples\""), html.npos);
  for (const char *id : {"density", "length", "machine", "masks", "approximation"})
    EXPECT_EQ(html.find("id=\"" + std::string(id) + "\""), html.npos) << id;
}
