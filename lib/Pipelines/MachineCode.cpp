// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// gpu.module → LLVM IR → optimised → assembly or object, for NVPTX and AMDGPU.
#include "lib/Pipelines/MachineCode.h"

#include "lib/GPU/Lowering.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/GPU/GPUToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/NVVM/NVVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/ROCDL/ROCDLToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

#include <mutex>

using namespace mlir;
using namespace lacuna;

FailureOr<gpu::GPUModuleOp> lacuna::kernelModule(ModuleOp module) {
  if (auto kernels = module.lookupSymbol<gpu::GPUModuleOp>(kKernelModule))
    return kernels;
  return module.emitError("expects a gpu.module @") << kKernelModule;
}

std::vector<GpuKernel> lacuna::kernelsOf(gpu::GPUModuleOp module) {
  std::vector<GpuKernel> kernels;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    auto number = [&](StringRef name) { return function->getAttrOfType<IntegerAttr>(name); };
    if (number(kThreadsAttribute))
      kernels.push_back({function->getAttrOfType<StringAttr>(kNameAttribute).str(), function.getSymName().str(),
                         number(kThreadsAttribute).getInt(), number(kSharedBytesAttribute).getInt(),
                         number(kParameterBytesAttribute).getInt()});
  }
  return kernels;
}

static void initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeNVPTXTargetInfo();
    LLVMInitializeNVPTXTarget();
    LLVMInitializeNVPTXTargetMC();
    LLVMInitializeNVPTXAsmPrinter();
    LLVMInitializeAMDGPUTargetInfo();
    LLVMInitializeAMDGPUTarget();
    LLVMInitializeAMDGPUTargetMC();
    LLVMInitializeAMDGPUAsmPrinter();
    LLVMInitializeAMDGPUAsmParser();
  });
}

static std::unique_ptr<llvm::TargetMachine> createMachine(const TargetDescription &description, std::string &error) {
  initializeTargets();
  llvm::Triple triple(description.triple);
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target)
    return nullptr;
  return std::unique_ptr<llvm::TargetMachine>(
      target->createTargetMachine(triple, description.cpu, description.features, llvm::TargetOptions(),
                                  llvm::Reloc::PIC_, std::nullopt, llvm::CodeGenOptLevel::Aggressive));
}

static std::unique_ptr<llvm::Module> translate(gpu::GPUModuleOp module, llvm::LLVMContext &context) {
  DialectRegistry registry;
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  registerGPUDialectTranslation(registry);
  registerNVVMDialectTranslation(registry);
  registerROCDLDialectTranslation(registry);
  module->getContext()->appendDialectRegistry(registry);
  return translateModuleToLLVMIR(module, context);
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3).run(module, modules);
}

FailureOr<llvm::SmallString<0>> lacuna::generateCode(gpu::GPUModuleOp module, const TargetDescription &target,
                                                     bool object) {
  llvm::LLVMContext context;
  std::string error;
  std::unique_ptr<llvm::TargetMachine> machine = createMachine(target, error);
  if (!machine)
    return module.emitError("expects LLVM to generate code for ") << target.name << ", but got: " << error;
  std::unique_ptr<llvm::Module> llvmModule = translate(module, context);
  if (!llvmModule)
    return failure();
  llvmModule->setTargetTriple(machine->getTargetTriple());
  llvmModule->setDataLayout(machine->createDataLayout());
  if (target.kind == TargetKind::Amd) // version 5: the parameter block is the whole kernarg segment that we define
    llvmModule->addModuleFlag(llvm::Module::Error, "amdhsa_code_object_version", 500);
  optimize(*llvmModule, *machine);
  llvm::SmallString<0> code;
  llvm::raw_svector_ostream stream(code);
  llvm::legacy::PassManager codegen;
  auto kind = object ? llvm::CodeGenFileType::ObjectFile : llvm::CodeGenFileType::AssemblyFile;
  if (machine->addPassesToEmitFile(codegen, stream, nullptr, kind))
    return module.emitError("expects LLVM to emit code for ") << target.name;
  codegen.run(*llvmModule);
  return code;
}
