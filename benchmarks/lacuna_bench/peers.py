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
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F

from lacuna_bench.timing import median, timed

MASK_REPEATS = 3


def use_empty_cache(folder):
    """Must be called before anything is compiled."""
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "inductor")


def sdpa_side(q, k, v, arguments):
    return lambda: F.scaled_dot_product_attention(q, k, v, enable_gqa=q.shape[1] != k.shape[1], **arguments)


@dataclass
class Flex:
    """A compiled FlexAttention and what it took to get there, in seconds."""

    side: object
    first_call: float
    mask: float = 0.0  # create_block_mask as it is, or from_kv_blocks; 0 where there is no mask
    compiled_mask: float = None  # the same under torch.compile, from its second call on
    compiled_mask_first: float = None
    out: torch.Tensor = field(default=None, repr=False)


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


def time_compiled_mask(flex, build):
    from torch.nn.attention.flex_attention import create_block_mask

    torch._dynamo.reset()
    compiled = torch.compile(create_block_mask)
    flex.compiled_mask_first = timed(lambda: build(compiled))
    flex.compiled_mask = median(timed(lambda: build(compiled)) for _ in range(MASK_REPEATS))


def compile_flex(q, k, v, block_mask):
    """The compiled call, its first result and the seconds that took. Raises if Inductor made no fused kernel."""
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

    def side():
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*unfused.*")
            compiled(q, k, v, **arguments)

    return side, out, seconds


def make_flex(q, k, v, mask=None, with_compiled_mask=False):
    """FlexAttention for a mask (None: dense)."""
    if mask is None:
        side, out, seconds = compile_flex(q, k, v, None)
        return Flex(side, seconds, out=out)
    build = mask_builder(mask, q.shape[2])
    block_mask = build()
    mask_seconds = median(timed(build) for _ in range(MASK_REPEATS))
    side, out, seconds = compile_flex(q, k, v, block_mask)
    flex = Flex(side, seconds, mask_seconds, out=out)
    if with_compiled_mask and mask.table is None:
        time_compiled_mask(flex, build)
        flex.side, flex.out, flex.first_call = compile_flex(q, k, v, block_mask)  # the reset above threw it away
    return flex
