// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The key `attention` of a suite: numbers and the lines of a mask to a program with its arguments. A program needs a
// file only where it is more than one attention op.
#ifndef LACUNA_TOOLS_BENCH_ATTENTIONPROGRAM_H
#define LACUNA_TOOLS_BENCH_ATTENTIONPROGRAM_H

#include "JsonReader.h"
#include "Suite.h"

namespace lacuna::bench {

/// `mask`, where given, replaces the object's own lines. Problems go to `problems`.
Program makeAttentionProgram(const Json &attention, const std::string &where, Problems &problems,
                             const std::optional<std::string> &mask = {});

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_ATTENTIONPROGRAM_H
