#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lacuna's CPU kernels against PyTorch SDPA, compiled FlexAttention, hand-written yardsticks and a plain read of the
cache.

One process, the same threads on all sides, sides interleaved, medians of ratios. Needs torch (`pip install
torch==2.13.0`, a CPU build), clang 22, a C++ compiler for Inductor, and a build (`scripts/build.sh`). Prints Markdown
tables; benchmarks/README.md explains the columns and has the command of every published table.
"""

import argparse
import json
import pathlib
import sys
import tempfile

import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lacuna_bench import crossover, gates, machine, masks, peers, rows, tables, yardstick  # noqa: E402
from lacuna_bench.program import TORCH_TYPES, Compiler, Shape  # noqa: E402
from lacuna_bench.timing import Budget  # noqa: E402


def words(allowed):
    """A comma-separated option whose words are checked."""

    def parse(text):
        found = [word for word in text.split(",") if word]
        for word in found:
            if word not in allowed:
                raise argparse.ArgumentTypeError(f"expects some of {', '.join(allowed)}, but got {word}")
        return found

    return parse


def numbers(text):
    """8192,512k -> [8192, 524288]."""
    return [int(word[:-1]) * 1024 if word.endswith("k") else int(word) for word in text.split(",") if word]


def heads(text):
    query, _, key = text.partition("/")
    return int(query), int(key or query)


def options():
    names = list(masks.all_masks("composed"))
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    what = parser.add_argument_group("what is measured")
    what.add_argument("--masks", type=words(names), default=names, help=f"of {','.join(names)}; empty: none")
    what.add_argument("--lengths", type=numbers, default=[4096], help="as 2k,4096,16k")
    what.add_argument("--heads", type=numbers, default=[64, 128], help="head sizes")
    what.add_argument("--dtypes", type=words(TORCH_TYPES), default=["f32"])
    what.add_argument("--sides", type=words(("sdpa", "flex")), default=["sdpa", "flex"], help="peers; empty: none")
    what.add_argument(
        "--decode", type=numbers, default=[], metavar="KEYS", help="numbers of keys for decode rows, as 8k,512k"
    )
    what.add_argument("--queries", type=numbers, default=[1, 8], help="queries of decode rows")
    what.add_argument(
        "--decode-heads", type=heads, default=(8, 8), help="query heads/key heads of decode rows, as 32/8"
    )
    what.add_argument("--crossover", action="store_true", help="from which length each mask beats causal")
    what.add_argument(
        "--yardstick", type=pathlib.Path, metavar="DIR", help="folder with cpu_f32.cpp and cpu_amx_bf16.cpp"
    )
    what.add_argument("--compiled-mask", action="store_true", help="also time FlexAttention's mask under torch.compile")
    what.add_argument("--neighborhood", choices=masks.NEIGHBORHOODS, default="composed", help="form of the program")
    how = parser.add_argument_group("how")
    how.add_argument("--repeat", type=int, default=11, help="rounds of a row")
    how.add_argument("--budget", type=float, default=30, help="seconds after which a row needs no further round")
    how.add_argument("--threads", type=int, default=torch.get_num_threads())
    how.add_argument("--json", type=pathlib.Path, metavar="FILE")
    how.add_argument("--gates", action="store_true", help="judge the run; exit status 1 if a gate fails")
    how.add_argument(
        "--from", dest="earlier", type=pathlib.Path, nargs="+", metavar="FILE", help="judge JSON files, measure nothing"
    )
    return parser.parse_args()


def measure_prefill(args, run, results):
    table = tables.Table(tables.PREFILL + (tables.COMPILED_MASK if args.compiled_mask else ()))
    available = masks.all_masks(args.neighborhood)
    for dtype in args.dtypes:
        for head in args.heads:
            for length in args.lengths:
                for mask in (available[name] for name in args.masks):
                    if length >= mask.shortest:
                        results["rows"].append(rows.prefill(run, mask, length, Shape(head, dtype)))
                        table.show(results["rows"][-1])


def measure_decode(args, run, reader, results):
    table = tables.Table(tables.DECODE)
    for dtype in args.dtypes:
        for head in args.heads:
            for keys in args.decode:
                for queries in args.queries:
                    shape = Shape(head, dtype, *args.decode_heads)
                    results["decode"].append(rows.decode(run, reader, queries, keys, shape))
                    table.show(results["decode"][-1])


def measure_yardsticks(args, run, folder, results):
    table = tables.Table(tables.YARDSTICK)
    for dtype in args.dtypes:
        for head in args.heads:
            for length in args.lengths:
                try:
                    sketch = yardstick.build(args.yardstick, dtype, head, length, results["machine"], folder)
                except yardstick.NotMeasured as reason:
                    row = {"yardstick": "none", "length": length, "head": head, "dtype": dtype, "skipped": str(reason)}
                else:
                    row = rows.yardstick(run, sketch, Shape(head, dtype), length)
                results["yardsticks"].append(row)
                table.show(row)


def measure_crossover(args, run, results):
    for dtype in args.dtypes:
        for head in args.heads:
            shape = Shape(head, dtype)
            found = crossover.measure(run, [masks.all_masks(args.neighborhood)[name] for name in args.masks], shape)
            results["crossover"] += found
            crossover.show(found, shape)


def measure(args, folder):
    """Everything asked for; the JSON file is written after each part, so that an interrupted run leaves what it has."""
    peers.use_empty_cache(folder)
    torch.set_num_threads(args.threads)
    facts, peaks = machine.describe(args.threads), machine.measure_peaks(folder, args.threads)
    run = rows.Run(
        Compiler(folder, args.threads), Budget(args.repeat, args.budget), peaks, tuple(args.sides), args.compiled_mask
    )
    results = {"machine": facts, "peaks": peaks, "rows": [], "decode": [], "yardsticks": [], "crossover": []}
    results["arguments"] = sys.argv[1:]
    print(machine.line(facts, peaks) + "; B1 H8")
    parts = [
        (args.masks and not args.crossover, lambda: measure_prefill(args, run, results)),
        (args.yardstick, lambda: measure_yardsticks(args, run, folder, results)),
        (args.decode, lambda: measure_decode(args, run, machine.Reader(folder, args.threads), results)),
        (args.crossover, lambda: measure_crossover(args, run, results)),
    ]
    for wanted, part in parts:
        if wanted:
            part()
            if args.json:
                args.json.write_text(json.dumps(results, indent=1) + "\n")
    return results


def main():
    args = options()
    if args.earlier:
        return 0 if gates.show(gates.merge([json.loads(path.read_text()) for path in args.earlier])) else 1
    with tempfile.TemporaryDirectory() as name:
        results = measure(args, pathlib.Path(name))
    return 0 if not args.gates or gates.show(results) else 1


if __name__ == "__main__":
    sys.exit(main())
