// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, packing and coordinates of tiles in registers and shared memory.
#include "lib/GPU/RegisterTile.h"

#include "mlir/Dialect/GPU/IR/GPUDialect.h"

using namespace mlir;
using namespace lacuna;
using namespace lacuna::tile;

ThreadIds::ThreadIds(const Build &build, int64_t warpSize) {
  Value id = gpu::ThreadIdOp::create(build.b, build.loc, gpu::Dimension::x);
  thread = build.cast(id, build.b.getI32Type());
  lane = build.rem(thread, warpSize);
  warp = build.div(thread, warpSize);
}

int64_t lacuna::packingOf(TileType type) {
  bool packs = type.getRank() == 2 && isa<FloatType>(type.getElementType()) &&
               type.getElementType().getIntOrFloatBitWidth() == 16;
  return packs ? cast<FragmentAttr>(type.getLayout()).getColumns().getInner() : 1;
}

static int64_t registersOf(TileType type) {
  if (auto fragment = dyn_cast<FragmentAttr>(type.getLayout()))
    return fragment.getRegisters();
  return cast<SpreadAttr>(type.getLayout()).getRegisters();
}

GpuTypeConverter::GpuTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](RingType type) -> Type { return LLVM::LLVMPointerType::get(type.getContext(), kSharedSpace); });
  addConversion([](TileType type, SmallVectorImpl<Type> &results) -> std::optional<LogicalResult> {
    if (type.getSpace() == Space::Shared) {
      results.push_back(LLVM::LLVMPointerType::get(type.getContext(), kSharedSpace));
      return success();
    }
    if (!isa_and_nonnull<FragmentAttr, SpreadAttr>(type.getLayout()))
      return failure();
    int64_t packing = packingOf(type);
    Type element = type.getElementType();
    results.append(registersOf(type) / packing, packing == 1 ? element : VectorType::get(packing, element));
    return success();
  });
}

SmallVector<Value> lacuna::unpack(const Build &build, TileType type, ValueRange registers) {
  int64_t packing = packingOf(type);
  if (packing == 1)
    return llvm::to_vector(registers);
  SmallVector<Value> scalars;
  for (Value vector : registers)
    for (int64_t i = 0; i < packing; ++i)
      scalars.push_back(LLVM::ExtractElementOp::create(build.b, build.loc, vector, build.i32(i)));
  return scalars;
}

SmallVector<Value> lacuna::pack(const Build &build, TileType type, ArrayRef<Value> scalars) {
  int64_t packing = packingOf(type);
  if (packing == 1)
    return llvm::to_vector(scalars);
  SmallVector<Value> registers;
  auto vectorType = VectorType::get(packing, type.getElementType());
  for (size_t first = 0; first < scalars.size(); first += packing) {
    Value vector = LLVM::PoisonOp::create(build.b, build.loc, vectorType);
    for (int64_t i = 0; i < packing; ++i)
      vector = LLVM::InsertElementOp::create(build.b, build.loc, vector, scalars[first + i], build.i32(i));
    registers.push_back(vector);
  }
  return registers;
}

SmallVector<Value> lacuna::positions(const Build &build, SpreadAttr spread, const ThreadIds &ids) {
  Value digit = build.rem(build.div(ids.lane, spread.getStride()), spread.getLanes());
  Value first = build.mul(digit, spread.getInner());
  if (spread.getWarps() > 1)
    first = build.add(first, build.mul(ids.warp, spread.getRegisters() * spread.getLanes()));
  first = build.toIndex(first);
  SmallVector<Value> all;
  for (int64_t r = 0; r < spread.getRegisters(); ++r)
    all.push_back(build.add(first, spread.getOffset(r)));
  return all;
}

Value lacuna::swizzledOffset(const Build &build, SwizzleAttr swizzle, Value row, Value column) {
  Value phase = build.rem(build.div(row, swizzle.getRepeat()), swizzle.getPhases());
  Value slot = build.bitXor(build.div(column, swizzle.getVector()), phase);
  Value offset = build.add(build.mul(row, swizzle.getPitch()), build.mul(slot, swizzle.getVector()));
  return build.add(offset, build.rem(column, swizzle.getVector()));
}

Value lacuna::sharedMemory(const Build &build, const GpuTarget &target) {
  return LLVM::AddressOfOp::create(build.b, build.loc, build.pointer(kSharedSpace), target.sharedSymbol);
}
