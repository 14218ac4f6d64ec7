// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// lacuna-mask: shows the mask of an attention op at one size, or counts its tiles in an N-D space. Compiles the mask for this machine; never makes an
// object with Sq x Sk elements.
#include "tools/lacuna-mask/Arguments.h"
#include "tools/lacuna-mask/AxisProbes.h"
#include "tools/lacuna-mask/MaskReport.h"
#include "tools/lacuna-mask/Picture.h"
#include "tools/lacuna-mask/SpaceReport.h"

#include "dialects/Attn/Attn.h"
#include "passes/State/Passes.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/CommandLine.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace lacuna;
namespace cl = llvm::cl;

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

// Some seconds on any machine, and much less memory than it has.
constexpr int64_t kMaxSteps = int64_t(1) << 32, kMaxBytes = int64_t(1) << 29;

LogicalResult fail(const Twine &message) {
  llvm::errs() << "lacuna-mask: error: " << message << "\n";
  return failure();
}

std::optional<std::pair<int64_t, int64_t>> parsePair(StringRef text, char separator) {
  auto [first, second] = text.split(separator);
  std::pair<int64_t, int64_t> result;
  if (first.getAsInteger(10, result.first) || second.getAsInteger(10, result.second))
    return std::nullopt;
  return result;
}

/// What the tool needs to know of the function before its attention is turned into a probe.
struct Subject {
  std::string entry;
  size_t numAttentions = 0;
  std::vector<ArgumentText> arguments;
  std::vector<SmallVector<int64_t>> shapes; ///< of Q, K and V arguments: their values do not matter; else empty
  MaskSize size; ///< lengths that the function finds by its arguments are negative until then
  bool hasSize() const { return size.queries >= 0 && size.keys >= 0; }
  std::string noSize() const { return "expects --size Sq,Sk: the lengths of @" + entry + " are not static"; }
};

class Tool {
public:
  LogicalResult run();

private:
  LogicalResult checkOptions();
  LogicalResult findEntry(func::FuncOp &entry);
  LogicalResult describe(func::FuncOp entry);
  LogicalResult describeSize(attn::AttentionOp op);
  llvm::Expected<std::vector<ProbeArgumentValue>> collectArguments(func::FuncOp probe);
  LogicalResult collectLengthArguments();
  LogicalResult fitLengths(const MaskProbe &probes);
  LogicalResult report(BoundProbe &probe);
  LogicalResult simulateAxes(const MaskProbe &probes, SpaceReport &report);
  LogicalResult write(const SpaceReport &report);
  LogicalResult checkBudget();
  std::string title() const;

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  Subject subject;
  WalkBudget budget{kMaxSteps, kMaxBytes};
  std::optional<TiledSpace> space;
  struct AxisValues { ///< arguments of the two probes of a dimension
    std::vector<ProbeArgumentValue> own, strided;
  };
  std::optional<std::vector<ProbeArgumentValue>> lengthValues; ///< arguments of the function of the lengths, where there is one
  std::vector<AxisValues> axisValues; ///< by dimension, if the mask is a neighborhood in --space
};

LogicalResult Tool::checkOptions() {
  if (spaceText.getNumOccurrences() || queryTile.getNumOccurrences() || keyTile.getNumOccurrences()) {
    llvm::Expected<TiledSpace> parsed = parseSpace(spaceText, queryTile, keyTile);
    if (!parsed)
      return fail(llvm::toString(parsed.takeError()));
    space = std::move(*parsed);
    for (const cl::opt<std::string> *option : {&tileText, &svgPath})
      if (option->getNumOccurrences())
        return fail("--" + option->ArgStr + " shows a mask in its linear order and does not go with --space");
  }
  if (std::min(batch, head) < 0 || std::max(batch, head) >= INT32_MAX)
    return fail("expects --batch and --head in [0, 2147483647), but got " + Twine(batch) + " and " + Twine(head));
  return success();
}

