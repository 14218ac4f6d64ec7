# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks as functions of indices, for baselines that need them: `formula(p)` gives `attends(b, h, q, k)`.

`p` has the lengths p.Sq, p.Sk and the program's arguments by name: numbers, and tables as NumPy arrays or torch tensors,
whatever the indices are. Nothing but operators, indexing and clip is used, so one function serves NumPy, torch and
FlexAttention's mask_mod. Parameters are called as in masks/*.mlir, whose files define the masks; every benchmark run
compares results, so a slip here shows as an error.
"""


def causal(p):
    off = p.Sk - p.Sq
    return lambda b, h, q, k: k <= q + off


causal.is_causal = True  # torch's own flag says the same where there are as many queries as keys


def sliding_window(p):
    """`left` and `right` keys, both inclusive."""
    off, left, right = p.Sk - p.Sq, p.left, p.right
    return lambda b, h, q, k: (k >= q + off - left) & (k <= q + off + right)


def window(p):
    """Causal, `left` keys and the own one."""
    off, left = p.Sk - p.Sq, p.left
    return lambda b, h, q, k: (k >= q + off - left) & (k <= q + off)


def a_shape(p):
    off, width, sinks = p.Sk - p.Sq, p.window, p.sinks
    return lambda b, h, q, k: (k <= q + off) & ((k > q + off - width) | (k < sinks))


def tri_shape(p):
    off, width, sinks, first = p.Sk - p.Sq, p.window, p.sinks, p.Sq - p.last
    return lambda b, h, q, k: (k <= q + off) & ((k > q + off - width) | (k < sinks) | (q >= first))


def chunked(p):
    off, chunk = p.Sk - p.Sq, p.chunk
    return lambda b, h, q, k: (k <= q + off) & (k // chunk == (q + off) // chunk)


def prefix(p):
    off, length = p.Sk - p.Sq, p.length
    return lambda b, h, q, k: (k <= q + off) | (k < length)


def global_sliding_window(p):
    off, width, first = p.Sk - p.Sq, p.window, getattr(p, "global")  # a keyword of Python
    return lambda b, h, q, k: ((k - q - off <= width) & (q + off - k <= width)) | (q + off < first) | (k < first)


def streaming_blocks(p):
    off, block, sinks, local = p.Sk - p.Sq, p.block, p.sinks, p.local
    return lambda b, h, q, k: (k <= q + off) & ((k // block < sinks) | ((q + off) // block - k // block < local))


def s2_stripes(p):
    off, block, local, stride, group, step, start = p.Sk - p.Sq, p.block, p.local, p.stride, p.group, p.step, p.offset

    def attends(b, h, q, k):
        vertical = (k // block + h // group * step + start) % stride == 0
        return (k <= q + off) & (vertical | ((q + off) // block - k // block < local))

    return attends


def multi_diagonal(p):
    period = p.period
    return lambda b, h, q, k: (q - k) % period == 0


# Segments: position x of a table of boundaries lies in the segment whose number is how many boundaries are not beyond it.


def segments(cu, length):
    """The segment of each position, -1 outside of all."""
    numbers, position = cu[:1].repeat(length) * 0 - 1, 0  # of the table's kind
    for number in range(len(cu) - 1):
        begin, end = int(cu[number]), int(cu[number + 1])
        numbers[max(begin, 0) : max(end, 0)] = number
        position = max(position, end)
    return numbers


def document(p):
    """Full attention inside documents."""
    of_q, of_k = segments(p.cu_q, p.Sq), segments(p.cu_k, p.Sk)
    return lambda b, h, q, k: (of_q[q] == of_k[k]) & (of_q[q] >= 0)


def inside_documents(p):
    """same(q, k), and the diagonal of the document that q is in, as a table by query."""
    of_q, of_k = segments(p.cu_q, p.Sq), segments(p.cu_k, p.Sk)
    diagonal, first = of_q * 0, of_q * 0
    for d in range(len(p.cu_q) - 1):
        own = slice(int(p.cu_q[d]), int(p.cu_q[d + 1]))
        diagonal[own] = int(p.cu_k[d + 1]) - int(p.cu_q[d + 1])  # the last query lies on the last key
        first[own] = int(p.cu_k[d])
    return lambda q, k: (of_q[q] == of_k[k]) & (of_q[q] >= 0), diagonal, first


def causal_document(p):
    same, diagonal, _ = inside_documents(p)
    return lambda b, h, q, k: same(q, k) & (k <= q + diagonal[q])


def prefix_document(p):
    same, diagonal, first = inside_documents(p)
    length = p.length
    return lambda b, h, q, k: same(q, k) & ((k <= q + diagonal[q]) | (k < first[q] + length))


def share_question(p):
    number = segments(p.cu, p.Sk)
    off = p.Sk - p.Sq
    return lambda b, h, q, k: (k <= q + off) & ((number[k] == 0) | ((number[k] == number[q + off]) & (number[k] >= 0)))


def causal_blockwise(p):
    number = segments(p.cu, p.Sk)
    off, last = p.Sk - p.Sq, int(number[-1])

    def attends(b, h, q, k):
        own = number[q + off]
        return (k <= q + off) & (own >= 0) & ((number[k] == own) | (own == last))

    return attends


def block_causal_document(p):
    number = segments(p.cu, p.Sk)
    off, block = p.Sk - p.Sq, p.block

    def attends(b, h, q, k):
        own = number[q + off]
        return (own >= 0) & (number[k] == own) & (k // block <= (q + off) // block)

    return attends


# Spaces: tokens in raster order, the last dimension fastest.


def near(x, y, extent, width, stride=1):
    """One dimension of a neighborhood: the window shifts at borders."""
    left, right = width // 2, width // 2 + width % 2 - 1
    leader = (x // stride * stride + stride // 2).clip(0, extent - 1)
    first = leader.clip(left, extent - 1 - right) - left
    return (y >= first) & (y < first + width)


def neighborhood_1d(p):
    width, stride, extent = p.window, getattr(p, "stride", 1), p.Sk
    return lambda b, h, q, k: near(q, k, extent, width, stride)


def neighborhood_2d(p):
    height, width, rows, columns, stride = p.height, p.width, p.rows, p.columns, getattr(p, "stride", 1)

    def attends(b, h, q, k):
        return near(q // width, k // width, height, rows, stride) & near(q % width, k % width, width, columns, stride)

    return attends


def neighborhood_3d(p):
    """Of frames x height x width; strides st x s x s."""
    height, width = p.height, p.width
    time_stride, stride = getattr(p, "time_stride", 1), getattr(p, "stride", 1)

    def attends(b, h, q, k):
        inner = height * width
        frames = near(q // inner, k // inner, p.frames, p.depth, time_stride)
        lines = near(q // width % height, k // width % height, height, p.rows, stride)
        return frames & lines & near(q % width, k % width, width, p.columns, stride)

    return attends


def shifted_window(p):
    """Swin's windows on the rolled map."""
    height, width, size, shift = p.height, p.width, p.window, p.shift

    def region(x, extent):
        return (x >= extent - size) * 1 + (x >= extent - shift) * 1 if shift > 0 else x * 0

    def same(x, y, extent):
        return (x // size == y // size) & (region(x, extent) == region(y, extent))

    return lambda b, h, q, k: same(q // width, k // width, height) & same(q % width, k % width, width)


def reference_frames(p):
    tokens, chosen = p.tokens, p.references != 0

    def attends(b, h, q, k):
        return (q // tokens == k // tokens) | chosen[q // tokens] | chosen[k // tokens]

    return attends


# Sets.


def key_lengths(p):
    lengths = p.lengths
    return lambda b, h, q, k: k < lengths[b]


def hashed(p):
    """Equal buckets, causal; one table of buckets [B, H, S]."""
    off, buckets = p.Sk - p.Sq, p.buckets
    return lambda b, h, q, k: (buckets[b, h, q] == buckets[b, h, k]) & (k <= q + off)


def kept(p):
    """Kept queries and keys, causal; flags [B, H, S]."""
    keep_q, keep_k, off = p.keep_q != 0, p.keep_k != 0, p.Sk - p.Sq
    return lambda b, h, q, k: keep_q[b, h, q] & keep_k[b, h, k] & (k <= q + off)


def block_table(p, rows, columns):
    """[B, G, row blocks, column blocks] of lists: the first counts[...] entries of blocks[...] attend."""
    blocks, counts = p.blocks, p.counts
    table = (blocks[..., :1] * 0).repeat(*repeats(blocks, columns)) != 0
    for batch in range(blocks.shape[0]):
        for group in range(blocks.shape[1]):
            for row in range(rows):
                count = min(int(counts[batch, group, row]), blocks.shape[3])
                for entry in blocks[batch, group, row, :count].tolist():
                    if 0 <= entry < columns:
                        table[batch, group, row, entry] = True
    return table


def repeats(array, columns):
    """Arguments of repeat, which NumPy and torch take differently."""
    return (1, 1, 1, columns) if hasattr(array, "is_contiguous") else (columns, -1)


def block_list(p):
    """Blocks of `granule` tokens from lists per key head; `group` query heads share one."""
    granule, group = p.granule, p.group
    table = block_table(p, -(-p.Sq // granule), -(-p.Sk // granule))
    return lambda b, h, q, k: table[b, h // group, q // granule, k // granule]


def causal_block_list(p):
    listed, off = block_list(p), p.Sk - p.Sq
    return lambda b, h, q, k: listed(b, h, q, k) & (k <= q + off)


def vertical_slash(p):
    """Key columns and diagonals from lists [B, H, 1, n], ideal, causal."""
    off = p.Sk - p.Sq
    columns = members(p.verticals, p.nv, p.Sk)
    diagonals = members(p.slashes, p.ns, p.Sk)

    def attends(b, h, q, k):
        distance = (q + off - k).clip(0, p.Sk - 1)
        return (k <= q + off) & (columns[b, h, k] | diagonals[b, h, distance])

    return attends


def members(lists, counts, size):
    """[B, H, size]: which numbers are listed."""
    found = (lists[:, :, 0, :1] * 0).repeat(*((1, 1, size) if hasattr(lists, "is_contiguous") else (size, -1))) != 0
    for batch in range(lists.shape[0]):
        for head in range(lists.shape[1]):
            for entry in lists[batch, head, 0, : int(counts[batch, head, 0])].tolist():
                if 0 <= entry < size:
                    found[batch, head, entry] = True
    return found


def every_second(p):
    """examples/keep_tokens.mlir: even tokens take part, causal; the others' outputs are its `previous`, zeros."""
    return lambda b, h, q, k: (q % 2 == 0) & (k % 2 == 0) & (k <= q)
