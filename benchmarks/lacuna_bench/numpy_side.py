# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attention from the definition in NumPy, one head at a time: a baseline without torch, and the pattern for one's own:
{"name": "numpy", "python": "lacuna_bench.numpy_side:attention"}."""

import numpy as np

from lacuna_bench.tensors import BFloat16


def head(q, k, v, attends):
    scores = (q @ k.T).astype(np.float64) / np.sqrt(q.shape[1])
    if attends is not None:
        scores = np.where(attends, scores, -np.inf)
    largest = np.maximum(scores.max(axis=1, keepdims=True), -1e300)  # rows that attend nothing
    weights = np.exp(scores - largest)
    return weights @ v.astype(np.float64) / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)


def masks(inputs):
    """A function (batch, head) -> [Sq, Sk] or None."""
    if not inputs.formula:
        return lambda b, h: None
    attends, (_, _, queries, keys) = inputs.formula(inputs.parameters()), inputs.lengths()
    q, k = np.arange(queries)[:, None], np.arange(keys)[None]
    return lambda b, h: np.broadcast_to(attends(b, h, q, k), (queries, keys))


def attention(inputs):
    """Layout bhsd. The second form of a side: prepared once, then called for each run."""
    if inputs.layout != "bhsd":
        raise ValueError(f"expects layout bhsd, but got {inputs.layout}")
    q, k, v, mask = inputs["q"], inputs["k"], inputs["v"], masks(inputs)
    group = q.shape[1] // k.shape[1]

    def run():
        out = np.empty((*q.shape[:3], v.shape[3]), np.float32)
        for b in range(q.shape[0]):
            for h in range(q.shape[1]):
                out[b, h] = head(q[b, h], k[b, h // group], v[b, h // group], mask(b, h))
        kind = inputs.stored["q"][0]
        return BFloat16.rounded(out) if kind == "BF16" else out.astype(q.dtype)

    return run
