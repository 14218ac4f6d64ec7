// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The driver: checks options, loads the module once, compiles it for every target, writes the artifact.
#include "lib/Compiler/Compiler.h"

#include "lib/Compiler/CompileTarget.h"
#include "lib/Compiler/Frontend.h"
#include "lib/Compiler/Header.h"
#include "passes/Host/Passes.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;

namespace lacuna {

std::optional<Emit> parseEmit(StringRef name) {
  return llvm::StringSwitch<std::optional<Emit>>(name)
      .Case("attn", Emit::Attn)
      .Case("tile", Emit::Tile)
      .Case("mlir", Emit::Mlir)
      .Case("llvm", Emit::Llvm)
      .Case("ptx", Emit::Ptx)
      .Case("cubin", Emit::Cubin)
      .Case("hsaco", Emit::Hsaco)
      .Case("asm", Emit::Asm)
      .Case("obj", Emit::Obj)
      .Case("artifact", Emit::Artifact)
      .Default(std::nullopt);
}

bool isText(Emit emit) { return emit != Emit::Artifact && emit != Emit::Obj && emit != Emit::Cubin && emit != Emit::Hsaco; }

namespace {

std::string hashOf(StringRef source) {
  llvm::SHA256 hash;
  hash.update(source);
  return "sha256:" + llvm::toHex(hash.final(), /*LowerCase=*/true);
}

/// What is wrong with a target for these options; "" if nothing.
std::string checkTarget(const std::string &name, const TargetChoice &choice, const CompileOptions &options) {
  if (!choice.chip)
    return "expects a target of " + targetNames() + ", or emulate: and a GPU or a CPU with AMX, but got '" + name + "'";
  TargetKind kind = choice.chip->kind;
  if (choice.emulate && kind == TargetKind::Cpu && choice.chip->matrix.m <= 1)
    return "expects a GPU or a CPU with AMX to emulate, but got target '" + name + "'";
  if (options.reference && kind != TargetKind::Cpu)
    return "the reference runs on CPUs, but got target '" + name + "'";
  bool wantsNvidia = options.emit == Emit::Ptx || options.emit == Emit::Cubin, wantsAmd = options.emit == Emit::Hsaco;
  if ((wantsNvidia && kind != TargetKind::Nvidia) || (wantsAmd && kind != TargetKind::Amd))
    return "target '" + name + "' has no code of the kind that --emit asks for";
  return "";
}

/// The chips of the options, or an error.
std::optional<std::vector<TargetChoice>> findTargets(const CompileOptions &options, const DiagnosticCallback &diagnose) {
  std::vector<TargetChoice> choices;
  auto fail = [&](const Twine &message) {
    diagnose(Severity::Error, message.str());
    return std::nullopt;
  };
  for (const std::string &name : options.targets) {
    StringRef chip = name;
    TargetChoice choice;
    choice.emulate = chip.consume_front("emulate:");
    choice.chip = lookupTarget(chip);
    if (std::string problem = checkTarget(name, choice, options); !problem.empty())
      return fail(problem);
    for (const TargetChoice &other : choices)
      if (other.chip == choice.chip && other.emulate == choice.emulate)
        return fail("expects different targets, but got '" + choice.chip->name + "' twice");
    choices.push_back(choice);
  }
  if (choices.empty())
    return fail("expects at least one target, but got none");
  if (options.emit != Emit::Artifact && choices.size() > 1)
    return fail("expects one target for --emit of a single stage, but got " + Twine(choices.size()));
  return choices;
}

/// Adds a target's code to the artifact, renumbering its blobs.
void append(runtime::Artifact &artifact, TargetCode code) {
  int64_t first = artifact.blobs.size();
  code.target.host += first;
  if (code.target.code)
    *code.target.code += first;
  for (runtime::Blob &blob : code.blobs)
    artifact.blobs.push_back(std::move(blob));
  artifact.targets.push_back(std::move(code.target));
}

} // namespace

std::optional<std::string> compile(StringRef source, StringRef name, const CompileOptions &options, const DiagnosticCallback &diagnose) {
  auto choices = findTargets(options, diagnose);
  if (!choices)
    return std::nullopt;
  MLIRContext context(getCompilerRegistry(), MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  DiagnosticForwarder forwarder(&context, diagnose);
  runtime::Artifact artifact;
  artifact.producer = "lacuna " LACUNA_VERSION;
  artifact.sourceHash = hashOf(source);
  OwningOpRef<ModuleOp> module = loadModule(context, source, name, options);
  if (!module)
    return std::nullopt;
  if (options.embedSource)
    artifact.source = isBytecode(source) ? disassemble(context, source, name) : source.str();
  for (func::FuncOp entry : getEntries(*module)) {
    FailureOr<runtime::Entry> description = describeEntry(entry);
    if (failed(description))
      return std::nullopt;
    artifact.entries.push_back(std::move(*description));
  }
  for (const TargetChoice &choice : *choices) {
    OwningOpRef<ModuleOp> clone = module->clone();
    FailureOr<TargetCode> code = compileTarget(*clone, choice, options, artifact.entries);
    if (failed(code))
      return std::nullopt;
    if (code->stage)
      return std::move(*code->stage);
    append(artifact, std::move(*code));
  }
  return runtime::serialize(artifact);
}

} // namespace lacuna
