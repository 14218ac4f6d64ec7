// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Copies and special functions of CDNA3. Matrix products are in AmdMma.cpp.
#include "passes/ToROCDL/AmdTarget.h"

#include "mlir/Dialect/LLVMIR/ROCDLDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace lacuna;

// math.exp2 has no route of its own: upstream calls a device library. This is v_exp_f32.
Value AmdTarget::exp2(OpBuilder &b, Location loc, Value x) const {
  return ROCDL::ROCDLExp2::create(b, loc, b.getF32Type(), x);
}

// v_log_f32, to base 2.
Value AmdTarget::log2(OpBuilder &b, Location loc, Value x) const {
  return ROCDL::ROCDLLog::create(b, loc, b.getF32Type(), x);
}

void AmdTarget::copyVector(OpBuilder &b, Location loc, Value shared, Value global, Value live, int64_t bytes) const {
  Type type = VectorType::get(bytes / 4, b.getI32Type());
  Value value;
  if (live) {
    auto branch = scf::IfOp::create(
        b, loc, live,
        [&](OpBuilder &inner, Location at) {
          scf::YieldOp::create(inner, at, LLVM::LoadOp::create(inner, at, type, global, bytes).getResult());
        },
        [&](OpBuilder &inner, Location at) {
          scf::YieldOp::create(inner, at, LLVM::ZeroOp::create(inner, at, type).getResult());
        });
    value = branch.getResult(0);
  } else {
    value = LLVM::LoadOp::create(b, loc, type, global, bytes);
  }
  LLVM::StoreOp::create(b, loc, value, shared, bytes);
}
