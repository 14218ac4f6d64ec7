# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `lacuna.attention` takes and refuses: strides, slices, sizes, types; every refusal names tensor, dimension, expected and given."""

import lacuna
import numpy as np
import pytest
from conftest import assert_close, assert_statistics_close, naive

torch = pytest.importorskip("torch")
CAUSAL = lacuna.causal()


def attends(queries, keys):
    return np.arange(keys) <= np.arange(queries)[:, None] + keys - queries


def inputs(random, batch=2, heads=(4, 2), queries=20, keys=33, size=16, value=16):
    shapes = ((heads[0], queries, size), (heads[1], keys, size), (heads[1], keys, value))
    return [random.standard_normal((batch, *shape)).astype(np.float32) for shape in shapes]


def test_numpy(random):
    q, k, v = inputs(random)
    o, lse = lacuna.attention(q, k, v, CAUSAL, return_lse=True)
    expected, expected_lse = naive(q, k, v, attends(20, 33))
    assert isinstance(o, np.ndarray) and o.dtype == np.float32
    assert_close(o, expected, "f32")
    assert_statistics_close(lse, expected_lse)


def test_scaled_dot_product_attention(random):
    """The same as PyTorch's own, which aligns causal masks top left."""
    q, k, v = map(torch.tensor, inputs(random, heads=(4, 4)))
    expected = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert torch.allclose(lacuna.attention(q, k, v, lacuna.causal("top_left")), expected, 1e-5, 1e-6)


def test_fused_projection(random):
    """q, k, v as slices of one [B, S, 3, H, D] tensor, in place."""
    fused = torch.tensor(random.standard_normal((2, 40, 3, 4, 16)), dtype=torch.float32)
    q, k, v = fused.unbind(2)
    assert not q.is_contiguous()
    expected, _ = naive(*(x.transpose(1, 2).numpy() for x in (q, k, v)), attends(40, 40))
    assert_close(lacuna.attention(q, k, v, CAUSAL, layout="bshd").transpose(1, 2).numpy(), expected, "f32")
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    assert_close(lacuna.attention(q, k, v, CAUSAL).numpy(), expected, "f32")


@pytest.mark.parametrize("wrap", [torch.tensor, np.asarray])
def test_strided_views(wrap, random):
    """Every other row, reversed heads (negative strides exist in NumPy only), a batch of stride 0, an output view."""
    q, k, v = map(wrap, inputs(random, queries=40, keys=66))
    q, k, v = q[:, :, ::2], k[:, :, ::2], v[:, :, ::2]
    if wrap is np.asarray:
        q, k, v = q[:, ::-1], k[:, ::-1], v[:, ::-1]
    expected, _ = naive(q, k, v, attends(20, 33))
    assert_close(lacuna.attention(q, k, v, CAUSAL), expected, "f32")
    shared = k[:1].expand(2, -1, -1, -1) if wrap is torch.tensor else np.broadcast_to(k[:1], k.shape)
    assert_close(lacuna.attention(q, shared, v, CAUSAL), naive(q, shared, v, attends(20, 33))[0], "f32")
    out = wrap(np.zeros((2, 4, 40, 16), np.float32))[:, :, 1::2]
    assert lacuna.attention(q, k, v, CAUSAL, out=out) is out
    assert_close(out, expected, "f32")


@pytest.mark.parametrize("queries,keys", [(0, 5), (5, 0), (1, 1), (1, 70), (47, 48), (48, 47), (49, 129)])
@pytest.mark.parametrize("batch", [0, 1, 3])
def test_sizes(queries, keys, batch, random):
    q, k, v = inputs(random, batch, queries=queries, keys=keys)
    o, lse = lacuna.attention(q, k, v, CAUSAL, return_lse=True)
    expected, expected_lse = naive(q, k, v, attends(queries, keys)) if batch and queries and keys else (np.zeros(o.shape), np.full(lse.shape, -np.inf))
    assert_close(o, expected, "f32")
    assert_statistics_close(lse, expected_lse)


def test_scale_sinks_output(random):
    q, k, v = (torch.tensor(x).bfloat16() for x in inputs(random))
    sinks = torch.tensor([0.5, -1.0, 2.0, 0.0])
    o = lacuna.attention(q, k, v, CAUSAL, scale=0.3, sinks=sinks, out_dtype="f32")
    assert o.dtype == torch.float32
    expected, _ = naive(*(x.double().numpy() for x in (q, k, v)), attends(20, 33), scale=0.3, sinks=sinks.numpy())
    assert_close(o.numpy(), expected, "bf16")


def test_scores_that_kernels_cannot_tell_from_minus_infinity(random):
    """Finite scores below -1e30 count as not attended (docs/semantics.md): masks by finfo.min."""
    q, k, v = inputs(random, 1, heads=(1, 1))
    bias = np.where(attends(20, 33), 0, np.finfo(np.float32).min).astype(np.float32)
    bias[3] = np.finfo(np.float32).min
    o, lse = lacuna.attention(q, k, v, score=lacuna.bias(bias[None, None]), return_lse=True)
    assert_close(o, naive(q, k, v, bias == 0)[0], "f32")
    assert (o[0, 0, 3] == 0).all() and np.isneginf(lse[0, 0, 3])


