# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PyTorch's side: scaled_dot_product_attention, and FlexAttention as compiled by Inductor.

FlexAttention has three traps, and each would make the comparison worthless: after eight recompilations of a process,
or uncompiled, it falls back to an unfused implementation that is 10 to 50 times slower (so everything is compiled
anew after a reset, and a missing fused kernel is an error); Inductor's caches on disk make first calls look cheap (so
the run has its own, empty cache); and a block mask with batch and heads given takes five times longer to build than
one that is broadcast.
"""

import os
import time
import warnings
from dataclasses import dataclass
from functools import partial

import torch
import torch._inductor.config
import torch.nn.functional as F

from lacuna_bench.timing import median, timed

MASK_REPEATS = 3
BUILT = {}  # (mask, length): BuiltMask


@dataclass
class Flex:
    """A compiled FlexAttention."""

    on: object  # (q, k, v) of the shapes it was compiled for -> a side
    out: torch.Tensor  # of the first call
    first_call: float  # seconds, compilation included


@dataclass
class BuiltMask:
    """A BlockMask and the seconds it takes to make one."""

    block_mask: object
    seconds: float  # create_block_mask as it is, or from_kv_blocks
    compiled_seconds: float = None  # under torch.compile, from the second call on
    compiled_first: float = None


def prepare_inductor(folder, vector_bits=None):
    """Gives the run its own cache, with nothing in it but what all kernels share (precompiled headers). Vectors as wide as the CPU's unless told."""
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "inductor")
    torch._inductor.config.cpp.simdlen = vector_bits
    compile_flex(*torch.zeros(3, 1, 1, 128, 64), None)


def sdpa_side(q, k, v, arguments):
    return lambda: F.scaled_dot_product_attention(q, k, v, enable_gqa=q.shape[1] != k.shape[1], **arguments)


def mask_builder(mask, length):
    """A function that makes the BlockMask: from the block table where there is one, else from the mask function."""
    from torch.nn.attention.flex_attention import BlockMask, create_block_mask

    if mask.table is None:
        function = mask.flex(length)
        return lambda create=create_block_mask: create(function, None, None, length, length, device="cpu")
    table = mask.table(length)

    def build():
        count = table.sum(dim=1).int()[None, None]
        indices = torch.argsort(table.int(), dim=1, descending=True, stable=True).int()[None, None]
        none = torch.zeros_like(count)
        return BlockMask.from_kv_blocks(none, torch.zeros_like(indices), count, indices, BLOCK_SIZE=mask.block)

    return build


def build_mask(mask, length, with_compiled):
    """Masks know nothing of types and head sizes: one measurement serves all rows of a length."""
    from torch.nn.attention.flex_attention import create_block_mask

    key = mask.name, length
    if key not in BUILT:
        build = mask_builder(mask, length)
        block_mask = build()
        BUILT[key] = built = BuiltMask(block_mask, median(timed(build) for _ in range(MASK_REPEATS)))
        if with_compiled and mask.table is None:
            torch._dynamo.reset()
            compiled = torch.compile(create_block_mask)
            built.compiled_first = timed(lambda: build(compiled))
            built.compiled_seconds = median(timed(lambda: build(compiled)) for _ in range(MASK_REPEATS))
    return BUILT[key]


def compile_flex(q, k, v, block_mask):
    """FlexAttention compiled anew for these tensors; an error if Inductor made no fused kernel."""
    from torch._inductor.utils import run_and_get_code
    from torch.nn.attention.flex_attention import flex_attention

    torch._dynamo.reset()
    torch._dynamo.config.fail_on_recompile_limit_hit = True
    compiled = torch.compile(flex_attention, dynamic=False, fullgraph=True)
    arguments = {"block_mask": block_mask, "enable_gqa": q.shape[1] != k.shape[1]}
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*unfused.*")
        start = time.perf_counter()
        out, code = run_and_get_code(compiled, q, k, v, **arguments)
        seconds = time.perf_counter() - start
    if not any("flex_attention" in text for text in code):
        raise RuntimeError(f"expects one fused FlexAttention kernel, but got {len(code)} programs without any")

    def call(*tensors):
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*unfused.*")
            return compiled(*tensors, **arguments)

    return Flex(lambda *tensors: partial(call, *tensors), out, seconds)
