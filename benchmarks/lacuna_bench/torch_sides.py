# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""PyTorch's sides of lacuna-bench: `SIDES[name](inputs, facts)` gives a call that returns O, prepared and compiled, and
leaves `preparation_seconds` and `compile_seconds` in facts. The mask is a formula (formulas.py): evaluated to a boolean
tensor, or handed to FlexAttention, whose traps peers.py describes."""

import math
import os
import pathlib
import time

import torch
import torch.nn.functional as F

from lacuna_bench import peers


class Call:
    """A run. On a GPU it also measures the device alone."""

    def __init__(self, function, inputs):
        self.function, self.cuda = function, inputs.torch_device().startswith("cuda")
        self.device_seconds = None

    @torch.no_grad()
    def __call__(self):
        if not self.cuda:
            return self.function()
        torch.cuda.synchronize()
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        out = self.function()
        end.record()
        torch.cuda.synchronize()
        self.device_seconds = begin.elapsed_time(end) / 1e3
        return out


class Problem:
    """q, k, v as [B, H, S, D], and the mask."""

    def __init__(self, inputs):
        if inputs.threads:
            torch.set_num_threads(inputs.threads)
        self.inputs = inputs
        for name in "qkv":
            if name not in inputs.stored:
                raise KeyError(f"torch's sides need arguments q, k and v; there is no '{name}'")
        self.q, self.k, self.v = (self.heads_first(inputs.torch(name)) for name in "qkv")
        self.grouped = self.q.shape[1] != self.k.shape[1]
        self.attends = inputs.formula(inputs.parameters(torch_tensors=True)) if inputs.formula else None

    def heads_first(self, x):
        if self.inputs.layout == "shd":
            return x.transpose(0, 1)[None]
        return x.transpose(1, 2) if self.inputs.layout == "bshd" else x

    def back(self, out):
        if self.inputs.layout == "shd":
            return out[0].transpose(0, 1)
        return out.transpose(1, 2) if self.inputs.layout == "bshd" else out

    def index(self, dim):
        """0, 1, … along one dimension of [B, H, Sq, Sk]."""
        size = (self.q.shape[0], self.q.shape[1], self.q.shape[2], self.k.shape[2])[dim]
        shape = [1] * 4
        shape[dim] = size
        return torch.arange(size, device=self.q.device).view(shape)

    def boolean(self):
        """[B or 1, H or 1, Sq, Sk]."""
        if not self.attends:
            return None
        mask = self.attends(*(self.index(dim) for dim in range(4)))
        return mask.expand(*mask.shape[:2], self.q.shape[2], self.k.shape[2]).contiguous()

    def is_causal(self):
        return getattr(self.inputs.formula, "is_causal", False) and self.q.shape[2] == self.k.shape[2]


def timed(call):
    start = time.perf_counter()
    result = call()
    return result, time.perf_counter() - start


def attention(q, k, v, mask, grouped):
    """From the definition, as a model without a special operator computes it."""
    if grouped:
        k = k.repeat_interleave(q.shape[1] // k.shape[1], 1)
        v = v.repeat_interleave(q.shape[1] // v.shape[1], 1)
    scores = q @ k.transpose(-2, -1) * (1 / math.sqrt(q.shape[-1]))
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    out = scores.softmax(-1)
    if mask is not None:
        out = out.masked_fill(~mask.any(-1, keepdim=True), 0)  # rows that attend nothing
    return out @ v


def with_boolean(problem, facts):
    mask, facts["preparation_seconds"] = timed(problem.boolean)
    if mask is None:
        facts["preparation_seconds"] = None
    return mask


def eager(inputs, facts):
    problem = Problem(inputs)
    mask = with_boolean(problem, facts)
    return Call(lambda: problem.back(attention(problem.q, problem.k, problem.v, mask, problem.grouped)), inputs)


def own_cache(inputs):
    """An empty one, so that compile times are true."""
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(pathlib.Path(inputs.path).parent / f"inductor.{os.getpid()}")


def compiled(inputs, facts):
    own_cache(inputs)
    problem = Problem(inputs)
    mask = with_boolean(problem, facts)
    torch._dynamo.reset()
    function = torch.compile(attention, dynamic=False, fullgraph=True)
    call = Call(lambda: problem.back(function(problem.q, problem.k, problem.v, mask, problem.grouped)), inputs)
    _, facts["compile_seconds"] = timed(call)
    return call


def sdpa(inputs, facts):
    problem = Problem(inputs)
    arguments = {"enable_gqa": problem.grouped}
    if problem.is_causal():
        arguments["is_causal"] = True
    else:
        arguments["attn_mask"] = with_boolean(problem, facts)
    return Call(
        lambda: problem.back(F.scaled_dot_product_attention(problem.q, problem.k, problem.v, **arguments)), inputs
    )


def block_mask(problem, facts):
    """Broadcast over batch and heads where the mask is: five times cheaper to build."""
    from torch.nn.attention.flex_attention import create_block_mask

    if not problem.attends:
        return None
    ones = [torch.zeros(shape, dtype=torch.long, device=problem.q.device) for shape in ((2, 1, 1, 1), (1, 2, 1, 1))]
    zero = torch.zeros((1, 1, 1, 1), dtype=torch.long, device=problem.q.device)
    shape = problem.attends(*ones, zero, zero).shape
    batch, heads = (size if shape[dim] == 2 else None for dim, size in enumerate(problem.q.shape[:2]))
    lengths = problem.q.shape[2], problem.k.shape[2]
    mask, facts["preparation_seconds"] = timed(
        lambda: create_block_mask(problem.attends, batch, heads, *lengths, device=str(problem.q.device))
    )
    return mask


def flex(inputs, facts):
    own_cache(inputs)
    problem = Problem(inputs)
    prepared = peers.compile_flex(problem.q, problem.k, problem.v, block_mask(problem, facts))
    facts["compile_seconds"] = prepared.first_call
    return Call(lambda: problem.back(prepared.side()), inputs)


SIDES = {"torch_eager": eager, "torch_compile": compiled, "sdpa": sdpa, "flex": flex}