def test_threads(random, monkeypatch):
    """PyTorch's number of threads is the runtime's, and results do not depend on it."""
    q, k, v = map(torch.tensor, inputs(random, queries=200, keys=200))
    before, seen = torch.get_num_threads(), []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            seen.append(lacuna.attention(q, k, v, CAUSAL))
            assert lacuna.native.device("cpu").threads == threads
    finally:
        torch.set_num_threads(before)
    assert torch.equal(*seen)


def refusal(message, function, kind=lacuna.ArgumentError):
    with pytest.raises(kind) as caught:
        function()
    assert message in str(caught.value)


def test_refused_tensors(random):
    q, k, v = inputs(random)
    call = lacuna.attention
    refusal("k: expects 4 dimensions (bhsd), but got sizes [2, 33, 16]", lambda: call(q, k[:, 0], v))
    refusal("k: expects head size 16 in dimension 3, but got 8 (sizes [2, 2, 33, 8])", lambda: call(q, k[..., :8], v))
    refusal("v: expects length 33 in dimension 2, but got 32", lambda: call(q, k, v[:, :, :32]))
    refusal("v: expects number of heads 2 in dimension 1, but got 1", lambda: call(q, k, v[:, :1]))
    refusal("k: expects batch size 2 in dimension 0, but got 1", lambda: call(q, k[:1], v[:1]))
    refusal("k: expects a number of heads that divides q's 3 in dimension 1, but got 2", lambda: call(q[:, :3], k, v))
    refusal("q: expects a head size that is a multiple of 8 from 8 to 256 in dimension 3, but got 12", lambda: call(q[..., :12], k[..., :12], v))
    refusal("k: expects the elements of q, f32, but got f16", lambda: call(q, k.astype(np.float16), v))
    refusal("q: expects elements of type f32, f16 or bf16, but got f64", lambda: call(q.astype(float), k, v))
    refusal("v: expects stride 1 in its last dimension, but got 2", lambda: call(q, k, np.repeat(v, 2, -1)[..., ::2]))
    refusal("q: expects a NumPy array or a PyTorch tensor, but got list", lambda: call(q.tolist(), k, v))
    refusal("expects arrays of one framework", lambda: call(torch.tensor(q), k, v))
    refusal("expects arrays of one framework", lambda: call(q, k, torch.tensor(v)))
    refusal("layout: expects bhsd, bshd or shd, but got 'hsd'", lambda: call(q, k, v, layout="hsd"))
    refusal("out: expects sizes [2, 4, 20, 16], but got [2, 4, 20, 8]", lambda: call(q, k, v, out=q[..., :8]))
    misaligned = np.frombuffer(bytes(q.nbytes + 2), np.uint8)[2:].view(np.float32).reshape(q.shape)
    refusal("q: expects an address aligned to its elements of 4 bytes", lambda: call(misaligned, k, v))
    sparse = torch.eye(8).to_sparse()
    refusal("q: expects a dense tensor, but got layout torch.sparse_coo", lambda: call(sparse, sparse, sparse))
    refusal("sinks: expects 4 values, one per query head, but got 3", lambda: call(q, k, v, sinks=[1.0, 2.0, 3.0]))


def test_refused_values(random):
    q, k, v = inputs(random)
    refusal("mask: expects a lacuna.Mask, but got ndarray", lambda: lacuna.attention(q, k, v, attends(20, 33)))
    refusal("scale: expects a finite number", lambda: lacuna.attention(q, k, v, scale=float("nan")))
    refusal("dropout is not implemented", lambda: lacuna.attention(q, k, v, dropout_p=0.1), lacuna.UnsupportedError)
    refusal("'and', 'or' and 'not' need a truth value", lambda: CAUSAL and CAUSAL)
    refusal("left: expects an integer, but got float", lambda: lacuna.sliding_window(1.5))
    refusal("cu_q: expects 1 dimension, but got sizes [1, 2]", lambda: lacuna.document([[0, 1]]))
    refusal("cu_q: expects numbers that fit into 32 bits", lambda: lacuna.document([0, 2**40]))
    refusal("words: expects elements of type i32 or i8 or i64, but got f64", lambda: lacuna.bitmap_set([[[[0.5]]]], 16))
    rows = np.zeros((1, 1, 4, 3), np.int32)
    refusal("rows: expects size 1 or 2 or 4 in dimension 3, but got 3 (sizes [1, 1, 4, 3])", lambda: lacuna.runs_set(rows))
    refusal("rows: expects size 4 in dimension 3, but got 3", lambda: lacuna.library.flashmask(rows))
    refusal("rows: expects an array, but got a parameter", lambda: lacuna.library.flashmask(lacuna.parameter("rows", rank=4)))
    refusal("named: expects an identifier, but got 'x() {'", lambda: lacuna.named("x() {"))
    refusal("parameter: expects a name other than", lambda: lacuna.parameter("i0"))
    refusal("parameter: expects an identifier", lambda: lacuna.parameter("%0"))
    refusal("parameter: expects index, f32 or i32", lambda: lacuna.parameter("x", "i64"))
    refusal("name: expects an identifier", lambda: lacuna.compile(heads=1, head_size=8, name="a b"))
    refusal("align: expects top_left or bottom_right", lambda: lacuna.causal("left"))
    refusal("stride: expects 2 values", lambda: lacuna.neighborhood((4, 4), (2, 2), stride=(1, 1, 1)))
    refusal("'attn.sliding_window' op expects non-negative values", lambda: lacuna.attention(q, k, v, lacuna.sliding_window(lacuna.static(-5))), lacuna.CompileError)


