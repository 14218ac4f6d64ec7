// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile → NVIDIA: the order of passes, PTX, and the cubin if an assembler is there.
#include "lib/Pipelines/MachineCode.h"
#include "lib/Pipelines/Pipelines.h"
#include "passes/Memory/Passes.h"
#include "passes/ToNVVM/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace lacuna;

void lacuna::buildNvvmPipeline(OpPassManager &pm) {
  pm.addPass(createTileAssignMemory());
  pm.addPass(createTilePipeline());
  pm.addPass(createTileAssignLayouts());
  pm.addPass(createConvertTileToNVVM());
  OpPassManager &gpu = pm.nest<gpu::GPUModuleOp>();
  gpu.addPass(createCanonicalizerPass());
  gpu.addPass(createCSEPass());
  gpu.addPass(createLoopInvariantCodeMotionPass());
  gpu.addPass(memref::createExpandStridedMetadataPass());
  gpu.addPass(createLowerAffinePass());
  gpu.addPass(createSCFToControlFlowPass());
  gpu.addPass(arith::createArithExpandOpsPass());
  gpu.addPass(createConvertGpuOpsToNVVMOps());
  gpu.addPass(createReconcileUnrealizedCastsPass());
  gpu.addPass(createCanonicalizerPass());
  gpu.addPass(createCSEPass());
}

std::string lacuna::findPtxas(StringRef path) {
  if (!path.empty())
    return path.str();
  if (std::optional<std::string> named = llvm::sys::Process::GetEnv("LACUNA_PTXAS"))
    return *named;
  if (std::optional<std::string> home = llvm::sys::Process::GetEnv("CUDA_HOME")) {
    SmallString<128> inHome(*home);
    llvm::sys::path::append(inHome, "bin", "ptxas");
    if (llvm::sys::fs::can_execute(inHome))
      return std::string(inHome);
  }
  llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName("ptxas");
  return found ? *found : std::string();
}

namespace {

/// A file that disappears with the object.
struct TemporaryFile {
  SmallString<128> path;
  std::error_code error;
  explicit TemporaryFile(StringRef suffix) { error = llvm::sys::fs::createTemporaryFile("lacuna", suffix, path); }
  ~TemporaryFile() { llvm::sys::fs::remove(path); }
};

std::string contentsOf(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

} // namespace

LogicalResult lacuna::assemblePtx(ModuleOp module, const TargetDescription &target, StringRef path, GpuCode &code) {
  std::string ptxas = findPtxas(path);
  if (ptxas.empty()) {
    module.emitWarning("expects ptxas in LACUNA_PTXAS, CUDA_HOME or PATH, but got none: PTX only");
    return success();
  }
  TemporaryFile input("ptx"), output("cubin"), log("log");
  std::error_code error = input.error ? input.error : output.error ? output.error : log.error;
  if (!error) {
    llvm::raw_fd_ostream stream(input.path, error);
    stream << code.text;
  }
  if (error)
    return module.emitError("expects to write a temporary file, but got: ") << error.message();
  std::string arch = ("-arch=" + target.cpu).str(), message;
  StringRef arguments[] = {ptxas, arch, "-v", input.path, "-o", output.path};
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(log.path), StringRef(log.path)};
  int status = llvm::sys::ExecuteAndWait(ptxas, arguments, std::nullopt, redirects, /*SecondsToWait=*/0,
                                         /*MemoryLimit=*/0, &message);
  code.assemblerLog = contentsOf(log.path);
  if (status != 0)
    return module.emitError("expects ") << ptxas << " to accept the kernels, but got: "
                                        << (message.empty() ? code.assemblerLog : message);
  std::string binary = contentsOf(output.path);
  code.binary.assign(binary.begin(), binary.end());
  return success();
}

FailureOr<GpuCode> lacuna::emitNvvm(ModuleOp module, const TargetDescription &target) {
  FailureOr<gpu::GPUModuleOp> kernels = kernelModule(module);
  if (failed(kernels))
    return failure();
  PassManager pm(module.getContext());
  pm.addNestedPass<gpu::GPUModuleOp>(createConvertNVVMToLLVMPass());
  if (failed(pm.run(module)))
    return failure();
  FailureOr<llvm::SmallString<0>> ptx = generateCode(*kernels, target, /*object=*/false);
  if (failed(ptx))
    return failure();
  GpuCode code;
  code.text = std::string(*ptx);
  code.kernels = kernelsOf(*kernels);
  return code;
}

FailureOr<GpuCode> lacuna::compileNvvm(ModuleOp module, const TargetDescription &target, StringRef ptxas) {
  PassManager pm(module.getContext());
  buildNvvmPipeline(pm);
  if (failed(pm.run(module)))
    return failure();
  FailureOr<GpuCode> code = emitNvvm(module, target);
  if (failed(code) || failed(assemblePtx(module, target, ptxas, *code)))
    return failure();
  return code;
}
