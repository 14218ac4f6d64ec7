// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Offsets of arguments in a parameter block, and the loads and stores that read and write them.
#include "lib/Support/ParameterBlock.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace lacuna {

constexpr int64_t kSlot = 8;

int64_t parameterSlots(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? 1 + 2 * shaped.getRank() : 1;
}

ParameterLayout layoutParameters(TypeRange types) {
  ParameterLayout layout;
  for (Type type : types) {
    layout.offsets.push_back(layout.bytes);
    layout.bytes += kSlot * parameterSlots(type);
  }
  layout.bytes = llvm::alignTo(std::max<int64_t>(layout.bytes, 1), ParameterLayout::kAlignment);
  return layout;
}

static Value loadSlot(OpBuilder &builder, Location loc, Type type, Value block, int64_t offset) {
  Value address =
      LLVM::GEPOp::create(builder, loc, block.getType(), builder.getI8Type(), block,
                          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(offset)}, LLVM::GEPNoWrapFlags::inbounds);
  return LLVM::LoadOp::create(builder, loc, type, address, /*alignment=*/kSlot);
}

static Value loadScalar(OpBuilder &builder, Location loc, Type type, Value block, int64_t offset) {
  if (type.isIndex())
    return arith::IndexCastOp::create(builder, loc, type, loadSlot(builder, loc, builder.getI64Type(), block, offset));
  if (type.isInteger(1))
    return arith::TruncIOp::create(builder, loc, type, loadSlot(builder, loc, builder.getI8Type(), block, offset));
  return loadSlot(builder, loc, type, block, offset);
}

static Value loadMemRef(OpBuilder &builder, Location loc, MemRefType type, Value block, int64_t offset,
                        unsigned pointerSpace) {
  LLVMTypeConverter converter(builder.getContext());
  MemRefDescriptor descriptor = MemRefDescriptor::poison(builder, loc, converter.convertType(type));
  Value pointer = loadSlot(builder, loc, LLVM::LLVMPointerType::get(builder.getContext(), pointerSpace), block, offset);
  if (pointerSpace != 0)
    pointer = LLVM::AddrSpaceCastOp::create(builder, loc, LLVM::LLVMPointerType::get(builder.getContext()), pointer);
  descriptor.setAllocatedPtr(builder, loc, pointer);
  descriptor.setAlignedPtr(builder, loc, pointer);
  descriptor.setConstantOffset(builder, loc, 0);
  for (int64_t i = 0, rank = type.getRank(); i < rank; ++i) {
    descriptor.setSize(builder, loc, i, loadSlot(builder, loc, builder.getI64Type(), block, offset + kSlot * (1 + i)));
    descriptor.setStride(builder, loc, i,
                         loadSlot(builder, loc, builder.getI64Type(), block, offset + kSlot * (1 + rank + i)));
  }
  Value structure = descriptor;
  return UnrealizedConversionCastOp::create(builder, loc, type, structure).getResult(0);
}

Value loadParameter(OpBuilder &builder, Location loc, Type type, Value block, int64_t offset, unsigned pointerSpace) {
  if (auto memref = dyn_cast<MemRefType>(type))
    return loadMemRef(builder, loc, memref, block, offset, pointerSpace);
  return loadScalar(builder, loc, type, block, offset);
}

static void storeSlot(OpBuilder &builder, Location loc, Value value, Value block, int64_t offset) {
  Value address =
      LLVM::GEPOp::create(builder, loc, block.getType(), builder.getI8Type(), block,
                          ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(offset)}, LLVM::GEPNoWrapFlags::inbounds);
  LLVM::StoreOp::create(builder, loc, value, address, /*alignment=*/kSlot);
}

/// The 64 bits that stand for a scalar.
static Value scalarBits(OpBuilder &builder, Location loc, Value value) {
  Type type = value.getType(), i64 = builder.getI64Type();
  if (type.isIndex())
    return arith::IndexCastOp::create(builder, loc, i64, value);
  if (auto real = dyn_cast<FloatType>(type)) {
    value = arith::BitcastOp::create(builder, loc, builder.getIntegerType(real.getWidth()), value);
    return real.getWidth() == 64 ? value : arith::ExtUIOp::create(builder, loc, i64, value);
  }
  if (type.isInteger(1)) // true is 1, not -1
    return arith::ExtUIOp::create(builder, loc, i64, value);
  return type.getIntOrFloatBitWidth() == 64 ? value : arith::ExtSIOp::create(builder, loc, i64, value);
}

static void storeMemRef(OpBuilder &builder, Location loc, TypedValue<MemRefType> value, Value block, int64_t offset) {
  int64_t rank = value.getType().getRank(), bytes = llvm::divideCeil(value.getType().getElementTypeBitWidth(), 8);
  auto metadata = memref::ExtractStridedMetadataOp::create(builder, loc, value);
  Value base = memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, metadata.getBaseBuffer());
  Value shift =
      arith::MulIOp::create(builder, loc, metadata.getOffset(), arith::ConstantIndexOp::create(builder, loc, bytes));
  storeParameter(builder, loc, arith::AddIOp::create(builder, loc, base, shift), block, offset);
  for (int64_t i = 0; i < rank; ++i) {
    storeParameter(builder, loc, metadata.getSizes()[i], block, offset + kSlot * (1 + i));
    storeParameter(builder, loc, metadata.getStrides()[i], block, offset + kSlot * (1 + rank + i));
  }
}

void storeParameter(OpBuilder &builder, Location loc, Value value, Value block, int64_t offset) {
  if (auto memref = dyn_cast<TypedValue<MemRefType>>(value))
    return storeMemRef(builder, loc, memref, block, offset);
  storeSlot(builder, loc, scalarBits(builder, loc, value), block, offset);
}

} // namespace lacuna
