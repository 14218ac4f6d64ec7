// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device code by kind of chip, with the exits of --emit, and the emulator's way.
#include "lib/Compiler/CodeGeneration.h"

#include "lib/GPU/Lowering.h"
#include "lib/Pipelines/MachineCode.h"
#include "lib/Pipelines/Pipelines.h"
#include "passes/Emulation/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace lacuna {
namespace {

LogicalResult runPipeline(ModuleOp module, void (*build)(OpPassManager &)) {
  PassManager pm(module.getContext());
  build(pm);
  return pm.run(module);
}

std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream(text) << module << "\n";
  return text;
}

/// The binary as --emit names it, or an error that says why there is none.
FailureOr<std::string> binaryStage(ModuleOp module, const GpuCode &code) {
  if (code.binary.empty())
    return module.emitError("expects ptxas to make a binary, but got none");
  return std::string(code.binary.begin(), code.binary.end());
}

} // namespace

FailureOr<DeviceCode> generateDeviceCode(ModuleOp module, const TargetDescription &chip, const CompileOptions &options) {
  bool nvidia = chip.kind == TargetKind::Nvidia;
  DeviceCode device;
  if (options.emit == Emit::Llvm)
    return module.emitError("target '") << chip.name << "': --emit=llvm shows host code only and is not supported for GPUs; use mlir or asm";
  if (failed(runPipeline(module, nvidia ? buildNvvmPipeline : buildRocdlPipeline)))
    return failure();
  if (options.emit == Emit::Mlir)
    return device.stage = print(module), device;
  FailureOr<GpuCode> code = nvidia ? emitNvvm(module, chip) : emitRocdl(module, chip);
  if (failed(code) || (options.emit == Emit::Cubin && failed(assemblePtx(module, chip, options.ptxas, *code))))
    return failure();
  if (options.emit == Emit::Ptx || options.emit == Emit::Asm)
    return device.stage = code->text, device;
  if (options.emit != Emit::Artifact) {
    FailureOr<std::string> binary = binaryStage(module, *code);
    if (failed(binary))
      return failure();
    return device.stage = *binary, device;
  }
  // PTX runs on this chip and on newer ones of its kind; a cubin would not.
  device.blob = nvidia ? runtime::Blob{"ptx", code->text} : runtime::Blob{"hsaco", std::string(code->binary.begin(), code->binary.end())};
  device.kernels = std::move(code->kernels);
  return device;
}

FailureOr<DeviceCode> generateEmulation(ModuleOp module, ModuleOp host, const TargetDescription &chip) {
  if (chip.kind != TargetKind::Nvidia)
    return host.emitError("target 'emulate:") << chip.name << "': the emulator knows NVIDIA chips only";
  if (failed(runPipeline(module, buildNvvmPipeline)))
    return failure();
  FailureOr<gpu::GPUModuleOp> kernels = kernelModule(module);
  if (failed(kernels))
    return failure();
  DeviceCode device;
  device.kernels = kernelsOf(*kernels);
  if (failed(runPipeline(module, [](OpPassManager &pm) {
        pm.addPass(createEmulateGpu());
        pm.addPass(createSymbolDCEPass());
      })))
    return failure();
  for (GpuKernel &kernel : device.kernels)
    if (auto function = module.lookupSymbol<LLVM::LLVMFuncOp>(kernel.symbol))
      if (auto bytes = function->getAttrOfType<IntegerAttr>(kSharedBytesAttribute))
        kernel.sharedBytes = bytes.getInt();
  for (Operation &op : llvm::make_early_inc_range(*module.getBody()))
    if (isa<LLVM::LLVMFuncOp, LLVM::GlobalOp>(op))
      op.moveBefore(host.getBody(), host.getBody()->end());
  return device;
}

} // namespace lacuna
