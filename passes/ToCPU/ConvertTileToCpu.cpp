// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// convert-tile-to-cpu: the function around a kernel (parameters, loop over work items), buffers, and the dispatch to the op lowerings.
#include "lib/Support/KernelTarget.h"
#include "lib/Support/ParameterBlock.h"
#include "passes/ToCPU/CpuLowering.h"
#include "passes/ToCPU/Passes.h"

#include "mlir/Dialect/AMX/AMXDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"

namespace lacuna {
#define GEN_PASS_DEF_CONVERTTILETOCPUPASS
#include "passes/ToCPU/Passes.h.inc"
} // namespace lacuna

using namespace mlir;

namespace lacuna {

bool hasPairs(tile::TileType type) { return isa_and_nonnull<tile::PairsAttr>(type.getLayout()); }

bool hasPanels(tile::TileType type) { return hasPairs(type) && lanesAxis(type) == 1; }

int64_t panelColumns(Value buffer) { return cast<MemRefType>(buffer.getType()).getDimSize(1) / 2; }

int64_t lanesAxis(tile::TileType type) {
  if (auto pairs = dyn_cast_or_null<tile::PairsAttr>(type.getLayout()))
    return pairs.getAxis();
  auto lanes = dyn_cast_or_null<tile::LanesAttr>(type.getLayout());
  return lanes ? lanes.getAxis() : type.getRank() - 1;
}

MemRefType bufferType(tile::TileType type) {
  SmallVector<int64_t> shape(type.getShape());
  if (shape.size() == 2 && lanesAxis(type) == 0)
    std::swap(shape[0], shape[1]);
  if (int64_t columns = shape.back() % 16 ? 8 : 16; hasPanels(type)) // head sizes are multiples of 8
    shape = {shape[0] / 2 * shape[1] / columns, 2 * columns};
  else if (hasPairs(type))
    shape = {shape[0] / 2, shape[1] * 2};
  return MemRefType::get(shape, type.getElementType());
}

Value splat(ImplicitLocOpBuilder &b, Value value, int64_t width) {
  if (isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(b, VectorType::get({width}, value.getType()), value);
}

Value CpuLowering::constant(int64_t v) { return arith::ConstantIndexOp::create(b, v); }

Value CpuLowering::allocate(MemRefType type) {
  SmallVector<Value> &free = pool[type];
  Value buffer;
  if (free.empty()) {
    OpBuilder entry = OpBuilder::atBlockBegin(allocations);
    buffer = memref::AllocaOp::create(entry, b.getLoc(), type, entry.getI64IntegerAttr(64));
  } else {
    buffer = free.pop_back_val();
  }
  taken.push_back(buffer);
  return buffer;
}

Value CpuLowering::bufferFor(OpResult result) {
  Value buffer;
  if (auto reuse = result.getOwner()->getAttrOfType<IntegerAttr>("tile.reuse"); reuse && result.getResultNumber() == 0)
    buffer = buffers.lookup(result.getOwner()->getOperand(reuse.getInt()));
  else
    buffer = allocate(bufferType(cast<tile::TileType>(result.getType())));
  return buffers[result] = buffer;
}

int64_t CpuLowering::vectorWidth(Type element) const {
  return std::max<int64_t>(1, target.vectorBytes / 4); // every element type gets as many lanes as f32: maps mix types
}

void CpuLowering::forLoop(Value low, Value high, int64_t step, llvm::function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, low, high, constant(step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

LogicalResult CpuLowering::lowerBlock(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(lower(op)))
      return failure();
  return success();
}

LogicalResult CpuLowering::lower(Operation &op) {
  b.setLoc(op.getLoc());
  passKeyRange(op);
  return TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](tile::LoadOp load) { return lowerLoad(load), success(); })
      .Case([&](tile::StoreOp store) { return lowerStore(store), success(); })
      .Case([&](tile::ConvertOp convert) { return lowerConvert(convert); })
      .Case([&](tile::ConvertOnceOp convert) { return lowerConvertOnce(convert); })
      .Case([&](tile::MapOp map) { return lowerMap(map); })
      .Case([&](tile::ReduceOp reduce) { return lowerReduce(reduce); })
      .Case([&](tile::MmaOp mma) { return lowerMma(mma); })
      .Case([&](tile::VisitOp visit) { return lowerVisit(visit); })
      .Default([&](Operation *other) -> LogicalResult {
        if (isa<tile::TileDialect>(other->getDialect()))
          return other->emitOpError("has no CPU lowering");
        return lowerOther(*other);
      });
}

/// An op of another dialect is cloned; where its regions hold tiles (the counting loop of a .cost twin), they are lowered into the clone.
LogicalResult CpuLowering::lowerOther(Operation &op) {
  auto isTileOp = [](Operation *inner) { return isa<tile::TileDialect>(inner->getDialect()) ? WalkResult::interrupt() : WalkResult::advance(); };
  if (!op.walk(isTileOp).wasInterrupted()) {
    b.clone(op, scalars);
    return success();
  }
  Operation *copy = b.cloneWithoutRegions(op, scalars);
  for (auto [from, to] : llvm::zip(op.getRegions(), copy->getRegions()))
    for (Block &block : from) {
      OpBuilder::InsertionGuard guard(b);
      Block *inner = b.createBlock(&to, to.end(), block.getArgumentTypes(), SmallVector<Location>(block.getNumArguments(), op.getLoc()));
      scalars.map(block.getArguments(), inner->getArguments());
      if (failed(lowerBlock(block)))
        return failure();
      b.clone(*block.getTerminator(), scalars);
    }
  return success();
}

namespace {

/// The three coordinates of item number `item` = x + gx·(y + gy·z). Only the launch knows
/// the grid, so gx and gy come as the last two slots of the block (docs/design/abi.md).
SmallVector<Value> itemCoordinates(ImplicitLocOpBuilder &b, Value item, Value gx, Value gy) {
  Value rest = arith::DivUIOp::create(b, item, gx);
  return {arith::RemUIOp::create(b, item, gx), arith::RemUIOp::create(b, rest, gy), arith::DivUIOp::create(b, rest, gy)};
}

/// Buffers live on the stack of the thread that runs the kernel, which may be the caller's: half of the usual 8 MiB is theirs.
constexpr int64_t kMaxScratchBytes = 4 << 20;

int64_t bytesOf(memref::AllocaOp buffer) {
  return buffer.getType().getNumElements() * llvm::divideCeil(DataLayout::closest(buffer).getTypeSizeInBits(buffer.getType().getElementType()), 8);
}

LogicalResult checkScratch(func::FuncOp function) {
  int64_t total = 0;
  memref::AllocaOp largest;
  for (auto buffer : function.getBody().front().getOps<memref::AllocaOp>()) {
    total += bytesOf(buffer);
    if (!largest || bytesOf(buffer) > bytesOf(largest))
      largest = buffer;
  }
  if (total <= kMaxScratchBytes)
    return success();
  return largest.emitError("kernel '") << function.getName() << "': expects at most " << kMaxScratchBytes << " bytes of scratch buffers, but got "
                                       << total << "; the largest is this " << largest.getType() << ": choose smaller tiles";
}

class KernelConversion {
public:
  KernelConversion(tile::KernelOp kernel, const TargetDescription &target) : kernel(kernel), target(target), b(kernel.getLoc(), kernel) {}

