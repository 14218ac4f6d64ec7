// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-share-copies: V packed once per key tile, not once per key tile and query tile. A CPU's matter: a GPU block packs nothing. Work items share what they
// pack through memory of the launch; who packs is decided at run time (tile.convert_once). Which copies are the same is found by VisitCopies.
#include "lib/Support/KernelTarget.h"
#include "passes/Memory/Passes.h"
#include "passes/Memory/VisitCopies.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace lacuna {
#define GEN_PASS_DEF_TILESHARECOPIES
#include "passes/Memory/MemoryPasses.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using tile::TileType;

namespace {

/// Sizes that the kernel reads from its parameters, as the launch knows them. Null for what the launch cannot tell.
class LaunchSizes {
public:
  LaunchSizes(ImplicitLocOpBuilder &b, tile::LaunchOp launch, tile::KernelOp kernel) : b(b), kernel(kernel), parameters(launch.getInputs()) {
    llvm::append_range(parameters, launch.getInits());
    llvm::append_range(parameters, launch.getGrid());
  }

  /// How many values a place's index may have: sizes of the load's leading dimensions, and before them the batch entries.
  SmallVector<Value> counts(const VisitCopies &copies) {
    tile::LoadOp load = copies.load;
    SmallVector<Value> counts;
    if (copies.place.size() > load.getIndices().size())
      counts.push_back(parameters.back());
    for (size_t i = 0; i < load.getIndices().size(); ++i)
      counts.push_back(dim(load.getSource(), i));
    return counts;
  }

  Value value(OpFoldResult inside) {
    if (std::optional<int64_t> known = getConstantIntValue(inside))
      return arith::ConstantIndexOp::create(b, *known);
    Operation *op = cast<Value>(inside).getDefiningOp();
    if (auto product = dyn_cast_or_null<arith::MulIOp>(op))
      return multiply(value(product.getLhs()), value(product.getRhs()));
    auto size = dyn_cast_or_null<memref::DimOp>(op);
    std::optional<int64_t> i = size ? size.getConstantIndex() : std::nullopt;
    return i ? dim(size.getSource(), *i) : Value();
  }

  /// Elements of the parameter behind a view.
  Value elements(Value memory) {
    while (auto view = memory.getDefiningOp<ViewLikeOpInterface>())
      memory = view.getViewSource();
    Value product = arith::ConstantIndexOp::create(b, 1);
    for (int64_t i = 0; i < cast<MemRefType>(memory.getType()).getRank(); ++i)
      product = multiply(product, dim(memory, i));
    return product;
  }

  Value multiply(Value x, Value y) { return x && y ? b.createOrFold<arith::MulIOp>(x, y) : Value(); }

private:
  /// Dimension `i` of a parameter or of a view of one.
  Value dim(Value memory, int64_t i) {
    if (auto transpose = memory.getDefiningOp<memref::TransposeOp>())
      return dim(transpose.getIn(), transpose.getPermutation().getDimPosition(i));
    if (auto cast = memory.getDefiningOp<memref::CastOp>())
      return dim(cast.getSource(), i);
    if (auto pages = memory.getDefiningOp<memref::ReinterpretCastOp>())
      return value(pages.getMixedSizes()[i]);
    auto argument = dyn_cast<BlockArgument>(memory);
    if (!argument || argument.getOwner() != &kernel.getBody().front())
      return {};
    return b.createOrFold<tensor::DimOp>(parameters[argument.getArgNumber()], i);
  }

