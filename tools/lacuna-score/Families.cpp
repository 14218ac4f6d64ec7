// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "Families.h"

#include <algorithm>
#include <cmath>
#include <map>

using namespace lacuna::score;

/// "512", "8k", "1M"; 0 for other words.
static double lengthOf(const std::string &word) {
  size_t digits = word.find_first_not_of("0123456789");
  size_t count = digits == word.npos ? word.size() : digits;
  if (count == 0 || count > 9)
    return 0;
  double value = std::stod(word.substr(0, count));
  std::string suffix = word.substr(count);
  return suffix.empty() ? value : suffix == "k" || suffix == "K" ? value * 1024 : suffix == "M" ? value * 1048576 : 0;
}

/// Cuts the last word out of the name that is the length of an argument; 0 if there is none.
static double cutLength(std::string &name, const std::vector<double> &dimensions) {
  for (size_t end = name.size(); end > 0;) {
    size_t space = name.rfind(' ', end - 1), start = space == name.npos ? 0 : space + 1;
    double length = lengthOf(name.substr(start, end - start));
    if (length > 0 && std::find(dimensions.begin(), dimensions.end(), length) != dimensions.end()) {
      name.erase(start > 0 ? start - 1 : 0, end - start + 1);
      return length;
    }
    end = space == name.npos ? 0 : space;
  }
  return 0;
}

std::vector<Family> lacuna::score::groupFamilies(const std::vector<EntryFacts> &entries) {
  std::vector<Family> families;
  std::map<std::string, size_t> numbers;
  for (const EntryFacts &entry : entries) {
    bool isGiven = !entry.family.empty() && entry.length;
    std::string name = isGiven ? entry.family : entry.name;
    double length = isGiven ? *entry.length : cutLength(name, entry.dimensions);
    if (length <= 0)
      continue;
    auto [found, isNew] = numbers.try_emplace(name, families.size());
    if (isNew)
      families.push_back({name, {}});
    std::vector<Family::Member> &members = families[found->second].members;
    if (std::none_of(members.begin(), members.end(), [&](const auto &member) { return member.length == length; }))
      members.push_back({length, &entry});
  }
  families.erase(std::remove_if(families.begin(), families.end(), [](const Family &f) { return f.members.size() < 2; }),
                 families.end());
  for (Family &family : families)
    std::sort(family.members.begin(), family.members.end(),
              [](const auto &a, const auto &b) { return a.length < b.length; });
  return families;
}

Duel lacuna::score::compareAlong(const Family &family, const std::string &baseline) {
  Duel duel;
  double lastLength = 0, lastLead = 0;
  for (const Family::Member &member : family.members) {
    const SideFacts *ours = member.entry->side("ours"), *theirs = member.entry->side(baseline);
    if (!ours || !theirs || !ours->seconds || !theirs->seconds)
      continue;
    double lead = std::log(*theirs->seconds / *ours->seconds);
    if (duel.count > 0 && (lead > 0) != (lastLead > 0)) {
      double share = lastLead / (lastLead - lead);
      double length = std::exp(std::log(lastLength) + share * (std::log(member.length) - std::log(lastLength)));
      duel.crossovers.push_back({length, lead > 0});
    }
    ++duel.count;
    duel.wins += lead > 0;
    lastLength = member.length;
    lastLead = lead;
  }
  return duel;
}
