// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lines of one sample of a GraphNet log, put together. Status and correctness follow GraphNet's scorer; where that
// crashes, or counts as correct what nobody compared, the sample is charged and a note says so.
#ifndef LACUNA_TOOLS_SCORE_LOGSAMPLE_H
#define LACUNA_TOOLS_SCORE_LOGSAMPLE_H

#include "LogLines.h"
#include "Notes.h"
#include "Sample.h"

namespace lacuna::score {

class LogSample {
public:
  LogSample(std::string name, size_t line) : name(std::move(name)), firstLine(line) {}
  void read(std::string_view line, size_t number, Notes &notes);
  Sample finish(Notes &notes) const;

private:
  struct Flags {
    size_t line = 0; ///< 0: there is no such line
    std::vector<bool> values;
    bool at(size_t output) const { return output < values.size() && values[output]; }
  };

  void readMarkers(std::string_view line);
  void readFields(std::string_view line, size_t number, Notes &notes);
  void readCorrectness(const Field &field, size_t number, Notes &notes);
  void readSpeedup(const Field &field, size_t number, Notes &notes);
  static Flags readFlags(std::string_view text, size_t number, Notes &notes);
  SampleStatus status() const;
  std::vector<Output> outputs() const;
  void noteFlags(const std::vector<Output> &outputs, Notes &notes) const;
  void noteLevels(const std::vector<Output> &outputs, Notes &notes) const;

  std::string name;
  size_t firstLine;
  bool eager = false, compiled = false, shape = false, type = false, error = false;
  std::vector<std::string> eagerTypes, compiledTypes;
  Flags equal, allClose[numFormulas][numLevels];
  std::optional<double> speedup;
  std::string failure;
};

/// A finite number above 0, or nothing.
std::optional<double> parseSpeedup(std::string_view text);

} // namespace lacuna::score

#endif // LACUNA_TOOLS_SCORE_LOGSAMPLE_H
