# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Groups of queries whose products and softmax overlap (schedules with two stages on a CPU with a tile unit) give the very bytes of whole tiles: every element is
computed by the same operations in the same order.

usage: stages.py [--target emulate:sapphirerapids]
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import cases
import kernels
import report
from cases import Case, Program
from kernels import SETTINGS, lacuna_runtime

CASES = [
    Case(Program(mask, heads=(2, 1), size=(size, size), dtype="bf16", **more), queries, keys, 1, SETTINGS.get(mask, {}))
    for mask, size, more in (
        ("none", 64, {}), ("causal", 128, {}), ("causal", 32, {}), ("sliding_window", 128, {}), ("a_shape", 64, {}), ("dilated", 64, {}), ("causal", 64, dict(score="softcap")),
    )
    for queries, keys in ((33, 65), (130, 257))
]


def outputs(stages, target, folder):
    """Per case the bytes of O, LSE and row max."""
    source, schedule, artifact = (pathlib.Path(folder) / name for name in ("programs.mlir", f"schedule{stages}", f"programs{stages}.lacuna"))
    programs = {case.program.name: case.program for case in CASES}.values()
    source.write_text("\n".join(program.mlir() for program in programs))
    schedule.write_text(f"#attn.schedule<tile_m = 96, tile_n = 64, stages = {stages}, transposed = true>")
    subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, f"--target={target}", f"--schedule={schedule}", "-o", artifact], check=True,
                   env={**os.environ, "LD_PRELOAD": ""})
    program = lacuna_runtime.Program(artifact, "cpu")
    return {case.name: [x.tobytes() for x in kernels.run(program, case, cases.inputs(case))] for case in CASES}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", default="emulate:sapphirerapids")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        apart, together = (outputs(stages, args.target, folder) for stages in (1, 2))
    failures = {name for name in apart if apart[name] != together[name]}
    for name in sorted(failures):
        print("DIFFERS", name)
    report.write(f"stages-{args.target}".replace(":", "-"), list(apart), failures)
    print(f"{len(apart)} cases, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
