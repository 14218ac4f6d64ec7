# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pictures of masks. A mask's pairs come from a kernel with all scores equal and one-hot values: the output is not 0 exactly where a pair attends."""

import sys

from . import kernels, program
from .errors import ArgumentError

LARGEST = 1 << 24  # pairs
WIDTH = 256  # of a value row: keys that one run of the kernel shows
SHADES = " .:+#"


def to_dense(mask, queries, keys, batch=1, heads=1):
    import numpy

    if queries * keys * batch * heads > LARGEST:
        raise ArgumentError(f"picture: expects at most {LARGEST} pairs, but got {batch} x {heads} x {queries} x {keys}")
    dense = numpy.zeros((batch, heads, queries, keys), bool)
    description = program.describe(mask)
    q, k = numpy.zeros((batch, heads, queries, 8), numpy.float32), numpy.zeros((batch, heads, keys, 8), numpy.float32)
    for first in range(0, keys, WIDTH):
        last = min(first + WIDTH, keys)
        v = numpy.zeros((batch, heads, keys, WIDTH), numpy.float32)
        v[:, :, numpy.arange(first, last), numpy.arange(last - first)] = 1
        dense[..., first:last] = kernels.attend(q, k, v, description)[..., : last - first] != 0
    return dense


def shares(pairs, most):
    """Shares of attended pairs in blocks, at most `most` of them to a side."""
    rows, columns = pairs.shape
    size = max(1, -(-max(rows, columns) // most))
    return [[pairs[i : i + size, j : j + size].mean() for j in range(0, columns, size)] for i in range(0, rows, size)], size


def show(mask, queries, keys, batch, head, heads, file):
    pairs = to_dense(mask, queries, keys, batch + 1, heads)[batch, head]
    if file is None and "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import SVG, display

        return display(SVG(draw(pairs)))
    blocks, size = shares(pairs, 64)
    for row in blocks:
        print("".join(SHADES[0 if share == 0 else 4 if share == 1 else 1 + min(2, int(share * 3))] for share in row).rstrip(), file=file)
    print(f"{queries} queries x {keys} keys, {size} x {size} pairs a character, density {pairs.mean() if pairs.size else 0:.3f}", file=file)


def svg(mask, queries, keys, batch, head, heads):
    return draw(to_dense(mask, queries, keys, batch + 1, heads)[batch, head])


def draw(pairs):
    """Runs of attended pairs as dashes."""
    blocks, _ = shares(pairs, 512)
    rows, columns = len(blocks), len(blocks[0]) if blocks else 0
    dashes = [
        f'<rect x="{j}" y="{i}" width="1" height="1" fill-opacity="{share:.2f}"/>' for i, row in enumerate(blocks) for j, share in enumerate(row) if share
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns} {rows}" width="{min(512, columns * 8)}" fill="#1f4e79" shape-rendering="crispEdges">'
        f'<rect width="{columns}" height="{rows}" fill="#e8edf2"/>{"".join(dashes)}</svg>'
    )
