// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Values.h"

#include "Safetensors.h"

#include "runtime/DType.h"

#include "llvm/ADT/STLExtras.h"

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;
using llvm::StringRef;

//===--- Numbers --------------------------------------------------------------------------------------------------===//

static Result<int64_t> parseInteger(StringRef text, lacunaDType dtype) {
  int64_t value = text == "true";
  if (dtype == LACUNA_I1 && (text == "true" || text == "false"))
    return value;
  if (text.getAsInteger(10, value) || !fitsInteger(dtype, value))
    return invalidArgument("expects a number of type " + dtypeName(dtype) + ", but got '" + text.str() + "'");
  return value;
}

static Result<double> parseReal(StringRef text, lacunaDType dtype) {
  double value;
  if (text.empty() || text.getAsDouble(value))
    return invalidArgument("expects a number of type " + dtypeName(dtype) + ", but got '" + text.str() + "'");
  return value;
}

static Result<HostValue> makeScalar(const std::string &text, const lacunaArgumentInfo &info) {
  HostValue value;
  value.kind = LACUNA_SCALAR;
  value.dtype = info.dtype;
  if (isFloat(info.dtype)) {
    Result<double> real = parseReal(text, info.dtype);
    if (!real.ok())
      return real.status();
    value.real = *real;
    return value;
  }
  Result<int64_t> integer = parseInteger(text, info.dtype);
  if (!integer.ok())
    return integer.status();
  value.integer = *integer;
  return value;
}

//===--- Tensors --------------------------------------------------------------------------------------------------===//

static Result<HostTensor> makeList(const NumberList &list, lacunaDType dtype, int64_t rank) {
  std::vector<int64_t> shape = list.shape;
  if (list.numbers.empty()) // an empty list has no inner lists to take sizes from
    shape.resize(size_t(rank), 0);
  Result<HostTensor> tensor = makeTensor(dtype, shape);
  for (auto [i, text] : llvm::enumerate(list.numbers)) {
    if (isFloat(dtype)) {
      Result<double> real = parseReal(text, dtype);
      if (!real.ok())
        return real.status();
      tensor->setReal(int64_t(i), *real);
      continue;
    }
    Result<int64_t> integer = parseInteger(text, dtype);
    if (!integer.ok())
      return integer.status();
    tensor->setInteger(int64_t(i), *integer);
  }
  return tensor;
}

static Status checkDType(lacunaDType wanted, lacunaDType got) {
  if (sameDType(wanted, got))
    return success();
  return invalidArgument("expects elements of type " + dtypeName(wanted) + ", but got " + dtypeName(got));
}

static Result<HostTensor> generate(const Generator &generator, lacunaDType dtype, int64_t number) {
  // Before any memory is asked for.
  if (Status status = checkDType(dtype, generator.dtype); !status.ok())
    return status;
  Result<HostTensor> tensor = makeTensor(dtype, generator.shape);
  if (!tensor.ok())
    return tensor;
  Status status = fill(*tensor, generator.distribution, generator.seed.value_or(uint64_t(number)), generator.limit);
  return status.ok() ? std::move(tensor) : Result<HostTensor>(status);
}

static Result<HostTensor> makeTensorValue(const ArgumentSpec &spec, const lacunaArgumentInfo &info, int64_t number) {
  if (auto *generator = std::get_if<Generator>(&spec))
    return generate(*generator, info.dtype, number);
  if (auto *list = std::get_if<NumberList>(&spec))
    return makeList(*list, info.dtype, info.rank);
  if (auto *file = std::get_if<FileTensor>(&spec)) {
    Result<HostTensor> tensor = readSafetensor(file->path, file->key);
    if (!tensor.ok())
      return tensor;
    Status status = checkDType(info.dtype, tensor->dtype);
    return status.ok() ? std::move(tensor) : Result<HostTensor>(status);
  }
  return invalidArgument("expects a tensor of " + dtypeName(info.dtype) + " (randn:…, [1, 2] or @file), but got '" +
                         std::get<Number>(spec).text + "'");
}

//===--- Arguments ------------------------------------------------------------------------------------------------===//