LogicalResult Tool::findEntry(func::FuncOp &entry) {
  PassManager pm(module->getContext());
  pm.addPass(createAttnExpandStates()); // a state is attention, too
  if (failed(pm.run(*module)))
    return failure();
  SmallVector<func::FuncOp> found;
  module->walk([&](attn::AttentionOp op) {
    auto function = op->getParentOfType<func::FuncOp>();
    if (function && !llvm::is_contained(found, function))
      found.push_back(function);
  });
  std::string names = llvm::join(llvm::map_range(found, [](func::FuncOp f) { return "@" + f.getName().str(); }), ", ");
  for (func::FuncOp function : found)
    if (function.getName() == entryName || (entryName.empty() && found.size() == 1))
      entry = function;
  if (found.empty())
    return fail(input + " has no function with attn.attention");
  if (!entry)
    return fail((entryName.empty() ? "choose one function by --entry: " : "there is no @" + entryName + " with attention; there is ") + names);
  for (func::FuncOp function : found) // the others need no compiling
    if (function != entry && SymbolTable::symbolKnownUseEmpty(function, *module))
      function.erase();
  return success();
}

LogicalResult Tool::describeSize(attn::AttentionOp op) {
  attn::AttentionOp::Dims dims = op.getDims();
  RankedTensorType q = op.getQueryType(), k = op.getKeyType();
  std::pair<int64_t, int64_t> size = {q.getDimSize(dims.sequence), k.getDimSize(dims.sequence)}, fixed = size;
  if (space)
    size = {space->points(), space->points()};
  if (!sizeText.empty()) {
    std::optional<std::pair<int64_t, int64_t>> given = parsePair(sizeText, ',');
    if (!given || given->first < 0 || given->second < 0 || std::max(given->first, given->second) > INT32_MAX)
      return fail("--size expects Sq,Sk, two numbers in [0, 2147483647], but got '" + sizeText + "'");
    if (space && *given != size)
      return fail("--size " + sizeText + " does not fit --space " + spaceText + " of " + Twine(size.first) + " points");
    size = *given;
  }
  auto isOpen = [&](int64_t length, Value operand) { return ShapedType::isDynamic(length) && isa<BlockArgument>(operand); };
  if (isOpen(size.first, op.getQuery()) || isOpen(size.second, op.getKey()))
    return fail(subject.noSize());
  if ((!ShapedType::isDynamic(fixed.first) && fixed.first != size.first) || (!ShapedType::isDynamic(fixed.second) && fixed.second != size.second))
    return fail((space ? "--space " + spaceText : "--size " + sizeText) + " does not fit the static lengths of @" + subject.entry);
  int64_t heads = q.getDimSize(dims.head), batches = dims.batch < 0 ? 1 : q.getDimSize(dims.batch);
  if (!ShapedType::isDynamic(heads) && head >= heads)
    return fail("--head expects a head in [0, " + Twine(heads) + "), but got " + Twine(head));
  if (!ShapedType::isDynamic(batches) && batch >= batches)
    return fail("--batch expects a batch entry in [0, " + Twine(batches) + "), but got " + Twine(batch));
  std::pair<int64_t, int64_t> tile = {64, 64};
  if (attn::ScheduleAttr schedule = op.getScheduleAttr())
    tile = {schedule.getTileM(), schedule.getTileN()};
  if (!tileText.empty()) {
    std::optional<std::pair<int64_t, int64_t>> given = parsePair(tileText, 'x');
    if (!given || given->first < 1 || given->second < 1 || std::max(given->first, given->second) > 4096)
      return fail("--tile expects MxN, two numbers in [1, 4096], but got '" + tileText + "'");
    tile = *given;
  }
  subject.size = {size.first, size.second, tile.first, tile.second};
  return success();
}

