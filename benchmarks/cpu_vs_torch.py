#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lacuna's CPU kernels against PyTorch SDPA, compiled FlexAttention, hand-written yardsticks and a plain read of the
cache.

One process, the same threads on all sides, sides interleaved, medians of ratios. Needs torch (`pip install
torch==2.13.0`, a CPU build), clang 22, a C++ compiler for Inductor, and a build (`scripts/build.sh`). Prints Markdown
tables; benchmarks/README.md explains the columns and has the command of every published table.
"""

import argparse
import os
import pathlib
import sys
import tempfile

AVX2 = "x86-64-v3"
if AVX2 in sys.argv:  # PyTorch and its libraries choose their kernels when they are loaded
    os.environ.update(ATEN_CPU_CAPABILITY="avx2", MKL_ENABLE_INSTRUCTIONS="AVX2", ONEDNN_MAX_CPU_ISA="AVX2")

import torch  # noqa: E402

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from lacuna_bench import crossover, gates, machine, masks, peers, rows, tables, yardstick  # noqa: E402
from lacuna_bench.program import TORCH_TYPES, Compiler, Shape  # noqa: E402
from lacuna_bench.results import Results, merge  # noqa: E402
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
    names = list(masks.all_masks())
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
    what.add_argument("--neighborhood", choices=("auto", *masks.NEIGHBORHOODS), default="auto", help="its form")
    how = parser.add_argument_group("how")
    how.add_argument("--repeat", type=int, default=11, help="rounds of a row")
    how.add_argument("--budget", type=float, default=30, help="seconds after which a row needs no further round")
    how.add_argument("--threads", type=int, default=torch.get_num_threads())
    how.add_argument("--target", choices=("native", AVX2), default="native", help=f"{AVX2}: AVX2 at most, on all sides")
    how.add_argument("--json", type=pathlib.Path, metavar="FILE")
    how.add_argument("--gates", action="store_true", help="judge the run; exit status 1 if a gate fails")
    how.add_argument(
        "--from", dest="earlier", type=pathlib.Path, nargs="+", metavar="FILE", help="judge JSON files, measure nothing"
    )
    args = parser.parse_args()
    for length in args.lengths:
        if length % 128:  # blocks are whole
            parser.error(f"expects --lengths that are multiples of 128, but got {length}")
    return args


def settings(args):
    """(type, head size) of each table's groups of rows."""
    return [(dtype, head) for dtype in args.dtypes for head in args.heads]


def measure_prefill(args, run, results):
    table = tables.Table(tables.PREFILL + (tables.COMPILED_MASK if args.compiled_mask else ()))
    for dtype, head in settings(args):
        for length in args.lengths:
            for mask in args.masks:
                if length >= mask.shortest:
                    table.show(results.add("rows", rows.prefill(run, mask, length, Shape(head, dtype))))


def measure_decode(args, run, results, folder):
    table, reader = tables.Table(tables.DECODE), machine.Reader(folder, args.threads)
    for dtype, head in settings(args):
        shape = Shape(head, dtype, *args.decode_heads)
        for keys in args.decode:
            for queries in args.queries:
                table.show(results.add("decode", rows.decode(run, reader, queries, keys, shape)))


def measure_yardsticks(args, run, results, folder):
    table, facts = tables.Table(tables.YARDSTICK), results.found["machine"]
    for dtype, head in settings(args):
        for length in args.lengths:
            try:
                sketch = yardstick.build(args.yardstick, dtype, head, length, facts, folder)
                row = rows.yardstick(run, sketch, Shape(head, dtype), length)
            except yardstick.NotMeasured as reason:
                row = {"yardstick": "none", "length": length, "head": head, "dtype": dtype, "skipped": str(reason)}
            table.show(results.add("yardsticks", row))


def measure_crossover(args, run, results):
    for dtype, head in settings(args):
        shape = Shape(head, dtype)
        found = [results.add("crossover", row) for row in crossover.measure(run, args.masks, shape)]
        crossover.show(found, shape)


def choose_masks(args, compiler):
    """The masks asked for; of the neighborhood's two forms the op, unless this build lacks it."""
    form = args.neighborhood
    if form == "auto":
        probe = Shape(args.heads[0], args.dtypes[0])
        form = "op" if compiler.knows(masks.NEIGHBORHOODS["op"], probe) else "composed"
    return [masks.all_masks(form)[name] for name in args.masks]


def measure(args, folder):
    """Everything asked for."""
    torch.set_num_threads(args.threads)
    if "flex" in args.sides and not args.crossover:
        peers.prepare_inductor(folder, 256 if args.target == AVX2 else None)
    facts, peaks = machine.describe(args.threads, args.target), machine.measure_peaks(folder, args.threads, args.target)
    results, compiler = Results(facts, peaks, args.json), Compiler(folder, args.threads, args.target)
    run = rows.Run(compiler, Budget(args.repeat, args.budget), peaks, tuple(args.sides), args.compiled_mask)
    args.masks = choose_masks(args, compiler)
    print(machine.line(facts, peaks) + "; B1 H8")
    if args.crossover:
        measure_crossover(args, run, results)
    elif args.masks:
        measure_prefill(args, run, results)
    if args.yardstick:
        measure_yardsticks(args, run, results, folder)
    if args.decode:
        measure_decode(args, run, results, folder)
    return results.found


def main():
    args = options()
    if args.earlier:
        return 0 if gates.show(merge(args.earlier)) else 1
    with tempfile.TemporaryDirectory() as name:
        found = measure(args, pathlib.Path(name))
    wrong = [row for kind in ("rows", "decode") for row in found[kind] if rows.is_wrong(row)]
    for row in wrong:
        figures = f"{row['error_over_tolerance']:.1f} from f64, {row.get('apart_over_tolerance', 0):.1f} from a peer"
        print(f"{gates.place(row)}: WRONG, in tolerances {figures}", file=sys.stderr)
    passed = gates.show(found) if args.gates else True
    return 0 if passed and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
