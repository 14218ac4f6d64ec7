# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How many tiles the kernels compute, and how many of them without a mask, against the pairs of the formula: an analysis that is right but slow shows here and in no
result.

usage: tiles.py [--only SUBSTRING]

For masks of intervals, and for others that the analysis knows exactly, a tile is computed if one of its pairs attends, and without a mask if all do. The last, ragged
tile of keys is never full, since its loads are not in bounds.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import numpy as np

import cases
import kernels
import report
from cases import Case, Program
from kernels import lacuna_runtime

TILE = 48, 64
LENGTHS = [(130, 257), (257, 130), (49, 129), (48, 64), (96, 256), (1, 300), (300, 1), (200, 40), (0, 9), (9, 0)]
# Windows that end at, before and behind edges of tiles; rows that attend nothing; unions whose parts touch and overlap.
MASKS = {
    "none": [{}], "causal": [{}], "causal_top_left": [{}], "prefix": [dict(length=n) for n in (0, 63, 64, 65, 400)],
    "sliding_window": [dict(left=a, right=b) for a, b in ((50, 0), (63, 0), (64, 0), (0, 64), (-70, 90), (-1, 0), (5, -6), (200, 63))],
    "a_shape": [dict(window=a, sinks=b) for a, b in ((40, 3), (64, 64), (1, 65), (0, 0), (130, 0))], "tri_shape": [dict(window=30, sinks=2, last=9)],
    "chunked": [dict(chunk=n) for n in (48, 60, 64, 1, 1000)],
    "block_cover_window": [dict(left=a, right=b, count=c) for a, b, c in ((70, 10, 3), (0, 0, 0), (-1, 0, 65))],
    "select_head": [dict(pattern=[0, 1, 2, 1], left=40, right=5, count=9)], "restrict_window": [dict(q0=30, nq=200, k0=10, nk=290, left=60, right=20)],
    "neighborhood_2d": [dict(n=10, w=5, s=2, d=1, n1=23, w1=9, s1=3, d1=2)], "dilated": [dict(width=70, step=3)],
    "parts_touch": [{}], "parts_apart": [{}], "parts_fall": [{}], "rows_apart": [{}],
}


def expected(case):
    """(full, partial) tiles of one batch entry, all heads, from the pairs."""
    h, i, j = np.ogrid[0 : case.program.heads[0], 0 : case.queries, 0 : case.keys]
    formula = cases.MASKS[case.program.mask].formula
    pairs = np.broadcast_to(formula(0, h, i, j, SimpleNamespace(Sq=case.queries, Sk=case.keys, **case.parameters)), (case.program.heads[0], case.queries, case.keys))
    full = partial = 0
    for q in range(0, case.queries, TILE[0]):
        for k in range(0, case.keys, TILE[1]):
            tile = pairs[:, q : q + TILE[0], k : k + TILE[1]]
            full_heads = tile.all(axis=(1, 2)) & (k + TILE[1] <= case.keys)
            full += full_heads.sum()
            partial += (tile.any(axis=(1, 2)) & ~full_heads).sum()
    return int(full), int(partial)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    chosen = [Case(Program(mask), queries, keys, 1, values) for mask, settings in MASKS.items() for values in settings for queries, keys in LENGTHS]
    chosen = [case for case in chosen if args.only in case.name]
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        source, schedule, artifact = (pathlib.Path(folder) / name for name in ("programs.mlir", "schedule", "programs.lacuna"))
        source.write_text("\n".join(program.mlir() for program in {case.program.name: case.program for case in chosen}.values()))
        schedule.write_text(f"#attn.schedule<tile_m = {TILE[0]}, tile_n = {TILE[1]}, transposed = true>")
        subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, f"--schedule={schedule}", "-o", artifact], check=True,
                       env={**os.environ, "LD_PRELOAD": ""})
        program = lacuna_runtime.Program(artifact, "cpu")
        for case in chosen:
            counts, (call, _) = lacuna_runtime.Counts(), kernels.bind(program, case, cases.inputs(case))
            call(counts)
            if (counts.full, counts.partial) != expected(case):
                failures.append(case.name)
                print("FAILED", case.name, f"full and partial tiles {counts.full}, {counts.partial}, expected {expected(case)}")
    report.write("tiles", [case.name for case in chosen], set(failures))
    print(f"{len(chosen)} cases, {len(failures)} failed")
    return 1 if failures or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
