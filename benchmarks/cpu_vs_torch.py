#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lacuna against PyTorch SDPA on this CPU: one process, same threads, sides interleaved, medians of ratios.

    python3 benchmarks/cpu_vs_torch.py [--lengths 2048,4096] [--heads 64,128] [--dtypes f32] [--repeat 9] [--json FILE]

Needs torch (`pip install torch==2.13.0`, a CPU build) and a build (`scripts/build.sh`). Prints a Markdown table. `per tile` is the time per visited
tile over that of dense; `of peak` the share of the machine's FMA peak measured in this run (f32 only).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "python"))
import lacuna_runtime  # noqa: E402
from lacuna_runtime import Counts, Program, Tensor  # noqa: E402

MASKS = {  # name: (mask lines, does SDPA have it)
    "dense": ([], dict()),
    "causal": (["%m = attn.causal align(bottom_right)"], dict(is_causal=True)),
    "window 1024": (["%c = attn.causal align(bottom_right)", "%s = attn.sliding_window [1023, 0] align(bottom_right)", "%m = attn.and %c, %s"], None),
    "A-shape 64+1024": (["%w = arith.constant 1024 : index", "%n = arith.constant 64 : index", "%m = attn.named @a_shape(%w, %n : index, index)"], None),
}


def source(mask, head, dtype):
    t = f"tensor<1x8x?x{head}x{dtype}>"
    lines = "\n".join("  " + line for line in mask)
    group = "mask(%m) " if mask else ""
    return (f"func.func @f(%q: {t}, %k: {t}, %v: {t}) -> {t} {{\n{lines}\n  %o = attn.attention %q, %k, %v {group}layout(bhsd) : {t}, {t}, {t} -> {t}\n"
            f"  return %o : {t}\n}}\n")


def compile_to(path, text):
    (path.with_suffix(".mlir")).write_text(text)
    start = time.perf_counter()
    subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", path.with_suffix(".mlir"), "-o", path], check=True)
    return time.perf_counter() - start


def median(values):
    return sorted(values)[len(values) // 2]


def timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def measured_peak(folder):
    binary = folder / "peak"
    subprocess.run(["clang-22", "-O2", "-march=native", "-mprefer-vector-width=512", pathlib.Path(__file__).with_name("peak.c"), "-o", binary], check=True)
    return float(subprocess.run([binary], check=True, capture_output=True, text=True).stdout.split()[0])


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    flags = {f for line in info.splitlines() if line.startswith("flags") for f in line.split()}
    name = next(line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name"))
    return f"{name}, {'AVX-512' if 'avx512f' in flags else 'AVX2'}{', AMX' if 'amx_tile' in flags else ''}"


def measure(name, length, head, dtype, args, folder, dense_tile):
    mask, sdpa = MASKS[name]
    torch.manual_seed(0)
    kind = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}[dtype]
    q, k, v = (torch.randn(1, 8, length, head).to(kind) for _ in range(3))
    out, counts = torch.empty_like(q), Counts()
    path = folder / f"{abs(hash((name, head, dtype)))}.lacuna"
    compiled = compile_to(path, source(mask, head, dtype))
    tensor = lambda x: Tensor(x.data_ptr(), dtype, x.shape, x.stride())
    run = Program(path, threads=args.threads).bind([tensor(q), tensor(k), tensor(v)], [tensor(out)])
    run(counts)
    peer = None if sdpa is None else lambda: F.scaled_dot_product_attention(q, k, v, **sdpa)
    error = None if peer is None else (out.float() - peer().float()).abs().max().item()
    ours, theirs = [], []
    for _ in range(args.repeat):
        ours.append(timed(run))
        if peer:
            theirs.append(timed(peer))
    seconds, visited = median(ours), counts.full + counts.partial
    pairs = length * (length + 1) / 2 if name == "causal" else length * length
    row = {"mask": name, "length": length, "head": head, "dtype": dtype, "ms": 1e3 * seconds, "visited": visited, "tiles": counts.total,
           "compile_s": compiled, "us_per_tile": 1e6 * seconds / max(visited, 1), "max_error": error}
    if peer:
        row.update(sdpa_ms=1e3 * median(theirs), ratio=median([b / a for a, b in zip(ours, theirs)]), gflops=32 * pairs * head / seconds / 1e9)
    row["per_tile"] = row["us_per_tile"] / dense_tile if dense_tile else 1.0
    return row


def show(row, peak, threads):
    cell = lambda key, fmt: format(row[key], fmt) if row.get(key) is not None else ""
    share = f"{row['gflops'] / peak / threads:.0%}" if "gflops" in row and row["dtype"] == "f32" else ""
    print(f"| {row['mask']} | {row['length']} | {row['head']} | {row['dtype']} | {row['ms']:.1f} | {cell('sdpa_ms', '.1f')} | {cell('ratio', '.2f')} | "
          f"{cell('gflops', '.0f')} | {share} | {row['visited']} / {row['tiles']} | {row['per_tile']:.2f} | {row['compile_s']:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--lengths", default="4096")
    parser.add_argument("--heads", default="64,128")
    parser.add_argument("--dtypes", default="f32")
    parser.add_argument("--masks", default=",".join(MASKS))
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--json")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        peak = measured_peak(folder)
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=lacuna_runtime.ROOT, capture_output=True, text=True).stdout.strip()
        print(f"{machine()}; {args.threads} threads; FMA peak {peak:.0f} GFLOP/s a thread; torch {torch.__version__}; commit {commit}; B1 H8\n")
        print("| mask | length | head | type | ms | SDPA ms | ratio | GFLOP/s | of peak | visited / tiles | per tile | compile s |\n|" + "---|" * 12)
        for dtype in args.dtypes.split(","):
            for head in map(int, args.heads.split(",")):
                for length in map(int, args.lengths.split(",")):
                    dense_tile = None
                    for mask in args.masks.split(","):
                        row = measure(mask, length, head, dtype, args, folder, dense_tile)
                        dense_tile = dense_tile or (row["us_per_tile"] if mask == "dense" else None)
                        rows.append(row)
                        show(row, peak, args.threads)
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps({"machine": machine(), "threads": args.threads, "peak_gflops_per_thread": peak, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
