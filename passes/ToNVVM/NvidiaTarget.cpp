// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Asynchronous copies and special functions of sm_80. Matrix products are in NvidiaMma.cpp.
#include "passes/ToNVVM/NvidiaTarget.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace lacuna;

// math.exp2 has no route of its own: upstream calls libdevice. The flushing form is one instruction; 2 ulp.
static Value approximate(OpBuilder &b, Location loc, StringRef instruction, Value x) {
  return LLVM::InlineAsmOp::create(b, loc, TypeRange(b.getF32Type()), ValueRange(x), (instruction + " $0, $1;").str(),
                                   "=f,f",
                                   /*has_side_effects=*/false, /*is_align_stack=*/false,
                                   LLVM::tailcallkind::TailCallKind::None, LLVM::AsmDialectAttr(), ArrayAttr())
      .getResult(0);
}

Value NvidiaTarget::exp2(OpBuilder &b, Location loc, Value x) const {
  return approximate(b, loc, "ex2.approx.ftz.f32", x);
}
Value NvidiaTarget::log2(OpBuilder &b, Location loc, Value x) const {
  return approximate(b, loc, "lg2.approx.ftz.f32", x);
}

void NvidiaTarget::copyVector(OpBuilder &b, Location loc, Value shared, Value global, Value live, int64_t bytes) const {
  Build build{b, loc};
  // The rest of a copy shorter than `bytes` is filled with zeros; one of no bytes does not touch global memory.
  Value size = live ? build.select(live, build.i32(bytes), build.i32(0)) : Value();
  auto cache = bytes == 16 ? NVVM::LoadCacheModifierKind::CG : NVVM::LoadCacheModifierKind::CA;
  NVVM::CpAsyncOp::create(b, loc, shared, global, static_cast<uint32_t>(bytes), cache, size);
}

void NvidiaTarget::commitCopies(OpBuilder &b, Location loc) const { NVVM::CpAsyncCommitGroupOp::create(b, loc); }

void NvidiaTarget::waitCopies(OpBuilder &b, Location loc, int64_t pending) const {
  NVVM::CpAsyncWaitGroupOp::create(b, loc, static_cast<uint32_t>(pending));
}
