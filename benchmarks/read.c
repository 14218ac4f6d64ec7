// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A plain read: what a loop over memory that does nothing else takes. decode.py compares attention of few queries with it.
#include <stddef.h>
#include <stdint.h>

typedef uint64_t Line __attribute__((vector_size(64), aligned(8)));

/// Xors `bytes` (a multiple of 512) together, eight cache lines in flight.
uint64_t readBytes(const void *memory, size_t bytes) {
  Line sums[8] = {{0}};
  const Line *lines = memory;
  for (size_t i = 0; i < bytes / sizeof(Line); i += 8)
    for (size_t j = 0; j < 8; ++j)
      sums[j] ^= lines[i + j];
  for (size_t j = 1; j < 8; ++j)
    sums[0] ^= sums[j];
  uint64_t all = 0;
  for (size_t j = 0; j < 8; ++j)
    all ^= sums[0][j];
  return all;
}
