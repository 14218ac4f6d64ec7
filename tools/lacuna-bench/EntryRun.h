// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measures one entry: all sides prepared, then run in turns, trial by trial, so that a slow minute of the machine hits
// all of them. What the numbers come to is EntryResult's business.
#ifndef LACUNA_TOOLS_BENCH_ENTRYRUN_H
#define LACUNA_TOOLS_BENCH_ENTRYRUN_H

#include "Side.h"

namespace lacuna::bench {

/// A program's text, from the file where it is not made. Fails with the file's name.
runtime::Result<std::string> readProgram(const Program &program, const std::string &folder);

class EntryRun {
public:
  EntryRun(const Entry &entry, const Workplace &workplace) : entry(entry), workplace(workplace) {}

  void measure();

  const Entry &entry;
  std::vector<std::unique_ptr<Side>> sides; ///< ours, then the baselines
  std::unique_ptr<Side> selection, index;   ///< null where the entry has none
  Json program = Json::object();            ///< facts of the entry's program, whoever ran it
  std::optional<double> density;
  std::string picture; ///< SVG of the mask; empty: none

private:
  std::unique_ptr<Side> makeSide(const SideSpec &spec) const;
  Json request(const SideSpec &spec, const std::string &inputs) const;
  bool prepareLacuna(Side &side, const std::string &inputs);
  bool preparePython(Side &side, const std::string &inputs);
  bool prepareAll();
  std::vector<Side *> allSides() const;
  void warmUp();
  void runTrials(int64_t factor);
  void repeatIfFluctuating();
  void lookAtMask(Side &side);

  const Workplace &workplace;
};

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_ENTRYRUN_H
