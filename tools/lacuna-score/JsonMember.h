// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading JSON that may be anything: what is missing, or of another type, is nothing.
#ifndef LACUNA_TOOLS_SCORE_JSONMEMBER_H
#define LACUNA_TOOLS_SCORE_JSONMEMBER_H

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace lacuna::score {

/// A member, or null where there is none.
inline const nlohmann::json &memberOf(const nlohmann::json &object, const char *key) {
  static const nlohmann::json null;
  auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : null;
}

inline std::string textOf(const nlohmann::json &json) { return json.is_string() ? json.get<std::string>() : ""; }

inline std::optional<double> numberOf(const nlohmann::json &json) {
  return json.is_number() ? std::optional(json.get<double>()) : std::nullopt;
}

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_JSONMEMBER_H
