// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a decode kernel is held to: the time to read two buffers once, each thread its share, and to do nothing else with them. A shared library, so
// that the very K and V of a measurement are read. Starting the threads is not counted.
#include <pthread.h>
#include <stddef.h>
#include <time.h>

typedef long long lanes __attribute__((vector_size(64), aligned(1)));
enum { STREAMS = 8, MAX_THREADS = 256 };

struct share {
  const char *begin[2];
  size_t bytes[2];
  long long result;
  double start, end; // read by the thread itself: one that only waits would be woken late, when all cores are busy
};

static pthread_barrier_t together;

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static long long read_once(const char *p, size_t bytes) {
  lanes sum[STREAMS] = {0};
  const char *end = p + bytes / (64 * STREAMS) * (64 * STREAMS);
  for (; p < end; p += 64 * STREAMS)
#pragma clang loop unroll(full)
    for (int i = 0; i < STREAMS; i++)
      sum[i] ^= *(const lanes *)(p + 64 * i);
  for (int i = 1; i < STREAMS; i++)
    sum[0] ^= sum[i];
  return sum[0][0] ^ sum[0][1] ^ sum[0][2] ^ sum[0][3] ^ sum[0][4] ^ sum[0][5] ^ sum[0][6] ^ sum[0][7];
}

static void *run(void *argument) {
  struct share *share = argument;
  pthread_barrier_wait(&together);
  share->start = seconds();
  share->result = read_once(share->begin[0], share->bytes[0]) ^ read_once(share->begin[1], share->bytes[1]);
  share->end = seconds();
  return NULL;
}

// Seconds from the first thread's start to the last one's end, for reading `bytes` bytes of each buffer; negative when there are too many threads.
// `result` depends on what was read.
double read_both(const char *first, const char *second, size_t bytes, int threads, long long *result) {
  pthread_t handles[MAX_THREADS];
  struct share shares[MAX_THREADS];
  if (threads < 1 || threads > MAX_THREADS)
    return -1;
  size_t part = bytes / threads / (64 * STREAMS) * (64 * STREAMS);
  pthread_barrier_init(&together, NULL, threads);
  for (int t = 0; t < threads; t++) {
    size_t size = t + 1 < threads ? part : bytes - part * t;
    shares[t] = (struct share){{first + part * t, second + part * t}, {size, size}, 0, 0, 0};
    pthread_create(&handles[t], NULL, run, &shares[t]);
  }
  for (int t = 0; t < threads; t++)
    pthread_join(handles[t], NULL);
  pthread_barrier_destroy(&together);
  double start = shares[0].start, end = shares[0].end;
  *result = 0;
  for (int t = 0; t < threads; t++) {
    start = shares[t].start < start ? shares[t].start : start;
    end = shares[t].end > end ? shares[t].end : end;
    *result ^= shares[t].result;
  }
  return end - start;
}
