// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The machine's own matrix peaks, all threads at once: independent chains of the widest multiply-adds there are, nothing loaded in the loop.
// usage: peak THREADS; prints a line "NAME GFLOP/s" for each of f32 (FMA), bf16 (vdpbf16ps) and amx (tdpbf16ps) that this CPU can run. Built with
// -march=native: what the compiler may not use here is not there.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#if defined(__AVX512BF16__) || defined(__AMX_BF16__)
#include <immintrin.h>
#endif

#ifdef __AVX512F__
#define LANES 16
#else
#define LANES 8
#endif
typedef float lanes __attribute__((vector_size(4 * LANES)));
enum { CHAINS = LANES == 16 ? 24 : 12, REPEATS = 15, MAX_THREADS = 256 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

// Each loop returns the floating-point operations it did; `sink` keeps the compiler from dropping them.
static _Thread_local volatile float sink;

static double fma_f32(void) {
  const long steps = 10 * 1000 * 1000;
  lanes x[CHAINS] = {0}, a, b;
  for (int i = 0; i < LANES; i++)
    a[i] = 0.999f, b[i] = 1e-3f;
  for (long s = 0; s < steps; s++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++)
      x[i] = x[i] * a + b;
  }
  for (int i = 0; i < CHAINS; i++)
    sink += x[i][0];
  return 2.0 * LANES * CHAINS * steps;
}

#ifdef __AVX512BF16__
static double dot_bf16(void) {
  const long steps = 5 * 1000 * 1000;
  __m512 x[CHAINS];
  const __m512bh a = (__m512bh)_mm512_set1_epi16(0x3c00), b = (__m512bh)_mm512_set1_epi16(0x3b80);
#pragma clang loop unroll(full)
  for (int i = 0; i < CHAINS; i++)
    x[i] = _mm512_setzero_ps();
  for (long s = 0; s < steps; s++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++)
      x[i] = _mm512_dpbf16_ps(x[i], a, b);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < CHAINS; i++)
    sink += _mm512_reduce_add_ps(x[i]);
  return 4.0 * LANES * CHAINS * steps;
}
#endif

#ifdef __AMX_BF16__
static double product_amx(void) {
  enum { XTILEDATA = 18, TILES = 8, ROWS = 16, ROW_BYTES = 64 };
  const long steps = 2 * 1000 * 1000;
  struct {
    unsigned char palette, start_row, reserved[14];
    unsigned short row_bytes[16];
    unsigned char rows[16];
  } config;
  memset(&config, 0, sizeof config);
  config.palette = 1;
  for (int t = 0; t < TILES; t++)
    config.row_bytes[t] = ROW_BYTES, config.rows[t] = ROWS;
  _Alignas(64) static unsigned short operand[ROWS * ROW_BYTES / 2]; // zeros: the rate does not depend on the values
  _Alignas(64) float result[ROWS * ROW_BYTES / 4];
  _tile_loadconfig(&config);
  _tile_zero(0), _tile_zero(1), _tile_zero(2), _tile_zero(3);
  _tile_loadd(4, operand, ROW_BYTES), _tile_loadd(5, operand, ROW_BYTES);
  _tile_loadd(6, operand, ROW_BYTES), _tile_loadd(7, operand, ROW_BYTES);
  for (long s = 0; s < steps; s++) {
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, result, ROW_BYTES), sink += result[0];
  _tile_stored(1, result, ROW_BYTES), sink += result[0];
  _tile_stored(2, result, ROW_BYTES), sink += result[0];
  _tile_stored(3, result, ROW_BYTES), sink += result[0];
  _tile_release();
  return 4.0 * steps * 2 * 16 * 16 * 32;
}

// The kernel hands out tile state on request, once per process and before its threads start. 0x1023 is ARCH_REQ_XCOMP_PERM.
static int may_use_amx(void) { return syscall(SYS_arch_prctl, 0x1023, 18) == 0; }
#endif

// One thread's part of the repeats. All start together; a repeat lasts from the first start to the last end. The threads read the clock themselves: one
// that only waits would be woken late, when all cores are busy.
static double (*loop)(void);
static pthread_barrier_t together;
static struct { double start, end, work; } part[REPEATS][MAX_THREADS];

static void *run(void *number) {
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    pthread_barrier_wait(&together);
    part[repeat][(long)number].start = seconds();
    part[repeat][(long)number].work = loop();
    part[repeat][(long)number].end = seconds();
  }
  return NULL;
}

static void measure(const char *name, double (*body)(void), int threads) {
  pthread_t handles[MAX_THREADS];
  loop = body;
  pthread_barrier_init(&together, NULL, threads);
  for (long t = 0; t < threads; t++)
    pthread_create(&handles[t], NULL, run, (void *)t);
  for (int t = 0; t < threads; t++)
    pthread_join(handles[t], NULL);
  pthread_barrier_destroy(&together);
  double best = 0;
  for (int repeat = 0; repeat < REPEATS; repeat++) {
    double start = part[repeat][0].start, end = part[repeat][0].end, total = 0;
    for (int t = 0; t < threads; t++) {
      start = part[repeat][t].start < start ? part[repeat][t].start : start;
      end = part[repeat][t].end > end ? part[repeat][t].end : end;
      total += part[repeat][t].work;
    }
    best = total / (end - start) > best ? total / (end - start) : best;
  }
  printf("%s %.1f\n", name, best / 1e9);
}

int main(int count, char **arguments) {
  int threads = count == 2 ? atoi(arguments[1]) : 0;
  if (threads < 1 || threads > MAX_THREADS) {
    fprintf(stderr, "expects a number of threads from 1 to %d, but got %s\n", MAX_THREADS, count == 2 ? arguments[1] : "nothing");
    return 1;
  }
  measure("f32", fma_f32, threads);
#ifdef __AVX512BF16__
  measure("bf16", dot_bf16, threads);
#endif
#ifdef __AMX_BF16__
  if (may_use_amx())
    measure("amx", product_amx, threads);
#endif
  return 0;
}
