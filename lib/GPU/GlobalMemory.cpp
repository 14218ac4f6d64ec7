// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Addresses of rows in global memory.
#include "lib/GPU/GlobalMemory.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace lacuna;

GlobalRows::GlobalRows(const Build &build, TypedValue<MemRefType> source, ValueRange indices)
    : element(source.getType().getElementType()) {
  MemRefType type = source.getType();
  LLVMTypeConverter converter(build.b.getContext());
  Value structure =
      UnrealizedConversionCastOp::create(build.b, build.loc, converter.convertType(type), source).getResult(0);
  MemRefDescriptor descriptor(structure);
  Type i64 = build.b.getI64Type();
  auto [strides, offset] = type.getStridesAndOffset();
  auto stride = [&](int64_t i) {
    return ShapedType::isDynamic(strides[i]) ? descriptor.stride(build.b, build.loc, i)
                                             : build.constant(i64, strides[i]);
  };
  Value start = ShapedType::isDynamic(offset) ? descriptor.offset(build.b, build.loc) : build.constant(i64, offset);
  for (auto [i, index] : llvm::enumerate(indices))
    start = build.add(start, build.mul(build.cast(index, i64), stride(i)));
  Value pointer = LLVM::AddrSpaceCastOp::create(build.b, build.loc, build.pointer(kGlobalSpace),
                                                descriptor.alignedPtr(build.b, build.loc));
  base = build.advance(pointer, element, start);
  rowStride = stride(indices.size());
}

Value GlobalRows::address(const Build &build, Value row, Value column) const {
  Type i64 = build.b.getI64Type();
  return build.advance(base, element, build.add(build.mul(build.cast(row, i64), rowStride), build.cast(column, i64)));
}

Value GlobalRows::isAligned(const Build &build, int64_t bytes) const {
  Type i64 = build.b.getI64Type();
  Value address = LLVM::PtrToIntOp::create(build.b, build.loc, i64, base);
  Value both =
      arith::OrIOp::create(build.b, build.loc, address, build.mul(rowStride, element.getIntOrFloatBitWidth() / 8));
  return build.equal(build.bitAnd(both, build.constant(i64, bytes - 1)), 0);
}

Value lacuna::columnsOf(const Build &build, TypedValue<MemRefType> source) {
  int64_t last = source.getType().getRank() - 1;
  return build.b.createOrFold<memref::DimOp>(build.loc, source, last);
}

bool lacuna::hasColumns(MemRefType source, int64_t columns) {
  int64_t size = source.getShape().back();
  return !ShapedType::isDynamic(size) && size >= columns;
}
