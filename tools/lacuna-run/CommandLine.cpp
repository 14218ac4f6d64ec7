// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "CommandLine.h"

#include "llvm/Support/CommandLine.h"

using namespace lacuna::run;
using llvm::StringRef;
namespace cl = llvm::cl;

static constexpr const char *overview =
    R"(lacuna-run: runs an attention program, checks it against the f64 reference, times it

Examples:
  lacuna-run examples/sliding_window.mlir --check
  lacuna-run in.mlir --arg q=randn:1x8x4096x128xbf16:1 --arg left=1023 --repeat 20 --json times.json
  lacuna-run in.lacuna --entry f --arg 0=@inputs.safetensors:q --out result0=@results.safetensors
)";

namespace {
struct Flags {
  cl::OptionCategory category{"lacuna-run options"};

  struct Text : cl::opt<std::string> {
    Text(Flags &flags, StringRef name, const char *value, const char *description)
        : cl::opt<std::string>(name, cl::desc(description), cl::value_desc(value), cl::cat(flags.category)) {}
  };
  struct Texts : cl::list<std::string> {
    Texts(Flags &flags, StringRef name, const char *value, const char *description)
        : cl::list<std::string>(name, cl::desc(description), cl::value_desc(value), cl::cat(flags.category)) {}
  };
  template <typename T> struct Number : cl::opt<T> {
    Number(Flags &flags, StringRef name, const char *description)
        : cl::opt<T>(name, cl::desc(description), cl::value_desc("N"), cl::cat(flags.category)) {}
    std::optional<T> get() const {
      return this->getNumOccurrences() ? std::optional<T>(this->getValue()) : std::nullopt;
    }
  };

  cl::opt<std::string> input{cl::Positional, cl::desc("<in.mlir | in.lacuna | - for standard input>"), cl::Required,
                             cl::cat(category)};
  Text entry{*this, "entry", "f", "Entry to run (default: the only one)"};
  Text device{*this, "device", "D", "cpu (default), cuda:N, hip:N or emulate:CHIP"};
  Texts arguments{
      *this, "arg", "NAME=VALUE",
      "Value of an argument, by name or number: randn:1x8x4096x128xbf16:SEED, rand:, zeros:, ones:, arange:, "
      "[0, 512, 1024], 4096, @FILE.safetensors:KEY (default: attn.default)"};
  Texts outputs{*this, "out", "NAME=@FILE", "Write a result, by name or number, to a safetensors file"};
  cl::opt<bool> check{"check", cl::desc("Compare all results with the f64 reference; exit code 1 if they differ"),
                      cl::cat(category)};
  Number<double> atol{*this, "atol", "With --check: pass if |a - b| <= atol + rtol * |b|; the one not given is 0"};
  Number<double> rtol{*this, "rtol", "See --atol"};
  Number<int64_t> repeat{*this, "repeat", "Timed runs, after a warm-up if more than 1 (default 1)"};
  Number<int64_t> threads{*this, "threads", "Threads of cpu and emulate (default: LACUNA_NUM_THREADS, else all CPUs)"};
  Text json{*this, "json", "F", "Write the measurements as JSON (- for standard output)"};
  cl::list<std::string> targets{"target", cl::desc("Chips to compile for (default: the device's)"),
                                cl::value_desc("T1,T2"), cl::CommaSeparated, cl::cat(category)};
  cl::opt<bool> raise{"raise", cl::desc("Find attention in linalg, tensor, arith and math first (raise-to-attn)"),
                      cl::cat(category)};
  Text schedule{*this, "schedule", "F", "Compile with the #attn.schedule<...> in this file"};
  Texts maskLibraries{*this, "mask-library", "F", "File of further named masks"};
};
} // namespace

ToolOptions lacuna::run::parseCommandLine(int argc, char **argv) {
  if (cl::Option *foreign = cl::getRegisteredOptions().lookup("threads"))
    foreign->removeArgument();
  static Flags flags; // options stay registered, and linking resets them all
  cl::SetVersionPrinter([](llvm::raw_ostream &os) { os << "lacuna-run " LACUNA_VERSION "\n"; });
  cl::HideUnrelatedOptions(flags.category);
  cl::ParseCommandLineOptions(argc, argv, overview);
  ToolOptions options;
  options.input = flags.input;
  if (!flags.device.empty())
    options.device = flags.device;
  options.compile = {flags.targets, flags.maskLibraries, flags.entry, flags.schedule, false, flags.raise};
  options.arguments = flags.arguments;
  options.outputs = flags.outputs;
  options.check = flags.check;
  options.atol = flags.atol.get();
  options.rtol = flags.rtol.get();
  options.repeat = flags.repeat.get().value_or(1);
  options.threads = flags.threads.get();
  options.jsonPath = flags.json;
  return options;
}
