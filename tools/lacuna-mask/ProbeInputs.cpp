// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/ProbeInputs.h"
#include "tools/lacuna-mask/Fail.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace lacuna {

/// A tensor of which only the shape matters.
static ProbeArgumentValue shapeOnly(Type type, ArrayRef<int64_t> shape) {
  ProbeArgumentValue value;
  value.isTensor = isa<ShapedType>(type);
  if (auto shaped = dyn_cast<ShapedType>(type))
    value.shape.assign(shaped.getRank(), 0);
  if (!shape.empty())
    value.shape.assign(shape.begin(), shape.end());
  return value;
}

llvm::Expected<ProbeArguments> collectArguments(const Subject &subject, func::FuncOp probe) {
  auto error = [](const Twine &message) { return llvm::createStringError(llvm::inconvertibleErrorCode(), message); };
  ProbeArguments values;
  for (auto [number, argument] : llvm::enumerate(subject.arguments)) {
    BlockArgument parameter = probe.getArgument(number);
    ArrayRef<int64_t> shape = subject.shapes[number];
    bool onlyShape = llvm::all_of(parameter.getUsers(), [](Operation *user) { return isa<memref::DimOp>(user); });
    if (!shape.empty() || (onlyShape && parameter.use_empty())) {
      if (!onlyShape)
        return error("the mask of @" + subject.entry + " depends on the elements of argument " + argument.name + ", which lacuna-mask does not take");
      values.push_back(shapeOnly(argument.type, shape));
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

LogicalResult collectLengthArguments(const Subject &subject, ModuleOp module, std::optional<ProbeArguments> &values) {
  auto function = module.lookupSymbol<func::FuncOp>(MaskProbe::lengthsName(subject.entry, 0));
  if (!function)
    return subject.hasSize() ? success() : fail(subject.noSize());
  llvm::Expected<ProbeArguments> collected = collectArguments(subject, function);
  if (collected)
    values = std::move(*collected);
  else if (std::string problem = llvm::toString(collected.takeError()); !subject.hasSize())
    return fail(problem);
  return success();
}

LogicalResult fitLengths(const MaskProbe &probes, const std::optional<ProbeArguments> &values, const MaskOptions &options, Subject &subject) {
  if (!values)
    return success();
  auto found = probes.lengths(subject.entry, 0, *values);
  if (!found)
    return fail("cannot compile the lengths of @" + subject.entry);
  auto [queries, keys] = *found;
  if (std::min(queries, keys) < 0 || std::max(queries, keys) > INT32_MAX)
    return fail("expects lengths in [0, 2147483647], but got " + Twine(queries) + " and " + Twine(keys) + " of @" + subject.entry);
  MaskSize &size = subject.size;
  if (subject.hasSize() && (size.queries != queries || size.keys != keys))
    return fail("expects the lengths " + Twine(queries) + "," + Twine(keys) + " that @" + subject.entry + " finds by its arguments, but got " +
                options.lengthsText());
  size.queries = queries, size.keys = keys;
  return success();
}

} // namespace lacuna
