// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Entries and kernels as the artifact header lists them.
#include "lib/Compiler/Header.h"

#include "dialects/Attn/Attn.h"
#include "dialects/Tile/Tile.h"
#include "runtime/DType.h"

#include "mlir/IR/BuiltinTypes.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace lacuna {
namespace {

constexpr StringLiteral kNameAttr = "attn.name", kDefaultAttr = "attn.default";

std::string print(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  attribute.print(stream, /*elideType=*/true);
  return text;
}

std::string print(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// Kind, dtype and shape; false if the runtime has no such type.
bool describeType(Type type, runtime::Argument &argument) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  argument.kind = tensor ? LACUNA_TENSOR : LACUNA_SCALAR;
  std::optional<lacunaDType> dtype = runtime::parseDType(print(tensor ? tensor.getElementType() : type));
  if (!dtype)
    return false;
  argument.dtype = *dtype;
  if (tensor)
    for (int64_t size : tensor.getShape())
      argument.shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
  return true;
}

FailureOr<runtime::Argument> describe(func::FuncOp entry, Type type, DictionaryAttr attributes, StringRef kind, size_t number) {
  runtime::Argument argument;
  argument.name = (kind.take_front(kind == "argument" ? 3 : kind.size()) + Twine(number)).str();
  if (!describeType(type, argument))
    return entry.emitError("expects ") << kind << " " << number << " to be a tensor or scalar of f64, f32, f16, bf16, index, i64, i32, i16, i8 or i1, but got " << type;
  if (!attributes)
    return argument;
  if (Attribute name = attributes.get(kNameAttr)) {
    auto text = dyn_cast<StringAttr>(name);
    if (!text || text.empty())
      return entry.emitError("expects ") << kNameAttr << " of " << kind << " " << number << " to be a string, but got " << name;
    argument.name = text.str();
  }
  if (Attribute value = attributes.get(kDefaultAttr))
    argument.defaultValue = isa<StringAttr>(value) ? cast<StringAttr>(value).str() : print(value);
  return argument;
}

} // namespace

FailureOr<runtime::Entry> describeEntry(func::FuncOp entry) {
  runtime::Entry description;
  description.name = entry.getName().str();
  llvm::StringSet<> names;
  auto add = [&](std::vector<runtime::Argument> &list, Type type, DictionaryAttr attributes, StringRef kind) -> LogicalResult {
    FailureOr<runtime::Argument> argument = describe(entry, type, attributes, kind, list.size());
    if (failed(argument))
      return failure();
    if (!names.insert(argument->name).second)
      return entry.emitError("expects different names of arguments and results, but got '") << argument->name << "' twice";
    list.push_back(std::move(*argument));
    return success();
  };
  for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes()))
    if (failed(add(description.arguments, type, entry.getArgAttrDict(i), "argument")))
      return failure();
  for (auto [i, type] : llvm::enumerate(entry.getResultTypes()))
    if (failed(add(description.results, type, entry.getResultAttrDict(i), "result")))
      return failure();
  runtime::assignOffsets(description);
  return description;
}

std::vector<NamedKernel> describeKernels(ModuleOp module) {
  std::vector<NamedKernel> kernels;
  for (auto kernel : module.getOps<tile::KernelOp>()) {
    if (kernel.getNumResults())
      continue; // a cost twin
    runtime::Kernel description;
    description.symbol = kernel.getName().str();
    if (auto schedule = kernel->getAttrOfType<attn::ScheduleAttr>(tile::TileDialect::getScheduleAttrName())) {
      description.schedule = print(schedule);
      description.tile = {schedule.getTileM(), schedule.getTileN()};
    }
    kernels.push_back({description.symbol, description});
  }
  return kernels;
}

} // namespace lacuna
