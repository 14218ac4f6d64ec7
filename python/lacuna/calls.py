# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a user calls: `attention` compiles what it needs on first use, `compile` makes an artifact to keep."""

from __future__ import annotations

import os
from typing import Any, Sequence

from . import cache, kernels, program, tensors
from .errors import ArgumentError, UnsupportedError
from .expression import checked_identifier
from .masks import Mask
from .scores import Score


def check_no_gradient(**named):
    """Refuses what would silently lack a gradient."""
    import torch

    if not torch.is_grad_enabled():
        return
    for name, x in named.items():
        if tensors.is_torch(x) and x.requires_grad:
            raise UnsupportedError(f"{name}: requires a gradient, but backward is not implemented (use torch.no_grad(), or detach it)")


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
    return kernels.attend(q, k, v, program.describe(mask, score), layout, scale, sinks, return_lse, out_dtype, out)


def compile(
    mask: Mask | None = None, *, heads: int | Sequence[int], head_size: int | Sequence[int], dtype: str = "f32", layout: str = "bhsd", scale: float | None = None,
    score: Score | None = None, sinks: bool = False, return_lse: bool = False, out_dtype: str | None = None, targets: str = "native",
    mask_libraries: Sequence[str | os.PathLike] = (), batch_invariant: bool = False, name: str = "attention",
) -> kernels.Kernel:  # fmt: skip
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
    return kernels.Kernel(signature, description, source, cache.artifact_of(source, embed_source=True, **options))
