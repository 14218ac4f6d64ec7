// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The machine's own f32 matrix peak: 24 independent chains of fused multiply-adds in the widest registers. Prints GFLOP/s of one thread.
#include <stdio.h>
#include <time.h>

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
typedef float lanes __attribute__((vector_size(4 * LANES)));
enum { CHAINS = LANES == 16 ? 24 : 12 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(void) {
  lanes x[CHAINS] = {0}, a, b;
  for (int i = 0; i < LANES; i++)
    a[i] = 0.999f, b[i] = 1e-3f;
  double best = 0;
  for (int repeat = 0; repeat < 5; repeat++) {
    const long steps = 20 * 1000 * 1000;
    double start = seconds();
    for (long s = 0; s < steps; s++) {
#pragma clang loop unroll(full)
      for (int i = 0; i < CHAINS; i++)
        x[i] = x[i] * a + b;
    }
    double rate = 2.0 * LANES * CHAINS * steps / (seconds() - start) / 1e9;
    best = rate > best ? rate : best;
  }
  float sum = 0;
  for (int i = 0; i < CHAINS; i++)
    sum += x[i][0];
  printf("%.1f %s\n", best, sum > 0 ? "" : "?");
  return 0;
}
