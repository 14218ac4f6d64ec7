# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The package where there is no PyTorch: a mask, a traced function and a kernel on NumPy arrays."""

import os
import sys
import tempfile

sys.modules["torch"] = None  # an import of it fails
os.environ["LACUNA_CACHE_DIR"] = tempfile.mkdtemp()

import lacuna  # noqa: E402
import numpy as np  # noqa: E402

generator = np.random.default_rng(1)
q, k, v = (generator.standard_normal((2, 2, 40, 16), dtype=np.float32) for _ in range(3))
traced = lacuna.from_mask_mod(lambda b, h, q, k: (q >= k) & (abs(q - k) <= 9))
described = lacuna.causal() & lacuna.sliding_window(9)
pairs = np.tril(np.ones((40, 40), bool)) & ~np.tril(np.ones((40, 40), bool), -10)
scores = np.where(pairs, np.einsum("bhqd,bhkd->bhqk", q, k).astype(np.float64) / 4, -np.inf)
weights = np.exp(scores - scores.max(-1, keepdims=True))
expected = np.einsum("bhqk,bhkd->bhqd", weights / weights.sum(-1, keepdims=True), v)
for mask in (traced, described):
    error = np.abs(lacuna.attention(q, k, v, mask) - expected).max() / np.abs(expected).max()
    assert error < 1e-5, error
kernel = lacuna.compile(described, heads=2, head_size=16)
assert np.array_equal(kernel(q, k, v), lacuna.attention(q, k, v, described))
try:
    lacuna.attention(q, k, q[..., :12])
except lacuna.ArgumentError as error:
    print(error)
# CHECK: v: expects a head size that is a multiple of 8 from 8 to 256 in dimension 3, but got 12
print("as", "expected")
# CHECK: as expected
