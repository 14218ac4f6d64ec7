# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The MLIR program of one attention: what of shapes, types, mask and score is compiled in (`Signature`), and its text."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import ArgumentError
from .expression import Arguments

FEW = 8  # kFewQueries of lib/Target/Schedules.h
# attn-specialize-queries makes kernels for one, few and many queries out of an op without these attributes.
BOUNDS = {"few": f" {{attn.max_queries = {FEW} : i64}}", "many": f" {{attn.min_queries = {FEW + 1} : i64}}"}
LAYOUTS = {"bhsd": (0, 1, 2), "bshd": (0, 2, 1), "shd": (None, 1, 0)}  # dimensions of batch, head, sequence
FLOATS = ("f32", "f16", "bf16")


@dataclass(frozen=True)
class Description:
    """A mask and a score as text and arguments. `lines` are ops; `mask` and `score` stand in the attention op."""

    lines: tuple
    mask: str
    score: str
    signature: tuple  # of (name, type)
    integers: tuple
    reals: tuple
    tables: tuple
    parameters: tuple
    text: str  # all of the above but the values: what is compiled


SEPARATOR = "\x1f"


def description_of(lines, mask, score, signature, *arguments):
    arguments_text = ";".join(name + ":" + type for name, type in signature)
    return Description(lines, mask, score, signature, *arguments, SEPARATOR.join((mask, score, arguments_text, *lines)))


def description_from(text, *arguments):
    """The Description that has this `text`, with other values."""
    mask, score, signature, *lines = text.split(SEPARATOR)
    named = tuple(tuple(pair.split(":")) for pair in signature.split(";")) if signature else ()
    return Description(tuple(lines), mask, score, named, *arguments, text)


def describe(mask, score=None):
    """The Description of a mask (None: all) and a score (None: as it is), written once per object."""
    holder = mask if mask is not None else score
    known = getattr(holder, "descriptions", {})
    if score in known:
        return known[score]
    arguments, lines = Arguments(), []
    name = mask.write(arguments, lines, {}) if mask is not None else None
    region = score.write(arguments) if score is not None else ""
    result = description_of(
        tuple(lines), f" mask({name})" if name else "", region, tuple(arguments.signature()), tuple(arguments.integers), tuple(arguments.reals),
        tuple(table.array for table in arguments.tables), tuple(arguments.parameters.values()),
    )  # fmt: skip
    if holder is not None:
        holder.descriptions = {**known, score: result}
    return result


EMPTY = describe(None)


@dataclass(frozen=True)
class Signature:
    """What a kernel is compiled for, besides mask and score. Batch size and number of queries are known only where they are 1; few queries (at most FEW) and many have
    kernels of their own, and a kernel for any number has all of them."""

    layout: str
    dtype: str
    heads: tuple  # of queries, of keys
    sizes: tuple  # of a query or key row, of a value row
    one_batch: bool = False
    queries: str = "any"  # "one", "few", "many"
    output: str | None = None  # element type; None: the inputs'
    scale: float | None = None
    sinks: bool = False
    lse: bool = False

    def tensor(self, heads, size, dtype, one_query=False):
        sizes = {"b": "1" if self.one_batch else "?", "h": heads, "s": "1" if one_query else "?", "d": size}
        return f"tensor<{'x'.join(str(sizes[dim]) for dim in self.layout)}x{dtype}>"

    def types(self):
        """Of q, k, v, o."""
        q = self.tensor(self.heads[0], self.sizes[0], self.dtype, self.queries == "one")
        k, v = (self.tensor(self.heads[1], size, self.dtype) for size in self.sizes)
        return q, k, v, self.tensor(self.heads[0], self.sizes[1], self.output or self.dtype, self.queries == "one")

    def lse_type(self):
        batch = "" if self.layout == "shd" else "1x" if self.one_batch else "?x"
        return f"tensor<{batch}{self.heads[0]}x{'1' if self.queries == 'one' else '?'}xf32>"


def argument_text(name, type, default=None):
    value = f', attn.default = "{default}"' if default is not None else ""
    return f'%{name}: {type} {{attn.name = "{name}"{value}}}'


