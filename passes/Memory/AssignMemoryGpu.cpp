// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-assign-memory on a GPU: loaded operands of matrix products go to shared memory, everything else to registers.
#include "passes/Memory/GpuRules.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

// Right operands are read by all warps. A left operand belongs to one warp: ldmatrix wants it in shared memory all the
// same, an MFMA operand register is four elements of one row, which a lane can read itself.
static bool belongsInShared(LoadOp load, const TargetDescription &target) {
  return load.getResult().getType().getRank() == 2 && llvm::any_of(load->getUses(), [&](OpOperand &use) {
           return isa<MmaOp>(use.getOwner()) && (use.getOperandNumber() == 1 || target.kind == TargetKind::Nvidia);
         });
}

static void setSpace(Value value, Space space) {
  if (auto tile = dyn_cast<TileType>(value.getType()))
    value.setType(tile.withSpace(space));
}

static void placeTiles(KernelOp kernel, const TargetDescription &target) {
  kernel.walk([&](Operation *op) {
    auto load = dyn_cast<LoadOp>(op);
    Space space = load && belongsInShared(load, target) ? Space::Shared : Space::Registers;
    for (Value result : op->getResults())
      setSpace(result, space);
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        setSpace(argument, Space::Registers);
  });
}

static Value convert(OpBuilder &builder, Value tile, TileType type) {
  return ConvertOp::create(builder, tile.getLoc(), type, cast<TypedValue<TileType>>(tile));
}

// A fragment of 64 rows by 128 columns takes 32 registers of a thread. Wider ones would crowd out the accumulators: the
// product then reads its left operand from shared memory step by step.
static bool staysInShared(OpOperand &use) {
  constexpr int64_t kWidestInRegisters = 128;
  return isa<MmaOp>(use.getOwner()) &&
         (use.getOperandNumber() == 1 || cast<TileType>(use.get().getType()).getShape()[1] > kWidestInRegisters);
}

// Users other than products read the tile from registers: one move, right after the load.
static void readSharedThroughRegisters(LoadOp load) {
  SmallVector<OpOperand *> readers;
  for (OpOperand &use : load.getResult().getUses())
    if (!staysInShared(use))
      readers.push_back(&use);
  if (readers.empty())
    return;
  OpBuilder builder(load->getContext());
  builder.setInsertionPointAfter(load);
  Value moved = convert(builder, load.getResult(), load.getResult().getType().withSpace(Space::Registers));
  for (OpOperand *use : readers)
    use->set(moved);
}

static LogicalResult convertLhs(MmaOp mma, const TargetDescription &target) {
  TileType lhs = mma.getLhs().getType(), rhs = mma.getRhs().getType();
  if (!rhs.getElementType().isBF16() && !rhs.getElementType().isF16())
    return mma.emitOpError("expects operands of 16-bit floats on ")
           << target.name << ", but got " << rhs.getElementType();
  if (rhs.getSpace() != Space::Shared)
    return mma.emitOpError("expects a right operand that is loaded from memory on ") << target.name;
  if (lhs.getElementType() == rhs.getElementType())
    return success();
  OpBuilder builder(mma);
  mma.getLhsMutable().assign(convert(builder, mma.getLhs(), lhs.withElementType(rhs.getElementType())));
  return success();
}

static std::string nameOf(Value source) {
  auto argument = dyn_cast<BlockArgument>(source);
  return argument ? "argument #" + std::to_string(argument.getArgNumber()) : "a view";
}

static LogicalResult checkShared(KernelOp kernel, const TargetDescription &target, attn::ScheduleAttr schedule) {
  SharedPlan plan = planShared(kernel, target, schedule);
  if (plan.totalBytes <= target.sharedBytes)
    return success();
  InFlightDiagnostic error = kernel.emitOpError("expects at most ")
                             << target.sharedBytes << " bytes of shared memory on " << target.name << ", but got "
                             << plan.totalBytes;
  for (SharedBuffer &buffer : plan.buffers) {
    TileType tile = buffer.getTile();
    int64_t bytes =
        RingType::get(tile.getContext(), buffer.stages, tile.withLayout(swizzleOf(tile, target))).getBufferBytes();
    error.attachNote(buffer.loads.front().getLoc()) << "buffer of " << nameOf(buffer.loads.front().getSource())
                                                    << " takes " << buffer.stages << " x " << bytes << " bytes";
  }
  return error;
}

LogicalResult lacuna::assignMemoryGpu(KernelOp kernel, const TargetDescription &target) {
  attn::ScheduleAttr schedule = scheduleOf(kernel);
  if (!schedule)
    return failure();
  if (schedule.getStages() < 1 || schedule.getStages() > 2)
    return kernel.emitOpError("expects 1 or 2 stages on ") << target.name << ", but got " << schedule.getStages();
  WalkResult maps = kernel.walk([&](Operation *op) {
    if (!isa<LoadOp, StoreOp>(op) || op->getRegion(0).empty())
      return WalkResult::advance();
    op->emitOpError("expects rows at their own positions on ") << target.name << ", but got gathered ones";
    return WalkResult::interrupt();
  });
  if (maps.wasInterrupted())
    return failure();
  placeTiles(kernel, target);
  kernel.walk([](LoadOp load) {
    if (load.getResult().getType().getSpace() == Space::Shared)
      readSharedThroughRegisters(load);
  });
  WalkResult products = kernel.walk(
      [&](MmaOp mma) { return failed(convertLhs(mma, target)) ? WalkResult::interrupt() : WalkResult::advance(); });
  if (products.wasInterrupted())
    return failure();
  return checkShared(kernel, target, schedule);
}
