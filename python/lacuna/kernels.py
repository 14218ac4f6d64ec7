# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention on arrays: `attention` compiles what it needs on first use, `compile` makes an artifact to keep."""

from __future__ import annotations

import os
import pathlib
import threading
from typing import Any, Sequence

from . import cache, native, program, tensors
from .errors import ArgumentError, Error, UnsupportedError
from .expression import checked_identifier
from .masks import Mask
from .scores import Score

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


def check_no_gradient(**named):
    """Refuses what would silently lack a gradient."""
    import torch

    if not torch.is_grad_enabled():
        return
    for name, x in named.items():
        if tensors.is_torch(x) and x.requires_grad:
            raise UnsupportedError(f"{name}: requires a gradient, but backward is not implemented (use torch.no_grad(), or detach it)")


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


def checked(value, kind, name):
    if value is not None and not isinstance(value, kind):
        raise ArgumentError(f"{name}: expects a lacuna.{kind.__name__}, but got {type(value).__name__}")
    return value


def attention(
    q: Any, k: Any, v: Any, mask: Mask | None = None, *, scale: float | None = None, score: Score | None = None, sinks: Any = None, layout: str = "bhsd",
    return_lse: bool = False, out_dtype: str | None = None, dropout_p: float = 0.0, out: Any = None,
) -> Any:  # fmt: skip
    """softmax(score(scale · Q Kᵀ), masked) V on NumPy arrays or PyTorch CPU tensors, without copies.

    q: [B, Hq, Sq, D], k: [B, Hkv, Sk, D], v: [B, Hkv, Sk, Dv] for `layout` "bhsd"; "bshd" has the sequence before the heads, "shd" is packed, without a batch. f32,
    f16 or bf16, any strides with last stride 1; D and Dv are multiples of 8 from 8 to 256; Hkv divides Hq (query head h reads key head h · Hkv / Hq).
    mask: which keys a query attends (`lacuna.causal() & …`); None: all. scale: 1/√D if None. score: a change of scores (`lacuna.softcap(…)`). sinks: f32 [Hq], one
    more score per row without a value. out_dtype: "f32" for a 16-bit input's output in f32. Returns O like q, and with `return_lse` also the natural log-sum-exp of the
    rows' scores, f32 [B, Hq, Sq] ([Hq, Sq] packed). A row that attends nothing has O = 0 and LSE = -inf. The first call for a shape of expression, types, heads and head
    size compiles (well below a second, then kept on disk); lengths, numbers and tables may change freely.
    Source of the algorithm: FlashAttention-2 (Dao 2023), section 3.1."""
    if dropout_p:
        raise UnsupportedError(f"dropout_p: expects 0, but got {dropout_p}: dropout is not implemented")
    mask, score = checked(mask, Mask, "mask"), checked(score, Score, "score")
    if out_dtype not in (None, "f32"):
        raise ArgumentError(f"out_dtype: expects None or 'f32', but got {out_dtype!r}")
    if tensors.is_torch(q):
        import torch

        check_no_gradient(q=q, k=k, v=v, sinks=sinks)
        if torch.compiler.is_compiling():
            from .torch_op import traced_attention

            return traced_attention(q, k, v, program.describe(mask, score), scale, sinks, layout, return_lse, out_dtype)
    views = views_of(q, k, v)
    signature = program.signature_of(views, layout, scale=program.checked_scale(scale), sinks=sinks is not None, lse=bool(return_lse), output=out_dtype)
    description = program.describe(mask, score)
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


def compile(
    mask: Mask | None = None, *, heads: int | Sequence[int], head_size: int | Sequence[int], dtype: str = "f32", layout: str = "bhsd", scale: float | None = None,
    score: Score | None = None, sinks: bool = False, return_lse: bool = False, out_dtype: str | None = None, targets: str = "native",
    mask_libraries: Sequence[str | os.PathLike] = (), batch_invariant: bool = False, name: str = "attention",
) -> Kernel:  # fmt: skip
    """A Kernel for any batch size and lengths. heads: (query heads, key heads) or one number; head_size: (of q and k, of v) or one number; targets: as
    `lacuna-compile --target`, for example "x86-64-v4,x86-64-v3". Numbers of the mask become defaults of the artifact's arguments; `lacuna.parameter(…)` in the mask
    makes arguments to be given by name."""
    heads, sizes = (tuple(x) if isinstance(x, (tuple, list)) else (x, x) for x in (heads, head_size))
    if dtype not in program.FLOATS:
        raise ArgumentError(f"dtype: expects f32, f16 or bf16, but got {dtype!r}")
    description = program.describe(checked(mask, Mask, "mask"), checked(score, Score, "score"))
    scale = program.checked_scale(scale)
    signature = program.Signature(layout, dtype, heads, sizes, output=out_dtype, scale=scale, sinks=bool(sinks), lse=bool(return_lse))
    source = program.program_text(signature, description, checked_identifier(name, "name"))
    options = dict(targets=targets, batch_invariant=batch_invariant, mask_libraries=tuple(map(str, mask_libraries)))
    return Kernel(signature, description, source, cache.artifact_of(source, embed_source=True, **options))