def program_text(signature, description=EMPTY, name="attention"):
    """A module with one function: arguments q, k, v, sinks, then the description's; results O and, if asked for, LSE."""
    types = signature.types()
    arguments = [argument_text(*pair) for pair in zip("qkv", types)]
    if signature.sinks:
        arguments.append(argument_text("sinks", f"tensor<{signature.heads[0]}xf32>"))
    numbers = dict(zip((f"i{i}" for i in range(len(description.integers))), description.integers))
    arguments += [argument_text(name, type, numbers.get(name)) for name, type in description.signature]
    results = [types[3]] + ([signature.lse_type()] if signature.lse else [])
    names = ["%o", "%lse"][: len(results)]
    groups = description.mask + f" layout({signature.layout})"
    groups += f" scale({signature.scale!r})" if signature.scale is not None else ""
    groups += f" sink_logits(%sinks : tensor<{signature.heads[0]}xf32>)" if signature.sinks else ""
    groups += description.score + BOUNDS.get(signature.queries, "")
    body = "\n".join("  " + line for line in description.lines)
    return (
        f"func.func @{name}({', '.join(arguments)}) -> ({', '.join(results)}) {{\n{body}\n"
        f"  {', '.join(names)} = attn.attention %q, %k, %v{groups}\n    : {', '.join(types[:3])} -> {', '.join(results)}\n"
        f"  return {', '.join(names)} : {', '.join(results)}\n}}\n"
    )


def checked_scale(scale):
    if scale is None:
        return None
    value = float(scale)
    if not abs(value) < float("inf"):
        raise ArgumentError(f"scale: expects a finite number, but got {value}")
    return value


def signature_of(views, layout, **options):
    """The Signature for q, k, v (Views), after checking that they fit together. Errors name tensor, dimension, expected and given size."""
    if layout not in LAYOUTS:
        raise ArgumentError(f"layout: expects bhsd, bshd or shd, but got {layout!r}")
    batch, head, sequence = LAYOUTS[layout]
    q, k, v = views
    for name, view in zip("qkv", views):
        if len(view.sizes) != len(layout):
            raise ArgumentError(f"{name}: expects {len(layout)} dimensions ({layout}), but got sizes {list(view.sizes)}")
        if view.dtype not in FLOATS:
            raise ArgumentError(f"{name}: expects elements of type f32, f16 or bf16, but got {view.dtype}")
        if view.dtype != q.dtype:
            raise ArgumentError(f"{name}: expects the elements of q, {q.dtype}, but got {view.dtype}")

    def same(name, view, dim, what, expected):
        if view.sizes[dim] != expected:
            raise ArgumentError(f"{name}: expects {what} {expected} in dimension {dim % len(layout)}, but got {view.sizes[dim]} (sizes {list(view.sizes)})")

    if batch is not None:
        same("k", k, batch, "batch size", q.sizes[batch])
        same("v", v, batch, "batch size", q.sizes[batch])
    same("v", v, head, "number of heads", k.sizes[head])
    same("v", v, sequence, "length", k.sizes[sequence])
    same("k", k, -1, "head size", q.sizes[-1])
    heads = q.sizes[head], k.sizes[head]
    if not heads[0] or not heads[1] or heads[0] % heads[1]:
        raise ArgumentError(f"k: expects a number of heads that divides q's {heads[0]} in dimension {head}, but got {heads[1]}")
    for name, size in (("q", q.sizes[-1]), ("v", v.sizes[-1])):
        if size % 8 or not 8 <= size <= 256:
            raise ArgumentError(f"{name}: expects a head size that is a multiple of 8 from 8 to 256 in dimension {len(layout) - 1}, but got {size}")
    one_batch = batch is not None and q.sizes[batch] == 1
    queries = "one" if q.sizes[sequence] == 1 else "few" if q.sizes[sequence] <= FEW else "many"
    return Signature(layout, q.dtype, heads, (q.sizes[-1], v.sizes[-1]), one_batch, queries, **options)
