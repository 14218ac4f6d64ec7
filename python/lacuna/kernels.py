# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiled attention on arrays: kernels, found again by what they were compiled for. Knows masks and scores as descriptions only (`program.describe`)."""

from __future__ import annotations

import os
import pathlib
import threading
from typing import Any

from . import cache, native, program, tensors
from .errors import ArgumentError, Error

settings: dict = {"threads": None}
running = threading.Lock()


def set_num_threads(threads: int | None) -> None:
    """Threads for calls on NumPy arrays (PyTorch tensors use torch.get_num_threads()); None: all CPUs of the process."""
    if threads is not None and not 1 <= int(threads) <= 4096:
        raise ArgumentError(f"threads: expects 1 to 4096, but got {threads}")
    settings["threads"] = threads


def threads_for(x):
    if tensors.is_torch(x):
        import torch

        return torch.get_num_threads()
    return settings["threads"] or len(os.sched_getaffinity(0))


class Kernel:
    """A compiled attention. Call it with q, k, v (and sinks, and its parameters by name); `save` keeps it as an artifact that `lacuna-run` and the C API read."""

    def __init__(self, signature, description, source, artifact, device="cpu"):
        self.signature, self.description, self.source, self.artifact = signature, description, source, artifact
        self.program = native.Program(artifact, native.device(device))

    def save(self, path: str | os.PathLike) -> None:
        pathlib.Path(path).write_bytes(self.artifact)

    def __call__(self, q: Any, k: Any, v: Any, *, sinks: Any = None, out: Any = None, **parameters: Any) -> Any:
        """O, or (O, LSE) if the kernel was compiled with return_lse."""
        views = views_of(q, k, v)
        like = self.signature
        signature = program.signature_of(views, like.layout, output=like.output, scale=like.scale, sinks=like.sinks, lse=like.lse)
        if signature_fits(signature, like):
            return self.run(self.description, q, v, views, checked_sinks(sinks, signature), parameters, out)
        raise ArgumentError(f"kernel: expects {self.signature.types()[:3]}, but got {signature.types()[:3]}")

    def run(self, description, q, v, views, sinks=None, parameters=None, out=None):
        """Runs with the numbers and tables of `description`, which has the kernel's text; `views` are those of q, k, v."""
        arguments = [native.Tensor(*view) for view in views]
        if self.signature.sinks:
            arguments.append(native_tensor(sinks, "sinks"))
        arguments += description.integers
        arguments += description.reals
        arguments += [native_tensor(table, f"table {i}") for i, table in enumerate(description.tables)]
        arguments += named_arguments(description.parameters, parameters or {})
        results = self.allocate(q, v, out)
        run = self.program.bind(arguments, [native_tensor(x, name) for x, name in zip(results, ("out", "lse"))])
        with running:
            self.program.device.set_threads(threads_for(q))
            run()
        return tuple(results) if self.signature.lse else results[0]

    def allocate(self, q, v, out):
        batch, head, sequence = program.LAYOUTS[self.signature.layout]
        sizes = (*q.shape[:-1], v.shape[-1])
        output = "f32" if self.signature.output == "f32" else None
        if out is None:
            out = tensors.empty_like(q, sizes, output)
        elif tuple(out.shape) != sizes:
            raise ArgumentError(f"out: expects sizes {list(sizes)}, but got {list(out.shape)}")
        rows = ((q.shape[batch],) if batch is not None else ()) + (q.shape[head], q.shape[sequence])
        return [out] + ([tensors.empty_like(q, rows, "f32")] if self.signature.lse else [])


def native_tensor(x, name):
    return native.Tensor(*tensors.view(x, name))


def named_arguments(expected, given):
    """Values of the parameters, in order."""
    unknown = set(given) - {parameter.name for parameter in expected}
    if unknown:
        raise ArgumentError(f"kernel: has no parameter {', '.join(sorted(unknown))}; it has {', '.join(p.name for p in expected) or 'none'}")
    values = []
    for parameter in expected:
        if parameter.name not in given:
            raise ArgumentError(f"kernel: expects a value for parameter {parameter.name} ({parameter.type}), but got none")
        value = given[parameter.name]
        if parameter.rank:
            values.append(native_tensor(tensors.table(value, parameter.name, parameter.rank, (parameter.dtype,)), parameter.name))
        else:
            values.append(float(value) if parameter.dtype == "f32" else int(value))
    return values


def signature_fits(given, compiled):
    """A kernel for any batch size and number of queries runs one as well."""
    same = ("layout", "dtype", "heads", "sizes", "sinks")
    return all_equal(given, compiled, same) and (given.one_batch or not compiled.one_batch) and compiled.queries in ("any", given.queries)


def all_equal(x, y, names):
    return not [name for name in names if getattr(x, name) != getattr(y, name)]


def views_of(q, k, v):
    if type(k) is not type(q) or type(v) is not type(q):
        if len({tensors.is_torch(x) for x in (q, k, v)}) > 1:
            raise ArgumentError("q, k, v: expects arrays of one framework, but got NumPy arrays and PyTorch tensors")
    return [tensors.view(x, name) for x, name in ((q, "q"), (k, "k"), (v, "v"))]


kernels: dict = {}
compiling = threading.Lock()


def kernel_of(signature, description, **options):
    """The kernel for a signature and a description, compiled once in a process."""
    key = (signature, description.text, tuple(sorted(options.items())))
    kernel = kernels.get(key)
    if kernel is None:
        source = program.program_text(signature, description)
        artifact = cache.artifact_of(source, **options)
        with compiling:
            try:
                kernel = kernels.setdefault(key, Kernel(signature, description, source, artifact))
            except Error:  # kept by another build or machine
                kernel = kernels.setdefault(key, Kernel(signature, description, source, native.compile_source(source, **options)))
    return kernel


def attend(q, k, v, description, layout="bhsd", scale=None, sinks=None, lse=False, output=None, out=None):
    """Runs the kernel for these arrays and this description."""
    views = views_of(q, k, v)
    signature = program.signature_of(views, layout, scale=program.checked_scale(scale), sinks=sinks is not None, lse=bool(lse), output=output)
    if description.parameters:
        raise ArgumentError(f"mask: has parameters ({', '.join(p.name for p in description.parameters)}): compile it, and give them when calling the kernel")
    return kernel_of(signature, description).run(description, q, v, views, checked_sinks(sinks, signature), out=out)


def checked_sinks(sinks, signature):
    if sinks is None:
        return None
    sinks = tensors.table(sinks, "sinks", 1, ("f32",))
    if sinks.shape[0] != signature.heads[0]:
        raise ArgumentError(f"sinks: expects {signature.heads[0]} values, one per query head, but got {sinks.shape[0]}")
    return sinks
