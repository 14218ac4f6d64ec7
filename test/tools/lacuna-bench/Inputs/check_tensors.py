# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""benchmarks/lacuna_bench/tensors.py: files that are read as they were written, and bf16 that is rounded as ours is."""

import sys

sys.path.insert(0, sys.argv[1])
import numpy as np  # noqa: E402

from lacuna_bench import tensors  # noqa: E402


def bits(*numbers):
    return tensors.BFloat16.rounded(np.array(numbers, np.float32)).bits.tolist()


# 1 + 2^-8 lies between two: to the even one, down; 1 + 3 * 2^-8: up; a bit more than half: up.
assert bits(1, 1 + 2**-8, 1 + 3 * 2**-8, 1 + 2**-8 + 2**-20) == [0x3F80, 0x3F80, 0x3F82, 0x3F81]
assert bits(0.0, -0.0, np.inf, -np.inf) == [0, 0x8000, 0x7F80, 0xFF80]
assert bits(3.4e38) == [0x7F80]  # beyond the largest
assert np.isnan(tensors.BFloat16(bits(np.nan)).numbers()).all()
exact = np.array([1.5, -2.25, 1e30], np.float32)
assert np.array_equal(tensors.BFloat16.rounded(tensors.BFloat16.rounded(exact).numbers()).numbers(), tensors.BFloat16.rounded(exact).numbers())

arrays = [np.arange(6, dtype=kind).reshape(2, 3) for kind in (np.float64, np.float32, np.float16, np.int64, np.int32, np.int16, np.int8)]
arrays += [np.array([True, False]), np.zeros((0, 3), np.float32), np.float32(2), np.arange(6, dtype=np.float32).reshape(2, 3).T]
stored = [tensors.stored(array) for array in (*arrays, tensors.BFloat16.rounded(exact))]
tensors.write(sys.argv[2], stored)
found = tensors.read(sys.argv[2])
assert list(found) == [str(i) for i in range(len(stored))]
for (kind, array), (kind2, array2) in zip(stored, found.values(), strict=True):
    assert kind == kind2 and array.dtype == array2.dtype and np.array_equal(array, array2)
assert [kind for kind, _ in stored] == ["F64", "F32", "F16", "I64", "I32", "I16", "I8", "BOOL", "F32", "F32", "F32", "BF16"]
print("tensors agree")