def test_gradients_are_refused(random):
    q, k, v = (torch.tensor(x).requires_grad_() for x in inputs(random))
    refusal("q: requires a gradient, but backward is not implemented", lambda: lacuna.attention(q, k, v), lacuna.UnsupportedError)
    with torch.no_grad():
        assert not lacuna.attention(q, k, v).requires_grad
    assert not lacuna.attention(q.detach(), k.detach(), v.detach()).requires_grad


def test_other_devices_are_refused():
    """`meta` stands for every device that is not the CPU."""
    q = torch.empty(1, 1, 8, 8, device="meta")
    refusal("q: expects a tensor on the CPU, but got one on meta: no META code in this build", lambda: lacuna.attention(q, q, q), lacuna.UnsupportedError)


def test_kernel(random, tmp_path):
    """A compiled kernel: parameters by name, any batch size and length; kept as an artifact whose numbers are defaults."""
    mask = lacuna.causal() & lacuna.sliding_window(lacuna.parameter("left")) & lacuna.document(lacuna.parameter("cu", rank=1)) & lacuna.sink_tokens(30)
    kernel = lacuna.compile(mask, heads=(4, 2), head_size=16, return_lse=True)
    q, k, v = inputs(random, queries=33)
    pairs = attends(33, 33) & (np.arange(33)[:, None] - np.arange(33) <= 5) & (np.arange(33) < 30)
    pairs &= (np.arange(33)[:, None] < 10) == (np.arange(33) < 10)
    o, _ = kernel(q, k, v, left=5, cu=[0, 10, 33])
    assert_close(o, naive(q, k, v, pairs)[0], "f32")
    assert_close(kernel(q[:1], k[:1], v[:1], left=5, cu=[0, 10, 33])[0], naive(q[:1], k[:1], v[:1], pairs)[0], "f32")
    refusal("kernel: expects a value for parameter cu (tensor<?xi32>), but got none", lambda: kernel(q, k, v, left=5))
    refusal("kernel: has no parameter right; it has left, cu", lambda: kernel(q, k, v, left=5, cu=[0], right=1))
    refusal("mask: has parameters (left, cu)", lambda: lacuna.attention(q, k, v, mask))
    refusal("kernel: expects", lambda: kernel(q[..., :8], k[..., :8], v, left=5, cu=[0]))
    kernel.save(tmp_path / "kernel.lacuna")
    assert (tmp_path / "kernel.lacuna").read_bytes() == kernel.artifact
    assert 'attn.default = "30"' in kernel.source
    refusal("expects a target of native", lambda: lacuna.compile(mask, heads=1, head_size=8, targets="vax"), lacuna.CompileError)


def test_user_library(tmp_path, random):
    path = tmp_path / "mine.mlir"
    path.write_text("func.func @mine(%n: index) -> !attn.mask {\n  %m = attn.sink_tokens [%n]\n  return %m : !attn.mask\n}\n")
    kernel = lacuna.compile(lacuna.named("mine", lacuna.masks.integer(7, "n")), heads=(4, 2), head_size=16, mask_libraries=[path])
    q, k, v = inputs(random)
    assert_close(kernel(q, k, v), naive(q, k, v, np.arange(33) < 7)[0], "f32")


def test_pictures(capsys):
    (lacuna.causal() & lacuna.sliding_window(1)).show(4, 4)
    assert capsys.readouterr().out == "#\n##\n ##\n  ##\n4 queries x 4 keys, 1 x 1 pairs a character, density 0.438\n"
    assert lacuna.causal().svg(3, 3).count("<rect") == 7
    lacuna.causal().show(128, 128)
    first = capsys.readouterr().out.splitlines()
    assert len(first) == 65 and first[1] == "#+" and first[-1].endswith("2 x 2 pairs a character, density 0.504")
    refusal("picture: expects at most", lambda: lacuna.causal().to_dense(1 << 13, 1 << 13))
