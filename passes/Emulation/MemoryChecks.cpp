// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Checks of loads, stores, atomics and masked accesses of the LLVM dialect.
#include "passes/Emulation/MemoryChecks.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace lacuna;

namespace {
struct Access {
  Value address;
  Type type;
  int32_t kind;
  int64_t alignment; // 0: that of the type
};
} // namespace

/// Stack slots need no check (one costs a call each), nor do constants, which no registered range holds.
static bool isPrivate(Value address) {
  while (Operation *definition = address.getDefiningOp()) {
    if (isa<LLVM::AddressOfOp>(definition))
      return cast<LLVM::LLVMPointerType>(address.getType()).getAddressSpace() != 3;
    if (isa<LLVM::AllocaOp>(definition))
      return true;
    if (!isa<LLVM::GEPOp, LLVM::AddrSpaceCastOp, LLVM::BitcastOp>(definition))
      return false;
    address = definition->getOperand(0);
  }
  return false;
}

uint64_t lacuna::getGpuAlignment(Type type, const DataLayout &layout) {
  if (auto array = dyn_cast<LLVM::LLVMArrayType>(type))
    return getGpuAlignment(array.getElementType(), layout);
  if (auto structure = dyn_cast<LLVM::LLVMStructType>(type)) {
    uint64_t alignment = 1;
    if (!structure.isPacked())
      for (Type member : structure.getBody())
        alignment = std::max(alignment, getGpuAlignment(member, layout));
    return alignment;
  }
  return llvm::PowerOf2Ceil(layout.getTypeSize(type).getFixedValue());
}

static int32_t getFlags(const Access &access, const DataLayout &layout) {
  int64_t alignment = access.alignment ? access.alignment : int64_t(getGpuAlignment(access.type, layout));
  auto space = cast<LLVM::LLVMPointerType>(access.address.getType()).getAddressSpace();
  return access.kind | int32_t(space) << emulator::accessSpaceShift |
         int32_t(llvm::Log2_64(uint64_t(alignment))) << emulator::accessAlignShift;
}

static void emitPlain(Operation *op, const Access &access, EmulatedCalls &calls, const DataLayout &layout) {
  if (isPrivate(access.address))
    return;
  OpBuilder builder(op);
  auto bytes = int64_t(layout.getTypeSize(access.type).getFixedValue());
  Value size = LLVM::ConstantOp::create(builder, op->getLoc(), builder.getI64Type(), bytes);
  calls.emitAccess(op, access.address, size, getFlags(access, layout));
}

/// A vector access in which only some elements happen.
static LogicalResult emitMasked(Operation *op, Value address, VectorType type, Value mask, int32_t kind,
                                EmulatedCalls &calls, const DataLayout &layout) {
  if (isPrivate(address))
    return success();
  if (type.getRank() != 1 || type.isScalable() || type.getNumElements() > 64)
    return op->emitError() << "expects at most 64 elements in a masked access, but got " << type;
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  Value bits = LLVM::BitcastOp::create(builder, builder.getIntegerType(unsigned(type.getNumElements())), mask);
  if (type.getNumElements() < 64)
    bits = LLVM::ZExtOp::create(builder, builder.getI64Type(), bits);
  auto constant = [&](int64_t value) -> OpFoldResult { return builder.getI64IntegerAttr(value); };
  Access access = {address, type.getElementType(), kind, 0};
  auto bytes = int64_t(layout.getTypeSize(type.getElementType()).getFixedValue());
  calls.emitOperation(
      op, {emulator::Operation::maskedAccess, {address, constant(bytes), bits, constant(getFlags(access, layout))}},
      {});
  return success();
}

LogicalResult lacuna::emitMemoryCheck(Operation *op, EmulatedCalls &calls, const DataLayout &layout) {
  constexpr int32_t read = emulator::accessRead, write = emulator::accessWrite,
                    atomic = read | write | emulator::accessAtomic;
  auto plain = [&](const Access &access) {
    emitPlain(op, access, calls, layout);
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](LLVM::LoadOp load) {
        int32_t kind = load.getOrdering() == LLVM::AtomicOrdering::not_atomic ? read : read | emulator::accessAtomic;
        return plain({load.getAddr(), load.getType(), kind, int64_t(load.getAlignment().value_or(0))});
      })
      .Case([&](LLVM::StoreOp store) {
        int32_t kind = store.getOrdering() == LLVM::AtomicOrdering::not_atomic ? write : write | emulator::accessAtomic;
        return plain({store.getAddr(), store.getValue().getType(), kind, int64_t(store.getAlignment().value_or(0))});
      })
      .Case([&](LLVM::AtomicRMWOp rmw) { return plain({rmw.getPtr(), rmw.getVal().getType(), atomic, 0}); })
      .Case([&](LLVM::AtomicCmpXchgOp exchange) {
        return plain({exchange.getPtr(), exchange.getVal().getType(), atomic, 0});
      })
      .Case([&](LLVM::MaskedLoadOp load) {
        return emitMasked(op, load.getData(), cast<VectorType>(load.getType()), load.getMask(), read, calls, layout);
      })
      .Case([&](LLVM::MaskedStoreOp store) {
        return emitMasked(op, store.getData(), cast<VectorType>(store.getValue().getType()), store.getMask(), write,
                          calls, layout);
      })
      .Case<LLVM::masked_gather, LLVM::masked_scatter, LLVM::masked_expandload, LLVM::masked_compressstore,
            LLVM::MemcpyInlineOp, LLVM::MemsetInlineOp>([](Operation *op) -> LogicalResult {
        return op->emitError() << "expects a memory access that the emulator checks, but got '" << op->getName() << "'";
      })
      .Default(success());
}
