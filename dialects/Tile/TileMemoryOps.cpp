// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Verification of ring operations and the size of a ring's buffers.
#include "dialects/Tile/Tile.h"

using namespace mlir;
using namespace lacuna::tile;

int64_t RingType::getBufferBytes() const {
  TileType tile = getTile();
  auto swizzle = dyn_cast_or_null<SwizzleAttr>(tile.getLayout());
  int64_t elements = swizzle ? tile.getShape()[0] * swizzle.getPitch() : tile.getNumElements();
  return elements * llvm::divideCeil(tile.getElementType().getIntOrFloatBitWidth(), 8);
}

LogicalResult CopyOp::verify() {
  TileType tile = getRing().getType().getTile();
  auto memref = cast<MemRefType>(getSource().getType());
  int64_t expected = memref.getRank() - tile.getRank();
  if (static_cast<int64_t>(getIndices().size()) != expected)
    return emitOpError("expects ") << expected << " leading indices, but got " << getIndices().size();
  if (memref.getElementType() != tile.getElementType())
    return emitOpError("expects elements of type ") << tile.getElementType() << ", but got " << memref.getElementType();
  return success();
}

LogicalResult AcquireOp::verify() {
  if (getResult().getType() != getRing().getType().getTile())
    return emitOpError("expects a tile of type ")
           << getRing().getType().getTile() << ", but got " << getResult().getType();
  if (auto pending = static_cast<int64_t>(getPending()); pending < 0)
    return emitOpError("expects a pending count of at least 0, but got ") << pending;
  return success();
}
