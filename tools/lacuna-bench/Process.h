// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A worker process that is spoken to in lines. It is the leader of a process group of its own, so that it can be ended
// with all that it started, and it ends when the process that started it does.
#ifndef LACUNA_TOOLS_BENCH_PROCESS_H
#define LACUNA_TOOLS_BENCH_PROCESS_H

#include "runtime/Status.h"

#include <memory>
#include <string>
#include <vector>

namespace lacuna::bench {

class Process {
public:
  /// `command[0]` is looked up in PATH. Standard error goes to the file.
  static runtime::Result<std::unique_ptr<Process>> start(const std::vector<std::string> &command,
                                                         const std::string &folder, const std::string &errorFile);
  Process(const Process &) = delete;
  /// Ends it by force.
  ~Process();

  /// False if it does not listen any more, or not in time.
  bool send(const std::string &line, double seconds);

  enum class Answer { Line, Closed, Timeout, Interrupted };
  Answer receive(std::string &line, double seconds);

  /// Waits a moment for it to end by itself, else ends it and its group. How it ended: "exited with status 3", "was
  /// ended by signal 11 (Segmentation fault)".
  std::string stop(double patience);

private:
  Process(int pid, int input, int output) : pid(pid), input(input), output(output) {}
  void kill();

  int pid, input, output;
  std::string buffered, ending;
};

/// Makes SIGINT and SIGTERM end waits instead of the program; a second one ends the program.
void catchInterrupts();
bool interrupted();

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_PROCESS_H
