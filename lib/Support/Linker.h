// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LLVM's ELF linker in process: one object to one shared object.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace lacuna {

/// Links `object` with `flags` (besides -shared) and returns the file's bytes, or puts the linker's complaint into
/// `error`. Safe to call from several threads; links run one after the other, since lld keeps global state.
std::optional<std::vector<char>> linkSharedObject(llvm::StringRef object, llvm::ArrayRef<const char *> flags,
                                                  std::string &error);

} // namespace lacuna
