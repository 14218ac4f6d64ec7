# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Packed V that work items share (tile-share-copies): right and the same bytes for any number of threads, run after run in one workspace that nobody cleans.
The workspace starts with states that say "ready" and then holds what the run before packed from other values.

usage: shared_copies.py [--target native] [--only SUBSTRING]
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import cases
import gathered
import kernels
import report
from cases import Case, Program
from gathered import Gathered
from kernels import lacuna_runtime

BF16 = dict(size=(64, 64), dtype="bf16")
# Slots exist from 16 visits of a key tile on: query tiles (of 48, with AMX 96) times query heads per key head.
SHARED = [
    Case(Program("none", heads=(8, 2), **BF16), 300, 300, 2),  # grouped heads, several batch entries, ragged ends
    Case(Program("causal", heads=(8, 1), **BF16), 257, 513, 3),  # partial and full bodies visit the same tiles
    Case(Program("causal", layout="bshd", heads=(2, 2), size=(128, 128), dtype="bf16"), 1600, 300, 1),
    Case(Program("causal", layout="shd", heads=(8, 2), **BF16), 300, 300, 1),
    Case(Program("sliding_window", heads=(2, 2), **BF16), 1600, 1600, 1, dict(left=50, right=0)),
    Case(Program("dilated", heads=(16, 1), **BF16), 200, 300, 2, dict(width=70, step=3)),  # a test chooses the body
    Case(Program("causal", heads=(16, 2), split=3, **BF16), 200, 700, 2),
    Case(Program("causal", heads=(32, 2), queries=20, **BF16), 20, 300, 2),  # one query tile, but shared keys
]
UNSHARED = [
    Case(Program("none", heads=(8, 2), **BF16), 100, 300, 2),
    Case(Program("none", heads=(8, 2), **BF16), 0, 300, 2),
    Case(Program("none", heads=(8, 2), **BF16), 300, 0, 2),
    Case(Program("causal", heads=(8, 1), **BF16), 1, 1, 1),
]

# Rows that lie elsewhere: tables shared by all, by batch entries or groups, or own; entries out of range; pages smaller and larger than a key tile.
GROUPED = dict(mask="causal", heads=(32, 4), **BF16)
SHARED += [Case(Gathered(layout=layout, **GROUPED), 130, 300, batch, dict(table=table, stored=310, kind=kind))
           for layout, batch in (("bhsd", 2), ("bshd", 3), ("shd", 1))
           for table, kind in (((1, 1), "sorted"), ((batch, 4), "sorted"), ((1, 2), "kept"), ((batch, 1), "hostile"))]
SHARED += [Case(Gathered(operands=x, **GROUPED), 130, 300, 2, dict(table=(2, 4), stored=300, kind="sorted")) for x in "kv"]
SHARED += [Case(Gathered(operands="k", latent=True, **GROUPED), 130, 300, 2, dict(table=(2, 4), stored=300, kind="sorted"))]
SHARED += [Case(Gathered(layout=layout, page=page, **GROUPED), 130, 6 * page, 2, dict(stored=15))
           for layout in ("bhsd", "bshd") for page in (1, 24, 64, 160)]
SHARED += [Case(Gathered(**GROUPED), 130, 1, 2, dict(table=(2, 4), stored=1, kind="hostile"))]
# Not shared: no keys, tables longer than what they gather from, fewer visits than slots are worth.
UNSHARED += [Case(Gathered(**GROUPED), 130, 0, 2, dict(table=(1, 1), stored=1, kind="sorted")),
             Case(Gathered(**GROUPED), 130, 300, 2, dict(table=(2, 1), stored=40, kind="hostile")),
             Case(Gathered(page=16, **GROUPED), 130, 160, 2, dict(stored=19)),
             Case(Gathered(page=16, **GROUPED), 130, 0, 2, dict(stored=3)),
             Case(Gathered(**GROUPED), 20, 300, 2, dict(table=(2, 4), stored=300, kind="sorted"))]
CASES = SHARED + UNSHARED
THREADS, RUNS, READY = (1, 2, 3, 8), 3, 2


def oracle_of(case):
    return gathered if isinstance(case.program, Gathered) else cases


def values_of(case):
    """Two sets of values, so that what one run leaves behind is wrong for the next."""
    first = oracle_of(case).inputs(case)
    other = {"v": lambda x: -x[..., ::-1], "k_rows": lambda x: x[..., ::-1], "v_rows": lambda x: x[..., ::-1]}
    second = {name: np.ascontiguousarray(other[name](x)) if name in other else x for name, x in first.items()}
    return first, second


def results_of(program, case):
    """Bytes of every run, and the errors of the last ones: the two sets of values take turns in one workspace."""
    sets = values_of(case)
    bound = [kernels.bind(program, case, values) for values in sets]
    needed = bound[0][0].workspace_bytes()
    memory = np.full(needed // 4 + 16, READY, np.int32)
    aligned = memory.ctypes.data + -memory.ctypes.data % 64
    seen = []
    for _ in range(RUNS):
        for call, results in bound:
            call(workspace=(aligned, needed))
            seen.append(tuple(x.tobytes() for x in results))
    errors = []
    for values, (_, results) in zip(sets, bound):
        got = [kernels.loaded(results[0], "bf16"), *results[1:]]
        errors += cases.errors(case, got, oracle_of(case).attention(case, values))
    return seen, max(errors), needed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", default="native")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    chosen = [case for case in CASES if args.only in case.name]
    failures, names, workspace = set(), [case.name for case in chosen], 0
    with tempfile.TemporaryDirectory() as folder:
        source, artifact = folder + "/programs.mlir", folder + "/programs.lacuna"
        programs = {case.program.name: case.program for case in chosen}.values()
        pathlib.Path(source).write_text("\n".join(program.mlir() for program in programs))
        subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, "--target=" + args.target, "-o", artifact], check=True,
                       env={**os.environ, "LD_PRELOAD": ""})
        for case in chosen:
            runs = []
            for threads in THREADS:
                seen, error, needed = results_of(lacuna_runtime.Program(artifact, "cpu", threads=threads), case)
                runs += [tuple(seen[i : i + 2]) for i in range(0, len(seen), 2)]
                workspace = max(workspace, needed)
                if (case in SHARED) != (needed > 0):
                    failures.add(case.name)
                    print("FAILED", case.name, f"{needed} bytes of workspace")
                if not error <= 1:
                    failures.add(case.name)
                    print("FAILED", case.name, f"{threads} threads, error / tolerance {error:.3g}")
            if len(set(runs)) != 1:
                failures.add(case.name)
                print("DIFFERS", case.name)
    report.write(f"shared-copies-{args.target}".replace(":", "-"), names, failures)
    print(f"{len(chosen)} cases, {len(failures)} failed, largest workspace {workspace} bytes")
    return 1 if failures or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
