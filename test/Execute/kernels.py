# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs a matrix of cases through lacuna-compile and the runtime, and compares with NumPy.

usage: kernels.py [--device cpu] [--target native] [--only SUBSTRING] [--matrix reference|tiles|decode|all|gpu]

`reference` is the matrix that the reference lowering passes; `tiles` puts lengths around the edges of the CPU kernel's tiles, in all types; `decode` has few
queries, fixed at compile time, and many keys; `gpu` is what GPU
kernels are held to.
"""
import argparse
import faulthandler
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import zlib

import numpy as np

import cases
import library
import listed_masks
import report
from cases import Case, Program
from guarded import guarded

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "python"))
from lacuna import native as lacuna_runtime  # noqa: E402

# Tiles are 48 x 128 on CPUs, 96 x 64 where they have AMX: one below, at, one above, several.
EDGES = [(1, 1), (47, 127), (48, 128), (49, 129), (1, 300), (300, 1), (130, 257), (257, 130), (96, 256), (95, 63), (96, 64), (97, 65)]
SET_EDGES = [(49, 129), (130, 257)]
SETTINGS = {
    "none": {}, "causal": {}, "sliding_window": dict(left=50, right=0), "a_shape": dict(window=40, sinks=3), "prefix": dict(length=100),
    "chunked": dict(chunk=60), "dilated": dict(width=70, step=3), "tri_shape": dict(window=30, sinks=2, last=9),
    "select_head": dict(pattern=[0, 1, 2, 1], left=40, right=5, count=9), "restrict_window": dict(q0=30, nq=200, k0=10, nk=290, left=60, right=20),
    "neighborhood_2d": dict(n=10, w=5, s=2, d=1, n1=23, w1=9, s1=3, d1=2), "block_cover_window": dict(left=70, right=10, count=3), "block_cover_tiles": {},
    "block_or_not": dict(left=20, right=10, count=200), "not_pairs_or_window": {},
}
DOCUMENTS = dict(cu_q=[0, 47, 48, 48, 190, 257], cu_k=[0, 60, 61, 100, 101, 260], left=30, right=0, count=2,
                 hash_q=[n * n % 3 for n in range(257)], hash_k=[n % 3 for n in range(260)], sub=[0, 30, 31, 60, 260], many=(1 << 63) - 1, length=20, far=20 - (1 << 63), near=30)


def tile_cases():
    for dtype in ("f32", "bf16", "f16"):
        for mask, parameters in SETTINGS.items():
            for queries, keys in EDGES:
                yield Case(Program(mask, heads=(4, 2), size=(64, 64), dtype=dtype), queries, keys, 1, parameters)
        for mask in cases.MASKS:
            if mask in cases.SET_MASKS:
                yield from cases.set_cases(mask, Program(mask, heads=(4, 2), size=(64, 64), dtype=dtype), SET_EDGES)
            elif "cu_q" in dict(cases.MASKS[mask].parameters) and mask not in cases.PARAMETERS:
                wanted = [name for name, _ in cases.MASKS[mask].parameters]
                yield Case(Program(mask, layout="shd", size=(32, 24), dtype=dtype), 257, 260, 1, {name: DOCUMENTS[name] for name in wanted})
        for size in ((8, 8), (24, 72), (128, 128), (256, 40)):
            yield Case(Program("causal", size=size, dtype=dtype, layout="bshd"), 100, 150, 2)
        yield Case(Program("causal", size=(256, 256), dtype=dtype), 60, 200)
    for mask, parameters in library.TILES.items():  # the mask does not know the type: one is enough
        for queries, keys in EDGES:
            yield Case(Program(mask, heads=(4, 2), size=(64, 64)), queries, keys, 1, parameters)
    for mask, settings in listed_masks.TILES.items():
        for (queries, keys), (number, parameters) in itertools.product(SET_EDGES + [(257, 300)], enumerate(settings)):
            yield Case(Program(mask, heads=(4, 2), size=(64, 64)), queries, keys, 1, parameters, number)


# Masks whose transposes the kernels run: one of each kind that expansion treats in its own way, and every form of a set.
TRANSPOSED = (
    "causal", "sliding_window", "chunked", "streaming_blocks", "dilated", "select_head", "restrict_window", "neighborhood_2d", "block_cover_window", "document_causal",
    "document_pairs", "document_equal", *cases.SET_MASKS,
)


def transposed_tile_cases():
    for case in tile_cases():
        if case.program.mask in TRANSPOSED and case.program.dtype == "f32" and case.program.layout != "bshd":
            yield cases.transposed_case(case)


def gpu_cases():
    """What the GPU kernels are held to today: dense, causal, causal window; 16-bit; GQA; lengths around their 64 x 64 tiles; LSE; a
    choice, a part, a neighborhood, a block cover and lists of tokens. Small, for the emulator."""
    edges = [(0, 3), (3, 0), (1, 1), (63, 65), (64, 64), (65, 130), (130, 65), (200, 70)]
    for dtype in ("bf16", "f16"):
        for size in (64, 128):
            for mask, parameters in (("none", {}), ("causal", {}), ("causal_window", dict(left=40))):
                program = Program(mask, heads=(4, 2) if size == 64 else (1, 1), size=(size, size), dtype=dtype)
                for queries, keys in edges if size == 64 else edges[4:6]:
                    yield Case(program, queries, keys, 1, parameters)
    for mask in ("select_head", "restrict_window", "neighborhood_2d", "block_cover_window"):
        yield Case(Program(mask, heads=(4, 2), size=(64, 64), dtype="bf16"), 130, 200, 1, SETTINGS[mask])
    yield from cases.set_cases("set_list_1x1", Program("set_list_1x1", heads=(4, 2), size=(64, 64), dtype="bf16"), [(70, 130)])


# Number of static queries with heads (query, key): every size of flat tile, alone and grouped.
DECODE_HEADS = [(1, (2, 2)), (1, (4, 1)), (1, (8, 2)), (3, (2, 2)), (3, (4, 1)), (8, (2, 1)), (5, (1, 1)), (9, (2, 1)), (8, (10, 2))]
DECODE_KEYS = [0, 1, 2, 63, 64, 65, 127, 128, 129, 1000]
DECODE_MASKS = {
    "none": {}, "causal": {}, "causal_top_left": {}, "sliding_window": dict(left=70, right=0), "a_shape": dict(window=40, sinks=3),
    "key_lengths": dict(lengths=[100, 0]), "prefix": dict(length=100), "dilated": dict(width=70, step=3), "heads_differ": dict(step=5),
    "neighborhood_2d": SETTINGS["neighborhood_2d"],
}


def decode_cases():
    """Few queries, known at compile time, and many keys: the flat tiles of a CPU."""
    for dtype in ("f32", "bf16", "f16"):
        for queries, heads in DECODE_HEADS:
            for mask, parameters in DECODE_MASKS.items():
                program = Program(mask, heads=heads, size=(64, 64), dtype=dtype, queries=queries)
                for keys in DECODE_KEYS if mask in ("none", "causal") else (1, 128, 300):
                    yield Case(program, queries, keys, 2, parameters)
        for mask, parameters in DECODE_MASKS.items(): # a number known at run time only: one, few or many
            for heads in ((2, 2), (8, 2)):
                program = Program(mask, heads=heads, size=(64, 64), dtype=dtype)
                for queries in (0, 1, 2, 8, 9) if mask in ("none", "causal") else (1, 5):
                    yield Case(program, queries, 300, 2, parameters)
        for layout in ("bshd", "shd"):
            for queries in (1, 8, 9):
                yield Case(Program("causal", layout, heads=(8, 2), dtype=dtype), queries, 150)
        for size in ((8, 8), (24, 72), (128, 128), (40, 256)):
            for queries in (1, 4):
                yield Case(Program("causal", layout="bshd", heads=(4, 2), size=size, dtype=dtype, queries=queries), queries, 150, 2)
                yield Case(Program("causal", layout="shd", heads=(4, 2), size=size, dtype=dtype, queries=queries), queries, 150)
        for name in ("set_columns", "set_diagonals", "set_vertical_slash", "set_vertical_slash_cover", "set_list_1x64"):
            for queries in (1, 5):
                yield from cases.set_cases(name, Program(name, heads=(4, 2), size=(64, 64), dtype=dtype, queries=queries), [(queries, 1), (queries, 200)])
        for queries in (1, 8):
            causal = dict(mask="causal", heads=(4, 2), dtype=dtype, queries=queries)
            for program in (Program(sinks=True, **causal), Program(score="softcap", **causal), Program(score="minus_inf", **causal)):
                yield Case(program, queries, 0, 2)
                yield Case(program, queries, 200, 2)
            # Gentle slopes: a score of 100 costs an f32 exponential all of the tolerance.
            yield Case(Program(score="alibi", **causal), queries, 200, 2, dict(slopes=[0.125, -0.0625, 0.03125]))


def split_cases():
    """Key tiles shared by several work items: more shares than tiles, rows that are empty in some shares, sinks counted once."""
    for queries in (1, 4, None):
        for split in (2, 7):
            for mask, parameters in DECODE_MASKS.items():
                for dtype in ("f32", "bf16") if mask == "causal" else ("f32",):
                    program = Program(mask, heads=(4, 2), size=(64, 40), dtype=dtype, queries=queries, split=split)
                    for keys in (0, 1, 33, 300):
                        yield Case(program, queries or 60, keys, 2, parameters)
        for layout in ("bshd", "shd"):
            yield Case(Program("causal", layout, queries=queries, split=3), queries or 60, 130, 1)
        sinks = Program("causal", heads=(4, 2), queries=queries, split=5, sinks=True)
        yield Case(sinks, queries or 60, 0, 2)
        yield Case(sinks, queries or 60, 200, 2)
    for values in ("document_causal", "document_random0"):
        if values in cases.MASKS:
            wanted = [name for name, _ in cases.MASKS[values].parameters]
            yield Case(Program(values, layout="shd", split=4), 257, 260, 1, {name: DOCUMENTS[name] for name in wanted})


def packed_cases():
    """Pairs of a query and a head of a group as rows: tiles that begin within a query's heads, rows past the last query, heads with masks of their own."""
    for layout, heads, queries, rows in (("bhsd", (6, 2), 5, 4), ("bshd", (6, 2), None, 8), ("shd", (6, 2), 2, 6), ("bhsd", (8, 1), 3, 5), ("bshd", (4, 2), 8, 16)):
        for mask, parameters in DECODE_MASKS.items():
            if mask in ("dilated", "neighborhood_2d") or (layout == "shd" and mask == "key_lengths"):
                continue  # tested tile by tile: for one head; lengths are those of a batch
            for split, dtype in ((1, "f32"), (3, "f32"), (1, "bf16")):
                program = Program(mask, layout, heads=heads, size=(64, 40), dtype=dtype, queries=queries, split=split, packed=rows)
                for keys in (0, 1, 33, 200):
                    yield Case(program, queries or 7, keys, 1 if layout == "shd" else 2, parameters)
        # Every head has a sink and a slope of its own.
        for extra, parameters in ((dict(sinks=True), {}), (dict(score="softcap"), {}), (dict(score="minus_inf", sinks=True), {}),
                                  (dict(score="alibi", sinks=True), dict(slopes=[0.125, -0.0625, 0.03125, 0.25]))):
            for split, dtype in ((1, "f32"), (3, "f32"), (1, "bf16")):
                program = Program("causal", layout, heads=heads, size=(64, 40), dtype=dtype, queries=queries, split=split, packed=rows, **extra)
                for keys in (0, 1, 33, 200):
                    yield Case(program, queries or 7, keys, 1 if layout == "shd" else 2, parameters)


