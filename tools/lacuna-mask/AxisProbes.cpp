// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/lacuna-mask/AxisProbes.h"

#include "dialects/Attn/Attn.h"

#include <algorithm>
#include <cstring>

using namespace mlir;

namespace lacuna {
namespace {

attn::AttentionOp firstAttention(func::FuncOp function) {
  attn::AttentionOp first;
  function.walk([&](attn::AttentionOp op) {
    first = op;
    return WalkResult::interrupt();
  });
  return first;
}

attn::NeighborhoodOp neighborhoodOf(attn::AttentionOp attention) {
  return attention.getMask() ? attention.getMask().getDefiningOp<attn::NeighborhoodOp>() : attn::NeighborhoodOp();
}

ProbeArgumentValue scalar(int64_t x) {
  ProbeArgumentValue value;
  value.bytes.resize(sizeof(x));
  std::memcpy(value.bytes.data(), &x, sizeof(x));
  return value;
}

/// Number of keys that the last query attends: the window, whatever the stride.
int64_t windowOf(BoundProbe &probe, int64_t extent) {
  constexpr int64_t kPiece = 4096;
  std::array<int8_t, kPiece> bits;
  int64_t count = 0;
  for (int64_t first = 0, end; first < extent && !probe.budget().isSpent(); first = end) {
    end = std::min(extent, first + kPiece);
    if (probe.bits({extent - 1, extent, first, end}, bits.data(), kPiece).any)
      count += std::count(bits.begin(), bits.begin() + (end - first), 1);
  }
  return count;
}

} // namespace

std::string axisFunction(StringRef entry, size_t dim) { return (entry + ".axis" + Twine(dim)).str(); }
std::string strideFunction(StringRef entry, size_t dim) { return (entry + ".stride" + Twine(dim)).str(); }

/// A copy of `entry` whose first attention applies the neighborhood of one dimension, with its own stride or that of an additional last argument.
static void addAxisFunction(func::FuncOp entry, size_t dim, bool givenStride) {
  OpBuilder atModule(entry->getContext());
  atModule.setInsertionPointAfter(entry);
  auto copy = cast<func::FuncOp>(atModule.clone(*entry));
  copy.setName((givenStride ? strideFunction : axisFunction)(entry.getName(), dim));
  attn::AttentionOp attention = firstAttention(copy);
  attn::NeighborhoodOp op = neighborhoodOf(attention);
  OpFoldResult stride = op.getMixedStride()[dim];
  if (givenStride) {
    SmallVector<Type> inputs(copy.getArgumentTypes());
    inputs.push_back(atModule.getIndexType());
    stride = copy.front().addArgument(inputs.back(), op.getLoc());
    copy.setFunctionType(atModule.getFunctionType(inputs, copy.getResultTypes()));
    copy.removeArgAttrsAttr();
  }
  OpBuilder b(attention);
  Value single = attn::NeighborhoodOp::create(b, op.getLoc(), {op.getMixedSpace()[dim]}, {op.getMixedWindow()[dim]}, {stride},
                                              {op.getMixedDilation()[dim]}, {op.getCausal()[dim]});
  attention.getMaskMutable().assign(single);
}

bool addAxisFunctions(func::FuncOp entry, size_t rank) {
  attn::NeighborhoodOp whole = neighborhoodOf(firstAttention(entry));
  if (!whole || whole.getNumDims() != rank)
    return false;
  for (size_t dim = 0; dim < rank; ++dim)
    for (bool givenStride : {false, true})
      addAxisFunction(entry, dim, givenStride);
  return true;
}

int64_t smallestPerfectStride(BoundProbe::Function function, std::vector<ProbeArgumentValue> arguments, int64_t batch, int64_t head, const TiledSpace &axis,
                              WalkBudget &budget) {
  int64_t extent = axis.points(), window = 1;
  arguments.push_back(scalar(1));
  for (int64_t stride = 1; stride <= window && !budget.isSpent(); ++stride) {
    arguments.back() = scalar(stride);
    BoundProbe probe(function, arguments, batch, head, extent, extent, &budget);
    if (stride == 1)
      window = windowOf(probe, extent);
    if (isBlockSparse(probe, axis))
      return stride;
  }
  return 0;
}

bool hasExtent(BoundProbe::Function function, const std::vector<ProbeArgumentValue> &arguments, int64_t batch, int64_t head, int64_t extent) {
  std::vector<ProbeArgumentValue> all = arguments;
  all.push_back(scalar(1));
  BoundProbe probe(function, all, batch, head, extent + 1, extent + 1);
  auto attends = [&](int64_t query) { return probe.classify({query, query + 1, 0, extent + 1}).any; };
  return attends(extent - 1) && !attends(extent);
}

} // namespace lacuna
