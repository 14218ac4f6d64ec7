// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/Subject.h"
#include "tools/lacuna-mask/Fail.h"

#include "dialects/Attn/Attn.h"
#include "passes/State/Passes.h"

#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace lacuna {

func::FuncOp findEntry(ModuleOp module, const MaskOptions &options) {
  PassManager pm(module->getContext());
  pm.addPass(createAttnExpandStates()); // a state is attention, too
  if (failed(pm.run(module)))
    return nullptr;
  SmallVector<func::FuncOp> found;
  module->walk([&](attn::AttentionOp op) {
    auto function = op->getParentOfType<func::FuncOp>();
    if (function && !llvm::is_contained(found, function))
      found.push_back(function);
  });
  func::FuncOp entry;
  for (func::FuncOp function : found)
    if (function.getName() == options.entry || (options.entry.empty() && found.size() == 1))
      entry = function;
  if (found.empty()) {
    (void)fail(options.input + " has no function with attn.attention");
  } else if (!entry) {
    std::string names = llvm::join(llvm::map_range(found, [](func::FuncOp f) { return "@" + f.getName().str(); }), ", ");
    (void)fail((options.entry.empty() ? "choose one function by --entry: " : "there is no @" + options.entry + " with attention; there is ") + names);
  }
  if (!entry)
    return nullptr;
  for (func::FuncOp function : found) // the others need no compiling
    if (function != entry && SymbolTable::symbolKnownUseEmpty(function, module))
      function.erase();
  return entry;
}

static LogicalResult describeLengths(attn::AttentionOp op, const MaskOptions &options, Subject &subject) {
  attn::AttentionOp::Dims dims = op.getDims();
  MaskOptions::Pair fixed = {op.getQueryType().getDimSize(dims.sequence), op.getKeyType().getDimSize(dims.sequence)};
  FailureOr<MaskOptions::Pair> size = options.lengths(fixed);
  if (failed(size))
    return failure();
  auto isOpen = [&](int64_t length, Value operand) { return ShapedType::isDynamic(length) && isa<BlockArgument>(operand); };
  if (isOpen(size->first, op.getQuery()) || isOpen(size->second, op.getKey()))
    return fail(subject.noSize());
  if ((!ShapedType::isDynamic(fixed.first) && fixed.first != size->first) || (!ShapedType::isDynamic(fixed.second) && fixed.second != size->second))
    return fail(options.lengthsText() + " does not fit the static lengths of @" + subject.entry);
  std::tie(subject.size.queries, subject.size.keys) = *size;
  return success();
}

static LogicalResult checkHead(attn::AttentionOp op, const MaskOptions &options) {
  attn::AttentionOp::Dims dims = op.getDims();
  RankedTensorType q = op.getQueryType();
  int64_t heads = q.getDimSize(dims.head), batches = dims.batch < 0 ? 1 : q.getDimSize(dims.batch);
  if (!ShapedType::isDynamic(heads) && options.head >= heads)
    return fail("--head expects a head in [0, " + Twine(heads) + "), but got " + Twine(options.head));
  if (!ShapedType::isDynamic(batches) && options.batch >= batches)
    return fail("--batch expects a batch entry in [0, " + Twine(batches) + "), but got " + Twine(options.batch));
  return success();
}

static LogicalResult describeTile(attn::AttentionOp op, const MaskOptions &options, Subject &subject) {
  MaskOptions::Pair scheduled = {64, 64};
  if (attn::ScheduleAttr schedule = op.getScheduleAttr())
    scheduled = {schedule.getTileM(), schedule.getTileN()};
  FailureOr<MaskOptions::Pair> tile = options.tile(scheduled);
  if (failed(tile))
    return failure();
  std::tie(subject.size.tileM, subject.size.tileN) = *tile;
  return success();
}

/// Shapes of Q, K and V where they are arguments; what is dynamic of them just suffices.
static void describeShapes(func::FuncOp entry, attn::AttentionOp op, const MaskOptions &options, Subject &subject) {
  attn::AttentionOp::Dims dims = op.getDims();
  for (Value operand : {op.getQuery(), op.getKey(), op.getValue()}) {
    auto argument = dyn_cast<BlockArgument>(operand);
    if (!argument || argument.getOwner() != &entry.front())
      continue;
    SmallVector<int64_t> &shape = subject.shapes[argument.getArgNumber()];
    shape.assign(cast<RankedTensorType>(operand.getType()).getShape());
    for (auto [dim, extent] : llvm::enumerate(shape)) {
      int64_t position = dim;
      if (ShapedType::isDynamic(extent))
        extent = position == dims.sequence ? (operand == op.getQuery() ? subject.size.queries : subject.size.keys)
                                           : (position == dims.batch ? options.batch + 1 : options.head + 1);
    }
  }
}

LogicalResult describeSubject(func::FuncOp entry, const MaskOptions &options, Subject &subject) {
  subject.entry = entry.getName().str();
  llvm::Expected<std::vector<ArgumentText>> arguments = describeArguments(entry, options.arguments);
  if (!arguments)
    return fail(arguments.takeError());
  subject.arguments = std::move(*arguments);
  subject.shapes.resize(subject.arguments.size());
  attn::AttentionOp first;
  entry.walk([&](attn::AttentionOp op) { first = ++subject.numAttentions == 1 ? op : first; });
  bool inBoxes = entry.walk([](attn::NeighborhoodOp op) { return WalkResult(failure(op.hasBoxes())); }).wasInterrupted();
  if (options.space && inBoxes)
    return fail("--space expects queries and keys in raster order, but got a neighborhood in boxes in @" + subject.entry + "; leave query_box and key_box out");
  if (failed(describeLengths(first, options, subject)) || failed(checkHead(first, options)) || failed(describeTile(first, options, subject)))
    return failure();
  describeShapes(entry, first, options, subject);
  return success();
}

} // namespace lacuna
