# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every mask of the package against its formula in NumPy, pair by pair; and attention under it, in all types and layouts, against naive PyTorch-free arithmetic."""

import inspect
import json
import os
import types

import formulas
import lacuna
import mask_library
import numpy as np
import pytest
from conftest import assert_close, assert_statistics_close, naive

torch = pytest.importorskip("torch")

CU = [0, 13, 13, 50, 64]
BLOCKS = np.array([[[[0, 3, 1], [2, 2, 0], [1, 0, 0], [3, 3, 3], [0, 1, 2]]]], np.int32)
COUNTS = np.array([[[2, 3, 1, 0, 3]]], np.int32)


def listed(q, k, granule):
    """Membership in BLOCKS."""
    member = np.zeros((5, 4), bool)
    for row in range(5):
        member[row, BLOCKS[0, 0, row, : COUNTS[0, 0, row]]] = True
    row, column = q // granule[0], k // granule[1]
    return np.where((row < 5) & (column < 4), member[np.minimum(row, 4), np.minimum(column, 3)], False)


def words():
    """BLOCKS as bits."""
    result = np.zeros((1, 1, 5, 1), np.int32)
    for row in range(5):
        for column in set(BLOCKS[0, 0, row, : COUNTS[0, 0, row]].tolist()):
            result[0, 0, row, 0] |= 1 << column
    return result


def csr():
    lists = [BLOCKS[0, 0, row, : COUNTS[0, 0, row]] for row in range(5)]
    return np.cumsum([0] + [len(x) for x in lists])[None, None], np.concatenate(lists)


