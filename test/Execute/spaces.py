# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Neighborhoods whose points the compiler puts in boxes, through the kernels and the runtime, against NumPy: order never changes what attends, and boxes
are taken where, and only where, they visit less.

usage: spaces.py [--target native] [--only SUBSTRING]
"""
import argparse
import functools
import os
import pathlib
import subprocess
import sys
import tempfile
import zlib
from types import SimpleNamespace

import numpy as np

import cases
import kernels
import report
import storage
from kernels import lacuna_runtime
from masks import f
from storage import attend, from_bhsd, random, shape_of, tensor_type

B, HQ, HK = 2, 2, 1
# Extents, window, and whether boxes pay (None: they would have as many tiles).
PLANES = [
    ((20, 64), (15, 15), True), ((37, 53), (17, 13), True), ((12, 136), (9, 11), True),
    ((16, 16), (15, 15), False), ((40, 24), (3, 3), False), ((1, 300), (1, 40), False), ((300, 1), (40, 1), False), ((1, 1), (1, 1), None),
]
STATIC = (16, 72), (13, 15)
VOLUMES = [((4, 8, 64), (3, 5, 5), True), ((3, 7, 66), (3, 5, 5), True), ((4, 4, 4), (2, 2, 2), None)]


def kinds(rank):
    """(name, text of options, stride, causal)."""
    stride, causal = (2, *[1] * (rank - 1)), (True, *[False] * (rank - 1))
    return ("plain", "", None, None), ("causal", f" stride{list(stride)} causal{str(list(causal)).lower()}", stride, causal)


def program(name, rank, layout, dtype, options=""):
    """The extents and the window are run-time values."""
    q, k = tensor_type(layout, HQ, dtype), tensor_type(layout, HK, dtype)
    space, window = ([f"%{letter}{i}" for i in range(rank)] for letter in "nw")
    sizes = ", ".join(f"{v}: index" for v in space + window)
    return f"""func.func @{name}(%q: {q}, %k: {k}, %v: {k}, {sizes}) -> {q} {{
  %m = attn.neighborhood space[{", ".join(space)}] window[{", ".join(window)}]{options}
  %o = attn.attention %q, %k, %v mask(%m) layout({layout}) : {q}, {k}, {k} -> {q}
  return %o : {q}
}}
"""


def static_program(name, space, window, dtype, values=None):
    """Everything is known when it is compiled, but maybe the rows of V: one kernel is enough."""
    points = int(np.prod(space))
    q, k, v = (tensor_type("bhsd", heads, dtype, sequence, B) for heads, sequence in ((HQ, points), (HK, points), (HK, values or points)))
    return f"""func.func @{name}(%q: {q}, %k: {k}, %v: {v}) -> {q} {{
  %m = attn.neighborhood space{list(space)} window{list(window)}
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : {q}, {k}, {v} -> {q}
  return %o : {q}
}}
"""


@functools.lru_cache(maxsize=None)
def mask_of(queries, keys, space, window, stride, causal):
    i, j = np.arange(queries)[:, None], np.arange(keys)[None, :]
    return f.neighborhood(0, 0, i, j, SimpleNamespace(), space, window, stride, None, causal)


@functools.lru_cache(maxsize=None)
def problem(dtype, queries, keys, *parameters):
    """Q, K, V and the result in [B, H, S, D]: the same numbers for all layouts, since only NumPy takes long."""
    rng = np.random.default_rng(zlib.crc32(f"{dtype} {queries} {keys} {parameters}".encode()))
    values = {n: random(rng, shape_of("bhsd", B, HQ if n == "q" else HK, s), dtype) for n, s in zip("qkv", (queries, keys, keys))}
    wanted = attend(*(x.astype(np.float64) for x in values.values()), mask_of(queries, keys, *parameters))
    return values, wanted


def lengths(dtype, space):
    """As many queries and keys as points, and others: those are taken in lines."""
    points = int(np.prod(space))
    yield points, points
    if points < 400 or dtype == "f32":
        yield points - 1, points
        yield points, points + 3


def cases_of(dtype, layout, settings, stride, causal):
    """(name, values, extents and window, expected result, whether in boxes), one at a time: together they are large."""
    for space, window, pays in settings:
        for queries, keys in lengths(dtype, space):
            values, wanted = problem(dtype, queries, keys, space, window, stride, causal)
            yield (f"{space} {window} Sq={queries} Sk={keys}", {n: from_bhsd(x, layout) for n, x in values.items()}, [*space, *window], from_bhsd(wanted, layout),
                   pays and queries == keys)


def known_case(dtype):
    points = int(np.prod(STATIC[0]))
    values, wanted = problem(dtype, points, points, *STATIC, None, None)
    yield "known", values, [], wanted, True


def programs():
    """(name, text, dtype, layout, its cases)."""
    for dtype in ("f32", "bf16", "f16"):
        for layout in storage.SEQUENCE:
            for rank, settings in ((2, PLANES), (3, VOLUMES)):
                for kind, options, stride, causal in kinds(rank):
                    name = f"space_{rank}_{layout}_{dtype}_{kind}"
                    yield name, program(name, rank, layout, dtype, options), dtype, layout, cases_of(dtype, layout, settings, stride, causal)
        for name, values in ((f"static_{dtype}", None), (f"static_any_v_{dtype}", "?")):
            yield name, static_program(name, *STATIC, dtype, values), dtype, "bhsd", known_case(dtype)


def tiles_in_boxes(space, batches):
    """Tiles of 32 x 128, or of 32 x 64 on a CPU with a tile unit."""
    query, key = ((4, 8), (16, 8)) if len(space) == 2 else ((2, 4, 4), (8, 4, 4))
    boxes = [np.prod([-(-extent // side) for extent, side in zip(space, box)]) for box in (query, key)]
    tiles = int(np.prod(boxes)) * HQ * batches
    return tiles, 2 * tiles


def run(loaded, name, values, scalars, wanted, dtype):
    """The result and the number of tiles that its kernels distinguish."""
    arrays = [np.ascontiguousarray(kernels.stored(v, dtype)) for v in values.values()]
    result, counts = kernels.stored(np.full(wanted.shape, 7, np.float32), dtype), lacuna_runtime.Counts()
    loaded.bind([*(kernels.describe(a, dtype) for a in arrays), *scalars], [kernels.describe(result, dtype)], name)(counts)
    return kernels.loaded(result, dtype), counts.total


def accepted_lengths(loaded, name, dtype, layout):
    """Lengths of V that are no length of K: all are refused, in boxes too, whose tables would read V in bounds whatever its length."""
    space, window = STATIC if "static" in name else (VOLUMES if "_3_" in name else PLANES)[0][:2]
    points, sequence = int(np.prod(space)), storage.SEQUENCE[layout]
    values, wanted = problem(dtype, points, points, space, window, None, None)
    q, k, v = (from_bhsd(x, layout) for x in values.values())
    for length in (points - 1, points + 3):
        other = np.take(v, np.arange(length) % points, axis=sequence)
        try:
            run(loaded, name, dict(q=q, k=k, v=other), [] if "static" in name else [*space, *window], from_bhsd(wanted, layout), dtype)
        except lacuna_runtime.ExecutionError as error:
            if f"length of value: expects {points}, but got {length}" in str(error):
                continue
        yield length


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", default="native")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    chosen = [p for p in programs() if args.only in p[0]]
    failures, worst, names = [], 0.0, []
    with tempfile.TemporaryDirectory() as folder:
        source, artifact = folder + "/spaces.mlir", folder + "/spaces.lacuna"
        pathlib.Path(source).write_text("\n".join(text for _, text, *_ in chosen))
        subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, "--target=" + args.target, "-o", artifact], check=True,
                       env={**os.environ, "LD_PRELOAD": ""})
        loaded = lacuna_runtime.Program(artifact, "cpu")
        for name, _, dtype, layout, some in chosen:
            for case, values, scalars, wanted, in_boxes in some:
                got, tiles = run(loaded, name, values, scalars, wanted, dtype)
                space = scalars[: len(scalars) // 2] or STATIC[0]
                error = cases.output_error(got, wanted, dtype)
                worst = max(worst, error)
                names.append(f"{name} {case}")
                boxes = tiles_in_boxes(space, 1 if layout == "shd" else B)
                if not error <= 1 or (in_boxes is not None and (tiles in boxes) != in_boxes):
                    failures.append(names[-1])
                    print("FAILED", names[-1], f"error / tolerance {error:.3g}, {tiles} tiles, {boxes} if in boxes ({in_boxes})")
            if "plain" in name or "any_v" in name:
                names.append(f"{name} V of another length")
                if accepted := list(accepted_lengths(loaded, name, dtype, layout)):
                    failures.append(names[-1])
                    print("FAILED", names[-1], f"expects a refusal, but got a result for {accepted} rows of V")
    report.write(f"spaces-{args.target}", names, set(failures))
    print(f"{len(names)} cases, {len(chosen)} programs, {len(failures)} failed, largest error / tolerance {worst:.3g}")
    return 1 if failures or not names else 0


if __name__ == "__main__":
    sys.exit(main())
