# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Who is right when two sides differ: attention in f64 from the definition, on some rows spread over the queries. It
shares the masks' functions with FlexAttention and nothing with Lacuna."""

import torch

# What docs/semantics.md grants O, relative to the largest magnitude of its row.
TOLERANCE = {"f32": 1e-5, "f16": 2.0**-10, "bf16": 2.0**-7}
SAMPLES = 64


def attended(mask, length, rows):
    """[rows, length]: the mask's rows, or None where all is attended."""
    queries, keys = rows[:, None], torch.arange(length)[None]
    if mask.table is not None:
        return mask.table(length)[queries // mask.block, keys // mask.block]
    return mask.flex(length)(0, 0, queries, keys) if mask.flex else None


class Reference:
    """Rows of O in f64 for q, k, v [1, heads, length, head size]; the mask is the same for all heads."""

    def __init__(self, mask, q, k, v, dtype):
        self.rows = torch.linspace(0, q.shape[2] - 1, min(SAMPLES, q.shape[2])).long()
        self.tolerance = TOLERANCE[dtype]
        allowed = attended(mask, k.shape[2], self.rows)
        group = q.shape[1] // k.shape[1]
        self.out = torch.stack(
            [self.head(q[0, h], k[0, h // group], v[0, h // group], allowed) for h in range(q.shape[1])]
        )

    def head(self, q, k, v, allowed):
        scores = q[self.rows].double() @ k.double().T / q.shape[1] ** 0.5
        if allowed is not None:
            scores.masked_fill_(~allowed, float("-inf"))
        return scores.softmax(dim=-1) @ v.double()

    def over(self, result):
        """The largest error of the sampled rows, in tolerances."""
        return over_tolerance(result[0, :, self.rows].double(), self.out, self.tolerance)


def over_tolerance(result, wanted, tolerance):
    """The largest difference relative to its row's largest magnitude, in tolerances; a NaN is infinitely wrong."""
    relative = (result - wanted).abs() / wanted.abs().amax(dim=-1, keepdim=True).clamp_min(1e-30)
    return torch.nan_to_num(relative, nan=float("inf")).max().item() / tolerance
