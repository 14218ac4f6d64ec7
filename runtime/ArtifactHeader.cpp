// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON header <-> Artifact. Every member's type and range is checked; unknown members are ignored, so that a newer
// minor version may add some. The first problem is kept and named by its path ("entries[0].arguments[2].offset").
#include "runtime/ArtifactHeader.h"

#include "runtime/DType.h"

#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

using namespace lacuna::runtime;
using Json = nlohmann::ordered_json;

//===--- Writing --------------------------------------------------------------------------------------------------===//

static Json writeArgument(const Argument &argument) {
  bool isTensor = argument.kind == LACUNA_TENSOR;
  Json json = {{"name", argument.name},
               {"kind", isTensor ? "tensor" : "scalar"},
               {"dtype", dtypeName(argument.dtype)},
               {"offset", argument.offset}};
  if (isTensor) {
    Json shape = Json::array();
    for (int64_t size : argument.shape)
      shape.push_back(size < 0 ? Json() : Json(size));
    json["shape"] = shape;
  }
  json["default"] = argument.defaultValue ? Json(*argument.defaultValue) : Json();
  return json;
}

static Json writeEntry(const Entry &entry) {
  Json json = {{"name", entry.name}, {"parameter_bytes", entry.parameterBytes}};
  auto writeAll = [](const std::vector<Argument> &list) {
    Json array = Json::array();
    for (const Argument &argument : list)
      array.push_back(writeArgument(argument));
    return array;
  };
  json["arguments"] = writeAll(entry.arguments);
  json["results"] = writeAll(entry.results);
  return json;
}

static Json writeTarget(const Target &target) {
  Json kernels = Json::array();
  for (const Kernel &kernel : target.kernels)
    kernels.push_back({{"symbol", kernel.symbol},
                       {"cost", kernel.cost ? Json(*kernel.cost) : Json()},
                       {"block", kernel.block},
                       {"shared_bytes", kernel.sharedBytes},
                       {"schedule", kernel.schedule},
                       {"tile", kernel.tile}});
  return {{"name", target.name},
          {"device", target.device},
          {"requires", target.requirements},
          {"host", target.host},
          {"code", target.code ? Json(*target.code) : Json()},
          {"kernels", kernels}};
}

