# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gathered, bucket-sorted and paged rows through the kernels and the runtime, against NumPy: order and storage never change what attends.

usage: storage.py [--target native] [--only SUBSTRING]
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import zlib

import numpy as np

import cases
import kernels
import report
from kernels import lacuna_runtime

B, HQ, HK, D = 2, 4, 2, 16
SEQUENCE = {"bhsd": 2, "bshd": 1, "shd": 0}


def tensor_type(layout, heads, dtype, sequence="?", batch="?"):
    sizes = {"bhsd": (batch, heads, sequence, D), "bshd": (batch, sequence, heads, D), "shd": (sequence, heads, D)}[layout]
    return "tensor<" + "x".join(map(str, sizes)) + f"x{dtype}>"


ROWS = "tensor<?x?x?xi32>"
POSITIONS = """  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %p = attn.lookup %rq[%b, %h, %i] grouped : tensor<?x?x?xi32> -> index
    %s = attn.lookup %rk[%b, %h, %j] grouped : tensor<?x?x?xi32> -> index
    %c = arith.cmpi sge, %p, %s : index
    attn.yield %c : i1
  }
"""


def gather_program(name, layout, dtype, scatter, shared_use=False):
    """Attention on gathered rows, causal in original positions; `shared_use`: a second use of a gather, which no kernel can swallow alone."""
    q, k = tensor_type(layout, HQ, dtype), tensor_type(layout, HK, dtype)
    body = f"""  %qs = attn.gather_rows %q[%rq] layout({layout}) : {q}, {ROWS} -> {q}
  %ks = attn.gather_rows %k[%rk] layout({layout}) : {k}, {ROWS} -> {k}
  %vs = attn.gather_rows %v[%rk] layout({layout}) : {k}, {ROWS} -> {k}
{POSITIONS}  %os = attn.attention %qs, %ks, %vs mask(%m) layout({layout}) : {q}, {k}, {k} -> {q}
"""
    results, types = "%os", q
    if scatter:
        body += f"  %o = attn.scatter_rows %os[%rq] into %init layout({layout}) : {q}, {ROWS}, {q}\n"
        results = "%o"
    if shared_use:
        results, types = results + ", %ks", types + ", " + k
    return (f"func.func @{name}(%q: {q}, %k: {k}, %v: {k}, %rq: {ROWS}, %rk: {ROWS}, %init: {q}) -> ({types}) {{\n{body}"
            f"  return {results} : {types}\n}}\n")


def sorted_program(name, layout, dtype, strict):
    """Hash-sparse attention in bucket order, causal in original positions; the result goes back to the order it came in."""
    q, k = tensor_type(layout, HQ, dtype), tensor_type(layout, HK, dtype)
    return f"""func.func @{name}(%q: {q}, %k: {k}, %v: {k}, %rq: {ROWS}, %rk: {ROWS}, %init: {q}, %hq: {ROWS}, %hk: {ROWS}) -> {q} {{
  %qs = attn.gather_rows %q[%rq] layout({layout}) : {q}, {ROWS} -> {q}
  %ks = attn.gather_rows %k[%rk] layout({layout}) : {k}, {ROWS} -> {k}
  %vs = attn.gather_rows %v[%rk] layout({layout}) : {k}, {ROWS} -> {k}
{POSITIONS.replace("%m", "%causal").replace("sge", "sgt" if strict else "sge")}  %same = attn.hashed %hq, %hk : {ROWS}, {ROWS}
  %m = attn.and %same, %causal
  %os = attn.attention %qs, %ks, %vs mask(%m) layout({layout}) : {q}, {k}, {k} -> {q}
  %o = attn.scatter_rows %os[%rq] into %init layout({layout}) : {q}, {ROWS}, {q}
  return %o : {q}
}}
"""


