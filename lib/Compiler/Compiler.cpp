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

/// The chips of the options, or an error.
std::optional<std::vector<const TargetDescription *>> findTargets(const CompileOptions &options, const DiagnosticCallback &diagnose) {
  std::vector<const TargetDescription *> chips;
  auto fail = [&](const Twine &message) {
    diagnose(Severity::Error, message.str());
    return std::nullopt;
  };
  for (const std::string &name : options.targets) {
    const TargetDescription *chip = lookupTarget(name);
    if (!chip)
      return fail("expects a target of " + targetNames() + ", but got '" + name + "'");
    if (options.reference && chip->kind != TargetKind::Cpu)
      return fail("the reference runs on CPUs, but got target '" + name + "'");
    bool wantsNvidia = options.emit == Emit::Ptx || options.emit == Emit::Cubin, wantsAmd = options.emit == Emit::Hsaco;
    if ((wantsNvidia && chip->kind != TargetKind::Nvidia) || (wantsAmd && chip->kind != TargetKind::Amd))
      return fail("target '" + name + "' has no code of the kind that --emit asks for");
    if (llvm::is_contained(chips, chip))
      return fail("expects different targets, but got '" + chip->name + "' twice");
    chips.push_back(chip);
  }
  if (chips.empty())
    return fail("expects at least one target, but got none");
  if (options.emit != Emit::Artifact && chips.size() > 1)
    return fail("expects one target for --emit of a single stage, but got " + Twine(chips.size()));
  return chips;
}

std::string printSource(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream(text) << module;
  return text;
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
  auto chips = findTargets(options, diagnose);
  if (!chips)
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
    artifact.source = isBytecode(source) ? printSource(*module) : source.str();
  for (func::FuncOp entry : getEntries(*module)) {
    FailureOr<runtime::Entry> description = describeEntry(entry);
    if (failed(description))
      return std::nullopt;
    artifact.entries.push_back(std::move(*description));
  }
  for (const TargetDescription *chip : *chips) {
    OwningOpRef<ModuleOp> clone = module->clone();
    FailureOr<TargetCode> code = compileTarget(*clone, *chip, options, artifact.entries);
    if (failed(code))
      return std::nullopt;
    if (code->stage)
      return std::move(*code->stage);
    append(artifact, std::move(*code));
  }
  return runtime::serialize(artifact);
}

} // namespace lacuna
