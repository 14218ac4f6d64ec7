# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sparse attention with masks that are described, not materialised.

    import lacuna
    mask = lacuna.causal() & (lacuna.sliding_window(1023) | lacuna.sink_tokens(4))
    o = lacuna.attention(q, k, v, mask)

q, k, v are NumPy arrays or PyTorch tensors on the CPU. `lacuna.masks` and `lacuna.library` list the masks, docs/python.md has the rest.
"""

import sys

from . import library, masks
from .calls import attention, compile
from .cache import clear as clear_cache
from .errors import ArgumentError, CompileError, Error, ExecutionError, TraceError, UnsupportedError
from .expression import parameter, static
from .kernels import Kernel, set_num_threads
from .masks import (
    Mask, all, block_cover, block_interior, block_sparse, bitmap_set, causal, column_runs, csr_set, document, hashed, key_lengths, list_set, member, named,
    neighborhood, restrict, runs_set, select, sink_tokens, sliding_window, slices_set, table_set, vertical_slash,
)  # fmt: skip
from .scores import Score, alibi, bias, softcap
from .trace import from_mask_mod, from_score_mod, table

__version__ = "0.1.0"

if sys.modules.get("torch") is not None:
    from . import torch_op  # registers torch.ops.lacuna.attention; without torch at hand the first call on a tensor does
