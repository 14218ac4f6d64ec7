// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// tile-share-copies: V packed once per key tile, not once per key tile and query tile. A CPU's matter: a GPU block packs nothing. Work items share what they
// pack through memory of the launch; who packs is decided at run time (tile.convert_once).
#include "lib/Support/KernelTarget.h"
#include "passes/Memory/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
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

/// The layouts of a packed V: pairs of keys, or keys contiguous. K, and what is only widened, keep their rows: their copy is a plain read.
bool isPacked(TileType type) {
  if (auto pairs = dyn_cast_or_null<tile::PairsAttr>(type.getLayout()))
    return pairs.getAxis() == 1;
  auto lanes = dyn_cast_or_null<tile::LanesAttr>(type.getLayout());
  return lanes && lanes.getAxis() == 0 && type.getElementType().isBF16();
}

/// The load whose rows are those of the visited tile, in order. Gathered rows are left alone: the maps of two bodies are regions of their own, and nothing here
/// proves that they say the same.
tile::LoadOp visitedRows(tile::ConvertOp convert, tile::VisitOp visit) {
  auto load = convert.getTile().getDefiningOp<tile::LoadOp>();
  Block *body = convert->getBlock();
  bool isBody = body->getParent() == &visit.getPartialBody() || body->getParent() == &visit.getFullBody();
  if (!load || !isBody || load.getFirst() != body->getArgument(0) || !load.getMap().empty())
    return {};
  return static_cast<int64_t>(visit.getStep()) == load.getResult().getType().getShape()[0] ? load : tile::LoadOp();
}

/// Copies of a visit that hold the same values for the same (leading indices, key tile), whichever body makes them.
struct Copies {
  tile::VisitOp visit;
  tile::LoadOp load; // of the first
  SmallVector<tile::ConvertOp> converts;

  bool takes(tile::ConvertOp convert, tile::LoadOp other) {
    return !load || (other.getSource() == load.getSource() && other.getIndices() == load.getIndices() && other.getLimit() == load.getLimit() &&
                     convert.getResult().getType() == converts.front().getResult().getType());
  }
};

Copies findCopies(tile::KernelOp kernel) {
  Copies copies;
  auto visits = kernel.getBody().front().getOps<tile::VisitOp>();
  if (!llvm::hasSingleElement(visits))
    return copies;
  copies.visit = *visits.begin();
  copies.visit.walk([&](tile::ConvertOp convert) {
    tile::LoadOp load = isPacked(convert.getResult().getType()) ? visitedRows(convert, copies.visit) : tile::LoadOp();
    if (!load || !copies.takes(convert, load))
      return;
    if (!copies.load)
      copies.load = load;
    copies.converts.push_back(convert);
  });
  return copies;
}

/// Sizes that the kernel reads from its parameters, as the launch knows them.
class LaunchSizes {
public:
  LaunchSizes(ImplicitLocOpBuilder &b, tile::LaunchOp launch) : b(b), parameters(launch.getInputs()) { llvm::append_range(parameters, launch.getInits()); }

  /// Dimension `i` of a parameter or of a transposed one; null for anything else.
  Value dim(Value memory, int64_t i) {
    while (auto transpose = memory.getDefiningOp<memref::TransposeOp>()) {
      i = transpose.getPermutation().getDimPosition(i);
      memory = transpose.getIn();
    }
    auto argument = dyn_cast<BlockArgument>(memory);
    if (!argument || !isa<tile::KernelOp>(argument.getOwner()->getParentOp()))
      return {};
    return b.createOrFold<tensor::DimOp>(parameters[argument.getArgNumber()], i);
  }

