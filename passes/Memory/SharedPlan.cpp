// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which buffers a kernel needs in shared memory and where they lie. Pure analysis: tile-assign-memory checks it,
// tile-pipeline builds it.
#include "passes/Memory/GpuRules.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

// Both NVIDIA's shared memory and AMD's LDS have 32 banks of 4 bytes.
constexpr int64_t kLineBytes = 128;

SwizzleAttr lacuna::swizzleOf(TileType tile, const TargetDescription &target) {
  // What one lane reads at once: ldmatrix takes 16 bytes a row, an MFMA operand is 8 bytes.
  int64_t vectorBytes = target.kind == TargetKind::Nvidia ? 16 : 8;
  int64_t elementBytes = tile.getElementType().getIntOrFloatBitWidth() / 8;
  int64_t rowBytes = tile.getShape().back() * elementBytes;
  int64_t pitch = rowBytes >= kLineBytes ? llvm::alignTo(rowBytes, kLineBytes)
                                         : llvm::PowerOf2Ceil(std::max(rowBytes, vectorBytes));
  int64_t repeat = std::max<int64_t>(1, kLineBytes / pitch);
  return SwizzleAttr::get(tile.getContext(), pitch / elementBytes, vectorBytes / elementBytes,
                          kLineBytes / vectorBytes / repeat, repeat);
}

// Warps exchange partial results of reductions over rows: eight bytes per warp and value.
static int64_t scratchBytesOf(ReduceOp reduce, int64_t warps) {
  TileType tile = reduce.getTile().getType();
  bool crossesWarps = tile.getRank() == 1 || reduce.getAxis() == 0;
  int64_t values = tile.getRank() == 1 ? 1 : tile.getShape()[1];
  return crossesWarps ? 8 * warps * values : 0;
}

static bool sharesBuffer(LoadOp a, LoadOp b) {
  return a.getSource() == b.getSource() && a.getType() == b.getType() &&
         a->getParentOfType<VisitOp>() == b->getParentOfType<VisitOp>();
}

static SmallVector<SharedBuffer> collectBuffers(KernelOp kernel) {
  SmallVector<SharedBuffer> buffers;
  kernel.walk([&](LoadOp load) {
    if (load.getResult().getType().getSpace() != Space::Shared)
      return;
    // Two loads of one body are two tiles that live together; the bodies themselves run one after the other.
    auto fits = [&](SharedBuffer &b) {
      return b.visit && sharesBuffer(b.loads.front(), load) &&
             llvm::none_of(b.loads, [&](LoadOp other) { return other->getBlock() == load->getBlock(); });
    };
    auto *it = llvm::find_if(buffers, fits);
    if (it == buffers.end())
      it = &buffers.emplace_back(SharedBuffer{{}, load->getParentOfType<VisitOp>(), 1, 0});
    it->loads.push_back(load);
  });
  return buffers;
}

SharedPlan lacuna::planShared(KernelOp kernel, const TargetDescription &target, attn::ScheduleAttr schedule) {
  SharedPlan plan;
  kernel.walk([&](ReduceOp reduce) {
    plan.scratchBytes = std::max(plan.scratchBytes, scratchBytesOf(reduce, schedule.getWarps()));
  });
  plan.totalBytes = llvm::alignTo(plan.scratchBytes, kLineBytes);
  plan.buffers = collectBuffers(kernel);
  for (SharedBuffer &buffer : plan.buffers) {
    // Only asynchronous copies can be in flight while a buffer is read.
    if (buffer.visit && buffer.visit.getTest().empty() && target.kind == TargetKind::Nvidia)
      buffer.stages = schedule.getStages();
    buffer.offset = plan.totalBytes;
    TileType tile = buffer.getTile();
    plan.totalBytes +=
        RingType::get(tile.getContext(), buffer.stages, tile.withLayout(swizzleOf(tile, target))).getBufferBytes() *
        buffer.stages;
  }
  return plan;
}
