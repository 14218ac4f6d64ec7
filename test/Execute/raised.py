# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the functions that test/passes/Raise checks as the upstream ops that they are written in and raised to attn.attention, and compares the results. They are
raised as written, and after upstream has fused what it can.

usage: raised.py [--only SUBSTRING]

Arguments are random, or what attn.default says. A row that the upstream form makes NaN because it attends nothing must be 0: the one difference that is meant.
"""
import argparse
import ast
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

import kernels
import report
from cases import TOLERANCE, output_error, round_to

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "python"))
from lacuna import native as lacuna_runtime  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "passes" / "Raise"
BIN = lacuna_runtime.BUILD / "bin"
INTEGERS = (None, 0, -1, 1 << 62, (1 << 63) - 1, -(1 << 63))  # for integer arguments; None: attn.default
FUSE = ("-canonicalize", "-cse", "-convert-elementwise-to-linalg", "-linalg-generalize-named-ops", "-linalg-fuse-elementwise-ops", "-canonicalize", "-cse")
NUMPY = {"i1": bool, "i8": np.int8, "i32": np.int32, "i64": np.int64}

# linalg.softmax has no lowering to loops: upstream's own decomposition does it.
DECOMPOSE = """module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.consumed}) {
    %softmax = transform.structured.match ops{["linalg.softmax"]} in %root : (!transform.any_op) -> !transform.any_op
    %parts = transform.structured.decompose_interface %softmax : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}
"""


def functions(text):
    """Public functions of a printed module: (name, [(type, default)], result type)."""
    for name, arguments, result in re.findall(r"^  func\.func @(\w+)\((.*)\) -> (\S+) \{$", text, re.M):
        found = re.findall(r'%\w+: (\S+?)(?: \{attn\.default = "([^"]*)"\})?(?:, (?=%)|$)', arguments)
        yield name, found, result


def split_type(type):
    """Sizes and element type of tensor<…>."""
    *sizes, element = type[type.index("<") + 1 : -1].split("x") if type.startswith("tensor<") else [type]
    return sizes, element


def make(type, default, seed):
    """A value as the program's floats hold it, and its element type."""
    sizes, element = split_type(type)
    if not type.startswith("tensor<"):
        return (float if element == "f32" else int)(ast.literal_eval(default)), element
    rng = np.random.default_rng(seed)
    if default.startswith("["):
        return np.asarray(ast.literal_eval(default), NUMPY[element]), element
    kind, shape, *numbers = default.split(":") if default else ("randn", "x".join([*sizes, element]))
    shape = tuple(int(size) for size in shape.split("x")[:-1])
    if kind == "randint":
        return rng.integers(0, int(numbers[0]), shape).astype(NUMPY[element]), element
    return np.asarray(round_to(rng.standard_normal(shape), element)), element


def output_shape(result, values):
    """Dynamic sizes of a result are those of the queries."""
    sizes, element = split_type(result)
    return [int(s) if s != "?" else values[0].shape[i] for i, s in enumerate(sizes)], element


def run(program, name, arguments, result, integer):
    values = [make(type, default, seed) for seed, (type, default) in enumerate(arguments)]
    values = [(integer if isinstance(value, int) and integer is not None else value, element) for value, element in values]
    passed, alive = [], []
    for value, element in values:
        if isinstance(value, np.ndarray):
            alive.append(np.array(value if element in NUMPY else kernels.stored(value, element), order="C"))
            value = kernels.describe(alive[-1], element)
        passed.append(value)
    shape, element = output_shape(result, [value for value, _ in values])
    output = kernels.stored(np.full(shape, 7, np.float32), element)
    program.bind(passed, [kernels.describe(output, element)], name)()
    types = {element for value, element in values if isinstance(value, np.ndarray) and element in TOLERANCE}
    return kernels.loaded(output, element), max(types, key=TOLERANCE.get)


def compare(raised, upstream, dtype):
    """The largest error over its tolerance, rows as units."""
    return output_error(raised, np.where(np.isnan(upstream).all(axis=-1, keepdims=True), 0, upstream.astype(np.float64)), dtype)


def tool(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def build(folder, source):
    """The file's functions as upstream ops, raised, and raised after fusion, and how they are called."""
    names = ("joined.mlir", "decompose.mlir", "plain.mlir", "raised.mlir", "fused.mlir")
    joined, decompose, plain, raised, fused = (folder / name for name in names)
    joined.write_text((FOLDER / "Inputs" / "parts.mlir").read_text() + source.read_text())
    decompose.write_text(DECOMPOSE)
    tool(BIN / "lacuna-opt", joined, "-inline", "-symbol-dce", "-o", plain)
    tool(BIN / "lacuna-opt", plain, "-raise-to-attn", "-o", raised)
    tool(BIN / "lacuna-opt", plain, *FUSE, "-raise-to-attn", "-o", fused)
    text = plain.read_text()
    plain.write_text(tool("mlir-opt", plain, "--transform-preload-library=transform-library-paths=" + str(decompose), "--transform-interpreter"))
    programs = []
    for module in (plain, raised, fused):
        tool(BIN / "lacuna-compile", module, "-o", module.with_suffix(".lacuna"))
        programs.append(lacuna_runtime.Program(module.with_suffix(".lacuna"), "cpu"))
    calls = list(functions(text))
    attentions = [module.read_text().count("attn.attention") for module in (plain, raised, fused)]
    assert attentions == [0, len(calls), len(calls)], f"expects every function to be raised, but got {attentions} of {len(calls)}"
    return programs, calls


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    names, failures, worst, programs = [], [], 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for source in (FOLDER / "raise-to-attn.mlir", FOLDER / "raise-to-attn_masks.mlir"):
            (plain, *raised), found = build(pathlib.Path(folder), source)
            for name, arguments, result in found:
                if args.only not in name:
                    continue
                programs += 1
                for integer in INTEGERS if any(type in ("index", "i64") for type, _ in arguments) else (None,):
                    expected, dtype = run(plain, name, arguments, result, integer)
                    for program, form in zip(raised, ("", " fused")):
                        names.append(name + form + ("" if integer is None else f" {integer}"))
                        error = compare(run(program, name, arguments, result, integer)[0], expected, dtype)
                        worst = max(worst, error)
                        if not error <= 1:
                            failures.append(names[-1])
                            print("FAILED", names[-1], "error / tolerance %.3g" % error)
    report.write("raised", names, set(failures))
    print(f"{len(names)} cases, {programs} programs, {len(failures)} failed, largest error / tolerance {worst:.3g}")
    return 1 if failures or not names else 0


if __name__ == "__main__":
    sys.exit(main())
