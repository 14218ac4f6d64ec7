// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// lacuna-run: the command line. Tool.h does the work.
#include "Compile.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"

#include <exception>

using namespace lacuna::run;
namespace cl = llvm::cl;

namespace {
cl::OptionCategory category("lacuna-run options");

struct TextOption : cl::opt<std::string> {
  TextOption(const char *name, const char *value, const char *description)
      : cl::opt<std::string>(name, cl::desc(description), cl::value_desc(value), cl::cat(category)) {}
};
struct TextList : cl::list<std::string> {
  TextList(const char *name, const char *value, const char *description)
      : cl::list<std::string>(name, cl::desc(description), cl::value_desc(value), cl::cat(category)) {}
};

cl::opt<std::string> input(cl::Positional, cl::desc("<in.mlir | in.lacuna | - for standard input>"), cl::Required,
                           cl::cat(category));
TextOption entry("entry", "f", "Entry to run (default: the only one)");
cl::opt<std::string> device("device", cl::desc("cpu, cuda:N, hip:N or emulate:CHIP (default cpu)"), cl::init("cpu"),
                            cl::cat(category));
TextList arguments("arg", "NAME=VALUE",
                   "Value of an argument, by name or number: randn:1x8x4096x128xbf16:SEED, rand:, zeros:, ones:, "
                   "arange:, [0, 512, 1024], 4096, @FILE.safetensors:KEY (default: attn.default)");
TextList outputs("out", "NAME=@FILE", "Write a result to a safetensors file, by name or number");
cl::opt<bool> check("check", cl::desc("Compare all results with the f64 reference; exit code 1 if they differ"),
                    cl::cat(category));
cl::opt<double> atol("atol", cl::desc("With --check: pass if |a - b| <= atol + rtol * |b|, the other being 0"),
                     cl::cat(category));
cl::opt<double> rtol("rtol", cl::desc("See --atol"), cl::cat(category));
cl::opt<int64_t> repeat("repeat", cl::desc("Timed runs, after a warm-up if more than 1 (default 1)"), cl::init(1),
                        cl::value_desc("N"), cl::cat(category));
cl::opt<int64_t> threads("threads", cl::desc("Threads of cpu and emulate (default: LACUNA_NUM_THREADS, else all CPUs)"),
                         cl::value_desc("N"), cl::cat(category));
TextOption json("json", "F", "Write the measurements as JSON (- for standard output)");
cl::list<std::string> targets("target", cl::desc("Compile for these chips (default: the device's)"),
                              cl::value_desc("T1,T2"), cl::CommaSeparated, cl::cat(category));
TextOption schedule("schedule", "F", "Compile with the #attn.schedule in this file");
TextList maskLibraries("mask-library", "F", "File of further named masks");

constexpr const char *overview = R"(lacuna-run: runs an attention program, checks it against the f64 reference, times it

Examples:
  lacuna-run examples/window_gqa.mlir --check
  lacuna-run in.mlir --arg q=randn:1x8x4096x128xbf16:1 --arg window=1024 --repeat 20 --json times.json
  lacuna-run in.lacuna --entry f --arg 0=@inputs.safetensors:q --out result0=@results.safetensors
)";
} // namespace

static ToolOptions readOptions() {
  ToolOptions options;
  options.input = input;
  options.device = device;
  options.compile = {targets, maskLibraries, entry, schedule, false};
  options.arguments = arguments;
  options.outputs = outputs;
  options.check = check;
  if (atol.getNumOccurrences())
    options.atol = atol;
  if (rtol.getNumOccurrences())
    options.rtol = rtol;
  options.repeat = repeat;
  if (threads.getNumOccurrences())
    options.threads = threads;
  options.jsonPath = json;
  return options;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::SetVersionPrinter([](llvm::raw_ostream &os) { os << "lacuna-run " << LACUNA_VERSION << "\n"; });
  cl::HideUnrelatedOptions(category);
  cl::ParseCommandLineOptions(argc, argv, overview);
  try {
    return runTool(readOptions(), compileSource, llvm::outs(), llvm::errs()) ? 0 : 1;
  } catch (const std::exception &error) { // no memory for data, mostly
    llvm::errs() << "lacuna-run: error: " << error.what() << "\n";
    return 1;
  }
}