Result<HostValue> lacuna::run::makeValue(const ArgumentSpec &spec, const lacunaArgumentInfo &info, int64_t number) {
  if (info.kind == LACUNA_SCALAR) {
    if (auto *scalar = std::get_if<Number>(&spec))
      return makeScalar(scalar->text, info);
    return invalidArgument("expects a number of type " + dtypeName(info.dtype) + ", but got a tensor");
  }
  Result<HostTensor> tensor = makeTensorValue(spec, info, number);
  if (!tensor.ok())
    return tensor.status();
  HostValue value;
  value.dtype = info.dtype;
  value.tensor = std::move(*tensor);
  return value;
}

std::string lacuna::run::valueText(const HostValue &value) {
  if (value.kind == LACUNA_TENSOR)
    return typeText(value.dtype, value.tensor.shape);
  if (!isFloat(value.dtype))
    return std::to_string(value.integer);
  char text[32];
  snprintf(text, sizeof(text), "%g", value.real);
  return text;
}

/// Position of `name` in `names`, which also have numbers; an exact name wins. The error lists them.
static Result<int64_t> findName(const char *what, const std::vector<std::string> &names, const std::string &name) {
  for (auto [i, candidate] : llvm::enumerate(names))
    if (candidate == name)
      return int64_t(i);
  size_t number;
  if (!StringRef(name).getAsInteger(10, number) && number < names.size())
    return int64_t(number);
  std::string known;
  for (const std::string &candidate : names)
    known += (known.empty() ? "" : ", ") + candidate;
  return expectsButGot(what, names.empty() ? "none, as there are none" : "one of " + known, "'" + name + "'");
}

static std::vector<lacunaArgumentInfo> describeArguments(const lacunaProgram *program, int64_t entry) {
  lacunaEntryInfo entryInfo = {};
  lacunaProgramEntry(program, entry, &entryInfo);
  std::vector<lacunaArgumentInfo> infos(size_t(entryInfo.num_arguments));
  for (auto [i, info] : llvm::enumerate(infos))
    lacunaProgramArgument(program, entry, int64_t(i), &info);
  return infos;
}

/// The text given for each argument, if any.
static Result<std::vector<std::optional<std::string>>> assignTexts(const std::vector<lacunaArgumentInfo> &infos,
                                                                   const std::vector<Assignment> &assignments) {
  std::vector<std::string> names;
  for (const lacunaArgumentInfo &info : infos)
    names.push_back(info.name);
  std::vector<std::optional<std::string>> texts(infos.size());
  for (const Assignment &assignment : assignments) {
    Result<int64_t> position = findName("argument", names, assignment.name);
    if (!position.ok())
      return position.status();
    if (texts[size_t(*position)])
      return invalidArgument("argument '" + names[size_t(*position)] + "' is given twice");
    texts[size_t(*position)] = assignment.value;
  }
  return texts;
}

Result<std::vector<HostValue>> lacuna::run::makeValues(const lacunaProgram *program, int64_t entry,
                                                       const std::vector<Assignment> &assignments) {
  std::vector<lacunaArgumentInfo> infos = describeArguments(program, entry);
  Result<std::vector<std::optional<std::string>>> texts = assignTexts(infos, assignments);
  if (!texts.ok())
    return texts.status();
  std::vector<HostValue> values;
  for (auto [i, info] : llvm::enumerate(infos)) {
    const std::optional<std::string> &text = (*texts)[i];
    std::string name = info.name, where = "argument '" + name + "'";
    if (!text && !info.default_value)
      return invalidArgument(where + " has no default: give it with --arg " + name + "=VALUE");
    Result<ArgumentSpec> spec = parseArgumentSpec(text ? StringRef(*text) : StringRef(info.default_value));
    Result<HostValue> value = spec.ok() ? makeValue(*spec, info, int64_t(i)) : spec.status();
    if (!value.ok())
      return Status{value.status().code, where + (text ? "" : ", default value") + ": " + value.status().message};
    values.push_back(std::move(*value));
  }
  return values;
}

Result<int64_t> lacuna::run::findResult(const lacunaProgram *program, int64_t entry, const std::string &name) {
  lacunaEntryInfo entryInfo = {};
  lacunaProgramEntry(program, entry, &entryInfo);
  std::vector<std::string> names;
  for (int64_t i = 0; i < entryInfo.num_results; ++i) {
    lacunaArgumentInfo info = {};
    lacunaProgramResult(program, entry, i, &info);
    names.push_back(info.name);
  }
  StringRef number = name;
  bool positional = number.consume_front("result") && !llvm::is_contained(names, name);
  return findName("result", names, positional && !number.empty() ? number.str() : name);
}
