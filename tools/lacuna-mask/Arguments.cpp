// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/Arguments.h"

#include "runtime/DType.h"
#include "tools/lacuna-run/ArgumentSpec.h"

#include "llvm/Support/JSON.h"

#include <cstring>

using namespace mlir;

namespace lacuna {
namespace {

llvm::Error error(const Twine &message) { return llvm::createStringError(llvm::inconvertibleErrorCode(), message); }

std::string show(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// Appends one element in the memory format of `type`; false where the value does not fit.
bool append(std::vector<char> &bytes, Type type, const llvm::json::Value &value) {
  auto push = [&](const void *data, size_t size) {
    const char *begin = static_cast<const char *>(data);
    bytes.insert(bytes.end(), begin, begin + size);
  };
  if (auto real = dyn_cast<FloatType>(type)) {
    std::optional<double> number = value.getAsNumber();
    if (!number)
      return false;
    APFloat converted(*number);
    bool inexact;
    converted.convert(real.getFloatSemantics(), APFloat::rmNearestTiesToEven, &inexact);
    uint64_t bits = converted.bitcastToAPInt().getZExtValue();
    push(&bits, real.getWidth() / 8);
    return true;
  }
  std::optional<int64_t> number = value.getAsInteger();
  if (std::optional<bool> truth = value.getAsBoolean())
    number = *truth;
  if (!number)
    return false;
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  if (width == 1 ? (*number != 0 && *number != 1) : (width < 64 && !llvm::isIntN(width, *number)))
    return false;
  push(&*number, width == 1 ? 1 : width / 8);
  return true;
}

llvm::Error fill(ProbeArgumentValue &result, ArrayRef<int64_t> shape, Type element, const llvm::json::Value &value, size_t depth) {
  if (depth == shape.size()) {
    if (!append(result.bytes, element, value))
      return error("expects elements of type " + show(element) + ", but got " + llvm::formatv("{0}", value).str());
    return llvm::Error::success();
  }
  const llvm::json::Array *list = value.getAsArray();
  if (!list)
    return error("expects a list nested " + Twine(shape.size()) + " deep, but got " + llvm::formatv("{0}", value).str());
  int64_t size = list->size();
  if (!ShapedType::isDynamic(shape[depth]) && size != shape[depth])
    return error("expects " + Twine(shape[depth]) + " entries, but got " + Twine(size));
  if (result.shape.size() == depth)
    result.shape.push_back(size);
  if (size != result.shape[depth])
    return error("expects lists of one length, but got " + Twine(result.shape[depth]) + " and " + Twine(size) + " entries");
  for (const llvm::json::Value &entry : *list)
    if (llvm::Error problem = fill(result, shape, element, entry, depth + 1))
      return problem;
  return llvm::Error::success();
}

constexpr int64_t kMaxBytes = int64_t(1) << 27; // of one tensor

/// A tensor by lacuna-run's generators (`randint:1x8x64xi32:16`).
llvm::Expected<ProbeArgumentValue> generate(StringRef text, ShapedType type, bool onlyShape) {
  auto spec = run::parseArgumentSpec(text);
  if (!spec.ok())
    return error(spec.status().message);
  auto *generator = std::get_if<run::Generator>(&*spec);
  if (!generator || !type)
    return error("expects a number or a list of numbers, but got '" + text + "'");
  ArrayRef<int64_t> shape = generator->shape;
  bool fits = runtime::parseDType(show(type.getElementType())) == generator->dtype && type.getRank() == static_cast<int64_t>(shape.size());
  for (size_t i = 0; fits && i < shape.size(); ++i)
    fits = type.isDynamicDim(i) || type.getDimSize(i) == shape[i];
  if (!fits)
    return error("expects a value of type " + show(type) + ", but got " + run::typeText(generator->dtype, shape.vec()));
  auto bytes = run::tensorBytes(generator->dtype, shape.vec());
  if (!bytes.ok())
    return error(bytes.status().message);
  if (onlyShape)
    return ProbeArgumentValue{{}, shape.vec(), true};
  if (*bytes > kMaxBytes)
    return error("expects a tensor of at most " + Twine(kMaxBytes >> 20) + " MiB, but got " + run::typeText(generator->dtype, shape.vec()));
  auto tensor = run::makeTensor(generator->dtype, generator->shape);
  if (!tensor.ok())
    return error(tensor.status().message);
  if (auto status = run::fill(*tensor, generator->distribution, generator->seed.value_or(0), generator->limit); !status.ok())
    return error(status.message);
  return ProbeArgumentValue{std::move(tensor->bytes), tensor->shape, true};
}

} // namespace

llvm::Expected<std::vector<ArgumentText>> describeArguments(func::FuncOp function, ArrayRef<std::string> given) {
  std::vector<ArgumentText> result;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto name = function.getArgAttrOfType<StringAttr>(i, "attn.name"), text = function.getArgAttrOfType<StringAttr>(i, "attn.default");
    result.push_back({name ? name.str() : std::to_string(i), function.getArgumentTypes()[i], text ? text.str() : ""});
    if (Attribute value = function.getArgAttr(i, "attn.default"); value && !text) {
      llvm::raw_string_ostream stream(result.back().text); // a number, `4096 : index` in the file
      value.print(stream, /*elideType=*/true);
    }
  }
  std::string names = llvm::join(llvm::map_range(result, [](const ArgumentText &argument) { return argument.name; }), ", ");
  for (StringRef assignment : given) {
    auto [name, text] = assignment.split('=');
    size_t position = 0;
    if (text.empty())
      return error("--arg expects NAME=VALUE, but got '" + assignment + "'");
    auto it = llvm::find_if(result, [&, wanted = name](const ArgumentText &argument) { return argument.name == wanted; });
    if (it == result.end() && !name.getAsInteger(10, position) && position < result.size())
      it = result.begin() + position;
    if (it == result.end())
      return error("--arg " + name + ": @" + function.getName() + " has no such argument; it has " + names);
    it->text = text.str();
  }
  return result;
}

llvm::Expected<ProbeArgumentValue> parseArgument(const ArgumentText &argument, bool onlyShape) {
  auto fail = [&](llvm::Error problem) { return error("argument " + argument.name + ": " + llvm::toString(std::move(problem))); };
  StringRef text = StringRef(argument.text).trim();
  auto shaped = dyn_cast<ShapedType>(argument.type);
  if (text.contains(':')) {
    llvm::Expected<ProbeArgumentValue> value = generate(text, shaped && shaped.hasRank() ? shaped : ShapedType(), onlyShape);
    return value ? std::move(value) : fail(value.takeError());
  }
  if (text.starts_with("@"))
    return fail(error("expects a number or a list of numbers, but got '" + text + "'"));
  Type element = shaped ? shaped.getElementType() : argument.type;
  if (!element.isIntOrIndexOrFloat() || (shaped && !shaped.hasRank()))
    return fail(error("expects a scalar or a ranked tensor of numbers, but got type " + show(argument.type)));
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return fail(error("expects a number or a list of numbers, but got '" + text + "'"));
  }
  ProbeArgumentValue result;
  result.isTensor = static_cast<bool>(shaped);
  if (llvm::Error problem = fill(result, shaped ? shaped.getShape() : ArrayRef<int64_t>(), element, *value, 0))
    return fail(std::move(problem));
  if (shaped)
    result.shape.resize(shaped.getRank(), 0); // an empty list has no inner lists to take sizes from
  return result;
}

} // namespace lacuna
