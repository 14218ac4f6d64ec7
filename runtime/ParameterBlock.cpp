// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One check, one message; each names the argument, what the entry expects and what it got.
#include "runtime/ParameterBlock.h"

#include "runtime/DType.h"

#include <algorithm>

using namespace lacuna::runtime;

static std::string dimension(const std::string &what, size_t d) { return what + ", dimension " + std::to_string(d); }

static std::string kindName(lacunaKind kind) {
  return kind == LACUNA_TENSOR ? "a tensor" : kind == LACUNA_SCALAR ? "a scalar" : "kind " + std::to_string(int(kind));
}

/// Elements of a tensor whose zero sizes count as 1 (what its contiguous strides must be able to express); checked to
/// fit the address space.
static Status checkExtent(const std::string &what, const lacunaTensor &tensor) {
  int64_t bytes = int64_t(lacunaDTypeSize(tensor.dtype));
  for (int32_t d = 0; d < tensor.rank; ++d)
    if (__builtin_mul_overflow(bytes, std::max<int64_t>(tensor.sizes[d], 1), &bytes))
      return expectsButGot(what, "sizes that fit the address space",
                           "dimension " + std::to_string(d) + " of size " + std::to_string(tensor.sizes[d]));
  return success();
}

static Status checkSizes(const std::string &what, const Argument &argument, const lacunaTensor &tensor) {
  if (tensor.rank > 0 && !tensor.sizes)
    return expectsButGot(what, "sizes", "a null pointer");
  for (size_t d = 0; d < argument.shape.size(); ++d) {
    if (tensor.sizes[d] < 0)
      return expectsButGot(dimension(what, d), "a size of at least 0", std::to_string(tensor.sizes[d]));
    if (argument.shape[d] >= 0 && tensor.sizes[d] != argument.shape[d])
      return expectsButGot(dimension(what, d), std::to_string(argument.shape[d]), std::to_string(tensor.sizes[d]));
  }
  return checkExtent(what, tensor);
}

static Status checkData(const std::string &what, const lacunaTensor &tensor, DataPointers pointers) {
  int64_t elements = 1;
  for (int32_t d = 0; d < tensor.rank; ++d)
    elements *= tensor.sizes[d];
  if (pointers == DataPointers::required && !tensor.data && elements > 0)
    return expectsButGot(what, "data of " + std::to_string(elements) + " elements", "a null pointer");
  size_t alignment = lacunaDTypeSize(tensor.dtype);
  if (size_t excess = reinterpret_cast<uintptr_t>(tensor.data) % alignment)
    return expectsButGot(what, "data aligned to " + std::to_string(alignment) + " bytes",
                         "a pointer " + std::to_string(excess) + " bytes past one");
  return success();
}

static Status checkTensor(const std::string &what, const Argument &argument, const lacunaTensor &tensor,
                          DataPointers pointers) {
  if (!sameDType(tensor.dtype, argument.dtype))
    return expectsButGot(what, "dtype " + dtypeName(argument.dtype), dtypeName(tensor.dtype));
  if (tensor.rank != int32_t(argument.shape.size()))
    return expectsButGot(what, "rank " + std::to_string(argument.shape.size()), std::to_string(tensor.rank));
  if (Status status = checkSizes(what, argument, tensor); !status.ok())
    return status;
  if (int32_t last = tensor.rank - 1;
      last >= 0 && tensor.strides && tensor.sizes[last] > 1 && tensor.strides[last] != 1)
    return expectsButGot(what, "last stride 1", std::to_string(tensor.strides[last]));
  return checkData(what, tensor, pointers);
}

/// Pointer, sizes, strides. The stride of a last dimension with at most one element is normalised to 1.
static void packTensor(int64_t *slots, const lacunaTensor &tensor) {
  int64_t rank = tensor.rank;
  int64_t *sizes = slots + 1, *strides = sizes + rank;
  *slots = int64_t(reinterpret_cast<intptr_t>(tensor.data));
  int64_t contiguous = 1;
  for (int64_t d = rank - 1; d >= 0; --d) {
    sizes[d] = tensor.sizes[d];
    strides[d] = d == rank - 1 ? 1 : tensor.strides ? tensor.strides[d] : contiguous;
    contiguous *= std::max<int64_t>(tensor.sizes[d], 1);
  }
}

static Status packScalar(const std::string &what, int64_t *slot, const Argument &argument, const lacunaValue &value) {
  if (!sameDType(value.dtype, argument.dtype))
    return expectsButGot(what, "dtype " + dtypeName(argument.dtype), dtypeName(value.dtype));
  if (isFloat(argument.dtype))
    *slot = int64_t(floatBits(argument.dtype, value.real));
  else if (fitsInteger(argument.dtype, value.integer))
    *slot = value.integer;
  else
    return expectsButGot(what, "a value that fits " + dtypeName(argument.dtype), std::to_string(value.integer));
  return success();
}