LogicalResult Tool::describe(func::FuncOp entry) {
  subject.entry = entry.getName().str();
  llvm::Expected<std::vector<ArgumentText>> arguments = describeArguments(entry, argumentTexts);
  if (!arguments)
    return fail(llvm::toString(arguments.takeError()));
  subject.arguments = std::move(*arguments);
  subject.shapes.resize(subject.arguments.size());
  attn::AttentionOp first;
  entry.walk([&](attn::AttentionOp op) { first = ++subject.numAttentions == 1 ? op : first; });
  bool inBoxes = entry.walk([](attn::NeighborhoodOp op) { return WalkResult(failure(op.hasBoxes())); }).wasInterrupted();
  if (space && inBoxes)
    return fail("--space expects queries and keys in raster order, but got a neighborhood in boxes in @" + subject.entry + "; leave query_box and key_box out");
  if (failed(describeSize(first)))
    return failure();
  attn::AttentionOp::Dims dims = first.getDims();
  for (Value operand : {first.getQuery(), first.getKey(), first.getValue()}) {
    auto argument = dyn_cast<BlockArgument>(operand);
    if (!argument || argument.getOwner() != &entry.front())
      continue;
    SmallVector<int64_t> &shape = subject.shapes[argument.getArgNumber()];
    shape.assign(cast<RankedTensorType>(operand.getType()).getShape());
    for (auto [dim, extent] : llvm::enumerate(shape)) {
      int64_t position = dim;
      if (ShapedType::isDynamic(extent))
        extent = position == dims.sequence ? (operand == first.getQuery() ? subject.size.queries : subject.size.keys)
                                           : (position == dims.batch ? batch + 1 : head + 1);
    }
  }
  return success();
}

/// Values for the arguments that the function reads; the others get none.
llvm::Expected<std::vector<ProbeArgumentValue>> Tool::collectArguments(func::FuncOp probe) {
  auto error = [](const Twine &message) { return llvm::createStringError(llvm::inconvertibleErrorCode(), message); };
  std::vector<ProbeArgumentValue> values;
  for (auto [number, argument] : llvm::enumerate(subject.arguments)) {
    BlockArgument parameter = probe.getArgument(number);
    ArrayRef<int64_t> shape = subject.shapes[number];
    bool onlyShape = llvm::all_of(parameter.getUsers(), [](Operation *user) { return isa<memref::DimOp>(user); });
    if (!shape.empty() || (onlyShape && parameter.use_empty())) {
      if (!onlyShape)
        return error("the mask of @" + subject.entry + " depends on the elements of argument " + argument.name + ", which lacuna-mask does not take");
      ProbeArgumentValue value;
      value.isTensor = isa<ShapedType>(argument.type);
      if (auto shaped = dyn_cast<ShapedType>(argument.type))
        value.shape.assign(shaped.getRank(), 0);
      if (!shape.empty())
        value.shape.assign(shape.begin(), shape.end());
      values.push_back(std::move(value));
      continue;
    }
    if (argument.text.empty())
      return error("the mask of @" + subject.entry + " needs argument " + argument.name + ": --arg " + argument.name + "=" +
                   (isa<ShapedType>(argument.type) ? "[...]" : "..."));
    llvm::Expected<ProbeArgumentValue> value = parseArgument(argument, onlyShape);
    if (!value)
      return value.takeError();
    values.push_back(std::move(*value));
  }
  return values;
}

/// Lengths that are given need no arguments to find them: then they are believed.
LogicalResult Tool::collectLengthArguments() {
  auto function = module->lookupSymbol<func::FuncOp>(MaskProbe::lengthsName(subject.entry, 0));
  if (!function)
    return subject.hasSize() ? success() : fail(subject.noSize());
  llvm::Expected<std::vector<ProbeArgumentValue>> values = collectArguments(function);
  if (values)
    lengthValues = std::move(*values);
  else if (std::string problem = llvm::toString(values.takeError()); !subject.hasSize())
    return fail(problem);
  return success();
}

