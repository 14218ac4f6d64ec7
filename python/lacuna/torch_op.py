# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`torch.ops.lacuna.attention`: what `lacuna.attention` becomes inside torch.compile and torch.export. All that it needs is in its arguments (the program as text, its
numbers and tables), so a graph with it stands for itself."""

from typing import List, Optional, Tuple

import torch

from . import kernels, tensors
from .errors import ArgumentError, UnsupportedError
from .program import LAYOUTS, checked_scale, description_from


@torch.library.custom_op("lacuna::attention", mutates_args=())
def attention_op(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, text: str, integers: List[int], reals: List[float], tables: List[torch.Tensor], sinks: Optional[torch.Tensor],
    scale: Optional[float], layout: str, lse: bool, output: Optional[str],
) -> Tuple[torch.Tensor, torch.Tensor]:  # fmt: skip
    """O and LSE (without elements unless asked for)."""
    description = description_from(text, tuple(integers), tuple(reals), tuple(tables), ())
    result = kernels.attend(q, k, v, description, layout, scale, sinks, lse, output)
    return result if lse else (result, torch.empty(0))


@attention_op.register_fake
def fake_attention(q, k, v, text, integers, reals, tables, sinks, scale, layout, lse, output):
    batch, head, sequence = LAYOUTS[layout]
    o = torch.empty((*q.shape[:-1], v.shape[-1]), dtype=torch.float32 if output == "f32" else q.dtype)
    rows = ((q.shape[batch],) if batch is not None else ()) + (q.shape[head], q.shape[sequence])
    return o, torch.empty(rows if lse else 0, dtype=torch.float32)


def refuse_gradient(context, *gradients):
    raise UnsupportedError("attention: backward is not implemented (use torch.no_grad())")


attention_op.register_autograd(refuse_gradient)


def traced_attention(q, k, v, description, scale, sinks, layout, return_lse, out_dtype):
    """The call that torch.compile sees."""
    if description.parameters:
        raise ArgumentError("mask: has parameters: compile it, and give them when calling the kernel")
    tables = [tensors.as_torch(table) for table in description.tables]
    o, lse = attention_op(
        q, k, v, description.text, list(description.integers), list(description.reals), tables, sinks, checked_scale(scale), layout, bool(return_lse), out_dtype
    )
    return (o, lse) if return_lse else o
