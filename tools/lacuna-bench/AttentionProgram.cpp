// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "AttentionProgram.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lacuna::bench;
using llvm::formatv;
using llvm::StringRef;

namespace {
/// Two numbers where one may do for both.
struct Pair {
  int64_t first = 0, second = 0;
};

struct Parameter {
  std::string name, type, value;
};

class Maker {
public:
  Maker(const Json &attention, const std::string &where, Problems &problems) : reader(attention, where, problems) {}
  Program make(const std::optional<std::string> &otherMask);

private:
  Pair readPair(const char *key, int64_t otherwise);
  std::string readType();
  void readParameters();
  void readParameter(const std::string &name, const Json &json);
  std::string tensorType(int64_t heads, int64_t length, int64_t size) const;
  std::string source(const std::string &mask) const;

  ObjectReader reader;
  int64_t batch = 1, queries = 1, keys = 1, seed = 1;
  Pair heads, sizes;
  std::string type;
  std::vector<Parameter> parameters;
};
} // namespace

Pair Maker::readPair(const char *key, int64_t otherwise) {
  const Json *json = reader.take(key);
  auto isSize = [](const Json &number) {
    return number.is_number_integer() && number.get<int64_t>() >= 1 && number.get<int64_t>() <= (1 << 20);
  };
  if (!json)
    return {otherwise, otherwise};
  if (isSize(*json))
    return {json->get<int64_t>(), json->get<int64_t>()};
  if (json->is_array() && json->size() == 2 && isSize((*json)[0]) && isSize((*json)[1]))
    return {(*json)[0].get<int64_t>(), (*json)[1].get<int64_t>()};
  reader.expects(key, "an integer from 1, or two in a list", *json);
  return {otherwise, otherwise};
}

std::string Maker::readType() {
  std::string name = reader.text("dtype", "f32");
  if (name == "f32" || name == "f16" || name == "bf16")
    return name;
  reader.problem("dtype", "expects one of f32, f16, bf16, but got '" + name + "'");
  return "f32";
}

void Maker::readParameter(const std::string &name, const Json &json) {
  std::string key = "parameters." + name;
  bool isName = !name.empty() && name != "q" && name != "k" && name != "v";
  for (char c : name)
    isName &= c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (!isName || (name[0] >= '0' && name[0] <= '9'))
    return reader.problem(key, "expects a name of letters, digits and _ other than q, k and v");
  if (json.is_number_integer()) {
    parameters.push_back({name, "index", json.dump()});
    return;
  }
  bool isTyped = json.is_object() && json.size() == 2 && json.contains("type") && json.contains("value") &&
                 json["type"].is_string() && !json["value"].is_object() && !json["value"].is_null();
  if (!isTyped)
    return reader.expects(key, "an integer, or an object with \"type\" and \"value\"", json);
  const Json &value = json["value"];
  parameters.push_back(
      {name, json["type"].get<std::string>(), value.is_string() ? value.get<std::string>() : value.dump()});
}

void Maker::readParameters() {
  const Json *json = reader.take("parameters");
  if (!json)
    return;
  if (!json->is_object())
    return reader.expects("parameters", "an object", *json);
  for (const auto &[name, value] : json->items())
    readParameter(name, value);
}

std::string Maker::tensorType(int64_t heads, int64_t length, int64_t size) const {
  // Few queries are compiled in: their number chooses the schedule.
  std::string tokens = length <= 64 ? std::to_string(length) : "?";
  return formatv("tensor<{0}x{1}x{2}x{3}x{4}>", batch, heads, tokens, size, type);
}

std::string Maker::source(const std::string &mask) const {
  std::string q = tensorType(heads.first, queries, sizes.first), k = tensorType(heads.second, keys, sizes.first),
              v = tensorType(heads.second, keys, sizes.second), o = tensorType(heads.first, queries, sizes.second);
  std::string lse =
      formatv("tensor<{0}x{1}x{2}xf32>", batch, heads.first, queries <= 64 ? std::to_string(queries) : "?");
  std::string text = formatv("func.func @attention(%q: {0} {{attn.name = \"q\"}, %k: {1} {{attn.name = \"k\"}, "
                             "%v: {2} {{attn.name = \"v\"}",
                             q, k, v);
  for (const Parameter &parameter : parameters)
    text += formatv(", %{0}: {1} {{attn.name = \"{0}\"}", parameter.name, parameter.type);
  text += formatv(") -> ({0}, {1}) {{\n{2}\n", o, lse, mask);
  text += formatv("  %o, %lse = attn.attention %q, %k, %v {0}layout(bhsd) : {1}, {2}, {3} -> {4}, {5}\n"
                  "  return %o, %lse : {4}, {5}\n}\n",
                  StringRef(mask).trim().empty() ? "" : "mask(%m) ", q, k, v, o, lse);
  return text;
}

Program Maker::make(const std::optional<std::string> &otherMask) {
  batch = reader.integer("batch", 1).value_or(1);
  heads = readPair("heads", 1);
  sizes = readPair("head_size", 64);
  std::optional<int64_t> given = reader.integer("queries", 0);
  if (!given && !reader.has("queries"))
    reader.problem("queries", "is missing");
  queries = given.value_or(1);
  keys = reader.integer("keys", 0).value_or(queries);
  seed = reader.integer("seed", 0, INT64_MAX - 2).value_or(1);
  type = readType();
  readParameters();
  std::string mask = reader.text("mask");
  reader.finish();
  Program program;
  program.path = "<attention>";
  program.text = source(otherMask.value_or(mask));
  auto tensor = [&](const char *name, int64_t heads, int64_t length, int64_t size, int64_t number) {
    program.arguments.push_back(
        formatv("{0}=randn:{1}x{2}x{3}x{4}x{5}:{6}", name, batch, heads, length, size, type, seed + number));
  };
  tensor("q", heads.first, queries, sizes.first, 0);
  tensor("k", heads.second, keys, sizes.first, 1);
  tensor("v", heads.second, keys, sizes.second, 2);
  for (const Parameter &parameter : parameters)
    program.arguments.push_back(parameter.name + "=" + parameter.value);
  return program;
}

Program lacuna::bench::makeAttentionProgram(const Json &attention, const std::string &where, Problems &problems,
                                            const std::optional<std::string> &mask) {
  return Maker(attention, where, problems).make(mask);
}
