#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Variants of a CPU kernel against each other (and SDPA): one process, one thread, interleaved, medians of ratios to the first.

    python3 benchmarks/cpu_ab.py before=/path/to/old/lacuna-compile:x86-64-v4 after=:native wide=::96x64 [--dtype bf16] [--head 64] [--page 16] [--torch]
    python3 benchmarks/cpu_ab.py before=OLD after= --queries 1 --heads 32/8 --head 128 --length 8192 --from-memory
    python3 benchmarks/cpu_ab.py before=OLD after= --dtype f32 --heads 1 --length 4096 --mask lists2048      # long lists: lacuna_bench/lists.py

A variant is NAME=COMPILER:TARGET:TILES; what is empty is this build's compiler, native, the table's tiles. TILES is ROWSxKEYS or ROWSxKEYSxSTAGES; on a CPU
with AMX `apart=::96x64 together=::96x64x2` shows what products beside softmax rows give. Times are CPU time of the process, so a busy machine
disturbs them little. Needs torch.
"""
import argparse
import itertools
import pathlib
import subprocess
import tempfile
import time

import torch
import torch.nn.functional as F

from lacuna_bench import machine
from lacuna_bench.lists import list_masks
from lacuna_bench.masks import all_masks
from lacuna_bench.program import Program, Shape, gathered, lacuna_runtime, source, tensor
from lacuna_bench.timing import median


def compiled(text, variant, path):
    """The variant's name and artifact."""
    name, _, choice = variant.partition("=")
    compiler, target, tiles = (choice.split(":") + ["", ""])[:3]
    path.with_suffix(".mlir").write_text(text)
    command = [compiler or lacuna_runtime.BUILD / "bin" / "lacuna-compile", path.with_suffix(".mlir"), "-o", path, "--target=" + (target or "native")]
    if tiles:
        rows, keys, stages = (tiles.split("x") + ["1"])[:3]
        path.with_suffix(".schedule").write_text(f"#attn.schedule<tile_m = {rows}, tile_n = {keys}, stages = {stages}, transposed = true>")
        command.append(f"--schedule={path.with_suffix('.schedule')}")
    subprocess.run(command, check=True)
    return name


def heads(text):
    query, _, key = text.partition("/")
    return int(query), int(key or query)


def bound(path, mask, shape, args):
    """A call for each cache, and the results. There is one cache, but with --from-memory as many as it takes; calls of all variants take turns among them."""
    queries = args.queries or args.length
    q, k, v = shape.tensors(queries, args.length)
    copies = machine.copies_from_memory(k.nbytes + v.nbytes) if args.from_memory else 1
    calls, out = [], torch.empty_like(q)
    for _ in range(copies):
        stored = (k.clone(), v.clone()) if args.page is None else gathered(k, v, args.page)
        arguments = [q, *stored[:2], *mask.values(args.length), *stored[2:]]
        call = Program(path, threads=1).bind([tensor(x) if torch.is_tensor(x) else x for x in arguments], [tensor(out)])
        calls.append(lambda call=call, keep=arguments: call())
    return calls, out


def timed(call):
    start = time.process_time()
    call()
    return time.process_time() - start


def main():
    masks = all_masks() | list_masks()
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("variants", nargs="+")
    parser.add_argument("--dtype", default="bf16", choices=("f32", "bf16", "f16"))
    parser.add_argument("--mask", default="dense", choices=masks)
    parser.add_argument("--head", type=int, default=64)
    parser.add_argument("--length", type=int, default=2048)
    parser.add_argument("--queries", type=int, help="default: as many as keys; at most 8 are compiled in")
    parser.add_argument("--heads", type=heads, default=(8, 8), help="query heads/key heads, as 32/8")
    parser.add_argument("--from-memory", action="store_true", help="several caches take turns")
    parser.add_argument("--repeat", type=int, default=11)
    parser.add_argument("--page", type=int, help="K and V by pages of so many rows; 0: by tables of rows, one for each head")
    parser.add_argument("--torch", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    few = args.queries if args.queries and args.queries <= 8 else None
    mask, shape = masks[args.mask], Shape(args.head, args.dtype, *args.heads, few)
    runs, outputs = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for i, variant in enumerate(args.variants):
            path = pathlib.Path(folder) / f"{i}.lacuna"
            name = compiled(source(mask, shape, args.page), variant, path)
            runs[name], out = bound(path, mask, shape, args)
            outputs.append(out)
    if args.torch and mask.sdpa is not None:
        q, k, v = shape.tensors(args.queries or args.length, args.length)
        runs["SDPA"] = [lambda: F.scaled_dot_product_attention(q, k, v, enable_gqa=True, **mask.sdpa)] * len(next(iter(runs.values())))
    times, turn = {name: [] for name in runs}, itertools.count()
    for repeat in range(args.repeat + 1):
        for name, calls in runs.items():
            seconds = timed(calls[next(turn) % len(calls)])
            if repeat:  # the first round warms up
                times[name].append(seconds)
    error = max((x.float() - outputs[0].float()).abs().max().item() for x in outputs)
    first, facts = next(iter(times.values())), machine.cpu_facts()
    page = "" if args.page is None else f", pages of {args.page}" if args.page else ", tables of rows"
    memory = ", from memory" if args.from_memory else ""
    print(f"{facts['name']}, family {facts['family']}; {args.dtype} {args.mask}{page}, head {args.head}, {args.queries or args.length} queries, {args.length} keys, B1 H{args.heads[0]}/{args.heads[1]}{memory}, one thread; largest difference {error:.3g}\n\n| variant | ms | speedup |\n|---|---|---|")
    for name, seconds in times.items():
        print(f"| {name} | {1e3 * median(seconds):.2f} | {median([a / b for a, b in zip(first, seconds)]):.3f} |")


if __name__ == "__main__":
    main()
