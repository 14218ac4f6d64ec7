// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Test tool: tile kernels of a module to the device code of its target. `lacuna-test-kernels in.mlir
// text|resources|binary`.
#include "lacuna/InitAll.h"
#include "lib/Pipelines/GpuCode.h"
#include "lib/Support/KernelTarget.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace lacuna;

static void printResources(const GpuCode &code) {
  for (const GpuKernel &kernel : code.kernels)
    llvm::outs() << kernel.name << " (" << kernel.symbol << "): threads " << kernel.threads << ", shared "
                 << kernel.sharedBytes << ", parameters " << kernel.parameterBytes << "\n";
  llvm::outs() << code.assemblerLog << "binary bytes " << code.binary.size() << "\n";
}

int main(int argc, char **argv) {
  if (argc != 3) {
    llvm::errs() << "usage: lacuna-test-kernels in.mlir text|resources|binary\n";
    return 1;
  }
  DialectRegistry registry;
  registerAllDialects(registry);
  MLIRContext context(registry);
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(argv[1], &context);
  const TargetDescription *target = module ? targetOf(*module) : nullptr;
  if (!target)
    return 1;
  FailureOr<GpuCode> code =
      target->kind == TargetKind::Nvidia ? compileNvvm(*module, *target) : compileRocdl(*module, *target);
  if (failed(code))
    return 1;
  llvm::StringRef what = argv[2];
  if (what == "text")
    llvm::outs() << code->text;
  else if (what == "binary")
    llvm::outs().write(code->binary.data(), code->binary.size());
  else
    printResources(*code);
  return 0;
}
