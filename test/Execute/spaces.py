# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Neighborhoods whose points the compiler puts in boxes, through the kernels and the runtime, against NumPy: order never changes what attends, and boxes
are taken where, and only where, they visit less.

usage: spaces.py [--target native] [--only SUBSTRING]
"""
import argparse
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
from storage import attend, from_bhsd, random, shape_of, tensor_type, to_bhsd

B, HQ, HK = 2, 2, 1
# Extents, window, and whether boxes pay (None: they would have as many tiles).
PLANES = [
    ((20, 64), (15, 15), True), ((37, 53), (17, 13), True), ((12, 136), (9, 11), True),
    ((16, 16), (15, 15), False), ((40, 24), (3, 3), False), ((1, 300), (1, 40), False), ((300, 1), (40, 1), False), ((1, 1), (1, 1), None),
]
STATIC = (16, 72), (13, 15)
VOLUMES = [((4, 8, 64), (3, 5, 5), True), ((3, 7, 66), (3, 5, 5), True), ((4, 4, 4), (2, 2, 2), None)]


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


def static_program(name, space, window, dtype):
    """Everything is known when it is compiled: one kernel is enough."""
    points = int(np.prod(space))
    q, k = (tensor_type("bhsd", heads, dtype, points, B) for heads in (HQ, HK))
    return f"""func.func @{name}(%q: {q}, %k: {k}, %v: {k}) -> {q} {{
  %m = attn.neighborhood space{list(space)} window{list(window)}
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : {q}, {k}, {k} -> {q}
  return %o : {q}
}}
"""


def expected(values, layout, space, window, stride, causal):
    q, k, v = (to_bhsd(values[n].astype(np.float64), layout) for n in "qkv")
    i, j = np.arange(q.shape[2])[:, None], np.arange(k.shape[2])[None, :]
    mask = f.neighborhood(0, 0, i, j, SimpleNamespace(), space, window, stride, None, causal)
    return from_bhsd(attend(q, k, v, mask), layout)


def tensors(rng, layout, dtype, queries, keys):
    batches = 1 if layout == "shd" else B
    return {n: random(rng, shape_of(layout, batches, HQ if n == "q" else HK, s), dtype) for n, s in zip("qkv", (queries, keys, keys))}


def programs():
    """(name, text, dtype, cases as (name, values, extents and window, expected result, whether in boxes))."""
    for dtype in ("f32", "bf16", "f16"):
        for layout in storage.SEQUENCE:
            for rank, settings in ((2, PLANES), (3, VOLUMES)):
                for kind, options, stride, causal in (("plain", "", None, None), ("causal", f" stride{[2] + [1] * (rank - 1)} causal{str([True] + [False] * (rank - 1)).lower()}",
                                                                                  [2] + [1] * (rank - 1), [True] + [False] * (rank - 1))):
                    name = f"space_{rank}_{layout}_{dtype}_{kind}"
                    chosen = []
                    for space, window, pays in settings:
                        points = int(np.prod(space))
                        for queries, keys in ((points, points), (points - 1, points), (points, points + 3))[: 3 if points < 400 or dtype == "f32" else 1]:
                            rng = np.random.default_rng(zlib.crc32(f"{name} {space} {queries} {keys}".encode()))
                            values = tensors(rng, layout, dtype, queries, keys)
                            wanted = expected(values, layout, space, window, stride, causal)
                            chosen.append((f"{space} {window} Sq={queries} Sk={keys}", values, [*space, *window], wanted, pays and queries == keys))
                    yield name, program(name, rank, layout, dtype, options), dtype, chosen
        space, window = STATIC
        values = tensors(np.random.default_rng(7), "bhsd", dtype, int(np.prod(space)), int(np.prod(space)))
        yield f"static_{dtype}", static_program(f"static_{dtype}", space, window, dtype), dtype, [
            ("known", values, [], expected(values, "bhsd", space, window, None, None), True)]


def tiles_in_boxes(space, batches):
    side = 8 if len(space) == 2 else 4
    return int(np.prod([-(-extent // side) for extent in space])) ** 2 * HQ * batches


def run(loaded, name, values, scalars, wanted, dtype):
    """The result and the number of tiles that its kernels distinguish."""
    arrays = [np.ascontiguousarray(kernels.stored(v, dtype)) for v in values.values()]
    result, counts = kernels.stored(np.full(wanted.shape, 7, np.float32), dtype), lacuna_runtime.Counts()
    loaded.bind([*(kernels.describe(a, dtype) for a in arrays), *scalars], [kernels.describe(result, dtype)], name)(counts)
    return kernels.loaded(result, dtype).astype(np.float64), counts.total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", default="native")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    chosen = [p for p in programs() if args.only in p[0]]
    failures, worst, names = [], 0.0, []
    with tempfile.TemporaryDirectory() as folder:
        source, artifact = folder + "/spaces.mlir", folder + "/spaces.lacuna"
        pathlib.Path(source).write_text("\n".join(text for _, text, _, _ in chosen))
        subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, "--target=" + args.target, "-o", artifact], check=True,
                       env={**os.environ, "LD_PRELOAD": ""})
        loaded = lacuna_runtime.Program(artifact, "cpu")
        for name, _, dtype, some in chosen:
            for case, values, scalars, wanted, in_boxes in some:
                got, tiles = run(loaded, name, values, scalars, wanted, dtype)
                space = scalars[: len(scalars) // 2] or STATIC[0]
                unit = cases.TOLERANCE[dtype] * np.maximum(np.abs(wanted).max(axis=-1, keepdims=True, initial=0), 1e-30)
                ratio = float(np.where(got == wanted, 0, np.abs(got - wanted) / unit).max(initial=0))
                worst = max(worst, ratio)
                names.append(f"{name} {case}")
                batches = 1 if "shd" in name and "bshd" not in name else B
                if not ratio <= 1 or (in_boxes is not None and (tiles == tiles_in_boxes(space, batches)) != in_boxes):
                    failures.append(names[-1])
                    print("FAILED", names[-1], f"error / tolerance {ratio:.3g}, {tiles} tiles, {tiles_in_boxes(space, batches)} if in boxes ({in_boxes})")
    report.write(f"spaces-{args.target}", names, set(failures))
    print(f"{len(names)} cases, {len(chosen)} programs, {len(failures)} failed, largest error / tolerance {worst:.3g}")
    return 1 if failures or not names else 0


if __name__ == "__main__":
    sys.exit(main())
