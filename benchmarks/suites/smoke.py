# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A formula beside its suite: examples/gqa_bf16.mlir calls the keys to the left `window`."""


def window(p):
    off, left = p.Sk - p.Sq, p.window
    return lambda b, h, q, k: (k >= q + off - left) & (k <= q + off)
