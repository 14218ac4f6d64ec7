# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a log as GraphNet's harness does, from the definition of the tolerances and nothing of the tool's.

usage: write_log.py SAMPLE…
  NAME:SPEEDUP:ERROR   one float32 output, expected to be 1.0, that is off by ERROR
  NAME:SPEEDUP:runtime_fail, NAME:compile_fail, NAME:eager_fail, NAME:shape_mismatch, NAME:type_mismatch
"""
import sys

PROMPT = "graph-net-test-compiler-log"
# atol and rtol at level t are 10 to the power of these times t.
EXPONENTS = {"float16": (1, 3 / 5), "bfloat16": (1, 1.796 / 5), "float32": (1, 5.886 / 5), "float64": (7 / 5, 7 / 5)}


def tell(text):
    print(PROMPT, text)


def write_types(match):
    compiled = "float32" if match else "float16"
    tell("[Datatype][eager]: float32")
    tell(f"[Datatype][compiled]: {compiled}")
    tell(f"[DataType] eager:['float32'] compiled:['{compiled}'] match:{match}")


def write_flags(error):
    tell(f"[Correctness][equal]: {int(error == 0)}")
    for t in range(-10, 6):
        for of_atol, of_rtol in EXPONENTS.values():
            atol, rtol = f"{10 ** (of_atol * t):.2E}", f"{10 ** (of_rtol * t):.2E}"
            tell(f"[Correctness][all_close_atol_{atol}_rtol_{rtol}]: {int(error <= float(atol) + float(rtol))}")
    tell(f"[Correctness][max_diff]: {error}")


def write_measured(speedup, outcome):
    write_types(True)
    if outcome == "runtime_fail":
        print("RuntimeError: out of memory")
    write_flags(0 if outcome == "runtime_fail" else float(outcome))
    tell("[Result] status: success")
    tell(f"[Speedup][e2e]: {float(speedup):.5f}")


def write_sample(name, *rest):
    tell(f"[Processing] models/{name}")
    tell("[Config] compiler: lacuna")
    print("Trial 1: e2e=3.51715 ms")
    if len(rest) == 2:
        write_measured(*rest)
    elif rest[0] == "compile_fail":
        tell("[Datatype][eager]: float32")
    elif rest[0] == "shape_mismatch":
        write_types(True)
    elif rest[0] == "type_mismatch":
        write_types(False)
        tell("[Shape] eager:[[1]] compiled:[[1]] match:True")


print("model_path_prefix: models")
for sample in sys.argv[1:]:
    write_sample(*sample.split(":"))