def sorted_cases(layout, dtype, strict):
    """(name, values, expected): the expected result never sorts."""
    for length in (1, 40, 49, 130, 257):
        for buckets in (1, 5, 64):
            rng = np.random.default_rng(zlib.crc32(f"{layout} {length} {buckets} {strict}".encode()))
            batches = 1 if layout == "shd" else B
            values = {"q": random(rng, shape_of(layout, batches, HQ, length), dtype)}
            values.update({n: random(rng, shape_of(layout, batches, HK, length), dtype) for n in "kv"})
            hq, hk = (rng.integers(0, buckets, (batches, heads, length)).astype(np.int32) for heads in (HQ, HK))
            q, k, v = (to_bhsd(values[n].astype(np.float64), layout) for n in "qkv")
            i, j = np.arange(length)[:, None], np.arange(length)[None, :]
            mask = (hq[..., :, None] == own_rows(hk, batches, HQ)[..., None, :]) & (j < i if strict else j <= i)
            wanted = from_bhsd(attend(q, k, v, mask), layout)
            values["rq"], values["rk"] = (np.argsort(h, axis=2, kind="stable").astype(np.int32) for h in (hq, hk))
            values["init"] = random(rng, values["q"].shape, dtype)
            values["hq"], values["hk"] = (np.sort(h, axis=2) for h in (hq, hk))
            yield f"{layout} {dtype} S={length} buckets={buckets}", values, wanted


def paged_program(name, layout, dtype, page):
    q, k = tensor_type(layout, HQ, dtype), tensor_type(layout, HK, dtype)
    cache = tensor_type(layout, HK, dtype, page)
    table = "tensor<?x?xi32>"
    return f"""func.func @{name}(%q: {q}, %k: {cache}, %v: {cache}, %pages: {table}, %lengths: tensor<?xi32>) -> {q} {{
  %ks = attn.gather_pages %k[%pages] layout({layout}) : {cache}, {table} -> {k}
  %vs = attn.gather_pages %v[%pages] layout({layout}) : {cache}, {table} -> {k}
  %m = attn.key_lengths %lengths : tensor<?xi32>
  %o = attn.attention %q, %ks, %vs mask(%m) layout({layout}) : {q}, {k}, {k} -> {q}
  return %o : {q}
}}
"""


def to_bhsd(x, layout):
    return {"bhsd": lambda: x, "bshd": lambda: x.transpose(0, 2, 1, 3), "shd": lambda: x.transpose(1, 0, 2)[None]}[layout]()


def from_bhsd(x, layout):
    return {"bhsd": lambda: x, "bshd": lambda: x.transpose(0, 2, 1, 3), "shd": lambda: x[0].transpose(1, 0, 2)}[layout]()


def attend(q, k, v, mask):
    group = np.arange(q.shape[1]) * k.shape[1] // q.shape[1]
    scores = np.where(mask, q @ k[:, group].swapaxes(2, 3) / np.sqrt(D), -np.inf)
    top = scores.max(axis=3, initial=-np.inf)
    weights = np.exp(scores - np.where(np.isneginf(top), 0, top)[..., None])
    total = weights.sum(axis=3, keepdims=True)
    return weights @ v[:, group] / np.where(total == 0, 1, total)


