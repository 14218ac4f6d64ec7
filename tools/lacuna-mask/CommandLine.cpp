// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/CommandLine.h"
#include "tools/lacuna-mask/Fail.h"
#include "tools/lacuna-mask/SpaceReport.h"

#include "llvm/Support/CommandLine.h"

using namespace mlir;
namespace cl = llvm::cl;

namespace lacuna {
namespace {

cl::OptionCategory category("lacuna-mask options");
cl::opt<std::string> input(cl::Positional, cl::desc("<input .mlir, - for standard input>"), cl::Required, cl::cat(category));
cl::opt<std::string> sizeText("size", cl::desc("Numbers of queries and keys"), cl::value_desc("Sq,Sk"), cl::cat(category));
cl::opt<std::string> tileText("tile", cl::desc("Tile of queries x keys (default: the schedule of the op, else 64x64)"), cl::value_desc("MxN"),
                              cl::cat(category));
cl::opt<std::string> entryName("entry", cl::desc("Function whose mask is shown (default: the only one with attention)"), cl::value_desc("f"),
                               cl::cat(category));
cl::list<std::string> argumentTexts("arg", cl::desc("Value of an argument: 4096, 0.5 or [0, 512, 1024]; by name or position"),
                                    cl::value_desc("NAME=VALUE"), cl::cat(category));
cl::opt<int64_t> batch("batch", cl::desc("Batch entry (default 0)"), cl::init(0), cl::cat(category));
cl::opt<int64_t> head("head", cl::desc("Query head (default 0)"), cl::init(0), cl::cat(category));
cl::list<std::string> libraries("mask-library", cl::desc("File of further named masks"), cl::value_desc("F"), cl::cat(category));
cl::opt<std::string> svgPath("svg", cl::desc("Write a picture"), cl::value_desc("F"), cl::cat(category));
cl::opt<std::string> jsonPath("json", cl::desc("Write the numbers as JSON (- for standard output)"), cl::value_desc("F"), cl::cat(category));
cl::opt<std::string> spaceText("space", cl::desc("Queries and keys are the points of this space, in raster order: count N-D tiles"),
                               cl::value_desc("DxHxW"), cl::cat(category));
cl::opt<std::string> queryTile("q-tile", cl::desc("N-D query tile, with --space"), cl::value_desc("DxHxW"), cl::cat(category));
cl::opt<std::string> keyTile("kv-tile", cl::desc("N-D key tile, with --space"), cl::value_desc("DxHxW"), cl::cat(category));

constexpr const char *kOverview = R"(lacuna-mask: density, tiles, runs and a picture of an attention mask

Examples:
  lacuna-mask examples/masks.mlir --size 4096,4096
  lacuna-mask in.mlir --entry f --size 1,8192 --tile 64x128 --arg window=1024 --arg 'cu=[0, 512, 8192]' --svg mask.svg --json mask.json
  lacuna-mask examples/neighborhood.mlir --space 16x32 --q-tile 4x8 --kv-tile 4x8
)";

/// The space, and what does not go with it.
LogicalResult readSpace(std::optional<TiledSpace> &space) {
  if (!spaceText.getNumOccurrences() && !queryTile.getNumOccurrences() && !keyTile.getNumOccurrences())
    return success();
  llvm::Expected<TiledSpace> parsed = parseSpace(spaceText, queryTile, keyTile);
  if (!parsed)
    return fail(parsed.takeError());
  space = std::move(*parsed);
  for (const cl::opt<std::string> *option : {&tileText, &svgPath})
    if (option->getNumOccurrences())
      return fail("--" + option->ArgStr + " shows a mask in its linear order and does not go with --space");
  return success();
}

} // namespace

FailureOr<MaskOptions> parseCommandLine(int argc, char **argv) {
  cl::SetVersionPrinter([](llvm::raw_ostream &os) { os << "lacuna-mask " << LACUNA_VERSION << "\n"; });
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  MaskOptions options;
  if (failed(readSpace(options.space)))
    return failure();
  if (std::min(batch, head) < 0 || std::max(batch, head) >= INT32_MAX)
    return fail("expects --batch and --head in [0, 2147483647), but got " + Twine(batch) + " and " + Twine(head));
  options.input = input;
  options.entry = entryName;
  options.sizeText = sizeText;
  options.tileText = tileText;
  options.spaceText = spaceText;
  options.arguments = argumentTexts;
  options.libraries = libraries;
  options.batch = batch;
  options.head = head;
  options.svgPath = svgPath;
  options.jsonPath = jsonPath;
  return options;
}

} // namespace lacuna