  LogicalResult run() {
    bool isCost = kernel.getNumResults() != 0;
    Type pointer = LLVM::LLVMPointerType::get(b.getContext()), i64 = b.getI64Type();
    auto type = isCost ? b.getFunctionType({pointer, i64, pointer}, {}) : b.getFunctionType({pointer, i64, i64}, {});
    auto function = func::FuncOp::create(b, kernel.getName(), type);
    Block *entry = function.addEntryBlock();
    b.setInsertionPointToEnd(entry);
    CpuLowering lowering(b, target, entry);
    loadParameters(lowering, entry->getArgument(0));
    LogicalResult result = isCost ? emitCost(lowering, entry) : emitItems(lowering, entry);
    kernel.erase();
    return succeeded(result) ? checkScratch(function) : failure();
  }

private:
  /// Parameters in order, then the grid's first two sizes (appended by the launch).
  void loadParameters(CpuLowering &lowering, Value block) {
    SmallVector<Type> types(kernel.getParameterTypes());
    types.append(2, b.getIndexType());
    ParameterLayout layout = layoutParameters(types);
    SmallVector<Value> values;
    for (auto [type, offset] : llvm::zip(types, layout.offsets))
      values.push_back(loadParameter(b, b.getLoc(), type, block, offset));
    gridY = values.pop_back_val();
    gridX = values.pop_back_val();
    for (auto [argument, value] : llvm::zip(kernel.getBody().getArguments(), values))
      lowering.scalars.map(argument, value);
  }

  void mapItem(CpuLowering &lowering, Value item) {
    ValueRange arguments = kernel.getBody().getArguments();
    lowering.scalars.map(arguments.take_back(tile::KernelOp::kNumItemArguments), itemCoordinates(b, item, gridX, gridY));
  }

  LogicalResult emitItems(CpuLowering &lowering, Block *entry) {
    auto toIndex = [&](Value v) { return arith::IndexCastOp::create(b, b.getIndexType(), v).getResult(); };
    Value one = arith::ConstantIndexOp::create(b, 1);
    auto loop = scf::ForOp::create(b, toIndex(entry->getArgument(1)), toIndex(entry->getArgument(2)), one);
    func::ReturnOp::create(b);
    b.setInsertionPointToStart(loop.getBody());
    mapItem(lowering, loop.getInductionVar());
    return lowering.lowerBlock(kernel.getBody().front());
  }

  LogicalResult emitCost(CpuLowering &lowering, Block *entry) {
    mapItem(lowering, arith::IndexCastOp::create(b, b.getIndexType(), entry->getArgument(1)));
    if (failed(lowering.lowerBlock(kernel.getBody().front())))
      return failure();
    for (auto [i, value] : llvm::enumerate(kernel.getBody().front().getTerminator()->getOperands())) {
      Value address = LLVM::GEPOp::create(b, entry->getArgument(2).getType(), b.getI64Type(), entry->getArgument(2),
                                          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(i)});
      LLVM::StoreOp::create(b, arith::IndexCastOp::create(b, b.getI64Type(), lowering.scalar(value)), address);
    }
    func::ReturnOp::create(b);
    return success();
  }

  tile::KernelOp kernel;
  const TargetDescription &target;
  ImplicitLocOpBuilder b;
  Value gridX, gridY;
};

struct ConvertTileToCpu final : lacuna::impl::ConvertTileToCpuPassBase<ConvertTileToCpu> {
  void runOnOperation() override {
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<tile::KernelOp>())) {
      const TargetDescription *target = targetOf(kernel);
      if (!target || failed(KernelConversion(kernel, *target).run()))
        return signalPassFailure();
    }
  }
};

} // namespace
} // namespace lacuna
