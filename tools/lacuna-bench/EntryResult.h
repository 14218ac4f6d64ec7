// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a measured entry comes to, in the form of docs/design/bench_json.md: times, statuses, who is right, how good an
// approximation is.
#ifndef LACUNA_TOOLS_BENCH_ENTRYRESULT_H
#define LACUNA_TOOLS_BENCH_ENTRYRESULT_H

#include "EntryRun.h"

namespace lacuna::bench {

struct ResultOptions {
  bool failFluctuating = false; ///< as GraphNet does: a side that fluctuates has failed
};

Json makeEntryResult(const EntryRun &run, const ResultOptions &options);
/// Of an entry that makes no sense on the device.
Json makeSkippedResult(const Entry &entry, const std::string &why);

/// What did not end well, in a few words for people; empty if all did.
std::string describeFailure(const Json &entryResult);

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_ENTRYRESULT_H
