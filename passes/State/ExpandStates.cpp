// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// attn-expand-states: a state is what attention with output and LSE gives.
#include "dialects/Attn/Attn.h"
#include "passes/State/Passes.h"

namespace lacuna {
#define GEN_PASS_DEF_ATTNEXPANDSTATES
#include "passes/State/Passes.h.inc"
} // namespace lacuna

using namespace mlir;
using namespace lacuna::attn;

namespace {

void expand(AttentionStateOp op) {
  ImplicitLocOpBuilder b(op.getLoc(), op);
  StateType type = op.getState().getType();
  // Operands, attributes and the score region are those of attn.attention.
  OperationState state(op.getLoc(), AttentionOp::getOperationName(), op->getOperands(), TypeRange{type.getOutputType(), type.getLseType()});
  state.addRegion()->takeBody(op.getScore());
  state.propertiesAttr = op->getPropertiesAsAttribute();
  state.addAttributes(llvm::to_vector(op->getDiscardableAttrs()));
  Operation *attention = b.create(state);
  Value made = MakeStateOp::create(b, type, attention->getResult(0), attention->getResult(1));
  op.getState().replaceAllUsesWith(made);
  op.erase();
}

struct AttnExpandStates final : lacuna::impl::AttnExpandStatesBase<AttnExpandStates> {
  void runOnOperation() override {
    SmallVector<AttentionStateOp> ops;
    getOperation().walk([&](AttentionStateOp op) { ops.push_back(op); });
    llvm::for_each(ops, expand);
  }
};

} // namespace