# name: (mask, formula of (b, h, q, k, lengths))
CORE = {
    "all": (lacuna.all(), lambda b, h, q, k, p: q == q),
    "causal": (lacuna.causal(), formulas.causal),
    "causal_top_left": (lacuna.causal("top_left"), formulas.causal_top_left),
    "sliding_window": (lacuna.sliding_window(9, 4), lambda b, h, q, k, p: abs_between(q + p.Sk - p.Sq, k, 9, 4)),
    "sliding_window_static": (lacuna.sliding_window(lacuna.static(9), 4, "top_left"), lambda b, h, q, k, p: abs_between(q, k, 9, 4)),
    "sink_tokens": (lacuna.sink_tokens(5), lambda b, h, q, k, p: k < 5),
    "key_lengths": (lacuna.key_lengths([40, 7]), lambda b, h, q, k, p: k < np.array([40, 7])[b]),
    "document": (lacuna.document(CU), lambda b, h, q, k, p: formulas.document(b, h, q, k, types.SimpleNamespace(cu_q=CU, cu_k=CU, **vars(p)))),
    "document_where": (
        lacuna.document(np.array(CU), where=lacuna.causal() & lacuna.sliding_window(3)),
        lambda b, h, q, k, p: formulas.document(b, h, q, k, types.SimpleNamespace(cu_q=CU, cu_k=CU, **vars(p))) & (k <= q) & (k >= q - 3),
    ),
    "neighborhood": (
        lacuna.neighborhood((8, 8), (3, lacuna.static(5)), stride=(1, 2)),
        lambda b, h, q, k, p: formulas.neighborhood(b, h, q, k, p, (8, 8), (3, 5), (1, 2)),
    ),
    "neighborhood_causal": (
        lacuna.neighborhood((4, 16), (3, 5), dilation=(1, 2), causal=(True, False)),
        lambda b, h, q, k, p: formulas.neighborhood(b, h, q, k, p, (4, 16), (3, 5), None, (1, 2), (True, False)),
    ),
    "select": (lacuna.select("head", [1, 0], [lacuna.causal("top_left"), lacuna.sink_tokens(9)]), lambda b, h, q, k, p: np.where(h == 0, k < 9, k <= q)),
    "restrict": (
        lacuna.restrict(lacuna.causal(), 10, 100, 5, 100),
        lambda b, h, q, k, p: (k + 5 <= q + 10) & (q + 10 < 100) & (k + 5 < 100),
    ),
    "block_cover": (lacuna.block_cover(lacuna.causal("top_left"), 8, 8), lambda b, h, q, k, p: (k // 8 <= q // 8)),
    "block_interior": (
        lacuna.block_interior(lacuna.causal("top_left"), 8, 8),
        lambda b, h, q, k, p: np.minimum(k // 8 * 8 + 7, p.Sk - 1) <= q // 8 * 8,
    ),
    "transposed": (lacuna.sliding_window(9, 4).transposed, lambda b, h, q, k, p: abs_between(k + p.Sq - p.Sk, q, 9, 4)),
    "list_set": (lacuna.block_sparse(lacuna.list_set(BLOCKS, COUNTS, (16, 16))), lambda b, h, q, k, p: listed(q, k, (16, 16))),
    "csr_set": (lacuna.block_sparse(lacuna.csr_set(*csr(), 16)), lambda b, h, q, k, p: listed(q, k, (16, 16))),
    "bitmap_set": (lacuna.block_sparse(lacuna.bitmap_set(words(), (8, 16))), lambda b, h, q, k, p: listed(q, k, (8, 16))),
    "table_set": (lacuna.block_sparse(lacuna.table_set(words() >> np.arange(4, dtype=np.int32) & 1 == 1, 16)), lambda b, h, q, k, p: listed(q, k, (16, 16))),
    "member": (
        lacuna.member(lacuna.list_set([[[[3, 9, 30]]]], [[[3]]], 1), "zero", "distance"),
        lambda b, h, q, k, p: np.isin(q - k, [3, 9, 30]),
    ),
    "runs_set": (lacuna.column_runs(lacuna.runs_set(np.arange(64)[None, None, :, None] + 5)), lambda b, h, q, k, p: q < k + 5),
    "slices_set": (
        lacuna.block_sparse(lacuna.slices_set([[0, 30], [20, 64]], [[0, 40], [10, 50]], [0, 1])),
        lambda b, h, q, k, p: ((q < 30) & (k < 40)) | ((q >= 20) & (k >= 10) & (k < 50) & (49 - k >= 63 - q)),
    ),
    "hashed": (lacuna.hashed(np.arange(64)[None, None] % 5), lambda b, h, q, k, p: q % 5 == k % 5),
    "vertical_slash": (
        lacuna.vertical_slash(lacuna.list_set([[[[0, 7]]]], [[[2]]], 1), lacuna.list_set([[[[0, 4]]]], [[[2]]], 1), "top_left"),
        lambda b, h, q, k, p: (k <= q) & (np.isin(k, [0, 7]) | np.isin(q - k, [0, 4])),
    ),
    "algebra": (
        ~lacuna.causal("top_left") | lacuna.causal("top_left") & lacuna.sink_tokens(2) & lacuna.all(),
        lambda b, h, q, k, p: (k > q) | (k < 2),
    ),
}  # fmt: skip


def abs_between(x, k, left, right):
    return (x - left <= k) & (k <= x + right)


def library_masks():
    """name: (mask, formula) in the setting of each mask's picture."""
    for name, mask in mask_library.read_all().items():
        values = {key: json.loads(text) for key, text in mask.example.items() if key not in ("size", "tile")}
        given = types.SimpleNamespace(**values)
        formula = getattr(formulas, name)
        size = tuple(map(int, mask.example.get("size", "64,64").split(",")))
        built = getattr(lacuna.library, name)(*(values[key] for key, _ in mask.parameters))
        yield name, (built, lambda b, h, q, k, p, f=formula, g=given: f(b, h, q, k, types.SimpleNamespace(**vars(p), **vars(g))), size)


MASKS = {name: (*pair, (64, 64)) for name, pair in CORE.items()} | dict(library_masks())


def expected(formula, batch, heads, queries, keys):
    b, h, q, k = np.ix_(*(np.arange(n) for n in (batch, heads, queries, keys)))
    return np.broadcast_to(formula(b, h, q, k, types.SimpleNamespace(Sq=queries, Sk=keys)), (batch, heads, queries, keys))


@pytest.mark.parametrize("name", MASKS)
def test_pairs(name):
    mask, formula, (queries, keys) = MASKS[name]
    for size in ((queries, keys), (queries // 2 + 3, keys)):
        assert np.array_equal(mask.to_dense(*size, batch=2, heads=2), expected(formula, 2, 2, *size))


# All types and layouts; a mask gets two of them, another one the next two (all with LACUNA_FULL).
KINDS = [("bhsd", "f32"), ("shd", "bf16"), ("bshd", "f16"), ("bhsd", "bf16"), ("shd", "f32"), ("bshd", "bf16"), ("bhsd", "f16"), ("bshd", "f32"), ("shd", "f16")]
CASES = [
    (name, *kind) for i, name in enumerate(MASKS) for j, kind in enumerate(KINDS) if os.environ.get("LACUNA_FULL") or (j - 2 * i) % len(KINDS) in (0, 1)
]


@pytest.mark.parametrize("name,layout,dtype", CASES)
def test_attention(name, layout, dtype, random):
    """PyTorch tensors, grouped heads."""
    mask, formula, (queries, keys) = MASKS[name]
    batch = 1 if layout == "shd" else 2
    q, k, v = (random.standard_normal((batch, heads, length, size)) for heads, length, size in ((2, queries, 16), (1, keys, 16), (1, keys, 24)))
    torch_dtype = {"f32": torch.float32, "bf16": torch.bfloat16, "f16": torch.float16}[dtype]
    tensors = [torch.tensor(x).to(torch_dtype) for x in (q, k, v)]
    o, lse = naive(*(x.double().numpy() for x in tensors), expected(formula, batch, 2, queries, keys))
    order = (0, 2, 1, 3)
    stored = [x if layout == "bhsd" else x.permute(order).contiguous() for x in tensors]
    stored = [x[0] for x in stored] if layout == "shd" else stored
    got, got_lse = lacuna.attention(*stored, mask, layout=layout, return_lse=True)
    assert got.dtype == torch_dtype
    got = got[None] if layout == "shd" else got
    assert_close((got if layout == "bhsd" else got.permute(order)).double().numpy(), o, dtype)
    assert_statistics_close(got_lse.numpy().reshape(lse.shape), lse)


def test_every_mask_is_here():
    """The package has a function for each core mask and each mask of the library, and this file a case."""
    assert set(mask_library.read_all()) == {name for name, f in vars(lacuna.library).items() if inspect.isfunction(f) and f.__module__ == lacuna.library.__name__} - {
        "named", "integer", "integer_table",
    }  # fmt: skip
    assert set(mask_library.read_all()) <= set(MASKS)


def test_numbers_do_not_compile():
    """Other numbers and tables make no new program; static ones do."""
    text = lambda mask: lacuna.program.describe(mask).text  # noqa: E731
    assert text(lacuna.sliding_window(9) & lacuna.document([0, 5])) == text(lacuna.sliding_window(1000, 5) & lacuna.document([0, 3, 9]))
    assert text(lacuna.sliding_window(lacuna.static(9))) != text(lacuna.sliding_window(lacuna.static(10)))


def test_one_table_is_one_argument():
    cu = np.array([0, 4, 9], np.int32)
    assert len(lacuna.program.describe(lacuna.document(cu) & lacuna.library.causal_document(cu, cu)).tables) == 1


