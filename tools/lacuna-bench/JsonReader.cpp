// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "JsonReader.h"

#include "llvm/ADT/StringRef.h"

#include <cmath>

using namespace lacuna::bench;

const Json &lacuna::bench::memberOf(const Json &object, const char *key) {
  static const Json null;
  auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : null;
}

std::string lacuna::bench::textOf(const Json &json) { return json.is_string() ? json.get<std::string>() : ""; }

std::string lacuna::bench::show(const Json &json) {
  if (json.is_structured())
    return json.is_array() ? "a list" : "an object";
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() > 100 ? text.substr(0, 97) + "..." : text;
}

ObjectReader::ObjectReader(const Json &json, std::string where, Problems &problems)
    : where(std::move(where)), problems(problems) {
  if (json.is_object())
    object = json;
  else
    expects("", "an object", json);
}

const Json *ObjectReader::take(const char *key) {
  taken.insert(key);
  auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string ObjectReader::text(const char *key, const std::string &otherwise) {
  const Json *member = take(key);
  if (!member)
    return otherwise;
  if (member->is_string() && !member->get<std::string>().empty())
    return member->get<std::string>();
  expects(key, "a text", *member);
  return otherwise;
}

bool ObjectReader::flag(const char *key, bool otherwise) {
  const Json *member = take(key);
  if (member && !member->is_boolean())
    expects(key, "true or false", *member);
  return member && member->is_boolean() ? member->get<bool>() : otherwise;
}

std::optional<int64_t> ObjectReader::integer(const char *key, int64_t least, int64_t most) {
  const Json *member = take(key);
  if (!member)
    return std::nullopt;
  bool fits =
      member->is_number_unsigned() ? member->get<uint64_t>() <= uint64_t(INT64_MAX) : member->is_number_integer();
  if (fits && member->get<int64_t>() >= least && member->get<int64_t>() <= most)
    return member->get<int64_t>();
  std::string range = most == INT64_MAX ? "from " + std::to_string(least)
                                        : "in [" + std::to_string(least) + ", " + std::to_string(most) + "]";
  expects(key, "an integer " + range, *member);
  return std::nullopt;
}

std::optional<double> ObjectReader::number(const char *key) {
  const Json *member = take(key);
  if (!member)
    return std::nullopt;
  if (member->is_number() && std::isfinite(member->get<double>()) && member->get<double>() > 0)
    return member->get<double>();
  expects(key, "a number above 0", *member);
  return std::nullopt;
}

std::vector<std::string> ObjectReader::texts(const char *key) {
  std::vector<std::string> result;
  const Json *member = take(key);
  if (!member)
    return result;
  if (!member->is_array())
    expects(key, "a list of texts", *member);
  for (size_t i = 0; member->is_array() && i < member->size(); ++i) {
    const Json &item = (*member)[i];
    if (item.is_string() && !item.get<std::string>().empty())
      result.push_back(item.get<std::string>());
    else
      expects(std::string(key) + "[" + std::to_string(i) + "]", "a text", item);
  }
  return result;
}

void ObjectReader::finish() {
  for (const auto &[key, value] : object.items()) {
    if (taken.count(key))
      continue;
    std::string nearest;
    unsigned best = 4; // further away is no misspelling
    for (const std::string &known : taken)
      if (unsigned distance = llvm::StringRef(key).edit_distance(known, true, best); distance < best) {
        best = distance;
        nearest = known;
      }
    problem(key, "is no key that is known here" + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
  }
}