  ImplicitLocOpBuilder &b;
  tile::KernelOp kernel;
  SmallVector<Value> parameters; // as the kernel has them
};

/// Visits of a key tile from which its copy is shared: a slot is written to memory that may be cold, or not even there yet, while a thread's own copy stays in
/// L1. docs/performance/cpu.md has the numbers.
constexpr int64_t kFewestVisits = 16;

/// Whether the visits of a key tile may be that many: query tiles times heads that share keys.
Value isWorthSharing(ImplicitLocOpBuilder &b, tile::LaunchOp launch, tile::KernelOp kernel, Value kvHeads) {
  auto schedule = kernel->getAttrOfType<attn::ScheduleAttr>(tile::TileDialect::getScheduleAttrName());
  int64_t shares = schedule ? schedule.getSplit() : 1; // shares of one query tile visit different key tiles
  Value items = b.createOrFold<arith::MulIOp>(launch.getGrid()[0], launch.getGrid()[1]);
  Value fewest = b.createOrFold<arith::MulIOp>(kvHeads, arith::ConstantIndexOp::create(b, kFewestVisits * shares));
  return b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::uge, items, fewest);
}

/// Whether slots take no more memory than what is gathered: a table may repeat rows, and one of pages has room for sequences that are not there.
Value isNoLargerThanSource(ImplicitLocOpBuilder &b, const VisitCopies &copies, LaunchSizes &sizes, ValueRange counts, Value rows) {
  tile::LoadOp load = copies.load;
  Value needed = sizes.multiply(rows, arith::ConstantIndexOp::create(b, copies.type().getShape()[1]));
  for (Value count : counts)
    needed = sizes.multiply(needed, count);
  Value there = sizes.elements(load.getSource());
  return there ? b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::ule, needed, there) : Value();
}

/// How many slots there are: by place, then by key tiles; no key tiles where it is not worth it. Empty if that is known now, or the launch cannot tell.
SmallVector<OpFoldResult> slotCounts(ImplicitLocOpBuilder &b, const VisitCopies &copies, tile::LaunchOp launch, tile::KernelOp kernel) {
  tile::LoadOp load = copies.load;
  LaunchSizes sizes(b, launch, kernel);
  SmallVector<Value> counts = sizes.counts(copies);
  Value rows = sizes.value(load.getLimit());
  if (!rows || llvm::is_contained(counts, Value()))
    return {};
  Value isWorth = isWorthSharing(b, launch, kernel, counts.back());
  if (!load.getMap().empty())
    if (Value fits = isNoLargerThanSource(b, copies, sizes, counts, rows); !fits)
      return {};
    else
      isWorth = b.createOrFold<arith::AndIOp>(isWorth, fits);
  if (getConstantIntValue(isWorth) == 0)
    return {};
  Value tiles = b.createOrFold<arith::CeilDivUIOp>(rows, arith::ConstantIndexOp::create(b, copies.visit().getStep()));
  counts.push_back(b.createOrFold<arith::SelectOp>(isWorth, tiles, arith::ConstantIndexOp::create(b, 0)));
  return getAsOpFoldResult(counts);
}

/// A new tensor for a launch. After CSE two of tensor.empty that look alike are one: good for two launches, but not for two inits of one.
Value newInit(ImplicitLocOpBuilder &b, ValueRange inits, ArrayRef<OpFoldResult> sizes, Type element) {
  SmallVector<Value> dynamic;
  SmallVector<int64_t> shape;
  dispatchIndexOpFoldResults(sizes, dynamic, shape);
  auto type = RankedTensorType::get(shape, element);
  if (llvm::is_contained(inits.getTypes(), Type(type)))
    return bufferization::AllocTensorOp::create(b, type, dynamic);
  return tensor::EmptyOp::create(b, type, dynamic);
}

/// The launch with two more inits: the slots, and their states, which are 0.
void extendLaunch(ImplicitLocOpBuilder &b, tile::LaunchOp launch, TileType packed, SmallVector<OpFoldResult> counts) {
  SmallVector<Value> inits(launch.getInits());
  Value zero = arith::ConstantIntOp::create(b, b.getI32Type(), 0);
  Value states = linalg::FillOp::create(b, zero, newInit(b, inits, counts, b.getI32Type())).getResult(0);
  counts.push_back(b.getIndexAttr(packed.getNumElements()));
  inits.append({newInit(b, inits, counts, packed.getElementType()), states});
  auto extended = tile::LaunchOp::create(b, ValueRange(inits).getTypes(), launch.getKernelAttr(), launch.getGrid(), launch.getInputs(), inits);
  extended->setDiscardableAttrs(launch->getDiscardableAttrDictionary());
  launch.replaceAllUsesWith(extended.getResults().drop_back(2));
  launch.erase();
}

