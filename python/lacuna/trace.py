# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks and scores from Python functions, FlexAttention's `mask_mod` and `score_mod` (Dong et al. 2024) among them.

A traced mask is taken apart where &, | and ~ join conditions. A condition that is linear in the key's position becomes an interval (its key tiles are known in closed
form), an equality of a query's and a key's value becomes an `equal`; anything else is a predicate, which the compiler analyses.
"""

from typing import Any, Callable

from .errors import TraceError
from .masks import Mask
from .regions import Region
from .scores import Score
from .symbols import COMPARISONS, Symbol, arithmetic, convert, leaf, table, wrap


OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def from_mask_mod(function: Callable[..., Any]) -> Mask:
    """The mask of a function (b, h, q, k) -> bool on raw indices, such as FlexAttention's: Python operators, torch.where, torch.abs, …, and PyTorch tensors indexed by
    the arguments. Integers in it are run-time arguments, except divisors, factors and shifts. It must not look at values (no `if`). Raises TraceError where it cannot be
    traced. Inside `%` and `//` a run-time divisor below 1 counts as 1."""
    return mask_of(convert(call(function), "bool"))


def from_score_mod(function: Callable[..., Any]) -> Score:
    """The score change of a function (score, b, h, q, k) -> score, such as FlexAttention's. Reals in it are run-time arguments."""
    region = Region()
    name = region.write(convert(call(function, leaf("x", "f32")), "f32"))
    region.lines.append(f"%y = arith.addf {name}, {region.constant('-0.0', 'f32')} : f32")
    return Score("\n".join("    " + line for line in region.lines), region.values)


def call(function, *first):
    """What a function makes of indices."""
    try:
        return function(*first, *(leaf(name) for name in ("b", "h", "q", "k")))
    except (IndexError, TypeError) as error:
        if isinstance(error, TraceError):
            raise
        raise TraceError(f"tracing: {error} (is a NumPy array indexed? then wrap it as lacuna.table(array))") from error


def leaves(x):
    """Names of the indices that an expression reads."""
    if not isinstance(x, Symbol):
        return set()
    if x.op == "leaf":
        return {x.args[0]}
    inner = x.args[1] if x.op == "lookup" else x.args
    return set().union(*(leaves(y) for y in inner)) if inner else set()


def mask_of(x):
    """The Mask of a boolean expression."""
    if x.op in ("and", "or") and x.kind == "bool":
        a, b = (mask_of(y) for y in x.args)
        return a & b if x.op == "and" else a | b
    if x.op == "not":
        return ~mask_of(x.args[0])
    if x.op == "xor":
        a, b = (mask_of(y) for y in x.args)
        return (a & ~b) | (~a & b)
    if x.op == "where" and x.kind == "bool":
        c, a, b = (mask_of(y) for y in x.args)
        return (c & a) | (~c & b)
    if "k" not in leaves(x):
        return row_mask(x)
    forms = (comparison, equality, predicate) if x.op in COMPARISONS and x.args[0].kind == "index" else (predicate,)
    return next(mask for mask in (form(x) for form in forms) if mask is not None)


def linear(x):
    """(factor of k, the rest) or None where k is in anything but a sum."""
    if "k" not in leaves(x):
        return 0, x
    if x.op == "leaf":
        return 1, wrap(0)
    if x.op in ("add", "sub"):
        a, b = linear(x.args[0]), linear(x.args[1])
        if a and b:
            return (a[0] + b[0] if x.op == "add" else a[0] - b[0]), arithmetic(x.op, a[1], b[1])
    if x.op == "mul":
        for constant, other in (x.args, x.args[::-1]):
            inner = linear(other)
            if constant.op == "constant" and inner:
                return constant.args[0] * inner[0], arithmetic("mul", constant, inner[1])
    return None


def comparison(x):
    """The interval of `x.args[0] op x.args[1]` where it is linear in k, also below an abs or a division by a number; else None."""
    for op, left, right in ((x.op, *x.args), (MIRRORED[x.op], *x.args[::-1])):
        if "k" in leaves(right):
            continue
        if left.op == "abs" and op in ("lt", "le", "gt", "ge"):
            inside = op if op in ("lt", "le") else OPPOSITE[op]
            sides = [comparison(Symbol(inside, [side, right], "bool")) for side in (left.args[0], arithmetic("mul", -1, left.args[0]))]
            if None not in sides:
                return sides[0] & sides[1] if inside == op else ~(sides[0] & sides[1])
        if left.op == "floordiv" and left.args[1].op == "constant":
            return quotient(op, left, right)
    found = linear(arithmetic("sub", *x.args))
    if not found or found[0] not in (1, -1):
        return None
    factor, rest = found
    op, bound = (x.op, arithmetic("mul", -1, rest)) if factor == 1 else (MIRRORED[x.op], rest)  # k op bound
    return interval(op, bound)


def quotient(op, left, right):
    """(e // c) op right as conditions on e."""
    e, c = left.args
    at = arithmetic("mul", right, c)
    after = arithmetic("add", at, c)
    low, high = (lambda: comparison(Symbol("ge", [e, at], "bool"))), (lambda: comparison(Symbol("lt", [e, after], "bool")))
    forms = {"ge": [low], "gt": [lambda: comparison(Symbol("ge", [e, after], "bool"))], "le": [high], "lt": [lambda: comparison(Symbol("lt", [e, at], "bool"))]}
    parts = [form() for form in forms.get(op, [low, high])]
    if None in parts:
        return None
    both = parts[0] if len(parts) == 1 else parts[0] & parts[1]
    return ~both if op == "ne" else both


def interval(op, bound):
    """k op bound."""
    if op == "ne":
        return ~interval("eq", bound)
    region, after = Region(), arithmetic("add", bound, 1)
    low = region.write(after if op == "gt" else bound if op in ("ge", "eq") else wrap(0))
    high = region.write(bound if op == "lt" else after) if op in ("lt", "le", "eq") else region.length("key")
    return region.mask("attn.interval {{\n  ^bb0(%b: index, %h: index, %q_: index):", f"attn.yield {low}, {high} : index, index", "}}")


def row_mask(x):
    """A condition on the row: all keys or none."""
    region = Region()
    length, zero = region.length("key"), region.constant(0)
    name = region.write(x)
    region.lines.append(f"%all = arith.select {name}, {length}, {zero} : index")
    return region.mask("attn.interval {{\n  ^bb0(%b: index, %h: index, %q_: index):", f"attn.yield {zero}, %all : index, index", "}}")


def equality(x):
    """f(b, h, q) == g(b, h, k), or its opposite; else None."""
    if x.op not in ("eq", "ne"):
        return None
    for f, g in (x.args, x.args[::-1]):
        if "k" not in leaves(f) and "q" not in leaves(g):
            query, key = Region(), None
            first = query.write(f)
            key = Region(query.values)
            second = key.write(g)
            text = "attn.equal query {{\n  ^bb0(%b: index, %h: index, %q_: index):\n" + query.text() + f"\n    attn.yield {first} : index\n  }}}} key {{{{\n"
            text += "  ^bb0(%b: index, %h: index, %k_: index):\n" + key.text() + f"\n    attn.yield {second} : index\n  }}}}"
            mask = Mask(text, values=key.values)
            return mask if x.op == "eq" else ~mask
    return None


def predicate(x):
    region = Region()
    name = region.write(x)
    return region.mask("attn.predicate {{\n  ^bb0(%b: index, %h: index, %q_: index, %k_: index):", f"attn.yield {name} : i1", "}}")


