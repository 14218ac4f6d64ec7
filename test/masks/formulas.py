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


def select(ids, inside, inners, b, h, q, k, p):
    """The mask whose number a table gives; `inside` says where the table has an entry."""
    result = np.zeros(np.broadcast_shapes(np.shape(b), np.shape(h), np.shape(q), np.shape(k)), dtype=bool)
    for number, inner in enumerate(inners):
        result = result | (inside & (ids == number) & inner(b, h, q, k, p))
    return result


def restrict(b, h, q, k, p, inner, q0, sq, k0, sk):
    """The mask of sq x sk tokens, seen from its pair (q0, k0)."""
    x, y = q + q0, k + k0
    inside = (0 <= x) & (x < sq) & (0 <= y) & (y < sk)
    return inside & inner(b, h, x, y, SimpleNamespace(**{**vars(p), "Sq": sq, "Sk": sk}))


def blocks(b, h, q, k, p, inner, rows, columns, join):
    """Every pair has what `join` (np.any, np.all) says of the pairs of its block of rows x columns."""
    pairs = inner(b, h, np.arange(p.Sq)[:, None], np.arange(p.Sk)[None, :], p)
    result = np.array(np.broadcast_to(pairs, (np.size(b), np.size(h), p.Sq, p.Sk)))
    for q0 in range(0, p.Sq, rows):
        for k0 in range(0, p.Sk, columns):
            block = result[:, :, q0 : q0 + rows, k0 : k0 + columns]
            block[...] = join(block, axis=(2, 3), keepdims=True)
    return result[b, h, q, k]


def nearest(value, most):
    return max(1, min(value, most))


def neighborhood_axis(x, y, extent, window, stride, dilation, causal):
    """One dimension of generalized neighborhood attention (Hassani et al. 2025), as its authors' code has it."""
    extent = nearest(extent, 2**31 - 1)
    window = nearest(window, extent)
    stride, dilation = nearest(stride, window), nearest(dilation, extent // window)
    residue, group, inner = x % dilation, -(-(extent - x % dilation) // dilation), x // dilation
    same_group = (residue == y % dilation) & (0 <= x) & (x < extent) & (0 <= y) & (y < extent)
    y = y // dilation
    if causal:
        leader = np.minimum(inner // stride * stride + stride - 1, group - 1)
        return same_group & (np.maximum(leader - window + 1, 0) <= y) & (y <= inner)
    left, right = window // 2, window // 2 + window % 2 - 1
    leader = np.minimum(inner // stride * stride + stride // 2, group - 1)
    first = np.minimum(np.maximum(leader, left), group - 1 - right) - left
    return same_group & (first <= y) & (y < first + window)


def neighborhood(b, h, q, k, p, space, window, stride=None, dilation=None, causal=None):
    """Every dimension attends; tokens in raster order, the last dimension fastest."""
    rank, result, inner = len(space), (b == b) & (h == h), 1
    stride, dilation, causal = stride or [1] * rank, dilation or [1] * rank, causal or [False] * rank
    for axis in reversed(range(rank)):
        extent = nearest(space[axis], 2**31 - 1)
        x, y = (q // inner, k // inner) if axis == 0 else (q // inner % extent, k // inner % extent)
        attends = neighborhood_axis(x, y, extent, window[axis], stride[axis], dilation[axis], causal[axis])
        result, inner = result & attends, inner * extent
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