def own_rows(table, batches, heads):
    """The table of every (batch entry, head)."""
    return np.stack([[table[0 if table.shape[0] == 1 else b, h * table.shape[1] // heads] for h in range(heads)] for b in range(batches)])


def pick(x, rows):
    """x[b, h, rows[b, h, i]], rows clamped."""
    return np.take_along_axis(x, np.clip(rows, 0, x.shape[2] - 1)[..., None], axis=2)


def expected_gather(values, layout, scatter):
    q, k, v = (to_bhsd(values[n].astype(np.float64), layout) for n in "qkv")
    batches = q.shape[0]
    rq, rk = own_rows(values["rq"], batches, HQ), own_rows(values["rk"], batches, HK)
    mask_k = own_rows(values["rk"], batches, HQ)
    o = attend(pick(q, rq), pick(k, rk), pick(v, rk), rq[..., :, None] >= mask_k[..., None, :])
    if not scatter:
        return from_bhsd(o, layout)
    result = to_bhsd(values["init"].astype(np.float64), layout).copy()
    for b, h, i in np.ndindex(*rq.shape):
        if 0 <= rq[b, h, i] < result.shape[2]:
            result[b, h, rq[b, h, i]] = o[b, h, i]
    return from_bhsd(result, layout)


def random(rng, shape, dtype):
    return cases.round_to(rng.standard_normal(shape), dtype)


def shape_of(layout, batch, heads, sequence):
    return {"bhsd": (batch, heads, sequence, D), "bshd": (batch, sequence, heads, D), "shd": (sequence, heads, D)}[layout]


def row_table(rng, batches, heads, rows, slots, kind):
    """`sorted`: a permutation by some key; `kept`: some rows in order, then padding; `hostile`: anything."""
    table = np.zeros((batches, heads, slots), np.int32)
    for b, h in np.ndindex(batches, heads):
        if kind == "hostile":
            table[b, h] = rng.integers(-2**31, 2**31 - 1, slots) if rng.random() < 0.5 else rng.integers(-3, rows + 3, slots)
        elif kind == "kept":
            kept = np.flatnonzero(rng.random(rows) < 0.5)[:slots]
            table[b, h] = np.concatenate([kept, np.full(slots - len(kept), -1)])
        else:
            order = rng.permutation(max(rows, slots))[:slots]
            table[b, h] = order % max(rows, 1)
    return table


def gather_cases(dtype):
    for layout in SEQUENCE:
        for queries, keys in ((1, 1), (40, 40), (49, 130), (130, 257), (5, 0)):
            for kind in ("sorted", "kept", "hostile"):
                for own in (False, True):
                    rng = np.random.default_rng(zlib.crc32(f"{layout} {queries} {keys} {kind} {own}".encode()))
                    batches = 1 if layout == "shd" else B
                    tables = (batches, HQ) if own else (1, 1)
                    # Scattering needs distinct rows; a hostile table has repetitions.
                    values = {"q": random(rng, shape_of(layout, batches, HQ, queries), dtype)}
                    values.update({n: random(rng, shape_of(layout, batches, HK, max(keys, 1)), dtype) for n in "kv"})
                    values["rq"] = row_table(rng, *tables, queries, queries, kind)
                    values["rk"] = row_table(rng, tables[0], min(tables[1], HK), max(keys, 1), keys, kind)
                    values["init"] = random(rng, values["q"].shape, dtype)
                    yield f"{layout} {dtype} Sq={queries} Sk={keys} {kind} {'own' if own else 'shared'}", layout, kind, values


def paged_cases(layout, dtype, page):
    for queries, pages, used in ((1, 3, [40, 7]), (3, 0, [0, 0]), (50, 9, [0, 1000]), (2, 20, [2 * page, 20 * page])):
        for hostile in (False, True):
            rng = np.random.default_rng(zlib.crc32(f"{layout} {page} {queries} {pages} {hostile}".encode()))
            total = 23
            values = {"q": random(rng, shape_of(layout, B, HQ, queries), dtype)}
            values.update({n: random(rng, shape_of(layout, total, HK, page), dtype) for n in "kv"})
            values["pages"] = (rng.integers(-5, total + 5, (B, pages)) if hostile else rng.permutation(total)[: max(pages, 1)][None, :pages].repeat(B, 0)).astype(np.int32)
            values["lengths"] = np.array(used, np.int32)
            yield f"{layout} {dtype} page={page} Sq={queries} pages={pages} hostile={hostile}", values


def expected_paged(values, layout):
    q, k, v = (to_bhsd(values[n].astype(np.float64), layout) for n in "qkv")
    pages = np.clip(values["pages"], 0, k.shape[0] - 1)
    gathered = [x[pages].transpose(0, 2, 1, 3, 4).reshape(B, HK, -1, D) for x in (k, v)]
    attends = np.arange(gathered[0].shape[2])[None, None, None, :] < values["lengths"][:, None, None, None]
    return from_bhsd(attend(q, *gathered, attends), layout)


def programs():
    """(function name, text, cases as (name, values, expected result))."""
    for dtype in ("f32", "bf16", "f16"):
        for layout in SEQUENCE:
            for scatter in (False, True):
                for shared in (False, True):
                    name = f"gather_{layout}_{dtype}_{scatter}_{shared}".lower()
                    chosen = [(case, values, expected_gather(values, layout, scatter)) for case, own, kind, values in gather_cases(dtype)
                              if own == layout and not (scatter and kind == "hostile")]
                    yield name, gather_program(name, layout, dtype, scatter, shared), chosen, dtype
            for strict in (False, True):
                name = f"sorted_{layout}_{dtype}_{strict}".lower()
                yield name, sorted_program(name, layout, dtype, strict), list(sorted_cases(layout, dtype, strict)), dtype
            for page in (1, 16, 64) if layout != "shd" else ():
                name = f"paged_{layout}_{dtype}_{page}"
                chosen = [(case, values, expected_paged(values, layout)) for case, values in paged_cases(layout, dtype, page)]
                yield name, paged_program(name, layout, dtype, page), chosen, dtype


def run(program, name, values, dtype, wanted, shared):
    arguments, arrays = [], []
    for key, value in values.items():
        kind = "i32" if value.dtype == np.int32 else dtype
        arrays.append(np.ascontiguousarray(kernels.stored(value, kind)))
        arguments.append(kernels.describe(arrays[-1], kind))
    results = [kernels.stored(np.full(wanted.shape, 7, np.float32), dtype)]
    if shared:
        layout = name.split("_")[1]
        shape = list(values["k"].shape)
        shape[SEQUENCE[layout]] = values["rk"].shape[2]
        results.append(kernels.stored(np.full(shape, 7, np.float32), dtype))
    program.bind(arguments, [kernels.describe(r, dtype) for r in results], name)()
    if shared:
        rows = own_rows(values["rk"], to_bhsd(values["k"], layout).shape[0], HK)
        copied = from_bhsd(pick(to_bhsd(values["k"], layout), rows), layout)
        if not np.array_equal(kernels.loaded(results[1], dtype), copied):
            return np.full(wanted.shape, np.inf)
    return kernels.loaded(results[0], dtype)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--target", default="native")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    chosen = [p for p in programs() if args.only in p[0]]
    failures, worst, names = [], 0.0, []
    with tempfile.TemporaryDirectory() as folder:
        source, artifact = folder + "/storage.mlir", folder + "/storage.lacuna"
        pathlib.Path(source).write_text("\n".join(text for _, text, _, _ in chosen))
        subprocess.run([lacuna_runtime.BUILD / "bin" / "lacuna-compile", source, "--target=" + args.target, "-o", artifact], check=True,
                       env={**os.environ, "LD_PRELOAD": ""})
        loaded = lacuna_runtime.Program(artifact, "cpu")
        for name, _, some, dtype in chosen:
            for case, values, wanted in some:
                got = run(loaded, name, values, dtype, wanted, name.startswith("gather") and name.endswith("true"))
                error = cases.output_error(got, wanted, dtype)
                worst = max(worst, error)
                names.append(f"{name} {case}")
                if not error <= 1:
                    failures.append(names[-1])
                    print("FAILED", names[-1], "error / tolerance %.3g" % error)
    report.write(f"storage-{args.target}", names, set(failures))
    print(f"{len(names)} cases, {len(chosen)} programs, {len(failures)} failed, largest error / tolerance {worst:.3g}")
    return 1 if failures or not names else 0


if __name__ == "__main__":
    sys.exit(main())
