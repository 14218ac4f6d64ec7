# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs the matrix of cases.py through the reference lowering and upstream's way to LLVM, and compares with NumPy.

usage: reference_jit.py CC [SUBSTRING]; tools are found on PATH. One shared object holds all programs. Inputs lie
between inaccessible pages, once flush with the page before and once with the page behind, so that a read outside ends
the process.
"""

import ctypes
import itertools
import subprocess
import sys
import tempfile

import numpy as np

import cases
import report
from guarded import GuardedMemory

PASSES = """attn-link-masks attn-expand-masks attn-lower-storage attn-to-reference canonicalize cse loop-invariant-code-motion
  one-shot-bufferize=bufferize-function-boundaries expand-strided-metadata lower-affine convert-scf-to-cf arith-expand
  convert-math-to-llvm convert-math-to-libm convert-arith-to-llvm finalize-memref-to-llvm
  convert-cf-to-llvm convert-func-to-llvm
  reconcile-unrealized-casts""".split()


def compile_programs(programs, cc, folder):
    text = "\n".join(program.mlir() for program in programs).replace(
        ") {\n", ") attributes {llvm.emit_c_interface} {\n"
    )
    lowered = subprocess.run(
        ["lacuna-opt", "-", *("-" + name for name in PASSES)], input=text.encode(), stdout=subprocess.PIPE, check=True
    )
    llvm = subprocess.run(
        ["mlir-translate", "--mlir-to-llvmir"], input=lowered.stdout, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(
        ["llc", "-filetype=obj", "-relocation-model=pic", "-mcpu=native", "-o", folder + "/programs.o"],
        input=llvm.stdout,
        check=True,
    )
    subprocess.run([cc, "-shared", "-o", folder + "/programs.so", folder + "/programs.o", "-lm"], check=True)
    return ctypes.CDLL(folder + "/programs.so")


def descriptor(rank):
    """The memref descriptor of MLIR's C interface."""

    class Descriptor(ctypes.Structure):
        _fields_ = [
            ("allocated", ctypes.c_void_p),
            ("aligned", ctypes.c_void_p),
            ("offset", ctypes.c_int64),
            ("sizes", ctypes.c_int64 * rank),
            ("strides", ctypes.c_int64 * rank),
        ]

    return Descriptor


def stored(array, dtype):
    """The array as the program's type stores it (bf16 as its 16 bits)."""
    if dtype == "bf16":
        return (np.ascontiguousarray(array).view(np.uint32) >> 16).astype(np.uint16)
    return array.astype({"f16": np.float16, "f32": np.float32}[dtype])


def pass_argument(name, value, dtype, memory, at_end):
    """(C argument, object that keeps its memory alive)."""
    if isinstance(value, int):
        return ctypes.c_int64(value), None
    array = np.ascontiguousarray(stored(value, dtype) if name in "qkv" else value)
    address = memory.place(array, at_end)
    rank = array.ndim
    memref = descriptor(rank)(address, address, 0, array.shape, tuple(s // array.itemsize for s in array.strides))
    return ctypes.byref(memref), memref


def fetch(memref, rank, dtype):
    shape = tuple(memref.sizes)
    element = {"bf16": np.uint16, "f16": np.float16, "f32": np.float32}[dtype]
    count = int(np.prod(shape))
    buffer = (ctypes.c_char * (count * np.dtype(element).itemsize)).from_address(memref.aligned) if count else b""
    array = np.frombuffer(buffer, element, count).reshape(shape)
    return (array.astype(np.uint32) << 16).view(np.float32) if dtype == "bf16" else array.astype(np.float32)


def run(library, case, values, memories, at_end):
    rank = 3 if case.program.layout == "shd" else 4
    types = [(rank, case.program.dtype), (rank - 1, "f32"), (rank - 1, "f32")]
    Results = type(
        "Results", (ctypes.Structure,), {"_fields_": [(f"r{n}", descriptor(r)) for n, (r, _) in enumerate(types)]}
    )
    results = Results()
    arguments = [
        pass_argument(name, value, case.program.dtype, memory, at_end)
        for (name, value), memory in zip(values.items(), memories)
    ]
    function = getattr(library, "_mlir_ciface_" + case.program.name)
    function.restype = None
    function(ctypes.byref(results), *(argument for argument, _ in arguments))
    return [fetch(getattr(results, f"r{n}"), r, dtype) for n, (r, dtype) in enumerate(types)]


def main():
    cc, wanted = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    chosen = [case for case in [*cases.all_cases(), *cases.transposed_cases()] if wanted in case.name]
    programs = {case.program.name: case.program for case in chosen}.values()
    failures, worst = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        library = compile_programs(programs, cc, folder)
        memories = [GuardedMemory(pages=256) for _ in range(16)]
        for case, at_end in itertools.product(chosen, (False, True)):
            values = cases.inputs(case)
            ratios = cases.errors(case, run(library, case, values, memories, at_end), cases.attention(case, values))
            worst = max(worst, *ratios)
            if max(ratios) > 1:
                failures.append(case.name)
                print(
                    "FAILED", case.name, "error / tolerance of O, LSE, row max:", *("%.3g" % ratio for ratio in ratios)
                )
    report.write("reference", [case.name for case in chosen], set(failures))
    print(f"{len(chosen)} cases, {len(programs)} programs, {len(failures)} failed, largest error / tolerance {worst:.3g}")
    return 1 if failures or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
