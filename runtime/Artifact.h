// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The artifact file in memory (docs/design/abi.md), its writer and its reader. Both the compiler and the runtime use
// this file, so it knows neither LLVM nor JSON. Running what is inside is the business of Program.h.
#ifndef LACUNA_RUNTIME_ARTIFACT_H
#define LACUNA_RUNTIME_ARTIFACT_H

#include "runtime/Status.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lacuna::runtime {

constexpr int64_t formatMajor = 1;
constexpr int64_t formatMinor = 0;

/// An argument or result and its place in the parameter block.
struct Argument {
  std::string name;
  lacunaKind kind = LACUNA_TENSOR;
  lacunaDType dtype = LACUNA_F32;
  std::vector<int64_t> shape; ///< tensors only; -1 = dynamic
  int64_t offset = 0;         ///< bytes from the start of the block
  std::optional<std::string> defaultValue;

  /// 8-byte slots it takes: pointer, sizes and strides, or one value.
  int64_t slots() const { return kind == LACUNA_TENSOR ? 1 + 2 * int64_t(shape.size()) : 1; }
};

struct Entry {
  std::string name;
  int64_t parameterBytes = 0;
  std::vector<Argument> arguments, results;
};

struct Kernel {
  std::string symbol;
  std::optional<std::string> cost;
  std::array<int64_t, 3> block = {1, 1, 1};
  int64_t sharedBytes = 0;
  std::string schedule;
  std::vector<int64_t> tile; ///< rows and columns of a score tile; empty where a kernel has none
};

struct Target {
  std::string name;   ///< chip
  std::string device; ///< cpu | cuda | hip | emulate
  std::vector<std::string> requirements;
  int64_t host = 0;            ///< blob of the host object
  std::optional<int64_t> code; ///< blob of the device code
  std::vector<Kernel> kernels;
};

struct Blob {
  std::string kind; ///< elf | ptx | cubin | hsaco
  std::string bytes;
};

struct Artifact {
  int64_t minor = formatMinor; ///< as read; written files always carry formatMinor
  std::string producer;
  std::string sourceHash;
  std::optional<std::string> source;
  std::vector<Entry> entries;
  std::vector<Target> targets;
  std::vector<Blob> blobs;
};

/// Lays out slots in order (entry: inputs, then results): sets every `offset` and `parameterBytes`.
void assignOffsets(Entry &entry);

/// The file's bytes. Deterministic: the same artifact gives the same bytes.
std::string serialize(const Artifact &artifact);

/// Reads a file's bytes; safe on any input. Errors have code LACUNA_INVALID_ARTIFACT.
Result<Artifact> parse(const void *bytes, size_t size);

} // namespace lacuna::runtime

#endif // LACUNA_RUNTIME_ARTIFACT_H