/// Gathered queries and keys are as many as the program gathers.
LogicalResult Tool::fitLengths(const MaskProbe &probes) {
  if (!lengthValues)
    return success();
  auto found = probes.lengths(subject.entry, 0, *lengthValues);
  if (!found)
    return fail("cannot compile the lengths of @" + subject.entry);
  auto [queries, keys] = *found;
  if (std::min(queries, keys) < 0 || std::max(queries, keys) > INT32_MAX)
    return fail("expects lengths in [0, 2147483647], but got " + Twine(queries) + " and " + Twine(keys) + " of @" + subject.entry);
  MaskSize &size = subject.size;
  if (subject.hasSize() && (size.queries != queries || size.keys != keys))
    return fail("expects the lengths " + Twine(queries) + "," + Twine(keys) + " that @" + subject.entry + " finds by its arguments, but got " +
                (space ? "--space " + spaceText : "--size " + sizeText));
  size.queries = queries, size.keys = keys;
  return success();
}

std::string Tool::title() const {
  std::string name = "@" + subject.entry + (subject.numAttentions > 1 ? ", attention 0 of " + std::to_string(subject.numAttentions) : "");
  const MaskSize &s = subject.size;
  return (name + ": " + Twine(s.queries) + " x " + Twine(s.keys) + " pairs in tiles of " + Twine(s.tileM) + " x " + Twine(s.tileN) + ", batch " +
          Twine(batch) + ", head " + Twine(head))
      .str();
}

/// Whether what was counted is the whole.
LogicalResult Tool::checkBudget() {
  if (!budget.isSpent())
    return success();
  return fail("expects a mask that takes at most " + (budget.isOutOfMemory() ? Twine(kMaxBytes >> 20) + " MiB of tables" : Twine(kMaxSteps) + " steps") +
              ", but got @" + subject.entry + " at " + Twine(subject.size.queries) + " x " + Twine(subject.size.keys) + " pairs; " +
              (space ? "other tiles (--q-tile, --kv-tile) or a smaller --space take less" : "other tiles (--tile) or a smaller --size take less"));
}

LogicalResult Tool::report(BoundProbe &probe) {
  // Opened before anything is written: a file that cannot be kept takes the others with it.
  std::unique_ptr<llvm::ToolOutputFile> svg, json;
  for (auto [path, file] : {std::pair(&svgPath, &svg), std::pair(&jsonPath, &json)}) {
    std::error_code problem;
    if (!path->empty())
      *file = std::make_unique<llvm::ToolOutputFile>(path->getValue(), problem, llvm::sys::fs::OpenFlags::OF_None);
    if (problem)
      return fail("cannot write " + path->getValue() + ": " + problem.message());
  }
  Picture picture(subject.size);
  MaskStatistics statistics = collectStatistics(
      probe, subject.size, WalkAxis::Keys, [&](int64_t row, int64_t rows, int64_t column, int64_t columns, TileKind kind) {
        if (svg)
          picture.add(row, rows, column, columns, kind);
      });
  if (failed(checkBudget()))
    return failure();
  if (svg) {
    if (picture.showsPairs())
      picture.addPairs(probe);
    picture.write(svg->os(), title(), statistics);
  }
  if (json)
    writeMaskJson(json->os(), subject.size, statistics);
  for (auto *file : {&svg, &json})
    if (*file) {
      (*file)->os().flush();
      if (std::error_code problem = (*file)->os().error()) {
        (*file)->os().clear_error();
        return fail("cannot write " + (*file)->outputFilename() + ": " + problem.message());
      }
    }
  for (auto *file : {&svg, &json})
    if (*file)
      (*file)->keep();
  if (jsonPath != "-" && svgPath != "-")
    writeMaskText(llvm::outs(), title(), subject.size, statistics);
  return success();
}

