# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds the package in this checkout, keeps kernels in a folder of the run, and has the naive attention that everything is compared with."""

import os
import pathlib
import sys
import tempfile

import numpy as np
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / folder) for folder in ("python", "scripts", "test/masks", "test/Execute")]
os.environ.setdefault("LACUNA_CACHE_DIR", tempfile.mkdtemp(prefix="lacuna-test-cache-"))

from cases import output_error, statistics_error  # noqa: E402


def naive(q, k, v, attends=None, scale=None, score=None, sinks=None):
    """O and LSE in f64 of arrays [B, H, S, D]; `attends` and `score` as arrays or functions of arrays [B, H, Sq, Sk]."""
    q, k, v = (np.asarray(x, dtype=np.float64) for x in (q, k, v))
    k, v = (np.repeat(x, q.shape[1] // x.shape[1], axis=1) for x in (k, v))
    s = np.einsum("bhqd,bhkd->bhqk", q, k) * (scale if scale is not None else q.shape[-1] ** -0.5)
    s = score(s) if score else s
    s = np.where(np.broadcast_to(attends, s.shape), s, -np.inf) if attends is not None else s
    extra = np.full(s.shape[:-1] + (1,), -np.inf) if sinks is None else np.broadcast_to(np.asarray(sinks, float)[:, None, None], s.shape[:-1] + (1,))
    top = np.max(np.concatenate([s, extra], -1), -1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    p, more = np.exp(s - top), np.exp(extra - top)
    total = p.sum(-1, keepdims=True) + more
    with np.errstate(divide="ignore"):
        return np.einsum("bhqk,bhkd->bhqd", p / np.where(total == 0, 1, total), v), np.log(total[..., 0]) + top[..., 0]


def assert_close(got, expected, dtype):
    """The tolerance of the type relative to each row's largest magnitude."""
    error = output_error(np.asarray(got, dtype=np.float64), np.asarray(expected), dtype)
    assert error <= 1, f"error / tolerance {error:.3g}"


def assert_statistics_close(got, expected):
    """LSE: the same for all types."""
    error = statistics_error(np.asarray(got), np.asarray(expected))
    assert error <= 1, f"error / tolerance {error:.3g}"


@pytest.fixture
def random():
    return np.random.default_rng(1)
