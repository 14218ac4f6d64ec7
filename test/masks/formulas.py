# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What every mask means, in NumPy, written from the definitions alone (never from the compiler's expansion).

Each function takes integer arrays b, h, q, k that broadcast against each other, and a namespace p with the lengths
p.Sq, p.Sk and the mask's parameters, and returns where the pair attends.
"""

from types import SimpleNamespace

import numpy as np


def everything(b, h, q, k, p):
    return (b == b) & (h == h) & (q == q) & (k == k)


def causal(b, h, q, k, p):
    return k <= q + p.Sk - p.Sq


def causal_top_left(b, h, q, k, p):
    return k <= q


def sliding_window(b, h, q, k, p):
    """Both ends inclusive; bottom-right aligned."""
    position = q + p.Sk - p.Sq
    return (position - p.left <= k) & (k <= position + p.right)


def sliding_window_top_left(b, h, q, k, p):
    return (q - p.left <= k) & (k <= q + p.right)


def sink_tokens(b, h, q, k, p):
    return k < p.count


def key_lengths(b, h, q, k, p):
    return k < np.asarray(p.lengths)[b]


def documents(cu, x):
    """Document of each position of x, -1 outside all."""
    result = np.full(np.shape(x), -1)
    for d in range(len(cu) - 1):
        result = np.where((cu[d] <= x) & (x < cu[d + 1]), d, result)
    return result


def document(b, h, q, k, p, inner=everything):
    """Same document on both sides and, there, the inner mask on coordinates and lengths of the document."""
    dq, dk = documents(p.cu_q, q), documents(p.cu_k, k)
    result = np.zeros(np.broadcast_shapes(np.shape(b), np.shape(h), np.shape(q), np.shape(k)), dtype=bool)
    for d in range(len(p.cu_q) - 1):
        local = SimpleNamespace(**{**vars(p), "Sq": p.cu_q[d + 1] - p.cu_q[d], "Sk": p.cu_k[d + 1] - p.cu_k[d]})
        attends = inner(b, h, q - p.cu_q[d], k - p.cu_k[d], local)
        result = result | ((dq == d) & (dk == d) & attends)
    return result


# The mask library: one function per file of masks/.


def a_shape(b, h, q, k, p):
    distance = q + p.Sk - p.Sq - k
    return (distance >= 0) & ((distance < p.window) | (k < p.sinks))


def chunked(b, h, q, k, p):
    position = q + p.Sk - p.Sq
    chunk = max(p.chunk, 1)
    return (k <= position) & (k // chunk == position // chunk)


def prefix(b, h, q, k, p):
    return (k <= q + p.Sk - p.Sq) | (k < p.length)


def strict_causal(b, h, q, k, p):
    return k < q + p.Sk - p.Sq


def tri_shape(b, h, q, k, p):
    return a_shape(b, h, q, k, p) | ((q >= p.Sq - p.last) & causal(b, h, q, k, p))