static Status packArgument(ParameterBlock &block, const Argument &argument, const lacunaValue &value,
                           DataPointers pointers) {
  const std::string what = "argument '" + argument.name + "'";
  if (value.kind != argument.kind)
    return expectsButGot(what, kindName(argument.kind), kindName(value.kind));
  int64_t *slot = block.slot(argument.offset);
  if (argument.kind == LACUNA_SCALAR)
    return packScalar(what, slot, argument, value);
  if (Status status = checkTensor(what, argument, value.tensor, pointers); !status.ok())
    return status;
  packTensor(slot, value.tensor);
  return success();
}

Result<ParameterBlock> lacuna::runtime::packArguments(const Entry &entry, const lacunaValue *values, int64_t count,
                                                      DataPointers pointers) {
  int64_t expected = int64_t(entry.arguments.size());
  if (count < 0 || count > expected)
    return expectsButGot("entry '" + entry.name + "'", std::to_string(expected) + " arguments", std::to_string(count));
  ParameterBlock block(entry.parameterBytes);
  for (int64_t i = 0; i < expected; ++i) {
    const Argument &argument = entry.arguments[size_t(i)];
    if (!values || i >= count || values[i].kind == LACUNA_MISSING)
      return invalidArgument("argument '" + argument.name + "' is missing (number " + std::to_string(i) + " of " +
                             std::to_string(expected) + ", counted from 0)");
    if (Status status = packArgument(block, argument, values[i], pointers); !status.ok())
      return status;
  }
  return block;
}

/// A result is written: elements that share an address would be a race.
static Status checkResultStrides(const std::string &what, const lacunaTensor &tensor) {
  for (int32_t d = 0; tensor.strides && d < tensor.rank; ++d)
    if (tensor.sizes[d] > 1 && tensor.strides[d] == 0)
      return expectsButGot(dimension(what, size_t(d)), "a stride other than 0", "0");
  return success();
}

Status lacuna::runtime::packResults(ParameterBlock &block, const Entry &entry, const lacunaTensor *results,
                                    int64_t count, const std::vector<int64_t> &sizes) {
  int64_t expected = int64_t(entry.results.size());
  if (count != expected || (expected > 0 && !results))
    return expectsButGot("entry '" + entry.name + "'", std::to_string(expected) + " results",
                         results ? std::to_string(count) : "a null pointer");
  auto size = sizes.begin();
  for (int64_t i = 0; i < expected; ++i) {
    // What the entry will write for these inputs is a stricter shape than the declared one.
    Argument exact = entry.results[size_t(i)];
    std::copy_n(size, exact.shape.size(), exact.shape.begin());
    size += int64_t(exact.shape.size());
    const std::string what = "result '" + exact.name + "'";
    if (Status status = checkTensor(what, exact, results[i], DataPointers::required); !status.ok())
      return status;
    if (Status status = checkResultStrides(what, results[i]); !status.ok())
      return status;
    packTensor(block.slot(exact.offset), results[i]);
  }
  return success();
}

Status lacuna::runtime::packResultShapes(ParameterBlock &block, const Entry &entry, const std::vector<int64_t> &sizes) {
  const int64_t *size = sizes.data();
  for (const Argument &result : entry.results) {
    lacunaTensor tensor = {nullptr, result.dtype, int32_t(result.shape.size()), size, nullptr};
    if (Status status = checkExtent("result '" + result.name + "'", tensor); !status.ok())
      return status;
    packTensor(block.slot(result.offset), tensor);
    size += tensor.rank;
  }
  return success();
}

/// Extent of a tensor from its slots; negative strides reach below its pointer.
static MemoryRange tensorRange(const Argument &argument, const int64_t *slots, bool writable) {
  int64_t rank = int64_t(argument.shape.size()), lowest = 0, highest = 0,
          bytes = int64_t(lacunaDTypeSize(argument.dtype));
  for (int64_t d = 0; d < rank; ++d) {
    int64_t size = slots[1 + d], reach = (size - 1) * slots[1 + rank + d];
    if (size == 0)
      return {argument.name, nullptr, 0, writable};
    (reach < 0 ? lowest : highest) += reach;
  }
  const char *data = reinterpret_cast<const char *>(intptr_t(slots[0]));
  return {argument.name, data + lowest * bytes, (highest - lowest + 1) * bytes, writable};
}

std::vector<MemoryRange> lacuna::runtime::memoryRanges(const Entry &entry, const ParameterBlock &block) {
  std::vector<MemoryRange> ranges;
  for (const auto *list : {&entry.arguments, &entry.results})
    for (const Argument &argument : *list) {
      if (argument.kind != LACUNA_TENSOR)
        continue;
      MemoryRange range = tensorRange(argument, block.slot(argument.offset), list == &entry.results);
      if (range.bytes > 0)
        ranges.push_back(std::move(range));
    }
  return ranges;
}

int64_t lacuna::runtime::resultRanks(const Entry &entry) {
  int64_t ranks = 0;
  for (const Argument &result : entry.results)
    ranks += int64_t(result.shape.size());
  return ranks;
}