/// A new parameter of `rank` dimensions, the last one contiguous.
Value addParameter(tile::KernelOp kernel, SmallVector<int64_t> shape, Type element) {
  SmallVector<int64_t> strides(shape.size(), ShapedType::kDynamic);
  strides.back() = 1;
  auto type = MemRefType::get(shape, element, StridedLayoutAttr::get(kernel.getContext(), ShapedType::kDynamic, strides));
  unsigned place = kernel.getNumArguments() - tile::KernelOp::kNumItemArguments;
  (void)kernel.insertArgument(place, type, {}, kernel.getLoc());
  return kernel.getBody().getArgument(place);
}

void extendKernel(tile::KernelOp kernel, const VisitCopies &copies) {
  TileType packed = copies.type();
  SmallVector<int64_t> shape(copies.place.size() + 1, ShapedType::kDynamic), slotShape(shape);
  slotShape.push_back(packed.getNumElements());
  Value slots = addParameter(kernel, slotShape, packed.getElementType());
  Value states = addParameter(kernel, shape, IntegerType::get(kernel.getContext(), 32));
  TileType result = packed.withSpace(tile::Space::Global);
  uint64_t step = copies.visit().getStep();
  for (tile::ConvertOp convert : copies.converts) {
    ImplicitLocOpBuilder b(convert.getLoc(), convert);
    SmallVector<Value> at(copies.place);
    at.push_back(arith::DivUIOp::create(b, convert.getTile().getDefiningOp<tile::LoadOp>().getFirst(), arith::ConstantIndexOp::create(b, step)));
    convert.replaceAllUsesWith(tile::ConvertOnceOp::create(b, result, convert.getTile(), slots, states, at).getResult());
    convert.erase();
  }
}

/// The kernel's launches if all are on tensors.
SmallVector<tile::LaunchOp> launchesOf(ModuleOp module, tile::KernelOp kernel) {
  SmallVector<tile::LaunchOp> launches;
  module.walk([&](tile::LaunchOp launch) {
    if (launch.getKernel() == kernel.getName())
      launches.push_back(launch);
  });
  bool onTensors = llvm::all_of(launches, [](tile::LaunchOp l) { return l->getNumResults() == l.getInits().size(); });
  return onTensors ? launches : SmallVector<tile::LaunchOp>();
}

struct TileShareCopies final : lacuna::impl::TileShareCopiesBase<TileShareCopies> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<tile::KernelOp>()) {
      const TargetDescription *target = targetOf(kernel);
      if (!target)
        return signalPassFailure();
      if (target->kind == TargetKind::Cpu && kernel.getNumResults() == 0)
        share(kernel);
    }
  }

  void share(tile::KernelOp kernel) {
    unsigned inputs = kernel.getNumArguments();
    for (tile::LaunchOp launch : launchesOf(getOperation(), kernel))
      inputs = std::min<unsigned>(inputs, launch.getInputs().size());
    for (const VisitCopies &copies : findVisitCopies(kernel, inputs))
      share(kernel, copies);
  }

  void share(tile::KernelOp kernel, const VisitCopies &copies) {
    SmallVector<tile::LaunchOp> launches = launchesOf(getOperation(), kernel);
    SmallVector<SmallVector<OpFoldResult>> counts;
    for (tile::LaunchOp launch : launches) {
      ImplicitLocOpBuilder b(launch.getLoc(), launch);
      if (counts.emplace_back(slotCounts(b, copies, launch, kernel)).empty())
        return;
    }
    if (launches.empty())
      return;
    for (auto [launch, sizes] : llvm::zip(launches, counts)) {
      ImplicitLocOpBuilder b(launch.getLoc(), launch);
      extendLaunch(b, launch, copies.type(), sizes);
    }
    extendKernel(kernel, copies);
  }
};

} // namespace
