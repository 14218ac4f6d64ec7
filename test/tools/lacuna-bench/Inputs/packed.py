# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
from lacuna_bench import formulas


def documents(p):
    """examples/packed_documents.mlir: inside documents causal, a window or four sinks."""
    number = formulas.segments(p.cu, p.Sk)
    first = p.cu[:-1][number]
    return lambda b, h, q, k: (number[q] == number[k]) & (k <= q) & ((k >= q - p.left) | (k < first[q] + 4))
