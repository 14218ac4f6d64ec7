# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Results are the same bytes whatever the number of threads: split keys and unsplit ones, each with 1, 2 and 3 threads.

usage: threads.py
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

import cases
import kernels
import report
from cases import Case, Program

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "python"))
from lacuna import native as lacuna_runtime  # noqa: E402

CASES = [
    Case(Program("causal", heads=(4, 2), size=(64, 64), dtype="bf16", queries=1, split=8), 1, 3000, 1),
    Case(Program("a_shape", heads=(2, 1), size=(64, 64), queries=4, split=7), 4, 1500, 1, dict(window=900, sinks=3)),
    Case(Program("causal", heads=(2, 2), size=(64, 64), split=3), 100, 700, 1),
    Case(Program("causal", heads=(4, 2), size=(64, 64), dtype="f16", queries=8), 8, 1000, 2),
    Case(Program("causal", heads=(4, 2), size=(64, 64)), 300, 300, 2),
]


def main():
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        source, artifact = folder + "/programs.mlir", folder + "/programs.lacuna"
        pathlib.Path(source).write_text("\n".join(case.program.mlir() for case in CASES))
        subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, "-o", artifact], check=True, env={**os.environ, "LD_PRELOAD": ""})
        for case in CASES:
            values, results = cases.inputs(case), []
            for threads in (1, 2, 3):
                program = lacuna_runtime.Program(artifact, "cpu", threads=threads)
                results.append(b"".join(np.ascontiguousarray(x).tobytes() for x in kernels.run(program, case, values)))
            if len(set(results)) != 1:
                failures.append(case.name)
                print("DIFFERS", case.name)
    report.write("threads", [case.name for case in CASES], set(failures))
    print(f"{len(CASES)} cases, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
