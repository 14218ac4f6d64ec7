// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The way of one module to the code of one chip, with an exit at every stage that --emit names.
#include "lib/Compiler/CompileTarget.h"

#include "dialects/Tile/Tile.h"
#include "lib/Compiler/Header.h"
#include "lib/Compiler/HostCode.h"
#include "lib/Pipelines/Pipelines.h"
#include "passes/Host/Passes.h"
#include "passes/Masks/Passes.h"
#include "passes/Reference/Passes.h"
#include "passes/Schedule/Passes.h"
#include "passes/State/Passes.h"
#include "passes/Tiling/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

#include "llvm/Support/MemoryBuffer.h"

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

/// The schedule file's text without comments and blanks around it; "" if there is no file.
FailureOr<std::string> readSchedule(ModuleOp module, const std::string &path) {
  if (path.empty())
    return std::string();
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!file)
    return module.emitError("cannot read the schedule file '") << path << "': " << file.getError().message();
  std::string text;
  SmallVector<StringRef> lines;
  (*file)->getBuffer().split(lines, '\n');
  for (StringRef line : lines)
    text += line.take_front(line.find("//")).trim().str() + " ";
  if (StringRef(text).trim().empty())
    return module.emitError("expects #attn.schedule<...> in the schedule file '") << path << "', but got nothing";
  return StringRef(text).trim().str();
}

/// One compilation of one module for one chip.
class TargetCompiler {
public:
  TargetCompiler(ModuleOp module, const TargetChoice &choice, const CompileOptions &options, const std::vector<runtime::Entry> &entries)
      : module(module), chip(*choice.chip), emulate(choice.emulate), options(options), entries(entries) {}

  FailureOr<TargetCode> run() {
    module->setAttr(tile::TileDialect::getTargetAttrName(), StringAttr::get(module.getContext(), chip.name));
    if (failed(options.reference ? lowerToReference() : lowerToTiles()) || stageReached())
      return finish();
    kernels = describeKernels(module);
    // Entries first: the kernels' pipeline expands math functions, which is meant for scalars and vectors.
    if (chip.kind != TargetKind::Cpu && (failed(compileDevice()) || stageReached()))
      return finish();
    if (failed(lowerHost()) || stageReached() || failed(emitHostObject()) || stageReached())
      return finish();
    describeTarget();
    return finish();
  }

private:
  bool stageReached() const { return code.stage.has_value(); }
  FailureOr<TargetCode> finish() {
    if (hasFailed)
      return failure();
    return std::move(code);
  }
  LogicalResult fail() { return hasFailed = true, failure(); }
  LogicalResult runPasses(llvm::function_ref<void(PassManager &)> build) {
    PassManager pm(module.getContext());
    pm.enableVerifier(false); // the input was verified; verifying after each of some forty passes is a third of MLIR's time
    build(pm);
    return failed(pm.run(module)) ? fail() : success();
  }

  static void addMaskExpansion(PassManager &pm) {
    pm.addPass(createExpandMasks());
    pm.addPass(createCanonicalizerPass());
    pm.addPass(createCSEPass());
  }

  LogicalResult lowerToReference() {
    if (failed(runPasses(addMaskExpansion)))
      return failure();
    if (options.emit == Emit::Attn)
      code.stage = print(module);
    return stageReached() ? success() : runPasses([](PassManager &pm) {
      pm.addPass(createAttnLowerStoragePass());
      pm.addPass(createAttnToReference());
    });
  }

  LogicalResult lowerToTiles() {
    FailureOr<std::string> schedule = readSchedule(module, options.scheduleFile);
    if (failed(schedule))
      return fail();
    AttnSelectSchedulePassOptions select;
    select.schedule = *schedule;
    select.batchInvariant = options.batchInvariant;
    if (failed(runPasses([&](PassManager &pm) {
          if (schedule->empty())
            pm.addPass(createAttnOrderSpacePass());
          addMaskExpansion(pm);
          if (schedule->empty())
            pm.addPass(createAttnSpecializeQueriesPass({options.batchInvariant}));
          pm.addPass(createAttnSelectSchedulePass(select));
        })))
      return failure();
    if (options.emit == Emit::Attn)
      return code.stage = print(module), success();
    if (failed(runPasses([&](PassManager &pm) {
          if (chip.kind == TargetKind::Cpu)
            pm.addPass(createTabulateSets());
          pm.addPass(createAttnToTilePass());
          pm.addPass(createAttnLowerStoragePass());
          pm.addPass(createAttnLowerStates()); // those of the program, and those of split keys
          pm.addPass(createCanonicalizerPass());
          pm.addPass(createCSEPass());
        })))
      return failure();
    if (options.emit == Emit::Tile)
      code.stage = print(module);
    return success();
  }

