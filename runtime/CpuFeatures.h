// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Features of this machine's CPU under the names of /proc/cpuinfo, which lists what the kernel has enabled too.
#ifndef LACUNA_RUNTIME_CPUFEATURES_H
#define LACUNA_RUNTIME_CPUFEATURES_H

#include <set>
#include <string>
#include <vector>

namespace lacuna::runtime {

/// Names in the first "flags" (x86) or "Features" (AArch64) line of a text like /proc/cpuinfo.
std::set<std::string> parseCpuFeatures(const std::string &cpuinfo);

/// Those of this machine, read once.
const std::set<std::string> &cpuFeatures();

/// Members of `required` that `present` lacks, in the order of `required`.
std::vector<std::string> missingFeatures(const std::vector<std::string> &required,
                                         const std::set<std::string> &present);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_CPUFEATURES_H
