#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention of few queries on this CPU against a plain read of the same K and V: one process, same threads, sides interleaved, medians.

    python3 benchmarks/decode.py [--queries 1,8] [--keys 8192,65536] [--heads 8x8,32x8] [--head 128] [--dtypes bf16,f32] [--threads 2] [--repeat 9]

`of read` is the time of the read over that of attention: 1 is all that memory gives. Needs a build (`scripts/build.sh`) and NumPy.
"""
import argparse
import concurrent.futures
import ctypes
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "python"))
from lacuna import native as lacuna_runtime  # noqa: E402
from lacuna.native import Program, Tensor  # noqa: E402


def source(queries, heads, head, dtype, schedule):
    q, k = (f"tensor<1x{h}x{n}x{head}x{dtype}>" for h, n in zip(heads, (queries, "?")))
    group = f" schedule({schedule})" if schedule else ""
    return (f"func.func @f(%q: {q}, %k: {k}, %v: {k}) -> {q} {{\n  %m = attn.causal align(bottom_right)\n"
            f"  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd){group} : {q}, {k}, {k} -> {q}\n  return %o : {q}\n}}\n")


def compile_to(path, text):
    path.with_suffix(".mlir").write_text(text)
    subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", path.with_suffix(".mlir"), "-o", path], check=True)


def median(values):
    return sorted(values)[len(values) // 2]


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def reader(folder, arrays, threads):
    subprocess.run(["clang-22", "-O3", "-march=native", "-mprefer-vector-width=512", "-shared", "-fPIC", pathlib.Path(__file__).with_name("read.c"), "-o",
                    folder / "read.so"], check=True)
    read = ctypes.CDLL(folder / "read.so").readBytes
    read.argtypes, read.restype = [ctypes.c_void_p, ctypes.c_size_t], ctypes.c_uint64
    pool = concurrent.futures.ThreadPoolExecutor(threads)
    # Each thread takes one piece of all arrays together.
    pieces = [[] for _ in range(threads)]
    for array in arrays:
        share = array.nbytes // threads // 512 * 512
        for number, piece in enumerate(pieces):
            piece.append((array.ctypes.data + number * share, share))
    work = lambda piece: [read(address, size) for address, size in piece]
    return lambda: work(pieces[0]) if threads == 1 else list(pool.map(work, pieces))


def measure(queries, keys, heads, dtype, args, folder):
    rng = np.random.default_rng(0)

    def random(h, n):
        values = rng.standard_normal((1, h, n, args.head), np.float32)
        return values if dtype == "f32" else (values.view(np.uint32) >> 16).astype(np.uint16) if dtype == "bf16" else values.astype(np.float16)

    q, k, v = random(heads[0], queries), random(heads[1], keys), random(heads[1], keys)
    out = np.empty(q.shape, q.dtype)
    path = folder / f"{queries}-{heads}-{dtype}.lacuna"
    compile_to(path, source(queries, heads, args.head, dtype, args.schedule))
    tensor = lambda x: Tensor(x.ctypes.data, dtype, x.shape, [s // x.itemsize for s in x.strides])
    run = Program(path, threads=args.threads).bind([tensor(q), tensor(k), tensor(v)], [tensor(out)])
    read = reader(folder, (k, v), args.threads)
    run(), read()
    ours, theirs = [], []
    for _ in range(args.repeat):
        ours.append(timed(run))
        theirs.append(timed(read))
    bytes_read = k.nbytes + v.nbytes
    print(f"| {queries} | {keys} | {heads[0]} x {heads[1]} | {dtype} | {bytes_read / 2**20:.0f} | {1e3 * median(ours):.2f} | {1e3 * median(theirs):.2f} | "
          f"{bytes_read / median(theirs) / 1e9:.1f} | {median([b / a for a, b in zip(ours, theirs)]):.0%} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--queries", default="1,8")
    parser.add_argument("--keys", default="8192,65536")
    parser.add_argument("--heads", default="8x8,32x8")
    parser.add_argument("--head", type=int, default=128)
    parser.add_argument("--dtypes", default="bf16,f32")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--schedule", default="")
    args = parser.parse_args()
    print("| queries | keys | heads | type | MiB | ms | read ms | read GB/s | of read |\n|" + "---|" * 9)
    with tempfile.TemporaryDirectory() as name:
        for dtype in args.dtypes.split(","):
            for heads in args.heads.split(","):
                for queries in map(int, args.queries.split(",")):
                    for keys in map(int, args.keys.split(",")):
                        measure(queries, keys, tuple(map(int, heads.split("x"))), dtype, args, pathlib.Path(name))


if __name__ == "__main__":
    main()
