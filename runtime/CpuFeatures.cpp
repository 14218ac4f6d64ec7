// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads /proc/cpuinfo: artifacts name features as it does, so no table of names is needed here.
#include "runtime/CpuFeatures.h"

#include <fstream>
#include <sstream>

using namespace lacuna::runtime;

std::set<std::string> lacuna::runtime::parseCpuFeatures(const std::string &cpuinfo) {
  std::istringstream lines(cpuinfo);
  for (std::string line; std::getline(lines, line);) {
    size_t colon = line.find(':');
    if (colon == std::string::npos || (line.rfind("flags", 0) != 0 && line.rfind("Features", 0) != 0))
      continue;
    std::istringstream words(line.substr(colon + 1));
    std::set<std::string> features;
    for (std::string word; words >> word;)
      features.insert(word);
    return features;
  }
  return {};
}

const std::set<std::string> &lacuna::runtime::cpuFeatures() {
  static const std::set<std::string> features = [] {
    std::ostringstream text;
    text << std::ifstream("/proc/cpuinfo").rdbuf();
    return parseCpuFeatures(text.str());
  }();
  return features;
}

std::vector<std::string> lacuna::runtime::missingFeatures(const std::vector<std::string> &required,
                                                          const std::set<std::string> &present) {
  std::vector<std::string> missing;
  for (const std::string &feature : required)
    if (!present.count(feature))
      missing.push_back(feature);
  return missing;
}
