# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Softmax over parts of the keys, merged, and gated sums: through lacuna-compile and the runtime, against NumPy formulas in f64.

usage: states.py [--target native] [--only SUBSTRING]

`A part` is a range of the keys with a mask of its own; the formulas are those of docs/semantics.md, written from the publications.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import numpy as np

import kernels
import report
from cases import output_error, round_to, statistics_error

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "python"))
from lacuna import native as lacuna_runtime  # noqa: E402

MASKS = {  # name: (text, formula on (q, k, Sq, Sk))
    "all": ("attn.all", lambda q, k, sq, sk: q + k >= 0),
    "none": ("attn.sink_tokens [0]", lambda q, k, sq, sk: q + k < 0),
    "causal": ("attn.causal align(bottom_right)", lambda q, k, sq, sk: k <= q + sk - sq),
    "window": ("attn.sliding_window [5, 0] align(bottom_right)", lambda q, k, sq, sk: (q + sk - sq - 5 <= k) & (k <= q + sk - sq)),
}
TO_BHSD = {"bhsd": lambda x: x, "bshd": lambda x: x.transpose(0, 2, 1, 3), "shd": lambda x: x.transpose(1, 0, 2)[None]}


@dataclass(frozen=True)
class Program:
    kind: str  # merge or gates
    parts: tuple  # a mask for each
    layout: str = "bhsd"
    heads: tuple = (4, 2)
    size: int = 32
    dtype: str = "f32"
    output: str = "f32"
    weighted: bool = False  # merge with temperatures and log weights

    @property
    def name(self):
        words = [self.kind, *self.parts, self.layout, "h%dx%d" % self.heads, self.dtype, self.output, "weighted" if self.weighted else None]
        return "_".join(word for word in words if word)

    def shape(self, heads, batch, length):
        return {"bhsd": (batch, heads, length, self.size), "bshd": (batch, length, heads, self.size), "shd": (length, heads, self.size)}[self.layout]

    def rows(self, batch, length):
        return (self.heads[0], length) if self.layout == "shd" else (batch, self.heads[0], length)

    def mlir(self):
        def dims(shape):
            return "x".join("?" if d is None else str(d) for d in shape)

        q, k = (f"tensor<{dims(self.shape(h, None, None))}x{self.dtype}>" for h in self.heads)
        state, row = f"!attn.state<{self.layout}, {dims(self.shape(self.heads[0], None, None))}>", f"tensor<{dims(self.rows(None, None))}xf32>"
        o = f"tensor<{dims(self.shape(self.heads[0], None, None))}x{self.output}>"
        arguments, lines, parts, n = [f"%q: {q}"], [], [], len(self.parts)
        for i, mask in enumerate(self.parts):
            arguments += [f"%k{i}: {k}", f"%v{i}: {k}"] + ([f"%g{i}: {row}"] if self.kind == "gates" else []) + ([f"%a{i}: f32, %w{i}: f32"] if self.weighted else [])
            operands = f"%q, %k{i}, %v{i} mask(%m{i}) layout({self.layout}) : {q}, {k}, {k}"
            lines.append(f"%m{i} = {MASKS[mask][0]}")
            lines.append(f"%s{i} = " + (f"attn.attention_state {operands} -> {state}" if self.kind == "merge" else f"attn.attention {operands} -> {o}"))
            parts.append(f"%s{i}")
        each = lambda text: ", ".join(text.format(i) for i in range(n))
        if self.kind == "gates":
            lines.append(f"%o = attn.gate_sum {', '.join(parts)} gates({each('%g{}')} : {', '.join([row] * n)}) layout({self.layout}) : {', '.join([o] * n)} -> {o}")
            lines.append(f"return %o : {o}")
            results = o
        else:
            groups = f" temperatures({each('%a{}')}) log_weights({each('%w{}')})" if self.weighted else ""
            lines.append(f"%s = attn.merge_states {', '.join(parts)}{groups} : {', '.join([state] * n)} -> {state}")
            lines.append(f"%o, %l = attn.finalize %s : {state} -> {o}, {row}")
            lines.append(f"return %o, %l : {o}, {row}")
            results = f"({o}, {row})"
        return f"func.func @{self.name}({', '.join(arguments)}) -> {results} {{\n  " + "\n  ".join(lines) + "\n}\n"


def softmax(program, q, k, v, mask):
    """(O, LSE) of one part in f64, [B, H, Sq, D] and [B, H, Sq]."""
    q, k, v = (TO_BHSD[program.layout](x.astype(np.float64)) for x in (q, k, v))
    group = np.arange(program.heads[0]) * program.heads[1] // program.heads[0]
    scores = q @ k[:, group].swapaxes(2, 3) / np.sqrt(program.size)
    i, j = np.ogrid[0 : q.shape[2], 0 : k.shape[2]]
    scores = np.where(MASKS[mask][1](i, j, q.shape[2], k.shape[2]), scores, -np.inf)
    most = scores.max(axis=3, initial=-np.inf)
    weights = np.exp(scores - np.where(np.isneginf(most), 0, most)[..., None])
    total = weights.sum(axis=3)
    with np.errstate(divide="ignore"):
        lse = np.where(np.isneginf(most), 0, most) + np.log(total)
    return weights / np.where(total == 0, 1, total)[..., None] @ v[:, group], lse