def stored(array, dtype):
    """The array as the program's type stores it (bf16 as its 16 bits)."""
    if dtype == "bf16":
        return (np.ascontiguousarray(array).view(np.uint32) >> 16).astype(np.uint16)
    return array.astype({**cases.NUMPY, "f16": np.float16}[dtype])


def loaded(array, dtype):
    return (array.astype(np.uint32) << 16).view(np.float32) if dtype == "bf16" else array.astype(np.float32)


def describe(array, dtype, address=None):
    # NumPy gives empty arrays strides of 0.
    strides = [s // array.itemsize for s in array.strides] if array.size else [1] * array.ndim
    return lacuna_runtime.Tensor(array.ctypes.data if address is None else address, dtype, array.shape, strides)


def bind(program, case, values):
    """The call, and the arrays that it writes (as the program stores them). What it reads begins or ends, case by case, at a page that nobody may read."""
    dtype, arguments, memories, at_end = case.program.dtype, [], [], zlib.crc32(case.name.encode()) % 2 == 0
    for name, value in values.items():
        if isinstance(value, int):
            arguments.append(value)
            continue
        kind = dtype if name in "qkv" else next(kind for kind, type in cases.NUMPY.items() if value.dtype == type)
        array = np.ascontiguousarray(stored(value, kind))
        address, memory = guarded(array, at_end)
        memories.append(memory)
        arguments.append(describe(array, kind, address))
    shape = case.program.shape("o", case.batch, case.queries)
    rows = (case.program.heads[0], case.queries) if case.program.layout == "shd" else (case.batch, case.program.heads[0], case.queries)
    # Garbage in the results shows rows that nobody wrote.
    results = [np.full(shape, 0x4242, np.uint16).view(np.float16) if dtype == "f16" else stored(np.full(shape, 7, np.float32), dtype),
               np.full(rows, 7, np.float32), np.full(rows, 7, np.float32)]
    results = results[:2] if case.program.split else results
    call = program.bind(arguments, [describe(a, d) for a, d in zip(results, (dtype, "f32", "f32"))], case.program.name)
    call.keep = memories  # the runtime knows addresses only
    return call, results


def run(program, case, values):
    call, results = bind(program, case, values)
    call()
    return [loaded(results[0], case.program.dtype), *results[1:]]


MODULE = 64  # programs: memory of a compilation grows with them, time hardly


def compiled(programs, target, device):
    """{name: the artifact it is in}."""
    device, loaded_programs = lacuna_runtime.Device(device), {}
    with tempfile.TemporaryDirectory() as folder:
        source, artifact = folder + "/programs.mlir", folder + "/programs.lacuna"
        for first in range(0, len(programs), MODULE):
            some = programs[first : first + MODULE]
            pathlib.Path(source).write_text("\n".join(program.mlir() for program in some))
            subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, "--target=" + target, "-o", artifact], check=True,
                           env={**os.environ, "LD_PRELOAD": ""})  # what this process needs (see lit.cfg.py) is not for programs
            loaded_program = lacuna_runtime.Program(pathlib.Path(artifact).read_bytes(), device)
            loaded_programs.update({program.name: loaded_program for program in some})
    return loaded_programs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--target", default="native")
    parser.add_argument("--only", default="")
    parser.add_argument("--matrix", default="all", choices=("reference", "tiles", "decode", "all", "gpu"))
    parser.add_argument("--every", type=int, default=1, help="one program of so many, always the same ones; LACUNA_FULL: all")
    args = parser.parse_args()
    every = 1 if os.environ.get("LACUNA_FULL") else args.every
    matrices = {"reference": (cases.all_cases,), "tiles": (tile_cases, transposed_tile_cases), "decode": (decode_cases, split_cases, packed_cases),
                "all": (cases.all_cases, tile_cases, transposed_tile_cases, decode_cases, split_cases, packed_cases),
                "gpu": (gpu_cases,)}
    faulthandler.enable()
    chosen = [case for matrix in matrices[args.matrix] for case in matrix()]
    chosen = [case for case in chosen if args.only in case.name and zlib.crc32(case.program.name.encode()) % every == 0]
    programs = compiled(list({case.program.name: case.program for case in chosen}.values()), args.target, args.device)
    failures, worst = [], 0.0
    for case in chosen:
        values = cases.inputs(case)
        ratios = cases.errors(case, run(programs[case.program.name], case, values), cases.attention(case, values))
        worst = max(worst, *ratios)
        if not max(ratios) <= 1:
            failures.append(case.name)
            print("FAILED", case.name, "error / tolerance of O, LSE, row max:", *("%.3g" % ratio for ratio in ratios))
    report.write(f"kernels-{args.device}-{args.target}-{args.matrix}".replace(":", "-"), [case.name for case in chosen], set(failures))
    print(f"{len(chosen)} cases, {len(programs)} programs, {len(failures)} failed, largest error / tolerance {worst:.3g}")
    return 1 if failures or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
