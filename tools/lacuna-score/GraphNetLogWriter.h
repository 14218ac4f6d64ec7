// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes samples as a log that GraphNet's own scorer reads unchanged and scores as we do (it writes none by which it
// would crash or be fooled).
#ifndef LACUNA_TOOLS_SCORE_GRAPHNETLOGWRITER_H
#define LACUNA_TOOLS_SCORE_GRAPHNETLOGWRITER_H

#include "Sample.h"

namespace lacuna::score {

/// Key and value of a line [Config], written into every sample: {"hardware", "..."}, {"compiler", "lacuna"}.
using LogConfiguration = std::vector<std::pair<std::string, std::string>>;

/// Names lose spaces and words that mean something in a log.
std::string writeGraphNetLog(const std::vector<Sample> &samples, const LogConfiguration &configuration = {});

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_GRAPHNETLOGWRITER_H
