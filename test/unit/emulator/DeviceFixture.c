// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Host functions of the entry "shift" (x, shift -> y), linked with its emulated kernel into one host object.
#include <stdint.h>

struct lacunaHost {
  int32_t (*launch)(const struct lacunaHost *, int64_t kernel, const int64_t *grid, const void *params,
                    int64_t params_bytes, void *stream);
};

struct ShiftParams {
  const float *x;
  int64_t size, stride, shift;
  float *y;
};

int32_t run(const struct lacunaHost *, const void *, void *, void *) __asm__("shift.run");
int32_t run(const struct lacunaHost *host, const void *params, void *workspace, void *stream) {
  const struct ShiftParams *p = params;
  const struct {
    const float *x;
    float *y;
    int64_t shift;
  } block = {p->x, p->y, p->shift};
  const int64_t grid[3] = {p->size / 64, 1, 1};
  return host->launch(host, 0, grid, &block, sizeof(block), stream);
}

int64_t workspace(const void *params) __asm__("shift.workspace_bytes");
int64_t workspace(const void *params) { return 0; }

void shapes(const void *params, int64_t *sizes) __asm__("shift.result_shapes");
void shapes(const void *params, int64_t *sizes) { sizes[0] = ((const struct ShiftParams *)params)->size; }