/// A neighborhood by its dimensions, each of which must have the extent given by --space.
LogicalResult Tool::simulateAxes(const MaskProbe &probes, SpaceReport &report) {
  std::vector<SpaceStatistics> axes;
  for (auto [dim, values] : llvm::enumerate(axisValues)) {
    BoundProbe::Function own = probes.find(axisFunction(subject.entry, dim), 0), strided = probes.find(strideFunction(subject.entry, dim), 0);
    if (!own || !strided)
      return fail("cannot compile the mask of @" + subject.entry);
    TiledSpace axis = space->axis(dim);
    if (!hasExtent(strided, values.strided, batch, head, axis.points()))
      return fail("--space " + spaceText + " does not fit the neighborhood of @" + subject.entry + " in dimension " + Twine(dim));
    report.perfectStrides.push_back(smallestPerfectStride(strided, values.strided, batch, head, axis, budget));
    BoundProbe probe(own, values.own, batch, head, axis.points(), axis.points(), &budget);
    axes.push_back(simulateSpace(probe, axis));
    if (failed(checkBudget()))
      return failure();
  }
  report.isNeighborhood = true;
  report.statistics = multiplyAxes(axes);
  return write(report);
}

LogicalResult Tool::write(const SpaceReport &report) {
  if (!jsonPath.empty()) {
    std::error_code problem;
    llvm::ToolOutputFile json(jsonPath, problem, llvm::sys::fs::OpenFlags::OF_None);
    if (!problem) {
      report.writeJson(json.os());
      json.os().flush();
      problem = json.os().error();
      json.os().clear_error();
    }
    if (problem)
      return fail("cannot write " + jsonPath + ": " + problem.message());
    json.keep();
  }
  if (jsonPath != "-")
    report.writeText(llvm::outs(), "@" + subject.entry);
  return success();
}

LogicalResult Tool::run() {
  if (failed(checkOptions()))
    return failure();
  DialectRegistry registry;
  MaskProbe::registerDialects(registry);
  context.appendDialectRegistry(registry);
  context.disableMultithreading();
  std::string problem;
  std::unique_ptr<llvm::MemoryBuffer> buffer = mlir::openInputFile(input, &problem);
  if (!buffer)
    return fail(problem);
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), SMLoc());
  SourceMgrDiagnosticHandler diagnostics(sources, &context, llvm::errs());
  module = parseSourceFile<ModuleOp>(sources, &context);
  func::FuncOp entry;
  if (!module || failed(findEntry(entry)) || failed(describe(entry)))
    return failure();
  if (space && addAxisFunctions(entry, space->rank()))
    axisValues.resize(space->rank());
  if (failed(MaskProbe::makeProbes(*module, std::vector<std::string>(libraries.begin(), libraries.end()), /*rows=*/true)))
    return failure();
  std::vector<ProbeArgumentValue> values;
  auto collect = [&](StringRef name, std::vector<ProbeArgumentValue> &into) {
    llvm::Expected<std::vector<ProbeArgumentValue>> found = collectArguments(module->lookupSymbol<func::FuncOp>(MaskProbe::probeName(name, 0)));
    if (!found)
      return fail(llvm::toString(found.takeError()));
    into = std::move(*found);
    return success();
  };
  if (failed(collect(subject.entry, values)) || failed(collectLengthArguments()))
    return failure();
  for (auto [dim, axis] : llvm::enumerate(axisValues))
    if (failed(collect(axisFunction(subject.entry, dim), axis.own)) || failed(collect(strideFunction(subject.entry, dim), axis.strided)))
      return failure();
  std::unique_ptr<MaskProbe> probes = MaskProbe::compile(*module, /*optimize=*/true);
  BoundProbe::Function function = probes ? probes->find(subject.entry, 0) : nullptr;
  if (!function)
    return fail("cannot compile the mask of @" + subject.entry);
  if (failed(fitLengths(*probes)))
    return failure();
  SpaceReport simulation;
  simulation.space = space.value_or(TiledSpace());
  if (!axisValues.empty())
    return simulateAxes(*probes, simulation);
  BoundProbe probe(function, values, batch, head, subject.size.queries, subject.size.keys, &budget);
  if (!space)
    return report(probe);
  simulation.statistics = simulateSpace(probe, *space);
  return failed(checkBudget()) ? failure() : write(simulation);
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::SetVersionPrinter([](llvm::raw_ostream &os) { os << "lacuna-mask " << LACUNA_VERSION << "\n"; });
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  return failed(Tool().run());
}
