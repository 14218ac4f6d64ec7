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
    """Every pair has what `join` (np.any, np.all) says of the pairs of its block of rows x columns; pairs outside of the lengths attend nothing."""
    if p.Sq <= 0 or p.Sk <= 0:
        return np.zeros(np.broadcast_shapes(np.shape(b), np.shape(h), np.shape(q), np.shape(k)), dtype=bool)
    pairs = inner(b, h, np.arange(p.Sq)[:, None], np.arange(p.Sk)[None, :], p)
    result = np.array(np.broadcast_to(pairs, (np.size(b), np.size(h), p.Sq, p.Sk)))
    for q0 in range(0, p.Sq, rows):
        for k0 in range(0, p.Sk, columns):
            block = result[:, :, q0 : q0 + rows, k0 : k0 + columns]
            block[...] = join(block, axis=(2, 3), keepdims=True)
    exists = (0 <= q) & (q < p.Sq) & (0 <= k) & (k < p.Sk)
    return exists & result[b, h, np.clip(q, 0, p.Sq - 1), np.clip(k, 0, p.Sk - 1)]


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


def raster(position, space, box):
    """Where the point at a position in the order of boxes lies in raster order; -1 for none."""
    (number, inside), result, inner, exists = np.divmod(position, np.prod(box)), 0, 1, position >= 0
    for axis in reversed(range(len(space))):
        extent, side = space[axis], box[axis]
        number, at = np.divmod(number, -(-extent // side)) if axis > 0 else (0, number)
        inside, offset = np.divmod(inside, side)
        x = at * side + offset
        result, inner, exists = result + x * inner, inner * extent, exists & (x < extent)
    return np.where(exists, result, -1)


def neighborhood_boxes(b, h, q, k, p, query_box, key_box, space, *parameters):
    space = [nearest(extent, 2**31 - 1) for extent in space]
    q, k = raster(q, space, query_box), raster(k, space, key_box)
    return (q >= 0) & (k >= 0) & neighborhood(b, h, q, k, p, space, *parameters)


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


def causal_document(b, h, q, k, p):
    return document(b, h, q, k, p, causal)


def document_ids(b, h, q, k, p):
    """As [B, 1, S] tables, the same for all heads."""
    (iq, in_q), (ik, in_k) = (table([[row] for row in ids], b, h * 0, x) for ids, x in ((p.ids_q, q), (p.ids_k, k)))
    return in_q & in_k & (iq == ik)


def prefix_document(b, h, q, k, p):
    return document(b, h, q, k, p, prefix)


def causal_blockwise(b, h, q, k, p):
    """Each chunk causal over itself; the last chunk, the one of the last key, causal over everything."""
    position = q + p.Sk - p.Sq
    own, last = documents(p.cu, position), documents(p.cu, np.array(p.Sk - 1))
    return (k <= position) & (own >= 0) & ((documents(p.cu, k) == own) | (own == last))


def share_question(b, h, q, k, p):
    position = q + p.Sk - p.Sq
    segment = documents(p.cu, k)
    return (k <= position) & ((segment == 0) | ((segment == documents(p.cu, position)) & (segment >= 0)))


def block_causal(b, h, q, k, p):
    own, other = documents(p.cu, q + p.Sk - p.Sq), documents(p.cu, k)
    return (other >= 0) & (other <= own)


def block_causal_document(b, h, q, k, p):
    """Same document and k < (q // block + 1) * block."""
    position, block = q + p.Sk - p.Sq, max(p.block, 1)
    own = documents(p.cu, position)
    return (own >= 0) & (documents(p.cu, k) == own) & (k // block <= position // block)


def global_sliding_window(b, h, q, k, p):
    position, first = q + p.Sk - p.Sq, getattr(p, "global")  # a keyword of Python
    return (np.abs(position - k) <= p.window) | (position < first) | (k < first)


def diagonal(b, h, q, k, p):
    return np.abs(q - k) <= p.radius


def multi_diagonal(b, h, q, k, p):
    return (q - k) % max(p.period, 1) == 0


def neighborhood_start(x, length, window):
    """First neighbour: centred, an even window with one more on the left, shifted (not cut) at the borders."""
    left = window // 2
    return np.where(window >= length, 0, np.clip(x - left, 0, np.maximum(length - window, 0)))


def dilated_window(b, h, q, k, p):
    """Neighborhood attention inside each residue group, whose length is the number of keys of that residue."""
    d, w = max(p.dilation, 1), max(p.window, 0)
    length = np.vectorize(lambda residue: len(range(residue, p.Sk, d)), otypes=[int])(q % d)
    start = neighborhood_start(q // d, length, w)
    return (q % d == k % d) & (start <= k // d) & (k // d - start < w)


def s2_stripes(b, h, q, k, p):
    block, shard = max(p.block, 1), h // max(p.group, 1)
    qb, kb = (q + p.Sk - p.Sq) // block, k // block
    step, offset = (max(min(value, 1 << 31), -(1 << 31)) for value in (p.step, p.offset))
    vertical = (kb + shard * step + offset) % max(p.stride, 1) == 0
    return (k <= q + p.Sk - p.Sq) & (vertical | (qb - kb < p.local))


def swin_region(x, length, window, shift):
    """Region of the rolled map along one axis: what was not neighbours before rolling must not attend."""
    if shift <= 0:
        return x * 0
    return (x >= max(length, 0) - window).astype(int) + (x >= max(length, 0) - shift)


def shifted_window(b, h, q, k, p):
    width, window, result = min(max(p.width, 1), 1 << 31), min(max(p.window, 1), 1 << 31), True
    for length, x, y in ((p.height, q // width, k // width), (width, q % width, k % width)):
        result = result & (x // window == y // window)
        result = result & (swin_region(x, length, window, p.shift) == swin_region(y, length, window, p.shift))
    return result


def shifted_window_tiles(b, h, q, k, p):
    """Swin's own layout: the map is cut into windows first; regions come from the place of a token in the map."""
    window = min(max(p.window, 1), 1 << 15)
    across = max(p.width // window, 1)

    def place(i):
        number, inside = np.divmod(i, window * window)
        return number // across * window + inside // window, number % across * window + inside % window

    (qy, qx), (ky, kx) = place(q), place(k)
    same = q // (window * window) == k // (window * window)
    for length, x, y in ((p.height, qy, ky), (p.width, qx, kx)):
        same = same & (swin_region(x, length, window, p.shift) == swin_region(y, length, window, p.shift))
    return same


def reference_frames(b, h, q, k, p):
    tokens = max(p.tokens, 1)
    chosen = np.array([frame for frame, flag in enumerate(p.references) if flag], dtype=int)
    fq, fk = q // tokens, k // tokens
    return (fq == fk) | np.isin(fq, chosen) | np.isin(fk, chosen)


def token_tree(b, h, q, k, p):
    """Python's own integers as bit sets, so that no word size is shared with the mask."""
    ancestors = [[sum((word & 0xFFFFFFFF) << 32 * n for n, word in enumerate(row)) for row in rows] for rows in p.words]

    def sees(entry, row, key):
        inside = entry < len(ancestors) and row < len(ancestors[entry]) and key >= 0
        return inside and ancestors[entry][row] >> int(key) & 1 == 1

    return (k < p.prefix) | np.vectorize(sees, otypes=[bool])(b, q, np.clip(k - max(p.prefix, 0), -1, None))


def block_diffusion(b, h, q, k, p):
    """(b_q = b_k & same half) | (b_q > b_k & q noisy & k clean) | (b_q >= b_k & both clean).

    The clean half is optionally token-causal.
    """
    text = max(p.text, 0)

    def half_and_block(x):
        position = np.where(x < text, x, x - text)
        return x < text, np.where(position < text, documents(p.cu, position), -1)

    (noisy_q, bq), (noisy_k, bk) = half_and_block(q), half_and_block(k)
    clean = (k <= q) if p.causal else (bq >= bk)
    attends = (noisy_q & noisy_k & (bq == bk)) | (noisy_q & ~noisy_k & (bq > bk)) | (~noisy_q & ~noisy_k & clean)
    return attends & (bq >= 0) & (bk >= 0)


def table(values, b, h, x):
    """values[b, h, x], and whether that is inside."""
    values = np.asarray(values)
    inside = (x >= 0) & (b < values.shape[0]) & (h < values.shape[1]) & (x < values.shape[2])
    if values.size == 0:
        return np.zeros(np.broadcast_shapes(np.shape(b), np.shape(h), np.shape(x))), inside
    return values[tuple(np.clip(i, 0, n - 1) for i, n in zip((b, h, x), values.shape))], inside


def causal_positions(b, h, q, k, p):
    (pq, in_q), (pk, in_k) = table(p.position_q, b, h, q), table(p.position_k, b, h, k)
    return in_q & in_k & (pk <= pq)


def hash_buckets(b, h, q, k, p):
    (hq, in_q), (hk, in_k) = table(p.hash_q, b, h, q), table(p.hash_k, b, h, k)
    return in_q & in_k & (hq == hk) & causal_positions(b, h, q, k, p)


def kept_tokens(b, h, q, k, p):
    (keep_q, in_q), (keep_k, in_k) = table(p.keep_q, b, h, q), table(p.keep_k, b, h, k)
    return in_q & in_k & (keep_q != 0) & (keep_k != 0) & causal_positions(b, h, q, k, p)


def strided(b, h, q, k, p):
    distance, stride = q + p.Sk - p.Sq - k, max(p.stride, 1)
    return (distance >= 0) & ((distance < stride) | (distance % stride == 0))


def fixed_stride(b, h, q, k, p):
    position, stride = q + p.Sk - p.Sq, max(p.stride, 1)
    return (k <= position) & ((position // stride == k // stride) | (k % stride >= stride - p.summary))


def complete_blocks(b, h, q, k, p):
    """Block c is complete for token t if its last token is t or earlier."""
    block, last = max(p.block, 1), (k.astype(object) + 1)  # Python's integers: no product is too large
    return (last * block - 1 <= q.astype(object) + min(p.past, 1 << 62)).astype(bool)


def left_padding(b, h, q, k, p):
    starts = np.array([*p.starts, *[p.Sk] * 64])  # an entry beyond the table attends nothing
    return k >= starts[b]


def streaming_blocks(b, h, q, k, p):
    position, block = q + p.Sk - p.Sq, max(p.block, 1)
    return (k <= position) & ((k // block < p.sinks) | (position // block - k // block < p.local))


def flashmask(b, h, q, k, p):
    """Per key column: the masked rows are [LTS, LTE) and [UTS, UTE)."""
    rows = np.asarray(p.rows).reshape(len(p.rows), -1, len(p.rows[0][0]) if p.rows else 0, 4)
    masked, inside = False, True
    for n in (0, 2):
        (start, in_start), (end, _) = table(rows[..., n], b, h, k), table(rows[..., n + 1], b, h, k)
        masked, inside = masked | ((start <= q) & (q < end)), in_start
    return inside & ~masked


def longnet(b, h, q, k, p):
    segment, dilation = max(p.segment, 1), max(p.dilation, 1)
    chosen = [x % segment % dilation == h % dilation for x in (q, k)]
    return (q // segment == k // segment) & chosen[0] & chosen[1]


def criss_cross(b, h, q, k, p):
    width = max(p.width, 1)
    return (q // width == k // width) | (q % width == k % width)
