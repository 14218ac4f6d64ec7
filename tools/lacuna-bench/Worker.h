// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The process behind each of our own sides: `lacuna-bench --worker` reads requests, one JSON object per line, from
// standard input and answers on what was standard output. benchmarks/lacuna_bench/worker.py speaks the same protocol
// (docs/design/bench.md).
#ifndef LACUNA_TOOLS_BENCH_WORKER_H
#define LACUNA_TOOLS_BENCH_WORKER_H

namespace lacuna::bench {

/// Until standard input ends. The exit code of the process.
int runWorker();

} // namespace lacuna::bench

#endif // LACUNA_TOOLS_BENCH_WORKER_H