def merged(states, temperatures, log_weights):
    """lse'_i = a_i lse_i + w_i;  O = sum of exp(lse'_i - lse) O_i (Hydragen, APE); a row that is empty everywhere stays empty."""
    logs = [np.where(np.isneginf(lse), lse, a * np.where(np.isneginf(lse), 0, lse) + w) for (_, lse), a, w in zip(states, temperatures, log_weights)]
    lse = np.logaddexp.reduce(logs, axis=0)
    shift = np.where(np.isneginf(lse), 0, lse)
    return sum(np.exp(log - shift)[..., None] * o for (o, _), log in zip(states, logs)), lse


def stored_as(program, o):
    return {"bhsd": lambda x: x, "bshd": lambda x: x.transpose(0, 2, 1, 3), "shd": lambda x: x[0].transpose(1, 0, 2)}[program.layout](o)


def programs():
    yield Program("merge", ("all", "causal"))
    yield Program("merge", ("causal", "none"))
    yield Program("merge", ("none", "none"))
    yield Program("merge", ("window",))
    for layout in ("bhsd", "bshd", "shd"):
        for dtype in ("f32", "bf16", "f16"):
            yield Program("merge", ("window", "all", "causal"), layout, dtype=dtype, output=dtype)
            yield Program("gates", ("causal", "all"), layout, dtype=dtype, output=dtype)
        yield Program("merge", ("all", "window", "none"), layout, weighted=True)
    yield Program("merge", ("all", "causal"), dtype="bf16", output="f32")
    yield Program("gates", ("causal", "window", "none"), heads=(1, 1))


# Queries, and keys of the parts in turn.
LENGTHS = [(1, (1, 1, 1)), (3, (0, 5, 2)), (17, (130, 0, 9)), (50, (3, 129, 200)), (0, (4, 4, 4)), (5, (0, 0, 0))]


def run(loaded, program, queries, keys):
    rng = np.random.default_rng(len(program.name) * 1000 + queries)
    batch = 1 if program.layout == "shd" else 2
    tensor = lambda heads, length: round_to(rng.standard_normal(program.shape(heads, batch, length)), program.dtype)
    q, arguments, alive, states, gates, weights = tensor(program.heads[0], queries), [], [], [], [], []

    def add(array, dtype):
        alive.append(np.ascontiguousarray(kernels.stored(array, dtype)))
        arguments.append(kernels.describe(alive[-1], dtype))

    add(q, program.dtype)
    for i, mask in enumerate(program.parts):
        k, v = tensor(program.heads[1], keys[i]), tensor(program.heads[1], keys[i])
        add(k, program.dtype), add(v, program.dtype)
        states.append(softmax(program, q, k, v, mask))
        if program.kind == "gates":
            gates.append(rng.standard_normal(program.rows(batch, queries)).astype(np.float32))
            add(gates[-1], "f32")
        if program.weighted:
            weights.append((np.float32(0.5 + i), np.float32(1 - i)))
            arguments.extend(float(x) for x in weights[-1])
    shape = program.shape(program.heads[0], batch, queries)
    results = [kernels.stored(np.full(shape, 7, np.float32), program.output)]
    if program.kind == "merge":
        results.append(np.full(program.rows(batch, queries), 7, np.float32))
        a, w = zip(*weights) if weights else ([1] * len(states), [0] * len(states))
        o, lse = merged(states, np.float64(a), np.float64(w))
        wanted = [stored_as(program, o), lse[0] if program.layout == "shd" else lse]
    else:
        gates = [(g[None] if program.layout == "shd" else g).astype(np.float64) for g in gates]
        wanted = [stored_as(program, sum(g[..., None] * o for g, (o, _) in zip(gates, states)))]
    loaded.bind(arguments, [kernels.describe(x, d) for x, d in zip(results, (program.output, "f32"))], program.name)()
    return error_of(program, [kernels.loaded(results[0], program.output), *results[1:]], wanted, states, gates)


def error_of(program, got, wanted, states, gates):
    """Largest error over its tolerance. A gated sum may cancel: its unit is the sum of the magnitudes of its terms. A merge rounds nothing to the input's type but the
    result."""
    magnitude = None
    if program.kind == "gates":
        magnitude = stored_as(program, sum(np.abs(g)[..., None] * np.abs(o).max(axis=-1, keepdims=True, initial=0) for g, (o, _) in zip(gates, states)))
    return max(output_error(got[0], wanted[0], program.dtype, magnitude), *(statistics_error(x, expected) for x, expected in zip(got[1:], wanted[1:])), 0.0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", default="native")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    chosen = [program for program in programs() if args.only in program.name]
    failures, names, worst = [], [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        source, artifact = folder + "/states.mlir", folder + "/states.lacuna"
        pathlib.Path(source).write_text("\n".join(program.mlir() for program in chosen))
        subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, "--target=" + args.target, "-o", artifact], check=True,
                       env={**os.environ, "LD_PRELOAD": ""})
        loaded = lacuna_runtime.Program(artifact, "cpu")
        for program in chosen:
            for queries, keys in LENGTHS:
                names.append(f"{program.name} Sq={queries} Sk={keys}")
                error = run(loaded, program, queries, keys)
                worst = max(worst, error)
                if not error <= 1:
                    failures.append(names[-1])
                    print("FAILED", names[-1], "error / tolerance %.3g" % error)
    report.write(f"states-{args.target}", names, set(failures))
    print(f"{len(names)} cases, {len(chosen)} programs, {len(failures)} failed, largest error / tolerance {worst:.3g}")
    return 1 if failures or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
