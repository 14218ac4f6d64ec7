// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CommandLine.h"

#include "llvm/Support/CommandLine.h"

#include <cstdlib>

using namespace lacuna::bench;
namespace cl = llvm::cl;

static constexpr const char *overview =
    R"(lacuna-bench: measures attention programs against baselines: time, error, memory, quality of approximate masks

Writes SUITE.json (docs/design/bench_json.md), SUITE.BASELINE.log (GraphNet's format) and table.md into DIR. Exit code 0
only if every entry ended well; an entry that fails does not end the run.

Examples:
  lacuna-bench benchmarks/suites/smoke.json -o results
  lacuna-bench benchmarks/suites/headlines.json -o results --python ../bench-venv/bin/python --only window
  lacuna-bench benchmarks/suites/longca.json -o results --published --resume
  lacuna-score results
)";

namespace {
struct Flags {
  cl::OptionCategory category{"lacuna-bench options"};

  struct Text : cl::opt<std::string> {
    Text(Flags &flags, llvm::StringRef name, const char *value, const char *description)
        : cl::opt<std::string>(name, cl::desc(description), cl::value_desc(value), cl::cat(flags.category)) {}
  };
  struct Flag : cl::opt<bool> {
    Flag(Flags &flags, llvm::StringRef name, const char *description)
        : cl::opt<bool>(name, cl::desc(description), cl::cat(flags.category)) {}
  };
  struct Number : cl::opt<int64_t> {
    Number(Flags &flags, llvm::StringRef name, const char *description)
        : cl::opt<int64_t>(name, cl::desc(description), cl::value_desc("N"), cl::cat(flags.category)) {}
    std::optional<int64_t> get() const {
      return getNumOccurrences() ? std::optional<int64_t>(getValue()) : std::nullopt;
    }
  };

  cl::opt<std::string> suite{cl::Positional, cl::desc("<suite.json>"), cl::Required, cl::cat(category)};
  Text folder{*this, "o", "DIR", "Folder for the results; made if it is not there"};
  Text device{*this, "device", "D", "cpu (default), cuda:N, hip:N or emulate:CHIP"};
  Text only{*this, "only", "SUBSTRING", "Entries whose name contains it"};
  Number trials{*this, "trials", "Timed runs of each side (default: the suite's, else 5); the reference keeps its own"};
  Number warmup{*this, "warmup", "Untimed runs before (default: the suite's, else 3); the reference keeps its own"};
  Text python{*this, "python", "PROGRAM",
              "Python of torch's and Python's sides (default: LACUNA_PYTHON, else python3)"};
  Flag resume{*this, "resume", "Keep entries that are in DIR, ended well, and would be measured in the same way"};
  Number threads{*this, "threads", "Threads of all sides (default: LACUNA_NUM_THREADS, else all CPUs)"};
  Flag published{*this, "published", "Take the sizes that were published; they want a large machine"};
  Text fluctuation{*this, "fluctuation", "flag|fail",
                   "What iqr / median above 0.2 means after a second try (default: flag)"};
  Flag list{*this, "list", "Print the entries, measure nothing"};
};

[[noreturn]] void refuse(const std::string &message) {
  llvm::errs() << "lacuna-bench: error: " << message << "\n";
  std::exit(1);
}
} // namespace

static void check(const Flags &flags) {
  auto inRange = [](const char *name, std::optional<int64_t> value, int64_t least, int64_t most) {
    if (value && (*value < least || *value > most))
      refuse(std::string(name) + ": expects a number in [" + std::to_string(least) + ", " + std::to_string(most) +
             "], but got " + std::to_string(*value));
  };
  inRange("--trials", flags.trials.get(), 1, 1000000);
  inRange("--warmup", flags.warmup.get(), 0, 1000000);
  inRange("--threads", flags.threads.get(), 1, 4096);
  if (flags.folder.empty() && !flags.list)
    refuse("expects -o DIR, the folder for the results");
  if (!flags.fluctuation.empty() && flags.fluctuation != "flag" && flags.fluctuation != "fail")
    refuse("--fluctuation: expects flag or fail, but got '" + flags.fluctuation + "'");
}

ToolOptions lacuna::bench::parseCommandLine(int argc, char **argv) {
  if (cl::Option *foreign = cl::getRegisteredOptions().lookup("threads")) // LLVM has one of its own
    foreign->removeArgument();
  static Flags flags;
  cl::SetVersionPrinter([](llvm::raw_ostream &os) { os << "lacuna-bench " LACUNA_VERSION "\n"; });
  cl::HideUnrelatedOptions(flags.category);
  cl::ParseCommandLineOptions(argc, argv, overview);
  check(flags);
  ToolOptions options;
  options.suite = flags.suite;
  options.folder = flags.folder;
  if (!flags.device.empty())
    options.device = flags.device;
  options.only = flags.only;
  const char *python = std::getenv("LACUNA_PYTHON");
  options.python = !flags.python.empty() ? std::string(flags.python) : python && *python ? python : "python3";
  options.numbers = {flags.published, flags.trials.get(), flags.warmup.get()};
  options.result.failFluctuating = flags.fluctuation == "fail";
  options.threads = flags.threads.get();
  options.resume = flags.resume;
  options.list = flags.list;
  options.commandLine.assign(argv, argv + argc);
  return options;
}
