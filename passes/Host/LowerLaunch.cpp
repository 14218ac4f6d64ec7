// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches and requirements become calls through `struct lacunaHost` (docs/design/abi.md).
#include "passes/Host/Passes.h"

#include "dialects/Tile/Tile.h"
#include "lib/Support/ParameterBlock.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace lacuna {
#define GEN_PASS_DEF_HOSTLOWERLAUNCHPASS
#include "passes/Host/Passes.h.inc"

namespace {

/// Positions in `struct lacunaHost`, in bytes.
constexpr int32_t kLaunchMember = 0, kFailMember = 8;

/// One `run` function and what its calls need.
struct Run {
  func::FuncOp function;
  Value host, stream;

  explicit Run(func::FuncOp function)
      : function(function), host(function.getArgument(0)), stream(function.getArgument(3)) {}

  /// Stack memory, reserved once in the entry block.
  Value reserve(ImplicitLocOpBuilder &b, int64_t bytes, int64_t alignment) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&function.getBody().front());
    Value count = LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(bytes));
    return LLVM::AllocaOp::create(b, host.getType(), b.getI8Type(), count, alignment);
  }

  /// Calls a member of the table with the host as first argument.
  Value call(ImplicitLocOpBuilder &b, int32_t member, ValueRange arguments) {
    SmallVector<Value> operands{host};
    llvm::append_range(operands, arguments);
    auto type = LLVM::LLVMFunctionType::get(b.getI32Type(), llvm::to_vector(ValueRange(operands).getTypes()));
    Value address = LLVM::GEPOp::create(b, host.getType(), b.getI8Type(), host, ArrayRef<LLVM::GEPArg>{member});
    operands.insert(operands.begin(), LLVM::LoadOp::create(b, host.getType(), address).getResult());
    return LLVM::CallOp::create(b, type, operands).getResult();
  }
};

/// Splits the block of `op` before it; the rest runs when `condition` (of `b`, in front of `op`) holds, else `leave` fills a returning block.
void branchUnless(ImplicitLocOpBuilder &b, Operation *op, llvm::function_ref<Value()> condition, llvm::function_ref<Value()> leave) {
  Block *block = op->getBlock();
  Block *rest = block->splitBlock(op->getIterator());
  Block *exit = b.createBlock(rest);
  b.setInsertionPointToEnd(block);
  Value holds = condition();
  cf::CondBranchOp::create(b, holds, rest, exit);
  b.setInsertionPointToEnd(exit);
  func::ReturnOp::create(b, leave());
}

void lowerLaunch(Run &run, tile::LaunchOp launch, int64_t number) {
  ImplicitLocOpBuilder b(launch.getLoc(), launch);
  SmallVector<Value> parameters(launch.getInputs());
  llvm::append_range(parameters, launch.getInits());
  llvm::append_range(parameters, launch.getGrid().take_front(2)); // a CPU kernel numbers its items by them
  ParameterLayout layout = layoutParameters(ValueRange(parameters).getTypes());
  Value block = run.reserve(b, layout.bytes, ParameterLayout::kAlignment), grid = run.reserve(b, 3 * 8, 8);
  for (auto [value, offset] : llvm::zip(parameters, layout.offsets))
    storeParameter(b, b.getLoc(), value, block, offset);
  for (auto [i, size] : llvm::enumerate(launch.getGrid()))
    storeParameter(b, b.getLoc(), size, grid, 8 * i);
  auto constant = [&](int64_t value) { return LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(value)); };
  Value status = run.call(b, kLaunchMember, {constant(number), grid, block, constant(layout.bytes), run.stream});
  auto succeeded = [&]() -> Value {
    return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, status, arith::ConstantIntOp::create(b, b.getI32Type(), 0));
  };
  branchUnless(b, launch, succeeded, [&] { return status; });
  launch.erase();
}

/// A null-terminated string constant of the module.
Value emitString(ImplicitLocOpBuilder &b, ModuleOp module, StringRef text, llvm::MapVector<StringRef, std::string> &names) {
  std::string &name = names[text];
  if (name.empty()) {
    name = "lacuna.message" + std::to_string(names.size() - 1);
    std::string bytes = text.str() + '\0';
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    auto type = LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size());
    LLVM::GlobalOp::create(b, type, /*isConstant=*/true, LLVM::Linkage::Internal, name, b.getStringAttr(bytes));
  }
  return LLVM::AddressOfOp::create(b, LLVM::LLVMPointerType::get(b.getContext()), name);
}

struct HostLowerLaunch final : impl::HostLowerLaunchPassBase<HostLowerLaunch> {
  void runOnOperation() override {
    llvm::MapVector<Attribute, int64_t> kernels;
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (failed(lowerFunction(function, kernels)))
        return signalPassFailure();
    SmallVector<Attribute> symbols;
    for (auto [symbol, number] : kernels)
      symbols.push_back(symbol);
    getOperation()->setAttr(kKernelsAttr, ArrayAttr::get(&getContext(), symbols));
  }

  LogicalResult lowerFunction(func::FuncOp function, llvm::MapVector<Attribute, int64_t> &kernels) {
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) {
      if (isa<tile::LaunchOp, tile::RequireOp>(op))
        ops.push_back(op);
    });
    if (ops.empty())
      return success();
    auto part = function->getAttrOfType<StringAttr>(kPartAttr);
    if (!part || part != "run")
      return function.emitError("expects launches in the run function of an entry only, but got one in '") << function.getName() << "'";
    Run run(function);
    for (Operation *op : ops) {
      if (op->getParentOp() != function)
        return op->emitError("expects no structured control flow around a launch, but got '") << op->getParentOp()->getName() << "'";
      if (auto launch = dyn_cast<tile::LaunchOp>(op))
        lowerLaunch(run, launch, kernels.insert({launch.getKernelAttr(), kernels.size()}).first->second);
      else
        lowerRequire(run, cast<tile::RequireOp>(op));
    }
    return success();
  }

  void lowerRequire(Run &run, tile::RequireOp require) {
    ImplicitLocOpBuilder b(require.getLoc(), require);
    auto holds = [&]() -> Value { return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, require.getExpected(), require.getGot()); };
    branchUnless(b, require, holds, [&] {
      Value what = emitString(b, getOperation(), require.getWhat(), messages);
      Value expected = arith::IndexCastOp::create(b, b.getI64Type(), require.getExpected());
      Value got = arith::IndexCastOp::create(b, b.getI64Type(), require.getGot());
      return run.call(b, kFailMember, {what, expected, got});
    });
    require.erase();
  }

  llvm::MapVector<StringRef, std::string> messages;
};

} // namespace
} // namespace lacuna
