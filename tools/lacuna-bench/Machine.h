// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the numbers were measured on and with.
#ifndef LACUNA_TOOLS_BENCH_MACHINE_H
#define LACUNA_TOOLS_BENCH_MACHINE_H

#include "Suite.h"

namespace lacuna::bench {

/// `program` is this executable: the commit is that of the working tree it lies in, if any.
Json describeMachine(const std::string &program, std::optional<int64_t> threads);

/// Of the bytes of a file, as hexadecimal digits; empty if it cannot be read.
std::string hashFile(const std::string &path);
std::string hashText(const std::string &text);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_MACHINE_H
