// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Internal: what the handles of the C interface are, and how its functions report errors.
#ifndef LACUNA_RUNTIME_CAPI_H
#define LACUNA_RUNTIME_CAPI_H

#include "runtime/Program.h"

#include <exception>
#include <new>

struct lacunaProgram {
  explicit lacunaProgram(lacuna::runtime::Artifact artifact);

  lacuna::runtime::Program program;
  std::vector<std::string> schedules; ///< per target, its kernels' schedules joined
};

struct lacunaDevice {
  std::shared_ptr<lacuna::runtime::Device> device;
};

namespace lacuna::runtime {

/// Keeps the message of a failure for lacunaLastError; gives back the code.
lacunaStatus report(const Status &status) noexcept;

/// Runs the body of an interface function: its Status is reported, exceptions become one.
template <typename Body> lacunaStatus guarded(Body body) noexcept {
  try {
    return report(body());
  } catch (const std::bad_alloc &) {
    return report({LACUNA_OUT_OF_MEMORY, "out of memory"});
  } catch (const std::exception &error) {
    return report({LACUNA_INTERNAL_ERROR, std::string("internal error: ") + error.what()});
  } catch (...) {
    return report({LACUNA_INTERNAL_ERROR, "internal error"});
  }
}

/// An error if a handle or an out-pointer is null.
template <typename... Pointers> Status requireNonNull(Pointers... pointers) {
  return ((pointers != nullptr) && ...) ? success() : invalidArgument("a handle or out-pointer is null");
}

/// An error unless 0 <= index < count.
inline Status requireIndex(const char *what, int64_t index, size_t count) {
  if (index >= 0 && uint64_t(index) < count)
    return success();
  return expectsButGot(std::string(what) + " number",
                       count ? "0 to " + std::to_string(count - 1) : std::string("none, as there are none"),
                       std::to_string(index));
}

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_CAPI_H
