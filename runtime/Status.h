// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Error values of the runtime: a status code with its message, and a value-or-error. Exceptions are not used for
// errors; those of the standard library (no memory) are caught at the C interface.
#ifndef LACUNA_RUNTIME_STATUS_H
#define LACUNA_RUNTIME_STATUS_H

#include "lacuna/Runtime.h"

#include <string>
#include <utility>
#include <variant>

namespace lacuna::runtime {

/// Success, or a code with a message (lower case, no full stop, with the offending value).
struct [[nodiscard]] Status {
  lacunaStatus code = LACUNA_OK;
  std::string message;

  bool ok() const { return code == LACUNA_OK; }
};

inline Status success() { return {}; }
inline Status failure(lacunaStatus code, std::string message) { return {code, std::move(message)}; }
inline Status invalidArgument(std::string message) { return {LACUNA_INVALID_ARGUMENT, std::move(message)}; }

/// "WHAT: expects EXPECTED, but got GOT", the one form of all mismatches.
inline Status expectsButGot(const std::string &what, const std::string &expected, const std::string &got) {
  return invalidArgument(what + ": expects " + expected + ", but got " + got);
}

/// A value, or the Status that says why there is none.
template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : state(std::in_place_index<0>, std::move(value)) {}
  Result(Status status) : state(std::in_place_index<1>, std::move(status)) {}

  bool ok() const { return state.index() == 0; }
  T &operator*() { return *std::get_if<0>(&state); }
  const T &operator*() const { return *std::get_if<0>(&state); }
  T *operator->() { return std::get_if<0>(&state); }
  const T *operator->() const { return std::get_if<0>(&state); }
  /// The error; only when !ok().
  const Status &status() const { return *std::get_if<1>(&state); }

private:
  std::variant<T, Status> state;
};

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_STATUS_H
