// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Device code of GPUs: the pipelines of lib/Pipelines, with the exits that --emit names.
#include "lib/Compiler/CodeGeneration.h"
#include "lib/Pipelines/GpuCode.h"
#include "lib/Pipelines/Pipelines.h"

#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace lacuna {
namespace {

std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream);
  stream << "\n";
  return text;
}

/// Runs the pipeline; sets `text` if the lowered module itself was asked for.
LogicalResult lower(ModuleOp module, const CompileOptions &options, llvm::function_ref<void(OpPassManager &)> build,
                    DeviceCode &device) {
  PassManager pm(module.getContext());
  build(pm);
  if (failed(pm.run(module)))
    return failure();
  if (options.emit == Emit::Mlir)
    device.text = print(module);
  return success();
}

void describe(const GpuCode &code, bool dynamicShared, DeviceCode &device) {
  for (const GpuKernel &kernel : code.kernels) {
    runtime::Kernel described;
    described.symbol = kernel.name;
    described.block = {kernel.threads, 1, 1};
    described.sharedBytes = dynamicShared ? kernel.sharedBytes : 0; // AMD's is part of the code
    device.kernels.push_back(described);
    device.symbols[kernel.name] = kernel.symbol;
  }
}

} // namespace

FailureOr<DeviceCode> generateNvidia(ModuleOp module, const TargetDescription &target, const CompileOptions &options) {
  DeviceCode device;
  if (failed(lower(module, options, buildNvvmPipeline, device)))
    return failure();
  if (!device.text.empty())
    return device;
  FailureOr<GpuCode> code = emitNvvm(module, target);
  if (failed(code))
    return failure();
  if (options.emit == Emit::Ptx) {
    device.text = code->text;
    return device;
  }
  describe(*code, /*dynamicShared=*/true, device);
  if (options.emit != Emit::Cubin) {
    // PTX runs on every later chip too; a cubin on chips of its own major version only.
    device.blob = runtime::Blob{"ptx", code->text};
    return device;
  }
  if (failed(assemblePtx(module, target, options.ptxas, *code)))
    return failure();
  device.text.assign(code->binary.begin(), code->binary.end());
  return device;
}

FailureOr<DeviceCode> generateAmd(ModuleOp module, const TargetDescription &target, const CompileOptions &options) {
  DeviceCode device;
  if (failed(lower(module, options, buildRocdlPipeline, device)))
    return failure();
  if (!device.text.empty())
    return device;
  FailureOr<GpuCode> code = emitRocdl(module, target);
  if (failed(code))
    return failure();
  if (options.emit == Emit::Asm) {
    device.text = code->text;
    return device;
  }
  describe(*code, /*dynamicShared=*/false, device);
  std::string binary(code->binary.begin(), code->binary.end());
  if (options.emit == Emit::Hsaco)
    device.text = std::move(binary);
  else
    device.blob = runtime::Blob{"hsaco", std::move(binary)};
  return device;
}

} // namespace lacuna