std::string lacuna::runtime::writeHeader(const Artifact &artifact, const std::vector<BlobRange> &ranges) {
  Json json;
  json["format"] = {{"major", formatMajor}, {"minor", formatMinor}};
  json["producer"] = artifact.producer;
  json["source_hash"] = artifact.sourceHash;
  if (artifact.source)
    json["source"] = *artifact.source;
  for (const char *list : {"entries", "targets", "blobs"})
    json[list] = Json::array();
  for (const Entry &entry : artifact.entries)
    json["entries"].push_back(writeEntry(entry));
  for (const Target &target : artifact.targets)
    json["targets"].push_back(writeTarget(target));
  for (size_t i = 0; i < ranges.size(); ++i)
    json["blobs"].push_back({{"offset", ranges[i].offset}, {"size", ranges[i].size}, {"kind", artifact.blobs[i].kind}});
  // `replace`: a source text that is not UTF-8 must not throw.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

//===--- Reading --------------------------------------------------------------------------------------------------===//

namespace {
constexpr int64_t maxInteger = std::numeric_limits<int64_t>::max();
/// A block holds a few hundred arguments at most; a damaged file must not make a run allocate gigabytes.
constexpr int64_t maxParameterBytes = int64_t(1) << 20;

/// A value in the header, or the lack of one, with its path. After the first error all reads return empty values.
class Node {
public:
  Node(const Json *value, std::string path, std::string &error) : value(value), path(std::move(path)), error(error) {}

  Node operator[](const char *name) const {
    const Json *member = nullptr;
    if (value && value->is_object()) {
      if (auto it = value->find(name); it != value->end())
        member = &*it;
    } else {
      expects("an object");
    }
    return {member, path.empty() ? name : path + "." + name, error};
  }

  bool isNull() const { return !value || value->is_null(); }

  std::string string() const {
    if (value && value->is_string())
      return value->get_ref<const std::string &>();
    expects("a string");
    return {};
  }
  std::optional<std::string> optionalString() const {
    return isNull() ? std::nullopt : std::optional<std::string>(string());
  }
  std::string name() const {
    std::string text = string();
    if (text.empty() || text.find('\0') != std::string::npos)
      expects("a name");
    return text;
  }

  int64_t integer(int64_t min, int64_t max) const {
    if (value && value->is_number_unsigned()) {
      if (uint64_t number = value->get<uint64_t>(); number <= uint64_t(max) && (min <= 0 || number >= uint64_t(min)))
        return int64_t(number);
    } else if (value && value->is_number_integer()) {
      if (int64_t number = value->get<int64_t>(); number >= min && number <= max)
        return number;
    }
    expects("an integer from " + std::to_string(min) + " to " + std::to_string(max));
    return min;
  }

  void each(const std::function<void(Node)> &visit) const {
    if (!value || !value->is_array())
      return expects("an array");
    for (size_t i = 0; i < value->size() && error.empty(); ++i)
      visit({&(*value)[i], path + "[" + std::to_string(i) + "]", error});
  }

  void expects(const std::string &what) const {
    if (error.empty())
      error = "artifact header: " + (path.empty() ? "" : path + ": ") + "expects " + what + ", but got " + describe();
  }

private:
  std::string describe() const {
    if (!value)
      return "nothing";
    std::string text =
        value->is_structured() ? value->type_name() : value->dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() > 80 ? text.substr(0, 80) + "…" : text;
  }

  const Json *value;
  std::string path;
  std::string &error;
};
} // namespace

static Argument readArgument(Node node) {
  Argument argument;
  argument.name = node["name"].name();
  std::string kind = node["kind"].string();
  if (kind != "tensor" && kind != "scalar")
    node["kind"].expects("'tensor' or 'scalar'");
  argument.kind = kind == "tensor" ? LACUNA_TENSOR : LACUNA_SCALAR;
  if (auto dtype = parseDType(node["dtype"].string()))
    argument.dtype = *dtype;
  else
    node["dtype"].expects("an element type that this runtime knows");
  if (argument.kind == LACUNA_TENSOR)
    node["shape"].each([&](Node size) { argument.shape.push_back(size.isNull() ? -1 : size.integer(0, maxInteger)); });
  argument.offset = node["offset"].integer(0, maxParameterBytes);
  argument.defaultValue = node["default"].optionalString();
  return argument;
}

/// The slots of an entry follow each other without overlap and stay inside its block.
static void checkSlots(const Node &node, const Entry &entry) {
  int64_t end = 0;
  std::set<std::string> names;
  for (const auto *list : {&entry.arguments, &entry.results})
    for (const Argument &argument : *list) {
      if (!names.insert(argument.name).second)
        node["arguments"].expects("distinct names (two are '" + argument.name + "')");
      if (argument.offset % 8 != 0 || argument.offset < end)
        node["arguments"].expects("the offset of '" + argument.name + "' to be a multiple of 8 and at least " +
                                  std::to_string(end) + " (it is " + std::to_string(argument.offset) + ")");
      end = argument.offset + 8 * argument.slots();
    }
  if (end > entry.parameterBytes)
    node["parameter_bytes"].expects("at least " + std::to_string(end));
}

static Entry readEntry(Node node) {
  Entry entry;
  entry.name = node["name"].name();
  entry.parameterBytes = node["parameter_bytes"].integer(0, maxParameterBytes);
  node["arguments"].each([&](Node argument) { entry.arguments.push_back(readArgument(argument)); });
  node["results"].each([&](Node result) {
    entry.results.push_back(readArgument(result));
    if (entry.results.back().kind != LACUNA_TENSOR)
      result["kind"].expects("'tensor'");
  });
  checkSlots(node, entry);
  return entry;
}

static Kernel readKernel(Node node) {
  Kernel kernel;
  kernel.symbol = node["symbol"].name();
  if (!node["cost"].isNull())
    kernel.cost = node["cost"].name();
  size_t dimension = 0;
  node["block"].each([&](Node size) {
    int64_t threads = size.integer(1, std::numeric_limits<int32_t>::max());
    if (dimension < 3)
      kernel.block[dimension] = threads;
    ++dimension;
  });
  if (dimension != 3)
    node["block"].expects("3 sizes");
  kernel.sharedBytes = node["shared_bytes"].integer(0, std::numeric_limits<int32_t>::max());
  kernel.schedule = node["schedule"].optionalString().value_or("");
  if (!node["tile"].isNull())
    node["tile"].each([&](Node size) { kernel.tile.push_back(size.integer(1, std::numeric_limits<int32_t>::max())); });
  return kernel;
}

static Target readTarget(Node node, const std::vector<Blob> &blobs) {
  Target target;
  target.name = node["name"].name();
  target.device = node["device"].name();
  node["requires"].each([&](Node feature) { target.requirements.push_back(feature.name()); });
  auto blob = [&](Node index) {
    int64_t number = index.integer(0, maxInteger);
    if (uint64_t(number) >= blobs.size())
      index.expects("the number of one of the " + std::to_string(blobs.size()) + " blobs");
    return number;
  };
  target.host = blob(node["host"]);
  if (!node["code"].isNull())
    target.code = blob(node["code"]);
  node["kernels"].each([&](Node kernel) { target.kernels.push_back(readKernel(kernel)); });
  return target;
}

/// Before all else: another major version may give any member another meaning.
static Status readFormat(const Node &root, std::string &error, Artifact &artifact) {
  int64_t major = root["format"]["major"].integer(0, maxInteger);
  artifact.minor = root["format"]["minor"].integer(0, maxInteger);
  if (error.empty() && major != formatMajor)
    return failure(LACUNA_INVALID_ARTIFACT, "artifact format: expects " + std::to_string(formatMajor) + "." +
                                                std::to_string(formatMinor) + " or another " +
                                                std::to_string(formatMajor) + ".x, but got " + std::to_string(major) +
                                                "." + std::to_string(artifact.minor));
  return success();
}

Result<Artifact> lacuna::runtime::readHeader(const char *text, size_t size, std::vector<BlobRange> &ranges) {
  Json json = Json::parse(text, text + size, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded())
    return failure(LACUNA_INVALID_ARTIFACT, "artifact header: expects JSON in UTF-8, but got something else");
  std::string error;
  Node root(&json, "", error);
  Artifact artifact;
  if (Status status = readFormat(root, error, artifact); !status.ok())
    return status;
  artifact.producer = root["producer"].string();
  artifact.sourceHash = root["source_hash"].string();
  artifact.source = root["source"].optionalString();
  root["blobs"].each([&](Node node) {
    ranges.push_back({uint64_t(node["offset"].integer(0, maxInteger)), uint64_t(node["size"].integer(0, maxInteger))});
    artifact.blobs.push_back({node["kind"].string(), {}});
  });
  std::set<std::string> names;
  root["entries"].each([&](Node node) {
    artifact.entries.push_back(readEntry(node));
    if (!names.insert(artifact.entries.back().name).second)
      node["name"].expects("names that differ");
  });
  root["targets"].each([&](Node node) { artifact.targets.push_back(readTarget(node, artifact.blobs)); });
  if (!error.empty())
    return failure(LACUNA_INVALID_ARTIFACT, error);
  return artifact;
}