  Value value(Value inside) {
    if (std::optional<int64_t> known = getConstantIntValue(inside))
      return arith::ConstantIndexOp::create(b, *known);
    auto size = inside.getDefiningOp<memref::DimOp>();
    std::optional<int64_t> i = size ? size.getConstantIndex() : std::nullopt;
    return i ? dim(size.getSource(), *i) : Value();
  }

private:
  ImplicitLocOpBuilder &b;
  SmallVector<Value> parameters;
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

/// How many slots there are: by the leading dimensions of the load's source, the last of them the heads, then by key tiles; no key tiles where it is not worth
/// it. Empty if that is known now, or the launch cannot tell.
SmallVector<OpFoldResult> slotCounts(ImplicitLocOpBuilder &b, const Copies &copies, tile::LaunchOp launch, tile::KernelOp kernel) {
  tile::LoadOp load = copies.load;
  LaunchSizes sizes(b, launch);
  SmallVector<Value> counts;
  for (size_t i = 0; i < load.getIndices().size(); ++i)
    counts.push_back(sizes.dim(load.getSource(), i));
  Value rows = sizes.value(load.getLimit());
  if (!rows || counts.empty() || llvm::is_contained(counts, Value()))
    return {};
  Value isWorth = isWorthSharing(b, launch, kernel, counts.back());
  if (getConstantIntValue(isWorth) == 0)
    return {};
  Value tiles = b.createOrFold<arith::CeilDivUIOp>(rows, arith::ConstantIndexOp::create(b, tile::VisitOp(copies.visit).getStep()));
  counts.push_back(b.createOrFold<arith::SelectOp>(isWorth, tiles, arith::ConstantIndexOp::create(b, 0)));
  return getAsOpFoldResult(counts);
}

/// The launch with two more inits: the slots, and their states, which are 0.
void extendLaunch(ImplicitLocOpBuilder &b, tile::LaunchOp launch, TileType packed, SmallVector<OpFoldResult> counts) {
  Value zero = arith::ConstantIntOp::create(b, b.getI32Type(), 0);
  Value states = tensor::EmptyOp::create(b, counts, b.getI32Type());
  states = linalg::FillOp::create(b, zero, states).getResult(0);
  counts.push_back(b.getIndexAttr(packed.getNumElements()));
  SmallVector<Value> inits(launch.getInits());
  inits.push_back(tensor::EmptyOp::create(b, counts, packed.getElementType()));
  inits.push_back(states);
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

void extendKernel(tile::KernelOp kernel, Copies &copies) {
  auto packed = tile::ConvertOp(copies.converts.front()).getResult().getType();
  size_t rank = copies.load.getIndices().size() + 1;
  SmallVector<int64_t> shape(rank, ShapedType::kDynamic), slotShape(shape);
  slotShape.push_back(packed.getNumElements());
  Value slots = addParameter(kernel, slotShape, packed.getElementType());
  Value states = addParameter(kernel, shape, IntegerType::get(kernel.getContext(), 32));
  TileType result = packed.withSpace(tile::Space::Global);
  for (tile::ConvertOp convert : copies.converts) {
    ImplicitLocOpBuilder b(convert.getLoc(), convert);
    auto load = convert.getTile().getDefiningOp<tile::LoadOp>();
    SmallVector<Value> at(load.getIndices());
    at.push_back(arith::DivUIOp::create(b, load.getFirst(), arith::ConstantIndexOp::create(b, copies.visit.getStep())));
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
    Copies copies = findCopies(kernel);
    SmallVector<tile::LaunchOp> launches = launchesOf(getOperation(), kernel);
    if (copies.converts.empty() || launches.empty())
      return;
    auto packed = tile::ConvertOp(copies.converts.front()).getResult().getType();
    SmallVector<SmallVector<OpFoldResult>> counts;
    for (tile::LaunchOp launch : launches) {
      ImplicitLocOpBuilder b(launch.getLoc(), launch);
      if (counts.emplace_back(slotCounts(b, copies, launch, kernel)).empty())
        return;
    }
    for (auto [launch, sizes] : llvm::zip(launches, counts)) {
      ImplicitLocOpBuilder b(launch.getLoc(), launch);
      extendLaunch(b, launch, packed, sizes);
    }
    extendKernel(kernel, copies);
  }
};

} // namespace
