// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-drop-masks: the dense twin of a program, for benchmarks. Knows only that attention ops have a mask operand; what
// a mask means does not matter.
#include "dialects/Attn/Attn.h"
#include "passes/Masks/Passes.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "llvm/ADT/TypeSwitch.h"

namespace lacuna {
#define GEN_PASS_DEF_DROPMASKS
#include "passes/Masks/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna;
using namespace lacuna::attn;

namespace {

struct DropMasks final : lacuna::impl::DropMasksBase<DropMasks> {
  using Base::Base;

  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      llvm::TypeSwitch<Operation *>(op).Case<AttentionOp, AttentionStateOp>(
          [](auto attention) { attention.getMaskMutable().clear(); });
    });
    eraseUnusedMasks();
  }

private:
  /// Users before what they use; masks only, so that the rest of the program stays as it was written.
  void eraseUnusedMasks() {
    SmallVector<Operation *> masks;
    getOperation().walk([&](Operation *op) {
      if (llvm::any_of(op->getResultTypes(), llvm::IsaPred<MaskType>))
        masks.push_back(op);
    });
    for (Operation *op : llvm::reverse(masks))
      if (isOpTriviallyDead(op))
        op->erase();
  }
};

} // namespace
