// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and writes the safetensors format: u64 length, JSON header, tensor bytes. The reader is safe on any file: every
// length, offset, shape and type is checked before a byte of data is touched. Types without a counterpart here (U8,
// F8_…) can stand in a file but not be read.
#ifndef LACUNA_TOOLS_RUN_SAFETENSORS_H
#define LACUNA_TOOLS_RUN_SAFETENSORS_H

#include "HostTensor.h"

namespace lacuna::run {

/// The tensor called `key`; an empty key stands for the only tensor.
runtime::Result<HostTensor> readSafetensor(const std::string &path, const std::string &key);

struct NamedTensor {
  std::string key;
  const HostTensor *tensor;
};

/// The file's bytes. Keys must differ.
std::string serializeSafetensors(const std::vector<NamedTensor> &tensors);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_SAFETENSORS_H
