# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Traced functions against themselves, run by PyTorch on tensors of indices."""

import os

import numpy as np
import pytest
from conftest import assert_close, naive

torch = pytest.importorskip("torch")

import functions  # noqa: E402
import lacuna  # noqa: E402
from functions import LENGTH  # noqa: E402

BATCH, HEADS = 2, 2


def grid():
    return [torch.arange(n).reshape([-1 if i == j else 1 for j in range(4)]) for i, n in enumerate((BATCH, HEADS, LENGTH, LENGTH))]


def run(function, queries, keys):
    """[B, H, Sq, Sk], each pair on scalars, as FlexAttention calls it."""
    for dims in ((None, None, None, 0), (None, None, 0, None), (None, 0, None, None), (0, None, None, None)):
        function = torch.vmap(function, dims)
    return function(*(torch.arange(n) for n in (BATCH, HEADS, queries, keys))).numpy()


def name(function):
    return function.__name__


@pytest.mark.parametrize("function", functions.MASKS, ids=name)
def test_mask(function):
    mask = lacuna.from_mask_mod(function)
    for queries, keys in ((LENGTH, LENGTH), (50, 90)):
        assert np.array_equal(mask.to_dense(queries, keys, BATCH, HEADS), run(function, queries, keys))


@pytest.mark.parametrize("function", functions.SCORES, ids=name)
def test_score(function, random):
    q, k, v = (random.standard_normal((BATCH, HEADS, LENGTH, 16)).astype(np.float32) for _ in range(3))
    got = lacuna.attention(q, k, v, score=lacuna.from_score_mod(function))
    expected, _ = naive(q, k, v, score=lambda s: function(torch.tensor(s), *grid()).numpy())
    assert_close(got, expected, "f32")


@pytest.mark.parametrize("function", functions.REFUSED, ids=name)
def test_refused(function):
    with pytest.raises(lacuna.TraceError) as caught:
        lacuna.from_mask_mod(function)
    assert functions.REFUSED[function] in str(caught.value)


def random_condition(random, depth):
    """Text of a random condition on b, h, q and k."""
    pick = lambda *choices: choices[random.integers(len(choices))]  # noqa: E731
    if depth and random.random() < 0.7:
        x, y = random_condition(random, depth - 1), random_condition(random, depth - 1)
        return pick(f"({x} & {y})", f"({x} | {y})", f"~{x}", f"({x} ^ {y})", f"torch.where({x}, {y}, q >= k)")
    return f"({random_number(random, 2)} {pick('<', '<=', '>', '>=', '==', '!=')} {random_number(random, 2)})"


def random_number(random, depth):
    pick = lambda *choices: choices[random.integers(len(choices))]  # noqa: E731
    if not depth or random.random() < 0.3:
        return pick("q", "k", "q", "k", "h", "b", f"({random.integers(-9, 60)} + 0 * q)", "IDS[q]", "IDS[k]", "IDS[(q + k) % 64]")
    x, y = random_number(random, depth - 1), random_number(random, depth - 1)
    divisor = random.integers(1, 9)
    return pick(f"({x} + {y})", f"({x} - {y})", f"({x} - {y})", f"({x} * {random.integers(-3, 4)})", f"({x} // {divisor})", f"({x} % {divisor})", f"torch.abs({x} + q * 0)",
                f"torch.maximum({x} * 1 + q * 0, {y} * 1 + k * 0)", f"({x} & {divisor})", f"torch.where({x} > {y}, {x} + q * 0, {y} + k * 0)")  # fmt: skip


@pytest.mark.parametrize("seed", range(400 if os.environ.get("LACUNA_FULL") else 16))
def test_random_mask(seed):
    """Random functions: the closed forms that tracing finds are the function."""
    names = {"torch": torch, "IDS": torch.arange(LENGTH) * 7 % 23}
    text = random_condition(np.random.default_rng(seed), 2)
    function = eval(f"lambda b, h, q, k: (q * 0 + k * 0 == 0) & {text}", names)
    for queries, keys in ((LENGTH, 70), (33, LENGTH)):
        assert np.array_equal(lacuna.from_mask_mod(function).to_dense(queries, keys, BATCH, HEADS), run(function, queries, keys)), text


def test_enough():
    """The issue asks for 25, captured tensors among them."""
    assert len(functions.MASKS) + len(functions.SCORES) >= 25


# The closed form that a function becomes: what decides whether its key tiles are found without a test.
@pytest.mark.parametrize(
    "function,has,lacks",
    [
        (functions.causal_window, ["attn.interval"], ["attn.predicate", "attn.equal"]),
        (functions.sliding_window, ["attn.interval"], ["attn.predicate"]),
        (functions.prefix_lm, ["attn.interval", "attn.lookup"], ["attn.predicate"]),
        (functions.causal_document, ["attn.equal", "attn.interval"], ["attn.predicate"]),
        (functions.chunked, ["attn.interval"], ["attn.predicate", "attn.equal"]),
        (functions.block_causal, ["attn.interval"], ["attn.predicate"]),
        (functions.far_from_tokens, ["attn.interval"], ["attn.predicate"]),
        (functions.per_head, ["attn.interval"], ["attn.predicate"]),
        (functions.circle, ["attn.predicate"], ["attn.interval"]),
    ],
    ids=lambda x: name(x) if callable(x) else "",
)
def test_closed_forms(function, has, lacks):
    text = lacuna.program.describe(lacuna.from_mask_mod(function)).text
    assert all(word in text for word in has) and not any(word in text for word in lacks)


def test_another_window_compiles_nothing():
    """Captured numbers are arguments, unless they divide."""
    text = lambda window, step: lacuna.program.describe(  # noqa: E731
        lacuna.from_mask_mod(lambda b, h, q, k: (q - k <= window) & (k % step == 0))
    ).text
    assert text(5, 4) == text(500, 4) != text(5, 8)


def test_tables_are_read_at_every_call():
    """A captured int32 tensor is not copied."""
    lengths = torch.tensor([3, 5], dtype=torch.int32)
    mask = lacuna.from_mask_mod(lambda b, h, q, k: k < lengths[b])
    assert mask.to_dense(4, 9, 2).sum() == 4 * 8
    lengths[0] = 9
    assert mask.to_dense(4, 9, 2).sum() == 4 * 14


def test_numpy_tables():
    ids = lacuna.table(np.array([0, 0, 1, 1, 2]))
    mask = lacuna.from_mask_mod(lambda b, h, q, k: ids[q] == ids[k])
    assert np.array_equal(mask.to_dense(5, 5)[0, 0], np.equal.outer([0, 0, 1, 1, 2], [0, 0, 1, 1, 2]))


def test_outside_a_table_nothing_attends():
    ids = torch.tensor([1, 1, 1], dtype=torch.int32)
    assert lacuna.from_mask_mod(lambda b, h, q, k: ids[q] == ids[k]).to_dense(5, 5).sum() == 9
