// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// LLVM IR to objects for CPUs.
#include "lib/Compiler/HostCode.h"

#include "lib/Compiler/Freestanding.h"
#include "lib/Support/Linker.h"

#include "mlir/Target/LLVMIR/Export.h"

#include "llvm-c/Target.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Linker/Linker.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

#include <mutex>

using namespace llvm;

namespace lacuna {
namespace {

/// Half the time of -O2 and no slower code: kernels come blocked and vectorized, so no unrolling; host loops are the ones that
/// loop-vectorize is for. (Causal bf16, head size 128, one core of an AVX-512 machine: 0.16 s and 51 ms; -O2: 0.31 s and 61 ms.)
constexpr StringLiteral kOptimizations =
    "function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,loop-mssa(loop-rotate,licm),"
    "loop(loop-idiom,indvars,loop-deletion),gvn,loop-vectorize,instcombine<no-verify-fixpoint>,early-cse<memssa>,dse,loop-mssa(licm),"
    "simplifycfg<bonus-inst-threshold=1;forward-switch-cond;switch-range-to-icmp;sink-common-insts;hoist-common-insts>,"
    "instcombine<no-verify-fixpoint>,adce),globaldce";

void initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    InitializeNativeTargetAsmParser();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
  });
}

/// Keeps the errors of code generation; LLVM's own handler would end the process.
struct KeepErrors final : DiagnosticHandler {
  explicit KeepErrors(std::string &error) : error(error) {}
  bool handleDiagnostics(const DiagnosticInfo &info) override {
    if (info.getSeverity() != DS_Error)
      return true;
    raw_string_ostream stream(error);
    DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    return true;
  }
  std::string &error;
};

} // namespace

HostCode::HostCode() = default;
HostCode::~HostCode() = default;

bool HostCode::translate(mlir::ModuleOp op, const TargetDescription &target) {
  source = op;
  context = std::make_unique<LLVMContext>();
  context->setDiagnosticHandler(std::make_unique<KeepErrors>(error));
  module = mlir::translateModuleToLLVMIR(op, *context, "lacuna");
  if (!module)
    return false; // reported
  Triple triple(target.triple.empty() ? sys::getDefaultTargetTriple() : target.triple.str());
  std::string message;
  const llvm::Target *backend = TargetRegistry::lookupTarget(triple, message);
  if (!backend) {
    op.emitError("target '") << target.name << "': " << message;
    return false;
  }
  TargetOptions options;
  options.FunctionSections = true; // what nobody uses is dropped by the linker
  machine.reset(backend->createTargetMachine(triple, target.cpu, target.features, options, Reloc::PIC_, std::nullopt, CodeGenOptLevel::Aggressive));
  module->setTargetTriple(triple);
  module->setDataLayout(machine->createDataLayout());
  module->setPICLevel(PICLevel::BigPIC);
  return true;
}

void HostCode::addFreestandingFunctions() {
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> support = parseAssemblyString(getFreestandingFunctions(), diagnostic, *context);
  assert(support && "the text is a constant");
  support->setTargetTriple(module->getTargetTriple());
  support->setDataLayout(module->getDataLayout());
  Linker::linkModules(*module, std::move(support));
}

void HostCode::optimize(ArrayRef<std::string> exports) {
  for (GlobalValue &value : module->global_values()) {
    if (value.isDeclaration() || value.hasAppendingLinkage())
      continue;
    if (is_contained(exports, value.getName()))
      value.setVisibility(GlobalValue::DefaultVisibility);
    else if (!isFreestandingFunction(value.getName()))
      value.setLinkage(GlobalValue::InternalLinkage);
  }
  for (Function &function : *module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", machine->getTargetCPU());
    function.addFnAttr("target-features", machine->getTargetFeatureString());
    function.addFnAttr(Attribute::NoUnwind);
  }
  PassBuilder builder(machine.get());
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager callGraph;
  ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(callGraph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, callGraph, modules);
  ModulePassManager passes;
  cantFail(builder.parsePassPipeline(passes, kOptimizations));
  passes.run(*module, modules);
}

std::unique_ptr<HostCode> HostCode::create(mlir::ModuleOp module, const TargetDescription &target, ArrayRef<std::string> exports) {
  initializeTargets();
  std::unique_ptr<HostCode> result(new HostCode());
  if (!result->translate(module, target))
    return nullptr;
  result->addFreestandingFunctions();
  result->optimize(exports);
  return result;
}

std::string HostCode::text() const {
  std::string text;
  raw_string_ostream stream(text);
  module->print(stream, nullptr);
  return text;
}

bool HostCode::defines(StringRef symbol) const {
  const Function *function = module->getFunction(symbol);
  return function && !function->isDeclaration();
}

std::optional<std::string> HostCode::emit(bool assembly) {
  SmallString<0> bytes;
  raw_svector_ostream stream(bytes);
  legacy::PassManager passes;
  if (machine->addPassesToEmitFile(passes, stream, nullptr, assembly ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile))
    error = "the target cannot emit this kind of file";
  else
    passes.run(*module);
  if (error.empty())
    return bytes.str().str();
  source.emitError("code generation failed: ") << error;
  return std::nullopt;
}

std::optional<std::string> HostCode::link(StringRef object, bool allowUndefined) {
  SmallVector<const char *> flags{"--gc-sections", "--threads=1", "--build-id=none", "--hash-style=gnu", "-z", "noexecstack", "-z", "now"};
  if (!allowUndefined)
    flags.push_back("--no-undefined");
  std::string complaint;
  if (std::optional<std::vector<char>> bytes = linkSharedObject(object, flags, complaint))
    return std::string(bytes->begin(), bytes->end());
  source.emitError("linking the host object failed: ") << StringRef(complaint).trim();
  return std::nullopt;
}

} // namespace lacuna
