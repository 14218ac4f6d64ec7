// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads the part of a lacuna-bench result that is scored (docs/design/bench_json.md). What it does not know it passes
// over, what it needs and does not find is charged to the sample, with a note.
#ifndef LACUNA_TOOLS_SCORE_BENCHRESULT_H
#define LACUNA_TOOLS_SCORE_BENCHRESULT_H

#include "Curve.h"

#include "runtime/Status.h"

namespace lacuna::score {

/// One curve per baseline, STEM:BASELINE, in the order of their first appearance; notes are left in `notes`. Fails,
/// with FILE:LINE in the message, if this is no JSON or no lacuna-bench result.
runtime::Result<std::vector<Curve>> readBenchResult(std::string_view text, const std::string &file,
                                                    const std::string &stem, Notes &notes);

/// Whether a text without a telling file name is JSON.
bool isJson(std::string_view text);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_BENCHRESULT_H
