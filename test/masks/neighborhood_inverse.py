# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The queries that attend a key of a neighborhood have closed forms (patterns.md section 3, for backward): checks them against the transpose of
formulas.neighborhood_axis, which is written from the definition of the queries' side. Without dilation, which only renumbers."""

import itertools
import sys

import numpy as np

import formulas


def queries_of(key, extent, window, stride, causal):
    """The interval [begin, end) of queries that attend `key`."""
    if causal:
        return key, min(extent, stride * ((key + window) // stride + (key + window >= extent)))
    left, right = window // 2, window // 2 + window % 2 - 1
    offset = stride - stride // 2 - 1
    begin = (key - right + offset) // stride * stride if key >= window else 0
    return begin, extent if key >= extent - window else (key + left + offset + 1) // stride * stride


def main():
    checked = failed = 0
    for extent, causal in itertools.product(range(1, 25), (False, True)):
        x, y = np.arange(extent)[:, None], np.arange(extent)[None, :]
        for window in range(1, extent + 1):
            for stride in range(1, window + 1):
                attends = formulas.neighborhood_axis(x, y, extent, window, stride, 1, causal)
                assert attends.any(axis=1).all(), "a query without a key"
                for key in range(extent):
                    begin, end = queries_of(key, extent, window, stride, causal)
                    closed = (begin <= x[:, 0]) & (x[:, 0] < end)
                    checked += 1
                    if (closed != attends[:, key]).any():
                        failed += 1
                        print("FAILED", extent, window, stride, causal, key, begin, end, np.nonzero(attends[:, key])[0])
    print(f"{checked} keys, {failed} failed")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
