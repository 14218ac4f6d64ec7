// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the log of a GraphNet benchmark run. Any bytes are a log: what is no line of it is chatter.
#ifndef LACUNA_TOOLS_SCORE_GRAPHNETLOG_H
#define LACUNA_TOOLS_SCORE_GRAPHNETLOG_H

#include "Notes.h"
#include "Sample.h"

namespace lacuna::score {

std::vector<Sample> readGraphNetLog(std::string_view text, Notes &notes);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_GRAPHNETLOG_H
