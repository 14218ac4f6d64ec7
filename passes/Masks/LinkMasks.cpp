// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-link-masks: named masks become the bodies of library functions. Does not expand core masks (attn-expand-masks
// does).
#include "dialects/Attn/Attn.h"
#include "passes/Masks/BuiltinMasks.h"
#include "passes/Masks/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"

namespace lacuna {
#define GEN_PASS_DEF_LINKMASKS
#include "passes/Masks/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using namespace lacuna::attn;

namespace {

bool isMaskFunction(func::FuncOp function) {
  return function.getNumResults() == 1 && isa<MaskType>(function.getResultTypes().front());
}

/// All masks that can be named. The first definition of a name wins.
class MaskLibrary {
public:
  void addModule(ModuleOp module) {
    for (auto function : module.getOps<func::FuncOp>())
      if (isMaskFunction(function) && !function.isExternal())
        functions.try_emplace(function.getName(), function);
  }

  LogicalResult addText(MLIRContext *context, StringRef text, StringRef name) {
    return own(parseSourceString<ModuleOp>(text, ParserConfig(context), name));
  }

  LogicalResult addFile(Operation *diagnosed, StringRef path) {
    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, ParserConfig(diagnosed->getContext()));
    if (!module)
      return diagnosed->emitError("expects a readable mask library, but got ") << path;
    return own(std::move(module));
  }

  func::FuncOp lookup(StringRef name) const { return functions.lookup(name); }

  /// At most three known names, nearest first.
  SmallVector<StringRef> nearest(StringRef name) const {
    SmallVector<std::pair<unsigned, StringRef>> ranked;
    for (StringRef known : functions.keys())
      ranked.emplace_back(name.edit_distance(known), known);
    llvm::sort(ranked);
    return llvm::map_to_vector(ArrayRef(ranked).take_front(3), [](auto &entry) { return entry.second; });
  }

private:
  LogicalResult own(OwningOpRef<ModuleOp> module) {
    if (!module)
      return failure();
    addModule(*module);
    modules.push_back(std::move(module));
    return success();
  }

  SmallVector<OwningOpRef<ModuleOp>> modules;
  llvm::StringMap<func::FuncOp> functions;
};

class Linker {
public:
  explicit Linker(const MaskLibrary &library) : library(library) {}

  LogicalResult link(NamedOp op) {
    FailureOr<func::FuncOp> function = resolve(op);
    if (failed(function))
      return failure();
    chain.push_back(function->getName());
    LogicalResult result = inlineBody(op, *function);
    chain.pop_back();
    return result;
  }

private:
  FailureOr<func::FuncOp> resolve(NamedOp op) {
    func::FuncOp function = library.lookup(op.getName());
    if (!function) {
      InFlightDiagnostic error = op.emitOpError("expects the name of a mask in the mask library, but got '")
                                 << op.getName() << "'";
      SmallVector<StringRef> names = library.nearest(op.getName());
      if (!names.empty())
        error << "; nearest: " << llvm::join(names, ", ");
      return error;
    }
    if (llvm::is_contained(chain, op.getName()))
      return op.emitOpError("expects a mask that does not name itself, but got ")
             << llvm::join(chain, " -> ") << " -> " << op.getName();
    if (!function.getBody().hasOneBlock() || !isa<func::ReturnOp>(function.front().back()))
      return function.emitOpError("expects a mask of one straight block that ends in return");
    return function;
  }

  /// The argument for one parameter, or null where the types do not fit.
  Value adapt(OpBuilder &b, Location loc, Value argument, BlockArgument parameter) {
    Type expected = parameter.getType();
    if (argument.getType() == expected)
      return argument;
    if (!isa<RankedTensorType>(expected) || !isa<RankedTensorType>(argument.getType()) ||
        !tensor::preservesStaticInformation(expected, argument.getType()))
      return {};
    // attn ops take any shape: keeping the static one helps the analysis.
    if (llvm::all_of(parameter.getUsers(), llvm::IsaPred<LookupOp, SegmentOp, DocumentOp, KeyLengthsOp>))
      return argument;
    return tensor::CastOp::create(b, loc, expected, argument);
  }

  LogicalResult inlineBody(NamedOp op, func::FuncOp function) {
    OpBuilder b(op);
    IRMapping mapping;
    bool fits = function.getNumArguments() == op.getParameters().size();
    for (unsigned i = 0; fits && i < function.getNumArguments(); ++i) {
      Value value = adapt(b, op.getLoc(), op.getParameters()[i], function.getArgument(i));
      mapping.map(function.getArgument(i), value);
      fits = static_cast<bool>(value);
    }
    if (!fits)
      return op.emitOpError("expects arguments (") << function.getArgumentTypes() << ") for mask '" << op.getName()
                                                   << "', but got (" << op.getParameters().getTypes() << ")";
    for (Operation &inner : function.front().without_terminator()) {
      Operation *copy = b.clone(inner, mapping);
      if (auto named = dyn_cast<NamedOp>(copy)) {
        b.setInsertionPoint(op);
        Operation *before = copy->getNextNode();
        if (failed(link(named)))
          return failure();
        b.setInsertionPoint(before);
        mapping.map(inner.getResult(0), replaced);
      }
    }
    replaced = mapping.lookup(function.front().getTerminator()->getOperand(0));
    op.replaceAllUsesWith(replaced);
    op.erase();
    return success();
  }

  const MaskLibrary &library;
  SmallVector<StringRef> chain; ///< names being linked, outermost first
  Value replaced;               ///< what the last linked op became
};

struct LinkMasks final : lacuna::impl::LinkMasksBase<LinkMasks> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<NamedOp> named;
    getOperation().walk([&](NamedOp op) { named.push_back(op); });
    if (named.empty())
      return;
    MaskLibrary library;
    if (failed(collect(library)))
      return signalPassFailure();
    Linker linker(library);
    for (NamedOp op : named)
      if (failed(linker.link(op)))
        return signalPassFailure();
    eraseUnusedDefinitions();
  }

  /// Private masks of this module that nothing calls any more; no later stage could lower them.
  void eraseUnusedDefinitions() {
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (isMaskFunction(function) && function.isPrivate() &&
          SymbolTable::symbolKnownUseEmpty(function, getOperation()))
        function.erase();
  }

  LogicalResult collect(MaskLibrary &library) {
    library.addModule(getOperation());
    for (const std::string &path : libraries)
      if (failed(library.addFile(getOperation(), path)))
        return failure();
    for (const BuiltinMaskFile &file : builtinMaskFiles())
      if (failed(library.addText(&getContext(), file.text, file.name)))
        return failure();
    return success();
  }
};

} // namespace
