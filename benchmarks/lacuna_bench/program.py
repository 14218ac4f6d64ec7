# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lacuna's side: program text for a mask and a shape, compiled once by `lacuna-compile`, bound to PyTorch's memory."""

import pathlib
import subprocess
import sys
import time
from dataclasses import dataclass

import torch

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "python"))
from lacuna import native as lacuna_runtime  # noqa: E402
from lacuna.native import Counts, Program, Tensor  # noqa: E402

TORCH_TYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}
NAMES = {torch.float32: "f32", torch.bfloat16: "bf16", torch.float16: "f16", torch.int32: "i32", torch.int64: "i64", torch.int8: "i8"}


class NotAvailable(Exception):
    """This build does not know an op that the program uses."""


@dataclass(frozen=True)
class Shape:
    """What a kernel is compiled for; lengths are run-time values, but few queries are compiled in: their number chooses the schedule."""

    head: int
    dtype: str
    heads: int = 8
    kv_heads: int = 8
    queries: int = None

    def tensors(self, queries, keys, seed=0):
        """q, k, v for B = 1: normally distributed, the same for every side."""
        torch.manual_seed(seed)
        kind = TORCH_TYPES[self.dtype]
        sizes = ((self.heads, queries), (self.kv_heads, keys), (self.kv_heads, keys))
        return tuple(torch.randn(1, heads, length, self.head, dtype=kind) for heads, length in sizes)


def source(mask, shape, page=None):
    """One function; the mask's parameters follow Q, K and V. With `page` K and V are gathered by a table, the last argument: of rows (0), or of pages of so many."""
    q = f"tensor<1x{shape.heads}x{shape.queries or '?'}x{shape.head}x{shape.dtype}>"
    kv = f"tensor<1x{shape.kv_heads}x?x{shape.head}x{shape.dtype}>"
    parameters = "".join(f", %{name}: {kind}" for name, kind in mask.parameters)
    lines = "".join(f"  {line}\n" for line in mask.text.strip().splitlines())
    group = "mask(%m) " if lines else ""
    stored, keys, values = kv, "%k", "%v"
    if page is not None:
        table, stored = ("tensor<1x?xi32>", f"tensor<?x{shape.kv_heads}x{page}x{shape.head}x{shape.dtype}>") if page else ("tensor<1x?x?xi32>", kv)
        parameters, keys, values = parameters + f", %table: {table}", "%ks", "%vs"
        for x in "kv":
            lines += f"  %{x}s = attn.gather_{'pages' if page else 'rows'} %{x}[%table] layout(bhsd) : {stored}, {table} -> {kv}\n"
    return (
        f"func.func @f(%q: {q}, %k: {stored}, %v: {stored}{parameters}) -> {q} {{\n{lines}"
        f"  %o = attn.attention %q, {keys}, {values} {group}layout(bhsd) : {q}, {kv}, {kv} -> {q}\n"
        f"  return %o : {q}\n}}\n"
    )


def gathered(k, v, page):
    """Two tensors and a table that brings their rows back: the rows (0: own order for every head), or pages of so many, of another order of K and V."""
    heads, length, head = k.shape[1:]
    if not page:
        order = torch.stack([torch.randperm(length) for _ in range(heads)])[None]
        index = order.argsort(dim=2)[..., None].expand(k.shape)
        return k.gather(2, index), v.gather(2, index), order.to(torch.int32)
    order = torch.randperm(length // page)
    split = [x.reshape(heads, -1, page, head).transpose(0, 1)[order.argsort()].contiguous() for x in (k, v)]
    return *split, order[None].to(torch.int32)


@dataclass
class Kernel:
    """A call without arguments, where its result lands, and what it cost."""

    run: object
    out: torch.Tensor
    compile_seconds: float
    visited: int
    tiles: int

    @property
    def share(self):
        """Part of all tiles that is visited: comparable between kernels whose tiles differ in size."""
        return self.visited / self.tiles


class Compiler:
    """Compiles each (mask, shape) once."""

    def __init__(self, folder, threads, target="native"):
        self.folder, self.threads, self.target, self.artifacts = folder, threads, target, {}

    def artifact(self, mask, shape):
        """Path of the artifact and the seconds of the whole compiler process."""
        key = mask.text, shape
        if key not in self.artifacts:
            path = self.folder / f"{len(self.artifacts)}.mlir"
            path.write_text(source(mask, shape))
            output = path.with_suffix(".lacuna")
            start = time.perf_counter()
            command = [lacuna_runtime.BUILD / "bin" / "lacuna-compile", path, "-o", output, f"--target={self.target}"]
            result = subprocess.run(command, capture_output=True, text=True)
            seconds = time.perf_counter() - start
            if result.returncode:
                self.artifacts[key] = result.stderr.strip() or f"lacuna-compile failed with {result.returncode}"
            else:
                self.artifacts[key] = output, seconds
        found = self.artifacts[key]
        if isinstance(found, str):
            raise NotAvailable(found) if mask.optional else RuntimeError(f"{mask.name}: {found}")
        return found

    def knows(self, mask, shape):
        """Whether this build compiles an optional mask."""
        try:
            self.artifact(mask, shape)
        except NotAvailable:
            return False
        return True

    def kernel(self, mask, shape, q, k, v):
        """Compiled, bound to the tensors and run once; NotAvailable for an optional mask that does not compile."""
        path, seconds = self.artifact(mask, shape)
        out, counts = torch.empty_like(q), Counts()
        extra = mask.values(q.shape[2])
        arguments = [tensor(x) if torch.is_tensor(x) else x for x in (q, k, v, *extra)]
        bound = Program(path, threads=self.threads).bind(arguments, [tensor(out)])
        bound(counts)
        keep = q, k, v, out, extra  # the runtime knows addresses only

        def run():
            assert keep
            bound()

        return Kernel(run, out, seconds, counts.full + counts.partial, counts.total)


def tensor(x):
    return Tensor(x.data_ptr(), NAMES[x.dtype], x.shape, x.stride())
