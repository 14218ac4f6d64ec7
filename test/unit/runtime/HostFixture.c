// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A hand-written host object with the symbols of docs/design/abi.md: what the compiler would emit for two toy entries.
// Built without libc like the real ones; TestProgram.cpp puts it into an artifact.
#include <stdint.h>

struct lacunaHost {
  int32_t (*launch)(const struct lacunaHost *, int64_t kernel, const int64_t *grid, const void *params,
                    int64_t params_bytes, void *stream);
  int32_t (*fail)(const struct lacunaHost *, const char *what, int64_t expected, int64_t got);
};

#define SYMBOL(name) __asm__(name)

//===--- Entry "rows": scaled = x * factor; sums[r] = factor * sum of row r + table[r % n] ------------------------===//

struct RowsParams {
  const float *x;
  int64_t x_sizes[2], x_strides[2];
  const int32_t *table;
  int64_t table_size, table_stride;
  float factor, factor_padding;
  int64_t limit;
  float *scaled;
  int64_t scaled_sizes[2], scaled_strides[2];
  float *sums;
  int64_t sums_size, sums_stride;
};

struct ScaleBlock {
  const struct RowsParams *params;
  float *partial; // workspace: one sum per row and half
};

// One work item per row and half of the columns; item = row + rows * half.
void scale(const void *params, int64_t begin, int64_t end) SYMBOL("rows.scale0");
void scale(const void *opaque, int64_t begin, int64_t end) {
  const struct ScaleBlock *block = opaque;
  const struct RowsParams *p = block->params;
  for (int64_t item = begin; item < end; ++item) {
    int64_t row = item % p->x_sizes[0], half = item / p->x_sizes[0];
    float sum = 0;
    for (int64_t column = 4 * half; column < 4 * half + 4; ++column) {
      float value = p->x[row * p->x_strides[0] + column] * p->factor;
      p->scaled[row * p->scaled_strides[0] + column] = value;
      sum += value;
    }
    block->partial[2 * row + half] = sum;
  }
}

// Row r visits r full tiles and 1 partial one, of 1000.
void scale_cost(const void *params, int64_t item, int64_t *counts) SYMBOL("rows.scale0.cost");
void scale_cost(const void *opaque, int64_t item, int64_t *counts) {
  const struct ScaleBlock *block = opaque;
  counts[0] = item % block->params->x_sizes[0];
  counts[1] = 1;
  counts[2] = 1000;
}

// No cost function.
void add(const void *params, int64_t begin, int64_t end) SYMBOL("rows.add1");
void add(const void *opaque, int64_t begin, int64_t end) {
  const struct ScaleBlock *block = opaque;
  const struct RowsParams *p = block->params;
  for (int64_t row = begin; row < end; ++row)
    p->sums[row] = block->partial[2 * row] + block->partial[2 * row + 1] + (float)p->table[row % p->table_size];
}

int32_t rows_run(const struct lacunaHost *, const void *, void *, void *) SYMBOL("rows.run");
int32_t rows_run(const struct lacunaHost *host, const void *params, void *workspace, void *stream) {
  const struct RowsParams *p = params;
  if (p->x_sizes[0] > p->limit)
    return host->fail(host, "rows of 'x'", p->limit, p->x_sizes[0]);
  struct ScaleBlock block = {p, workspace};
  int64_t grid[3] = {p->x_sizes[0], 2, 1};
  int32_t status = host->launch(host, 0, grid, &block, sizeof(block), stream);
  if (status)
    return status;
  grid[1] = 1;
  return host->launch(host, 1, grid, &block, sizeof(block), stream);
}

int64_t rows_workspace(const void *params) SYMBOL("rows.workspace_bytes");
int64_t rows_workspace(const void *params) {
  const struct RowsParams *p = params;
  return (p->scaled_sizes[0] * 2 * 4 + 63) / 64 * 64;
}

void rows_shapes(const void *params, int64_t *sizes) SYMBOL("rows.result_shapes");
void rows_shapes(const void *params, int64_t *sizes) {
  const struct RowsParams *p = params;
  sizes[0] = p->x_sizes[0];
  sizes[1] = 8;
  sizes[2] = p->x_sizes[0];
}

//===--- Entry "misbehave": does what compiled code must not do, chosen by its one argument -----------------------===//

struct MisbehaveParams {
  int64_t what;
  void *result;
  int64_t result_size, result_stride;
};

int32_t misbehave_run(const struct lacunaHost *, const void *, void *, void *) SYMBOL("misbehave.run");
int32_t misbehave_run(const struct lacunaHost *host, const void *params, void *workspace, void *stream) {
  const struct MisbehaveParams *p = params;
  int64_t grid[3] = {1, 1, 1};
  switch (p->what) {
  case 1: // a status without a message
    return 77;
  case 2: // a kernel that is not there
    return host->launch(host, 99, grid, params, 8, stream);
  case 3:
    grid[1] = -4;
    return host->launch(host, 0, grid, params, 8, stream);
  case 4: // an empty grid: kernel 0 would crash on this block
    grid[2] = 0;
    return host->launch(host, 0, grid, 0, 0, stream);
  case 5: // ignores the status of fail
    host->fail(host, "first", 1, 2);
    host->fail(host, "second", 3, 4);
    return 0;
  case 6:
    grid[0] = grid[1] = INT64_MAX;
    return host->launch(host, 0, grid, params, 8, stream);
  }
  return 0;
}

int64_t misbehave_workspace(const void *params) SYMBOL("misbehave.workspace_bytes");
int64_t misbehave_workspace(const void *params) { return ((const struct MisbehaveParams *)params)->what == 7 ? -5 : 0; }

void misbehave_shapes(const void *params, int64_t *sizes) SYMBOL("misbehave.result_shapes");
void misbehave_shapes(const void *params, int64_t *sizes) {
  sizes[0] = ((const struct MisbehaveParams *)params)->what == 8 ? -1 : 0;
}
