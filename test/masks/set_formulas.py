# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks on run-time sets in NumPy, from their publications and docs/semantics.md: sets are expanded entry by entry.

b, h, q, k are open grids; p has the lengths Sq, Sk and the tables. A table of (B', H', ...) serves batch entry b and
query head h of Hq by its row (0 if B' = 1 else b, h * H' // Hq).
"""

import numpy as np


def shared(table, b, h, number):
    """The rows of a shared table for every (b, h), None where it has none."""
    heads = np.size(h)
    own = 0 if table.shape[0] == 1 else b
    group = number * table.shape[1] // heads
    return table[own, group] if own < table.shape[0] and group < table.shape[1] else None


def expand(b, h, p, rows, granule, row_of, column_of):
    """A[b, h, q, k] = column_of(q, k) // gk in rows(b, h)[row_of(q, k) // gq]; rows(b, h) is a list of sets."""
    result = np.zeros((np.size(b), np.size(h), p.Sq, p.Sk), dtype=bool)
    q, k = np.arange(p.Sq)[:, None], np.arange(p.Sk)[None, :]
    row, column = np.broadcast_arrays(row_of(q, k) // granule[0], column_of(q, k) // granule[1])
    for batch in range(np.size(b)):
        for head in range(np.size(h)):
            for number, entries in enumerate(rows(batch, head)):
                if entries:
                    result[batch, head] |= (row == number) & np.isin(column, list(entries))
    return result


def csr_rows(indptr, indices, h):
    def rows(batch, head):
        own = shared(indptr, batch, h, head)
        clip = [min(max(int(x), 0), len(indices)) for x in own] if own is not None else []
        return [set(indices[first:last].tolist()) for first, last in zip(clip, clip[1:])]

    return rows


def list_rows(indices, counts, h):
    def rows(batch, head):
        own, count = shared(indices, batch, h, head), shared(counts, batch, h, head)
        return [] if own is None else [set(row[: max(int(n), 0)].tolist()) for row, n in zip(own, count)]

    return rows


def bitmap_rows(words, h):
    def rows(batch, head):
        own, width = shared(words, batch, h, head), words.itemsize * 8
        if own is None:
            return []
        return [
            {i * width + bit for i, word in enumerate(row.tolist()) for bit in range(width) if word >> bit & 1}
            for row in own
        ]

    return rows


def table_rows(table, h):
    def rows(batch, head):
        own = shared(table, batch, h, head)
        return [] if own is None else [set(np.flatnonzero(row).tolist()) for row in own]

    return rows


def block_sparse(rows, granule, column_of=lambda q, k: k + 0 * q):
    """rows(p, h) gives a function (b, h) -> list of sets; row q, column k."""
    return lambda b, h, q, k, p: expand(b, h, p, rows(p, h), granule, lambda q, k: q + 0 * k, column_of)


def key_columns(rows, granule=(1, 1)):
    return lambda b, h, q, k, p: expand(b, h, p, rows(p, h), granule, lambda q, k: 0 * q * k, lambda q, k: k + 0 * q)


def diagonals(rows):
    """(q - k) in the set, bottom-right aligned."""
    return lambda b, h, q, k, p: expand(
        b, h, p, rows(p, h), (1, 1), lambda q, k: 0 * q * k, lambda q, k: q + p.Sk - p.Sq - k
    )


def diagonals_top_left(rows, granule):
    return lambda b, h, q, k, p: expand(b, h, p, rows(p, h), granule, lambda q, k: 0 * q * k, lambda q, k: q - k)


def vertical_slash(vertical_rows, slash_rows):
    """MInference, section 3: causal & (k in V or (q - k) in D)."""

    def formula(b, h, q, k, p):
        listed = key_columns(vertical_rows)(b, h, q, k, p) | diagonals(slash_rows)(b, h, q, k, p)
        return (k <= q + p.Sk - p.Sq) & listed

    return formula


def vertical_slash_cover(vertical_rows, slash_rows, block):
    """The same with every diagonal widened to all columns that it crosses within its block of query rows."""

    def formula(b, h, q, k, p):
        exact = np.broadcast_to(diagonals(slash_rows)(b, h, q, k, p), (np.size(b), np.size(h), p.Sq, p.Sk))
        wide = np.zeros_like(exact)
        for first in range(0, p.Sq, block):
            wide[:, :, first : first + block] = exact[:, :, first : first + block].any(axis=2, keepdims=True)
        return (k <= q + p.Sk - p.Sq) & (key_columns(vertical_rows)(b, h, q, k, p) | wide)

    return formula


def hashed(b, h, q, k, p):
    """SCFA: equal bucket ids; a position beyond its table has none."""
    result = np.zeros((np.size(b), np.size(h), p.Sq, p.Sk), dtype=bool)
    for batch in range(np.size(b)):
        for head in range(np.size(h)):
            hq, hk = shared(p.hq, batch, h, head), shared(p.hk, batch, h, head)
            if hq is None or hk is None:
                continue
            rows, columns = min(p.Sq, len(hq)), min(p.Sk, len(hk))
            result[batch, head, :rows, :columns] = hq[:rows, None] == hk[None, :columns]
    return result


def column_runs(both):
    """FlashMask, section 4: the masked rows of each key."""

    def formula(b, h, q, k, p):
        result = np.zeros((np.size(b), np.size(h), p.Sq, p.Sk), dtype=bool)
        row = np.arange(p.Sq)[:, None]
        for batch in range(np.size(b)):
            for head in range(np.size(h)):
                table = shared(p.rows, batch, h, head)
                if table is None:
                    continue
                bounds = table[: p.Sk].T[:, None, :]
                if len(bounds) == 1:
                    masked = row >= bounds[0]
                elif len(bounds) == 4:
                    masked = ((row >= bounds[0]) & (row < bounds[1])) | ((row >= bounds[2]) & (row < bounds[3]))
                elif both:
                    masked = (row >= bounds[0]) | (row < bounds[1])
                else:
                    masked = (row >= bounds[0]) & (row < bounds[1])
                result[batch, head, :, : masked.shape[1]] = ~masked
        return result

    return formula


def slices(b, h, q, k, p):
    """MagiAttention: the union of the slices, a pair counts once."""
    result = np.zeros(np.broadcast_shapes(np.shape(b), np.shape(h), np.shape(q), np.shape(k)), dtype=bool)
    for (q0, q1), (k0, k1), kind in zip(p.q_ranges, p.k_ranges, p.types):
        if not 0 <= kind <= 3:
            continue
        inside = (q0 <= q) & (q < q1) & (k0 <= k) & (k < k1)
        if kind in (1, 3):
            inside = inside & (k1 - 1 - k >= q1 - 1 - q)
        if kind in (2, 3):
            inside = inside & (k - k0 >= q - q0)
        result = result | inside
    return result
