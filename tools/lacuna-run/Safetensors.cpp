// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Safetensors.h"

#include "runtime/DType.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

using namespace lacuna;
using namespace lacuna::run;
using namespace lacuna::runtime;
using Json = nlohmann::json;

namespace {
struct DTypeRow {
  const char *name;
  lacunaDType dtype;
};
const DTypeRow dtypes[] = {{"F64", LACUNA_F64},   {"F32", LACUNA_F32}, {"F16", LACUNA_F16},
                           {"BF16", LACUNA_BF16}, {"I64", LACUNA_I64}, {"I32", LACUNA_I32},
                           {"I16", LACUNA_I16},   {"I8", LACUNA_I8},   {"BOOL", LACUNA_I1}};

/// One member of the header.
struct Slot {
  std::string dtype;
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;
};
using Slots = std::map<std::string, Slot>;

/// As in the reference implementation of the format.
constexpr uint64_t maxHeaderBytes = 100'000'000;
} // namespace

//===--- Reading --------------------------------------------------------------------------------------------------===//

static Status damaged(const std::string &path, const std::string &what) {
  return failure(LACUNA_IO_ERROR, "'" + path + "' is no safetensors file: " + what);
}

/// An unsigned number that fits int64_t.
static std::optional<int64_t> readSize(const Json &json) {
  if (!json.is_number_unsigned() || json.get<uint64_t>() > uint64_t(INT64_MAX))
    return std::nullopt;
  return int64_t(json.get<uint64_t>());
}

static std::optional<Slot> readSlot(const Json &json) {
  if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") || !json.contains("data_offsets"))
    return std::nullopt;
  const Json &dtype = json["dtype"], &shape = json["shape"], &offsets = json["data_offsets"];
  if (!dtype.is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2)
    return std::nullopt;
  Slot slot;
  slot.dtype = dtype.get<std::string>();
  for (const Json &size : shape) {
    std::optional<int64_t> number = readSize(size);
    if (!number)
      return std::nullopt;
    slot.shape.push_back(*number);
  }
  std::optional<int64_t> begin = readSize(offsets[0]), end = readSize(offsets[1]);
  if (!begin || !end || *begin > *end)
    return std::nullopt;
  slot.begin = uint64_t(*begin);
  slot.end = uint64_t(*end);
  return slot;
}

/// The format allows neither overlaps nor holes.
static bool coversExactly(const Slots &slots, uint64_t size) {
  std::vector<std::pair<uint64_t, uint64_t>> ranges;
  for (const auto &entry : slots)
    ranges.emplace_back(entry.second.begin, entry.second.end);
  std::sort(ranges.begin(), ranges.end());
  uint64_t position = 0;
  for (auto [begin, end] : ranges) {
    if (begin != position)
      return false;
    position = end;
  }
  return position == size;
}

static Result<Slots> readHeader(const std::string &path, const std::string &text, uint64_t dataBytes) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return damaged(path, "its header is no JSON object");
  Slots slots;
  for (const auto &[key, value] : json.items()) {
    if (key == "__metadata__")
      continue;
    std::optional<Slot> slot = readSlot(value);
    if (!slot)
      return damaged(path, "its header describes tensor '" + key + "' wrongly");
    slots[key] = std::move(*slot);
  }
  if (!coversExactly(slots, dataBytes))
    return damaged(path, "its offsets overlap, leave holes or leave the file");
  return slots;
}

static Result<Slots::const_iterator> findSlot(const std::string &path, const Slots &slots, const std::string &key) {
  if (key.empty() && slots.size() == 1)
    return slots.begin();
  if (auto found = slots.find(key); found != slots.end())
    return found;
  std::string known;
  for (const auto &entry : slots)
    known += (known.empty() ? "" : ", ") + entry.first;
  return expectsButGot("key in '" + path + "'", slots.empty() ? "none, as it is empty" : "one of " + known,
                       "'" + key + "'");
}

static Result<HostTensor> makeSlotTensor(const std::string &path, const std::string &key, const Slot &slot) {
  for (const DTypeRow &row : dtypes) {
    if (slot.dtype != row.name)
      continue;
    Result<int64_t> bytes = tensorBytes(row.dtype, slot.shape);
    if (!bytes.ok() || uint64_t(*bytes) != slot.end - slot.begin)
      return damaged(path, "the shape of tensor '" + key + "' does not fit its offsets");
    return makeTensor(row.dtype, slot.shape);
  }
  return failure(LACUNA_UNSUPPORTED,
                 "type " + slot.dtype + " of tensor '" + key + "' in '" + path + "' is not supported");
}

Result<HostTensor> lacuna::run::readSafetensor(const std::string &path, const std::string &key) {
  std::ifstream file(path, std::ios::binary);
  uint64_t headerBytes = 0, fileBytes = 0;
  if (file.seekg(0, std::ios::end))
    fileBytes = uint64_t(file.tellg());
  if (!file || !file.seekg(0))
    return failure(LACUNA_IO_ERROR, "cannot read '" + path + "': " + std::strerror(errno));
  if (fileBytes < 8 || !file.read(reinterpret_cast<char *>(&headerBytes), 8))
    return damaged(path, "it has " + std::to_string(fileBytes) + " bytes");
  if (headerBytes > std::min(fileBytes - 8, maxHeaderBytes))
    return damaged(path, "it tells a header of " + std::to_string(headerBytes) + " bytes");
  std::string header(size_t(headerBytes), '\0');
  if (!file.read(header.data(), std::streamsize(headerBytes)))
    return damaged(path, "its header ends early");
  Result<Slots> slots = readHeader(path, header, fileBytes - 8 - headerBytes);
  if (!slots.ok())
    return slots.status();
  Result<Slots::const_iterator> found = findSlot(path, *slots, key);
  if (!found.ok())
    return found.status();
  const Slot &slot = (*found)->second;
  Result<HostTensor> tensor = makeSlotTensor(path, (*found)->first, slot);
  if (!tensor.ok())
    return tensor;
  if (!file.seekg(std::streamoff(8 + headerBytes + slot.begin)) ||
      !file.read(tensor->bytes.data(), std::streamsize(tensor->bytes.size())))
    return damaged(path, "its data ends early");
  if (tensor->dtype == LACUNA_I1)
    for (char &byte : tensor->bytes)
      byte = byte != 0; // the runtime's i1 is 0 or 1
  return tensor;
}

//===--- Writing --------------------------------------------------------------------------------------------------===//

std::string lacuna::run::serializeSafetensors(const std::vector<NamedTensor> &tensors) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  std::string data;
  for (const NamedTensor &named : tensors) {
    const HostTensor &tensor = *named.tensor;
    const char *name = "I64"; // index
    for (const DTypeRow &row : dtypes)
      if (row.dtype == tensor.dtype)
        name = row.name;
    size_t begin = data.size();
    data.append(tensor.bytes.data(), tensor.bytes.size());
    header[named.key] = {{"dtype", name}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
  }
  std::string text = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' '); // data starts at a multiple of 8
  uint64_t length = text.size();
  return std::string(reinterpret_cast<const char *>(&length), 8) + text + data;
}
