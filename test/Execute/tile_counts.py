# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tiles that a kernel of a set's mask visits, against all pairs of its formula: no tile with a pair is left out, no tile is full that is not. Sets alone are exact:
no tile without a pair is visited, either.

usage: tile_counts.py
"""
import os
import pathlib
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import numpy as np

import cases
import kernels
import listed_masks
import report
from cases import Case, Program

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "python"))
from lacuna import native as lacuna_runtime  # noqa: E402

TILE = (48, 64)
# Sets that meet intervals: a tile is asked for both, but not row by row for both at once. Rows of which nothing is known: all tiles are visited.
INEXACT = ("document_", "set_causal", "set_mixed", "set_hashed_", "set_vertical_slash", "listed_tokens_not", "set_last_row")


def all_cases():
    for mask, settings in listed_masks.TILES.items():
        for number, parameters in enumerate(settings):
            yield Case(Program(mask, heads=(4, 2)), 257, 300, 1, parameters, number)
    for mask in cases.SET_MASKS:
        yield from cases.set_cases(mask, Program(mask, heads=(4, 2)), [(130, 257)])


def expected(case):
    """Numbers of tiles with a pair and of tiles with all of theirs; a tile beyond the last key is not full."""
    grid = np.ogrid[0 : case.batch, 0 : case.program.heads[0], 0 : case.queries, 0 : case.keys]
    formula = cases.MASKS[case.program.mask].formula
    attends = formula(*grid, SimpleNamespace(Sq=case.queries, Sk=case.keys, **case.parameters))
    attends = np.broadcast_to(attends, (case.batch, case.program.heads[0], case.queries, case.keys))
    rows, keys = range(0, case.queries, TILE[0]), range(0, case.keys, TILE[1])
    tiles = [attends[..., q : q + TILE[0], k : k + TILE[1]] for q in rows for k in keys]
    whole = [tile for tile in tiles if tile.shape[3] == TILE[1]]
    return sum(tile.any((2, 3)).sum() for tile in tiles), sum(tile.all((2, 3)).sum() for tile in whole)


def main():
    failures, chosen = [], list(all_cases())
    with tempfile.TemporaryDirectory() as folder:
        source, artifact, schedule = (pathlib.Path(folder) / name for name in ("programs.mlir", "programs.lacuna", "schedule"))
        source.write_text("\n".join({case.program.name: case.program.mlir() for case in chosen}.values()))
        schedule.write_text(f"#attn.schedule<tile_m = {TILE[0]}, tile_n = {TILE[1]}, transposed = true>")
        command = [lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, "-o", artifact, f"--schedule={schedule}"]
        subprocess.run(command, check=True, env={**os.environ, "LD_PRELOAD": ""})
        program = lacuna_runtime.Program(artifact, "cpu")
        for case in chosen:
            call, _ = kernels.bind(program, case, cases.inputs(case))
            counts = lacuna_runtime.Counts()
            call(counts)
            visited, (some, every) = counts.full + counts.partial, expected(case)
            exact = not case.program.mask.startswith(INEXACT)
            if visited < some or counts.full > every or (exact and visited > some):
                failures.append(case.name)
                print("FAILED", case.name, f"visited {visited} of {some} with a pair, {counts.full} full of {every}")
    report.write("tile-counts", [case.name for case in chosen], set(failures))
    print(f"{len(chosen)} cases, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
