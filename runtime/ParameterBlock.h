// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks a caller's arguments and results against an entry and packs them into its parameter block. Everything that a
// header can tell is checked here; what only data can violate is checked by the entry itself.
#ifndef LACUNA_RUNTIME_PARAMETERBLOCK_H
#define LACUNA_RUNTIME_PARAMETERBLOCK_H

#include "runtime/Artifact.h"

namespace lacuna::runtime {

/// Whether tensors with elements need a data pointer: runs do, queries about shapes do not.
enum class DataPointers { required, optional };

/// Zeroed, 64-byte aligned slots.
class ParameterBlock {
public:
  explicit ParameterBlock(int64_t bytes) : lines(size_t(bytes + 63) / 64) {}

  const void *data() const { return lines.data(); }
  const int64_t *slot(int64_t byteOffset) const {
    return reinterpret_cast<const int64_t *>(lines.data()) + byteOffset / 8;
  }
  int64_t *slot(int64_t byteOffset) { return reinterpret_cast<int64_t *>(lines.data()) + byteOffset / 8; }

private:
  struct alignas(64) Line {
    int64_t slots[8] = {};
  };
  std::vector<Line> lines;
};

/// The block with all arguments; the slots of the results are zero.
Result<ParameterBlock> packArguments(const Entry &entry, const lacunaValue *values, int64_t count,
                                     DataPointers pointers);

/// Adds results, whose sizes must be `sizes` (of all results one after the other).
Status packResults(ParameterBlock &block, const Entry &entry, const lacunaTensor *results, int64_t count,
                   const std::vector<int64_t> &sizes);

/// Adds results without data, contiguous: enough for NAME.workspace_bytes.
Status packResultShapes(ParameterBlock &block, const Entry &entry, const std::vector<int64_t> &sizes);

/// Memory that a run may touch.
struct MemoryRange {
  std::string name;  ///< of the argument or result, or "workspace"
  const void *begin; ///< lowest address
  int64_t bytes;     ///< to the end of the highest element; gaps between rows are inside
  bool writable;
};

/// One range per tensor with elements in a complete block, in the order of the entry.
std::vector<MemoryRange> memoryRanges(const Entry &entry, const ParameterBlock &block);

/// Sum of the ranks of all results.
int64_t resultRanks(const Entry &entry);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_PARAMETERBLOCK_H
