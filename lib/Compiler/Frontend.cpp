// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parsing, choice of entries, and what happens once for all targets.
#include "lib/Compiler/Frontend.h"

#include "dialects/Attn/Attn.h"
#include "lacuna/InitAll.h"
#include "lib/Pipelines/Pipelines.h"
#include "passes/Host/Passes.h"
#include "passes/Masks/Passes.h"
#include "passes/Raise/Passes.h"
#include "passes/State/Passes.h"

#include "mlir/IR/Remarks.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/Passes.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

namespace lacuna {

const DialectRegistry &getCompilerRegistry() {
  static const DialectRegistry *registry = [] {
    auto *made = new DialectRegistry();
    registerAllDialects(*made);
    registerBuiltinDialectTranslation(*made);
    registerLLVMDialectTranslation(*made);
    return made;
  }();
  return *registry;
}

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

/// "file:line:column: ", or nothing.
static std::string describe(Location location) {
  std::string text;
  location->walk([&](Location inner) {
    auto file = dyn_cast<FileLineColLoc>(inner);
    if (!file)
      return WalkResult::advance();
    // A module that the file does not spell has no line; its file starts at the first.
    text = (file.getFilename().getValue() + ":" + Twine(std::max(1u, file.getLine())) + ":" + Twine(std::max(1u, file.getColumn())) + ": ").str();
    return WalkResult::interrupt();
  });
  return text;
}

static LogicalResult forward(Diagnostic &diagnostic, const DiagnosticCallback &diagnose) {
  std::string message = describe(diagnostic.getLocation()) + diagnostic.str();
  for (Diagnostic &note : diagnostic.getNotes())
    message += "\n" + describe(note.getLocation()) + "note: " + note.str();
  DiagnosticSeverity severity = diagnostic.getSeverity();
  diagnose(severity == DiagnosticSeverity::Error     ? Severity::Error
           : severity == DiagnosticSeverity::Warning ? Severity::Warning
                                                     : Severity::Remark,
           message);
  return success();
}

DiagnosticForwarder::DiagnosticForwarder(MLIRContext *context, const DiagnosticCallback &diagnose)
    : handler(context, [&diagnose](Diagnostic &diagnostic) { return forward(diagnostic, diagnose); }) {}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

bool isBytecode(StringRef source) { return source.starts_with("ML\xefR"); }

static OwningOpRef<ModuleOp> parse(MLIRContext &context, StringRef source, StringRef name) {
  auto buffers = std::make_shared<llvm::SourceMgr>();
  buffers->AddNewSourceBuffer(llvm::MemoryBuffer::getMemBufferCopy(source, name), SMLoc());
  return parseSourceFile<ModuleOp>(buffers, ParserConfig(&context));
}

std::string disassemble(MLIRContext &context, StringRef source, StringRef name) {
  std::string text;
  if (OwningOpRef<ModuleOp> module = parse(context, source, name))
    llvm::raw_string_ostream(text) << *module;
  return text;
}

/// Functions that build masks are a library, not entries; of the others only `name` stays public, if given.
static LogicalResult chooseEntries(ModuleOp module, StringRef name) {
  SmallVector<func::FuncOp> entries;
  for (func::FuncOp function : getEntries(module))
    if (llvm::any_of(function.getResultTypes(), llvm::IsaPred<attn::MaskType>))
      function.setPrivate();
    else
      entries.push_back(function);
  if (entries.empty())
    return module.emitError("expects a public function to compile, but got none");
  if (name.empty())
    return success();
  std::string names;
  bool found = false;
  for (func::FuncOp entry : entries) {
    names += (names.empty() ? "" : ", ") + entry.getName().str();
    if (entry.getName() == name)
      found = true;
    else
      entry.setPrivate();
  }
  return found ? success() : module.emitError("expects an entry of ") << names << ", but got '" << name << "'";
}

OwningOpRef<ModuleOp> loadModule(MLIRContext &context, StringRef source, StringRef name, const CompileOptions &options) {
  OwningOpRef<ModuleOp> module = parse(context, source, name);
  if (!module || failed(chooseEntries(*module, options.entry)))
    return {};
  PassManager pm(&context);
  if (options.raise) {
    remark::RemarkCategories categories{/*all=*/std::nullopt, /*passed=*/std::nullopt, /*missed=*/"lacuna-raise", /*analysis=*/"lacuna-raise", /*failed=*/std::nullopt};
    if (failed(remark::enableOptimizationRemarks(context, nullptr, std::make_unique<remark::RemarkEmittingPolicyAll>(), categories, /*printAsEmitRemarks=*/true)))
      return {};
    pm.addPass(createInlinerPass());
    pm.addPass(createCanonicalizerPass()); // constants of front ends: f64, rounded
    pm.addPass(createRaiseToAttn());
  }
  LinkMasksOptions link;
  link.libraries = SmallVector<std::string>(options.maskLibraries.begin(), options.maskLibraries.end());
  pm.addPass(createLinkMasks(std::move(link)));
  if (options.dropMasks)
    pm.addPass(createDropMasks());
  buildPreparePipeline(pm);
  pm.addPass(createAttnExpandStates());
  if (failed(pm.run(*module)))
    return {};
  return module;
}

} // namespace lacuna
