# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""torch.compile and torch.export see one op, and no graph breaks."""

import lacuna
import numpy as np
import pytest

torch = pytest.importorskip("torch")

import lacuna.torch_op  # noqa: E402, F401

MASK = lacuna.causal() & (lacuna.sliding_window(7) | lacuna.key_lengths(torch.tensor([30, 9])))


@pytest.fixture
def tensors():
    torch.manual_seed(0)
    torch._dynamo.reset()
    return torch.randn(2, 4, 30, 16), torch.randn(2, 2, 40, 16), torch.randn(2, 2, 40, 24)


def test_schema(tensors):
    description = lacuna.program.describe(MASK)
    tables = [torch.as_tensor(table) for table in description.tables]
    for lse in (False, True):
        arguments = (*tensors, description.text, list(description.integers), [], tables, torch.zeros(4), 0.5, "bhsd", lse, "f32")
        torch.library.opcheck(torch.ops.lacuna.attention.default, arguments)


@pytest.mark.parametrize("lse", [False, True])
def test_compile(tensors, lse):
    """One graph, for other lengths, too; operations around it are compiled."""

    def layer(q, k, v):
        result = lacuna.attention(q * 2, k, v, MASK, return_lse=lse)
        return [x + 1 for x in (result if lse else (result,))]

    with torch.no_grad():
        compiled = torch.compile(layer, fullgraph=True)
        q, k, v = tensors
        for length in (30, 29, 12):
            for got, expected in zip(compiled(q[:, :, :length], k, v), layer(q[:, :, :length], k, v)):
                assert torch.allclose(got, expected, 1e-6, 1e-6)


def test_mask_built_inside(tensors):
    """The numbers of a mask may be arguments of the compiled function."""
    with torch.no_grad():
        compiled = torch.compile(lambda q, k, v, w: lacuna.attention(q, k, v, lacuna.causal() & lacuna.sliding_window(w)), fullgraph=True)
        seen = [compiled(*tensors, window) for window in (3, 4, 5)]
        for window, got in zip((3, 4, 5), seen):
            assert torch.equal(got, lacuna.attention(*tensors, lacuna.causal() & lacuna.sliding_window(window)))
    assert not torch.equal(seen[0], seen[1])


def test_score_and_sinks(tensors):
    score, sinks = lacuna.softcap(3.0), torch.tensor([0.0, 1.0, -1.0, 2.0])
    with torch.no_grad():
        compiled = torch.compile(lambda q, k, v: lacuna.attention(q, k, v, MASK, score=score, sinks=sinks, scale=0.2), fullgraph=True)
        assert torch.allclose(compiled(*tensors), lacuna.attention(*tensors, MASK, score=score, sinks=sinks, scale=0.2), 1e-6, 1e-6)


def test_export(tensors, tmp_path):
    """An exported program holds the mask's text, numbers and tables, and survives a file."""

    class Layer(torch.nn.Module):
        def forward(self, q, k, v):
            return lacuna.attention(q, k, v, MASK)

    with torch.no_grad():
        length = torch.export.Dim("length", min=2, max=4096)
        exported = torch.export.export(Layer(), tensors, dynamic_shapes=({2: length}, None, None))
        assert [node.target for node in exported.graph.nodes if "lacuna" in str(node.target)] == [torch.ops.lacuna.attention.default]
        torch.export.save(exported, tmp_path / "layer.pt2")
        loaded = torch.export.load(tmp_path / "layer.pt2").module()
        q, k, v = tensors
        for length in (30, 11):
            assert torch.equal(loaded(q[:, :, :length], k, v), lacuna.attention(q[:, :, :length], k, v, MASK))


def test_gradients_are_refused(tensors):
    q, k, v = (x.requires_grad_() for x in tensors)
    with pytest.raises(Exception, match="backward is not implemented"):
        torch.compile(lambda q, k, v: lacuna.attention(q, k, v, MASK))(q, k, v)
    description = lacuna.program.describe(MASK)
    tables = [torch.as_tensor(table) for table in description.tables]
    o, _ = torch.ops.lacuna.attention(q, k, v, description.text, list(description.integers), [], tables, None, None, "bhsd", False, None)
    with pytest.raises(NotImplementedError, match="backward is not implemented"):
        o.sum().backward()


def test_inference_mode(tensors):
    """inference_mode is as good as no_grad."""
    with torch.inference_mode():
        assert np.isfinite(lacuna.attention(*tensors, MASK).numpy()).all()
