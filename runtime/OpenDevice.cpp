// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of devices: which public name leads to which implementation.
#include "runtime/Device.h"

using namespace lacuna::runtime;

using OpenFunction = Result<std::shared_ptr<Device>> (*)(const std::string &);

namespace {
struct DeviceRow {
  const char *kind;
  const char *id;    // what must follow the colon, for messages; nullptr: no colon
  OpenFunction open; // nullptr: known, but not part of this build
  const char *whyNot;
};

#ifdef LACUNA_HAS_EMULATOR
constexpr OpenFunction openEmulator = openEmulatorDevice;
#else
constexpr OpenFunction openEmulator = nullptr;
#endif

const DeviceRow devices[] = {
    {"cpu", nullptr, openCpuDevice, ""},
    {"cuda", "N", nullptr, "its driver part comes later"},
    {"hip", "N", nullptr, "its driver part comes later"},
    {"emulate", "CHIP", openEmulator, "it was built without the emulator"},
};

/// GPUs go by number.
bool isId(const DeviceRow &row, const std::string &id) {
  return !id.empty() && (row.id != std::string("N") || id.find_first_not_of("0123456789") == std::string::npos);
}
} // namespace

Result<std::shared_ptr<Device>> lacuna::runtime::openDevice(const std::string &name) {
  size_t colon = name.find(':');
  std::string kind = name.substr(0, colon), id = colon == std::string::npos ? "" : name.substr(colon + 1);
  for (const DeviceRow &row : devices) {
    if (kind != row.kind || (row.id ? !isId(row, id) : colon != std::string::npos))
      continue;
    if (!row.open)
      return failure(LACUNA_UNSUPPORTED, "device " + name + " is not supported by this build: " + row.whyNot);
    return row.open(id);
  }
  std::string known;
  for (const DeviceRow &row : devices)
    known += std::string(known.empty() ? "" : ", ") + row.kind + (row.id ? std::string(":") + row.id : "");
  return expectsButGot("device", "one of " + known, "'" + name + "'");
}
