# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels for a CPU with AMX, compiled on one machine and run on another: what runs is the machine code, tile instructions and all. Small enough for an emulator of
the whole CPU (scripts/bochs).

usage: amx.py --compile FOLDER [--target sapphirerapids], then amx.py --run FOLDER [--threads N]; both take --only SUBSTRING

Every case runs with the table's schedule; masks also with 96 x 64 tiles in one stage and in two (products beside softmax rows), which must give the same bytes. All
are compared with NumPy as kernels.py does.
"""
import argparse
import os
import pathlib
import subprocess
import sys

import cases
import kernels
import report
from cases import Case, Program
from gathered import Gathered
from kernels import DOCUMENTS, SETTINGS, lacuna_runtime
from shared_copies import oracle_of

# Around the 32 queries of a group, the 96 of a tile and the 64 keys.
LENGTHS = [(1, 1), (1, 97), (31, 33), (32, 32), (33, 31), (64, 65), (65, 64), (96, 96), (97, 97), (130, 200), (200, 130)]
FEW = [(33, 31), (97, 97), (130, 200)]
SCHEDULES = {name: f"#attn.schedule<tile_m = 96, tile_n = 64, stages = {stages}, transposed = true>" for name, stages in (("apart", 1), ("together", 2))}


def mask_cases(size, lengths):
    for mask in ("none", "causal", "sliding_window", "neighborhood_2d", "block_cover_window", "a_shape"):
        for queries, keys in lengths:
            yield Case(Program(mask, heads=(4, 2), size=(size, size), dtype="bf16"), queries, keys, 1, SETTINGS[mask])
    for mask in ("document_causal", "document_window_sinks"):
        wanted = [name for name, _ in cases.MASKS[mask].parameters]
        yield Case(Program(mask, layout="shd", size=(size, size), dtype="bf16"), 257, 260, 1, {name: DOCUMENTS[name] for name in wanted})
    for mask in ("set_list_64x64", "set_csr_16x16", "set_bitmap_i32", "set_vertical_slash"):
        yield from cases.set_cases(mask, Program(mask, heads=(4, 2), size=(size, size), dtype="bf16"), [(97, 130)])


def other_cases():
    """Head sizes that fill no tile, layouts, groups of heads, scores, sinks, few queries, shares of keys, keys that lie elsewhere; types that the tile unit does not multiply."""
    causal = dict(mask="causal", dtype="bf16")
    for size in ((8, 8), (24, 72), (32, 32), (256, 40), (256, 256)):
        yield from (Case(Program(size=size, layout="bshd", **causal), *lengths, 2) for lengths in FEW[:2])
    for heads in ((1, 1), (6, 2), (8, 1)):
        yield Case(Program(heads=heads, size=(64, 64), layout="bshd", **causal), 97, 130, 2)
    for more in (dict(score="softcap"), dict(score="minus_inf"), dict(sinks=True), dict(scale=0.5), dict(transposed=True), dict(split=3), dict(packed=8, split=1)):
        yield Case(Program(heads=(4, 2), size=(64, 64), **causal, **more), 97, 130, 2)
    for queries in (1, 4, 8):
        yield Case(Program(heads=(8, 2), size=(64, 64), queries=queries, **causal), queries, 200, 2)
    grouped = dict(heads=(8, 1), size=(64, 64), **causal)  # 16 visits of a key tile: they share its packed values
    yield Case(Program(**grouped), 130, 200, 2)
    yield Case(Gathered(**grouped), 130, 200, 2, dict(table=(2, 1), stored=210, kind="sorted"))
    yield Case(Gathered(page=24, **grouped), 130, 192, 2, dict(stored=11))
    for dtype in ("f16", "f32"):
        yield from (Case(Program("causal", heads=(4, 2), size=(64, 64), dtype=dtype), *lengths, 1) for lengths in FEW)


def all_cases(only=""):
    """Cases of each schedule: of the table's, and of both numbers of stages."""
    masks, others = ([case for case in listed if only in case.name] for listed in ([*mask_cases(64, LENGTHS), *mask_cases(128, FEW)], other_cases()))
    chosen = {"table": masks + others, "apart": masks, "together": masks}
    return {schedule: listed for schedule, listed in chosen.items() if listed}


def compile_all(folder, target, only=""):
    for schedule, chosen in all_cases(only).items():
        source, artifact = folder / f"{schedule}.mlir", folder / f"{schedule}.lacuna"
        source.write_text("\n".join(program.mlir() for program in {case.program.name: case.program for case in chosen}.values()))
        command = [lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, f"--target={target}", "-o", artifact]
        if schedule in SCHEDULES:
            (folder / f"{schedule}.schedule").write_text(SCHEDULES[schedule])
            command.append(f"--schedule={folder / schedule}.schedule")
        subprocess.run(command, check=True, env={**os.environ, "LD_PRELOAD": ""})


def run_all(folder, threads=None, only=""):
    """Numbers of runs and of failures; prints both, and what failed."""
    names, failures, worst, outputs = [], set(), 0.0, {}
    for schedule, chosen in all_cases(only).items():
        program = lacuna_runtime.Program(folder / f"{schedule}.lacuna", "cpu", threads)
        for case in chosen:
            names.append(f"{schedule} {case.name}")
            oracle = oracle_of(case)
            values = oracle.inputs(case)
            results = kernels.run(program, case, values)
            ratios = cases.errors(case, results, oracle.attention(case, values))
            worst = max(worst, *ratios)
            if not max(ratios) <= 1:
                failures.add(names[-1])
                print("FAILED", names[-1], "error / tolerance of O, LSE, row max:", *("%.3g" % ratio for ratio in ratios))
            outputs[schedule, case.name] = [x.tobytes() for x in results]
    pairs = [name for schedule, name in outputs if schedule == "together"]
    for name in pairs:
        if outputs["apart", name] != outputs["together", name]:
            failures.add(f"together {name}")
            print("DIFFERS", name)
    report.write(f"amx-{threads or 'default'}-threads", names, failures)
    print(f"{len(names)} runs, {len(pairs)} pairs of stages, {len(failures)} failed, largest error / tolerance {worst:.3g}")
    return len(names), len(failures)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compile", type=pathlib.Path)
    parser.add_argument("--run", type=pathlib.Path)
    parser.add_argument("--target", default="sapphirerapids")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    if args.compile:
        args.compile.mkdir(parents=True, exist_ok=True)
        compile_all(args.compile, args.target, args.only)
    number, failures = run_all(args.run, args.threads, args.only) if args.run else (1, 0)
    return 1 if failures or not number else 0


if __name__ == "__main__":
    sys.exit(main())