  /// GPU: device code from a clone; the host object keeps the cost twins only.
  LogicalResult compileDevice() {
    if (kernels.empty())
      return module.emitError("target '") << chip.name << "': expects at least one attention op, but got none", fail();
    OwningOpRef<ModuleOp> clone = module.clone();
    FailureOr<DeviceCode> device = emulate ? generateEmulation(*clone, module, chip) : generateDeviceCode(*clone, chip, options);
    if (failed(device))
      return fail();
    if (device->stage)
      return code.stage = std::move(device->stage), success();
    if (device->blob)
      code.blobs.push_back(std::move(*device->blob));
    for (NamedKernel &kernel : kernels)
      for (const GpuKernel &compiled : device->kernels)
        if (compiled.name == kernel.name)
          kernel.header.symbol = compiled.symbol, kernel.header.block = {compiled.threads, 1, 1}, kernel.header.sharedBytes = compiled.sharedBytes;
    module->setAttr(tile::TileDialect::getTargetAttrName(), StringAttr::get(module.getContext(), hostChip().name));
    if (failed(runPasses([](PassManager &pm) { pm.addPass(createTileOutlineCostPass()); })))
      return failure();
    for (auto kernel : llvm::make_early_inc_range(module.getOps<tile::KernelOp>()))
      if (kernel.getNumResults() == 0)
        kernel.erase();
    return success();
  }

  /// The CPU that the host object runs on. The emulator's kernels want fma and f16 conversions; entries of a GPU want nothing; an emulated CPU is this one.
  const TargetDescription &hostChip() const {
    if (chip.kind == TargetKind::Cpu)
      return emulate ? *lookupTarget(nativeTarget()) : chip;
    return *lookupTarget(emulate && nativeTarget() != "generic" ? "x86-64-v3" : "generic");
  }

  /// Host code of a GPU's entry must not touch tensors: they are in device memory.
  LogicalResult checkNoHostLoops() {
    if (chip.kind == TargetKind::Cpu || emulate)
      return success();
    WalkResult result = module.walk([&](Operation *op) {
      if (!isa<memref::LoadOp, memref::StoreOp, memref::GetGlobalOp>(op) || op->getParentOfType<tile::KernelOp>())
        return WalkResult::advance();
      op->emitError("target '") << chip.name << "': expects entries of attention ops only, but got other computation on tensors";
      return WalkResult::interrupt();
    });
    return result.wasInterrupted() ? fail() : success();
  }

  LogicalResult lowerHost() {
    if (failed(runPasses([&](PassManager &pm) {
          if (!options.reference)
            buildCpuMemoryPipeline(pm);
          buildHostPipeline(pm);
        })) ||
        failed(checkNoHostLoops()))
      return failure();
    if (failed(runPasses([&](PassManager &pm) {
          if (!options.reference)
            buildCpuPipeline(pm, emulate && chip.kind == TargetKind::Cpu);
          ToLLVMOptions toLLVM;
          toLLVM.reference = options.reference;
          buildToLLVMPipeline(pm, toLLVM);
        })))
      return failure();
    if (options.emit == Emit::Mlir)
      code.stage = print(module);
    return success();
  }

  std::vector<std::string> exports() const {
    std::vector<std::string> symbols{kEmulatorSymbol.str()};
    for (const runtime::Entry &entry : entries)
      for (const char *part : {".run", ".workspace_bytes", ".result_shapes"})
        symbols.push_back(entry.name + part);
    for (const NamedKernel &kernel : kernels) {
      symbols.push_back(kernel.header.symbol);
      symbols.push_back(kernel.name + ".cost");
    }
    return symbols;
  }

  LogicalResult emitHostObject() {
    std::unique_ptr<HostCode> machine = HostCode::create(module, hostChip(), exports());
    if (!machine)
      return fail();
    if (options.emit == Emit::Llvm)
      return code.stage = machine->text(), success();
    for (NamedKernel &kernel : kernels)
      if (machine->defines(kernel.name + ".cost"))
        kernel.header.cost = kernel.name + ".cost";
    std::optional<std::string> object = machine->emit(/*assembly=*/options.emit == Emit::Asm);
    if (!object)
      return fail();
    if (options.emit != Emit::Artifact)
      return code.stage = std::move(*object), success();
    std::optional<std::string> shared = machine->link(*object, /*allowUndefined=*/options.reference);
    if (!shared)
      return fail();
    code.target.host = code.blobs.size();
    code.blobs.push_back({"elf", std::move(*shared)});
    return success();
  }

  void describeTarget() {
    runtime::Target &target = code.target;
    target.name = chip.name.str();
    target.device = chip.kind == TargetKind::Cpu ? "cpu" : emulate ? "emulate" : chip.kind == TargetKind::Nvidia ? "cuda" : "hip";
    for (StringRef requirement : (emulate ? hostChip() : chip).requirements)
      target.requirements.push_back(requirement.str());
    if (target.device == "cuda" || target.device == "hip")
      target.code = 0;
    // The numbers that launches use, not the order of the symbols.
    for (auto symbol : module->getAttrOfType<ArrayAttr>(kKernelsAttr).getAsRange<FlatSymbolRefAttr>())
      for (NamedKernel &kernel : kernels)
        if (kernel.name == symbol.getValue())
          target.kernels.push_back(kernel.header);
  }

  ModuleOp module;
  const TargetDescription &chip;
  bool emulate;
  const CompileOptions &options;
  const std::vector<runtime::Entry> &entries;
  std::vector<NamedKernel> kernels;
  TargetCode code;
  bool hasFailed = false;
};

} // namespace

FailureOr<TargetCode> compileTarget(ModuleOp module, const TargetChoice &choice, const CompileOptions &options,
                                    const std::vector<runtime::Entry> &entries) {
  return TargetCompiler(module, choice, options, entries).run();
}

} // namespace lacuna
