# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Changes of scores, applied after the scale and before the mask: score(x, b, h, q, k) -> x', in f32."""

from . import tensors
from .errors import ArgumentError
from .expression import Table, TableLike, type_of


class Score:
    """The region of a score: `body` is its text, with {v[i]} and {t[i]} for values and their types; it defines %y."""

    def __init__(self, body, values=()):
        self.body, self.values = body, tuple(values)

    def write(self, arguments):
        names = [arguments.add(value) for value in self.values]
        body = self.body.format(v=names, t=[type_of(value) for value in self.values])
        return " score {\n  ^bb0(%x: f32, %b: index, %h: index, %q_: index, %k_: index):\n" + body + "\n    attn.yield %y : f32\n  }"


def softcap(cap: float) -> Score:
    """cap · tanh(x / cap) (Gemma 2). cap: a positive number, a run-time argument."""
    cap = float(cap)
    if not cap > 0:
        raise ArgumentError(f"cap: expects a positive number, but got {cap}")
    return Score("    %z = arith.divf %x, {v[0]} : f32\n    %t = math.tanh %z : f32\n    %y = arith.mulf %t, {v[0]} : f32", [cap])


def alibi(slopes: TableLike) -> Score:
    """x + slopes[h] · (k - q - Sk + Sq) (Press et al. 2022); slopes: f32 [Hq]."""
    table = Table(tensors.table(slopes, "slopes", 1, ("f32",)))
    body = """    %m = attn.lookup {v[0]}[%h] : {t[0]} -> f32
    %sq = attn.query_length
    %sk = attn.key_length
    %q1 = arith.addi %q_, %sk : index
    %p = arith.subi %q1, %sq : index
    %d = arith.subi %k_, %p : index
    %i = arith.index_cast %d : index to i64
    %r = arith.sitofp %i : i64 to f32
    %a = arith.mulf %m, %r : f32
    %y = arith.addf %x, %a : f32"""
    return Score(body, [table])


def bias(table: TableLike) -> Score:
    """x + table[b, h, q, k]; f32 [B or 1, Hq or a divisor of it, Sq, Sk]. Pairs outside the table get 0."""
    value = Table(tensors.table(table, "table", 4, ("f32",)))
    return Score("    %a = attn.lookup {v[0]}[%b, %h, %q_, %k_] grouped : {t[0]} -> f32\n    %y = arith.addf %x, %a : f32", [value])
