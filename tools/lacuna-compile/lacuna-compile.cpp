// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// lacuna-compile: module in, artifact (or a stage on the way) out. Everything but flags and files is lib/Compiler.
#include "lib/Compiler/Compiler.h"
#include "lib/Target/Target.h"
#include "runtime/Artifact.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"

using namespace lacuna;
using llvm::StringRef;
namespace cl = llvm::cl;

namespace {

cl::OptionCategory category("lacuna-compile options");
cl::opt<std::string> input(cl::Positional, cl::desc("<input .mlir or bytecode, - for standard input>"), cl::Required, cl::cat(category));
cl::opt<std::string> output("o", cl::desc("Output file; - for standard output"), cl::value_desc("F"), cl::cat(category));
cl::list<std::string> targets("target", cl::desc("Chips to compile for, best first (default: native)"), cl::value_desc("T1,T2"), cl::CommaSeparated,
                              cl::cat(category));
cl::opt<std::string> emitName("emit", cl::desc("attn, tile, mlir, llvm, ptx, cubin, hsaco, asm, obj or artifact (default)"), cl::value_desc("kind"),
                              cl::init("artifact"), cl::cat(category));
cl::opt<std::string> entry("entry", cl::desc("The only entry to compile (default: all public functions)"), cl::value_desc("f"), cl::cat(category));
cl::opt<std::string> schedule("schedule", cl::desc("File with one #attn.schedule<...> for every attention op"), cl::value_desc("F"), cl::cat(category));
cl::list<std::string> libraries("mask-library", cl::desc("File of further named masks"), cl::value_desc("F"), cl::cat(category));
cl::opt<std::string> ptxas("ptxas", cl::desc("Assembler for NVIDIA (default: LACUNA_PTXAS, CUDA_HOME, PATH)"), cl::value_desc("F"), cl::cat(category));
cl::opt<bool> raise("raise", cl::desc("Find attention in linalg, tensor, arith and math first (raise-to-attn)"), cl::cat(category));
cl::opt<bool> batchInvariant("batch-invariant", cl::desc("Tiles and splits of a sequence never depend on the rest of the batch"), cl::cat(category));
cl::opt<bool> embedSource("embed-source", cl::desc("Put the source into the artifact"), cl::cat(category));
cl::opt<bool> resources("resources", cl::desc("Print schedule and resources of every kernel to standard error"), cl::cat(category));
cl::opt<bool> reference("reference", cl::desc("Compile the naive f64 lowering: the oracle of tests"), cl::cat(category));

constexpr const char *kOverview = R"(lacuna-compile: ahead-of-time compiler for sparse attention

Examples:
  lacuna-compile examples/window.mlir -o window.lacuna
  lacuna-compile in.mlir --target=x86-64-v4,x86-64-v3 --entry f --embed-source -o f.lacuna
  lacuna-compile in.mlir --emit=tile -o -
  lacuna-compile in.mlir --target=sm_80 --emit=ptx -o kernel.ptx
)";

int fail(const llvm::Twine &message) {
  llvm::WithColor::error(llvm::errs(), "lacuna-compile") << message << "\n";
  return 1;
}

void print(Severity severity, StringRef message) {
  // Locations come first, so that editors find them.
  auto [where, what] = message.split(": ");
  bool located = where.count(':') == 2 && !where.contains('\n');
  llvm::raw_ostream &stream = llvm::errs();
  stream << (located ? where : StringRef("lacuna-compile")) << ": ";
  stream << (severity == Severity::Error ? "error: " : severity == Severity::Warning ? "warning: " : "remark: ");
  stream << (located ? what : message) << "\n";
}

void printResources(StringRef bytes) {
  auto artifact = runtime::parse(bytes.data(), bytes.size());
  if (!artifact.ok())
    return;
  for (const runtime::Target &target : artifact->targets)
    for (const runtime::Kernel &kernel : target.kernels)
      llvm::errs() << target.name << " " << kernel.symbol << ": schedule " << kernel.schedule << ", block " << kernel.block[0] << "x" << kernel.block[1]
                   << "x" << kernel.block[2] << ", shared bytes " << kernel.sharedBytes << "\n";
}

CompileOptions readOptions(Emit emit) {
  CompileOptions options;
  if (!targets.empty())
    options.targets = targets;
  options.entry = entry;
  options.scheduleFile = schedule;
  options.maskLibraries = libraries;
  options.ptxas = ptxas;
  options.emit = emit;
  options.reference = reference;
  options.embedSource = embedSource;
  options.raise = raise;
  options.batchInvariant = batchInvariant;
  return options;
}

/// Writes the whole output or leaves no file behind.
int write(StringRef bytes, const std::string &path) {
  std::error_code code;
  llvm::ToolOutputFile file(path, code, llvm::sys::fs::OF_None);
  if (code)
    return fail("cannot write '" + path + "': " + code.message());
  file.os() << bytes;
  file.os().flush();
  if (file.os().has_error()) {
    std::string reason = file.os().error().message();
    file.os().clear_error();
    return fail("cannot write '" + path + "': " + reason);
  }
  file.keep();
  return 0;
}

int run() {
  std::optional<Emit> emit = parseEmit(emitName);
  if (!emit)
    return fail("--emit: expects attn, tile, mlir, llvm, ptx, cubin, hsaco, asm, obj or artifact, but got '" + emitName + "'");
  if (output.empty())
    return fail("expects -o FILE");
  if (output == "-" && !isText(*emit))
    return fail("-o -: expects a text to print, but --emit=" + emitName + " is binary");
  if (resources && *emit != Emit::Artifact)
    return fail("--resources: expects --emit=artifact, but got " + emitName);
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(input);
  if (!buffer)
    return fail("cannot read '" + input + "': " + buffer.getError().message());
  StringRef name = input == "-" ? StringRef("<stdin>") : StringRef(input);
  // The linker resets command line options: nothing reads them after this.
  bool report = resources;
  std::string path = output;
  std::optional<std::string> result = compile((*buffer)->getBuffer(), name, readOptions(*emit), print);
  if (!result)
    return 1;
  if (report)
    printResources(*result);
  return write(*result, path);
}

} // namespace

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::HideUnrelatedOptions(category);
  cl::SetVersionPrinter([](llvm::raw_ostream &os) { os << "lacuna-compile " LACUNA_VERSION "\n"; });
  cl::ParseCommandLineOptions(argc, argv, kOverview);
  return run();
}
