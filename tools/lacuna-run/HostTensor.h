// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A contiguous tensor in host memory, and its elements as numbers. Everything that makes, stores or compares data uses
// it; the device never sees it (Execute.h copies).
#ifndef LACUNA_TOOLS_RUN_HOSTTENSOR_H
#define LACUNA_TOOLS_RUN_HOSTTENSOR_H

#include "runtime/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lacuna::run {

struct HostTensor {
  lacunaDType dtype = LACUNA_F32;
  std::vector<int64_t> shape;
  std::vector<char> bytes;

  int64_t count() const { return int64_t(bytes.size() / lacunaDTypeSize(dtype)); }
  /// Element `i` (row-major) of a float tensor, exactly.
  double real(int64_t i) const;
  /// Rounds to the tensor's float type, ties to even; 16-bit types directly from f64.
  void setReal(int64_t i, double value);
  /// Element `i` of an integer tensor.
  int64_t integer(int64_t i) const;
  /// `value` must fit the tensor's integer type.
  void setInteger(int64_t i, int64_t value);
};

/// Bytes of a tensor; an error if a size is negative or the product does not fit.
runtime::Result<int64_t> tensorBytes(lacunaDType dtype, const std::vector<int64_t> &shape);

/// All zeros.
runtime::Result<HostTensor> makeTensor(lacunaDType dtype, std::vector<int64_t> shape);

/// "2x3xf32"; "f32" for rank 0.
std::string typeText(lacunaDType dtype, const std::vector<int64_t> &shape);

} // namespace lacuna::run

#endif // LACUNA_TOOLS_RUN_HOSTTENSOR_H
