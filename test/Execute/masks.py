# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks under test: MLIR text that defines %m, its run-time parameters, and the independent formula.

A parameter is (name, MLIR type); its value comes from the case. Composite masks have their formula here, basic ones
in test/masks/formulas.py.
"""

import os
import random
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Callable

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "masks"))
import formulas as f  # noqa: E402
import library  # noqa: E402
import set_formulas as s  # noqa: E402
from set_masks import SET_MASKS  # noqa: E402

I32 = "tensor<?xi32>"


@dataclass(frozen=True)
class Mask:
    text: str
    formula: Callable
    parameters: tuple = ()


def lookup(table, i, missing=None):
    """table[i] and whether i is inside; outside, any value."""
    table = np.asarray(table)
    inside = (0 <= i) & (i < len(table))
    return np.where(inside, table[np.clip(i, 0, max(len(table) - 1, 0))] if len(table) else 0, 0), inside


def same_bucket(b, h, q, k, p):
    hq, in_q = lookup(p.hash_q, q)
    hk, in_k = lookup(p.hash_k, k)
    return in_q & in_k & (hq == hk)


def dilated(b, h, q, k, p):
    return (np.abs(q - k) <= p.width) & ((q - k) % max(p.step, 1) == 0)


def local_pairs(b, h, q, k, p):
    """Inside a document: pairs whose coordinates add up to an even number, or keys past the middle."""
    return ((q + k) % 2 == 0) | (2 * k >= p.Sk)


PAIRS_TEXT = """
  %pairs = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %two = arith.constant 2 : index
    %zero = arith.constant 0 : index
    %sum = arith.addi %i, %j : index
    %r = arith.remsi %sum, %two : index
    %even = arith.cmpi eq, %r, %zero : index
    %sk = attn.key_length
    %jj = arith.muli %j, %two : index
    %late = arith.cmpi sge, %jj, %sk : index
    %c = arith.ori %even, %late : i1
    attn.yield %c : i1
  }"""

EQUAL_TEXT = """
  %equal = attn.equal query {
  ^bb0(%b: index, %h: index, %i: index):
    %x = attn.lookup %hash_q[%i] : tensor<?xi32> -> index
    attn.yield %x : index
  } key {
  ^bb0(%b: index, %h: index, %j: index):
    %x = attn.lookup %hash_k[%j] : tensor<?xi32> -> index
    attn.yield %x : index
  }"""

CU = (("cu_q", I32), ("cu_k", I32))
HASH = (("hash_q", I32), ("hash_k", I32))
DOCUMENT = "  %m = attn.document %cu_q, %cu_k where %local : tensor<?xi32>, tensor<?xi32>"


def read(table, x):
    """(entry, whether there is one)."""
    inside = (x >= 0) & (x < len(table))
    return np.append(table, 0)[np.where(inside, x, len(table))].astype(int), inside


def read_real(table, x):
    return np.append(table, 0.0)[np.minimum(x, len(table))], x < len(table)


def row_reads(b, h, q, k, p):
    x, inside = read(p.hash_q, q)
    y, inside_too = read(p.hash_k, x)
    z, inside_k = read(p.hash_k, q)
    return ((inside & inside_too & (y == k)) | (inside_k & (2 * (z + h) < k))) & ~same_bucket(b, h, q, k, p)


def transposed(inner):
    """A(b, h, q, k) = inner(b, h, k, q) where inner sees the lengths exchanged."""

    def formula(b, h, q, k, p):
        exchanged = SimpleNamespace(**{**vars(p), "Sq": p.Sk, "Sk": p.Sq})
        rows, columns = np.swapaxes(k, -1, -2), np.swapaxes(q, -1, -2)
        shape = np.broadcast_shapes(np.shape(b), np.shape(h), np.shape(rows), np.shape(columns))
        return np.swapaxes(np.broadcast_to(inner(b, h, rows, columns, exchanged), shape), -1, -2)

    return formula


def in_document(inner):
    return lambda b, h, q, k, p: f.document(b, h, q, k, p, inner)


def window_or_sinks(b, h, q, k, p):
    return f.causal(b, h, q, k, p) & (f.sliding_window(b, h, q, k, p) | f.sink_tokens(b, h, q, k, p))


def nested(b, h, q, k, p):
    """Documents cu_q/cu_k, each cut again by sub/sub (in local coordinates), causal in the innermost."""

    def inner(b, h, q, k, local):
        local.cu_q, local.cu_k = p.sub, p.sub
        return f.document(b, h, q, k, local, f.causal)

    return f.document(b, h, q, k, p, inner)


MASKS = {
    "none": Mask("", f.everything),
    "all": Mask("  %m = attn.all", f.everything),
    "causal": Mask("  %m = attn.causal align(bottom_right)", f.causal),
    "causal_top_left": Mask("  %m = attn.causal align(top_left)", f.causal_top_left),
    "causal_window": Mask(
        "  %c = attn.causal align(bottom_right)\n  %zero = arith.constant 0 : index\n"
        "  %w = attn.sliding_window [%left, %zero] align(bottom_right)\n  %m = attn.and %c, %w",
        lambda b, h, q, k, p: f.causal(b, h, q, k, p) & (k >= q + p.Sk - p.Sq - p.left),
        (("left", "index"),),
    ),
    "sliding_window": Mask(
        "  %m = attn.sliding_window [%left, %right] align(bottom_right)",
        f.sliding_window,
        (("left", "index"), ("right", "index")),
    ),
    "sliding_window_top_left": Mask(
        "  %m = attn.sliding_window [%left, %right] align(top_left)",
        f.sliding_window_top_left,
        (("left", "index"), ("right", "index")),
    ),
    "sink_tokens": Mask("  %m = attn.sink_tokens [%count]", f.sink_tokens, (("count", "index"),)),
    "key_lengths": Mask("  %m = attn.key_lengths %lengths : tensor<?xi32>", f.key_lengths, (("lengths", I32),)),
    "document": Mask("  %m = attn.document %cu_q, %cu_k : tensor<?xi32>, tensor<?xi32>", f.document, CU),
    "document_causal": Mask("  %local = attn.causal align(bottom_right)\n" + DOCUMENT, in_document(f.causal), CU),
    "document_window_sinks": Mask(
        "  %c = attn.causal align(bottom_right)\n  %w = attn.sliding_window [%left, %right] align(bottom_right)\n"
        "  %s = attn.sink_tokens [%count]\n  %ws = attn.or %w, %s\n  %local = attn.and %c, %ws\n" + DOCUMENT,
        in_document(window_or_sinks),
        CU + (("left", "index"), ("right", "index"), ("count", "index")),
    ),
    "document_sinks": Mask(
        "  %local = attn.sink_tokens [%count]\n" + DOCUMENT, in_document(f.sink_tokens), CU + (("count", "index"),)
    ),
    "document_not": Mask(
        "  %c = attn.causal align(top_left)\n  %local = attn.not %c\n" + DOCUMENT,
        in_document(lambda *x: ~f.causal_top_left(*x)),
        CU,
    ),
    "document_pairs": Mask(PAIRS_TEXT + "\n  %local = attn.and %pairs\n" + DOCUMENT, in_document(local_pairs), CU),
    "document_equal": Mask(
        EQUAL_TEXT + "\n  %local = attn.not %equal\n" + DOCUMENT, in_document(lambda *x: ~same_bucket(*x)), CU + HASH
    ),
    "document_nested": Mask(
        "  %c = attn.causal align(bottom_right)\n"
        "  %local = attn.document %sub, %sub where %c : tensor<?xi32>, tensor<?xi32>\n" + DOCUMENT,
        nested,
        CU + (("sub", I32),),
    ),
    # Beside a window, a tile whose pairs are all of one and none of the other.
    "not_pairs_or_window": Mask(
        PAIRS_TEXT + "\n  %c = attn.causal align(top_left)\n  %n = attn.not %pairs\n  %x = attn.and %n, %c\n  %w = attn.sliding_window [3, 2] align(top_left)\n  %m = attn.or %x, %w",
        lambda b, h, q, k, p: (~local_pairs(b, h, q, k, p) & f.causal_top_left(b, h, q, k, p)) | ((q - 3 <= k) & (k <= q + 2)),
    ),
    "equal": Mask(EQUAL_TEXT + "\n  %m = attn.and %equal", same_bucket, HASH),
    "not_equal": Mask(EQUAL_TEXT + "\n  %m = attn.not %equal", lambda *x: ~same_bucket(*x), HASH),
    # Two predicates and an equality with reads by row of their own, one of them through another.
    "row_reads": Mask(
        EQUAL_TEXT + """
  %through = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = attn.lookup %hash_q[%i] : tensor<?xi32> -> index
    %y = attn.lookup %hash_k[%x] : tensor<?xi32> -> index
    %c = arith.cmpi eq, %y, %j : index
    attn.yield %c : i1
  }
  %after = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = attn.lookup %hash_k[%i] : tensor<?xi32> -> index
    %y = arith.addi %x, %h : index
    %z = arith.addi %y, %y : index
    %c = arith.cmpi slt, %z, %j : index
    attn.yield %c : i1
  }
  %either = attn.or %through, %after
  %not = attn.not %equal
  %m = attn.and %either, %not""",
        row_reads,
        HASH,
    ),
    "dilated": Mask(
        """
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %d = arith.subi %i, %j : index
    %r = arith.remsi %d, %step : index
    %residue = arith.cmpi eq, %r, %zero : index
    %minus = arith.subi %zero, %width : index
    %lo = arith.cmpi sge, %d, %minus : index
    %hi = arith.cmpi sle, %d, %width : index
    %near = arith.andi %lo, %hi : i1
    %c = arith.andi %near, %residue : i1
    attn.yield %c : i1
  }""",
        dilated,
        (("width", "index"), ("step", "index")),
    ),
    "heads_differ": Mask(
        """
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %lo = arith.muli %h, %i : index
    %hi = affine.apply affine_map<(d0, d1)[s0] -> (d0 * 3 + d1 mod s0 + 2)>(%h, %i)[%step]
    attn.yield %lo, %hi : index, index
  }""",
        lambda b, h, q, k, p: (h * q <= k) & (k < 3 * h + q % p.step + 2),
        (("step", "index"),),
    ),
}
# 64 bits wrap: a distance near their end is no order of queries and keys any more.
FAR_TEXT = """
  %local = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %lo = arith.addi %i, %far : index
    %hi = arith.addi %i, %near : index
    attn.yield %lo, %hi : index, index
  }
"""
FAR = (("far", "index"), ("near", "index"))


def far(b, h, q, k, p):
    return (q + np.int64(p.far) <= k) & (k < q + np.int64(p.near))


MASKS["far_ends"] = Mask(FAR_TEXT + "  %m = attn.and %local", far, FAR)
# All rows of a tile are asked, also those without a key.
MASKS["far_or_near"] = Mask(
    FAR_TEXT + "  %w = attn.sliding_window [1, 0] align(top_left)\n  %m = attn.or %local, %w", lambda b, h, q, k, p: far(b, h, q, k, p) | (q - 1 <= k) & (k <= q), FAR
)
MASKS["document_far"] = Mask(FAR_TEXT + DOCUMENT, in_document(far), CU + FAR)
MASKS["document_nested_far"] = Mask(
    FAR_TEXT + "  %inner = attn.document %sub, %sub where %local : tensor<?xi32>, tensor<?xi32>\n" + DOCUMENT.replace("%local", "%inner"),
    in_document(lambda b, h, q, k, p: f.document(b, h, q, k, SimpleNamespace(**{**vars(p), "cu_q": p.sub, "cu_k": p.sub}), far)), CU + (("sub", I32),) + FAR,
)
# Numbers beyond 32 bits: entries of wide tables, sums of narrow ones, distances.
MASKS["far_reads"] = Mask(
    """
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %one = arith.constant 1 : index
    %far = arith.constant 8589934592 : index
    %x = attn.lookup %narrow[%i] : tensor<?xi32> -> index
    %before = arith.subi %x, %one : index
    %y = attn.lookup %wide[%i] : tensor<?xi64> -> index
    %z = arith.subi %j, %far : index
    %c = arith.cmpi slt, %before, %j : index
    %d = arith.cmpi slt, %y, %j : index
    %e = arith.cmpi sgt, %z, %i : index
    %cd = arith.andi %c, %d : i1
    %cde = arith.ori %cd, %e : i1
    attn.yield %cde : i1
  }""",
    lambda b, h, q, k, p: (read(p.narrow, q)[0] - 1 < k) & (read(p.wide, q)[0] < k) & (h >= 0),
    (("narrow", I32), ("wide", "tensor<?xi64>")),
)
MASKS["far_sum"] = Mask(
    """
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %far = arith.constant 4611686018427387904 : index
    %x = arith.addi %i, %far : index
    %lo = arith.addi %x, %far : index
    %hi = attn.key_length
    attn.yield %lo, %hi : index, index
  }""",
    lambda b, h, q, k, p: q + np.int64(1 << 62) + np.int64(1 << 62) <= k,
)
# Unions whose parts make a tile full only together, in falling order; rows that leave tiles between them, empty rows, rows past the end that have less than others.
def ends(name, low, high):
    """An interval on %r, the query's remainder by 2."""
    return f"""
  %{name} = attn.interval {{
  ^bb0(%b: index, %h: index, %i: index):
    %two = arith.constant 2 : index
    %r = arith.remui %i, %two : index
    %lo = affine.apply affine_map<(d0, d1) -> ({low})>(%i, %r)
    %hi = affine.apply affine_map<(d0, d1) -> ({high})>(%i, %r)
    attn.yield %lo, %hi : index, index
  }}"""


MASKS["parts_touch"] = Mask(ends("x", "96", "200") + ends("y", "48", "96") + ends("z", "0", "48") + "\n  %m = attn.or %x, %y, %z", lambda b, h, q, k, p: (k < 200) & (q >= h - h))
MASKS["parts_apart"] = Mask(
    ends("x", "d1 * 128 + d0 floordiv 130 * 64", "d1 * 128 + d0 floordiv 130 * 64 + 64") + "\n  %none = attn.sink_tokens [0]\n  %m = attn.or %x, %none",
    lambda b, h, q, k, p: (q % 2 * 128 + q // 130 * 64 <= k) & (k < q % 2 * 128 + q // 130 * 64 + 64),
)
MASKS["parts_fall"] = Mask(ends("x", "48", "200 - d0") + ends("y", "0", "48") + "\n  %m = attn.or %x, %y", lambda b, h, q, k, p: (k < 200 - q) | (k < 48))
MASKS["rows_apart"] = Mask(ends("m", "d1 * 128", "d1 * 192"), lambda b, h, q, k, p: (q % 2 * 128 <= k) & (k < q % 2 * 192))
# A table in order, read from before its first entry on; one whose entries no 32 bits hold.
MASKS["sorted_reads"] = Mask(
    """
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %five = arith.constant 5 : index
    %d = arith.subi %i, %five : index
    %x = attn.lookup %sorted[%d] monotone : tensor<?xi32> -> index
    %c = arith.cmpi slt, %x, %j : index
    attn.yield %c : i1
  }""",
    lambda b, h, q, k, p: read(p.sorted, q - 5)[1] & (read(p.sorted, q - 5)[0] < k) & (h >= 0),
    (("sorted", I32),),
)
# A read that nothing uses misses no pair.
MASKS["unused_read"] = Mask(
    """
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %zero = arith.constant 0 : index
    %unused = attn.lookup %sorted[%i] : tensor<?xi32> -> index
    attn.yield %zero, %i : index, index
  }""",
    lambda b, h, q, k, p: (k < q) & (h >= 0),
    (("sorted", I32),),
)
MASKS["real_reads"] = Mask(
    """
  %m = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %x = attn.lookup %reals[%i] : tensor<?xf64> -> f64
    %n = arith.index_cast %j : index to i64
    %y = arith.sitofp %n : i64 to f64
    %z = arith.constant 0.0 : f64
    %c = arith.cmpf olt, %x, %y : f64
    %d = arith.cmpf olt, %x, %z : f64
    %e = arith.ori %c, %d : i1
    attn.yield %e : i1
  }""",
    lambda b, h, q, k, p: read_real(p.reals, q)[1] & ((read_real(p.reals, q)[0] < k) | (read_real(p.reals, q)[0] < 0)) & (h >= 0),
    (("reals", "tensor<?xf64>"),),
)
# Several ends of which now one, now another counts.
MASKS["crossing_ends"] = Mask(
    """
  %m = attn.interval {
  ^bb0(%b: index, %h: index, %i: index):
    %one = arith.constant 1 : index
    %three = arith.constant 3 : index
    %nine = arith.constant 9 : index
    %four = arith.constant 4 : index
    %rising = arith.subi %i, %nine : index
    %falling = arith.subi %four, %i : index
    %inner = arith.maxsi %rising, %falling : index
    %lo = arith.maxsi %inner, %h : index
    %step = arith.muli %h, %three : index
    %x = arith.addi %step, %i : index
    %near = arith.addi %x, %one : index
    %far = arith.addi %i, %three : index
    %ahead = arith.minsi %near, %far : index
    %forty = arith.constant 40 : index
    %back = arith.subi %forty, %i : index
    %sq = attn.query_length
    %bounded = arith.minsi %back, %sq : index
    %hi = arith.minsi %ahead, %bounded : index
    attn.yield %lo, %hi : index, index
  }""",
    lambda b, h, q, k, p: (np.maximum(np.maximum(q - 9, 4 - q), h) <= k)
    & (k < np.minimum(np.minimum(3 * h + q + 1, q + 3), np.minimum(40 - q, p.Sq))),
)
for name, mask in library.mask_library.read_all().items():
    MASKS[name] = Mask(mask.call(), getattr(f, name, None), mask.parameters)


MASKS.update({name: Mask(*definition) for name, definition in SET_MASKS.items()})


class RandomMask:
    """A mask expression by seed: leaves, and/or/not/transpose, documents (nested too), and its formula built alongside."""

    parameters = CU + HASH + (("sub", I32), ("left", "index"), ("right", "index"), ("count", "index"))

    def __init__(self, seed):
        self.rng, self.lines, self.count = random.Random(seed), [PAIRS_TEXT, EQUAL_TEXT], 0
        name, self.formula = self.build(depth=4)
        self.lines.append(f"  %m = attn.or {name}")

    def define(self, text, formula):
        self.count += 1
        self.lines.append(f"  %x{self.count} = {text}")
        return f"%x{self.count}", formula

    def leaf(self):
        return self.rng.choice(
            [
                lambda: self.define("attn.all", f.everything),
                lambda: self.define("attn.causal align(bottom_right)", f.causal),
                lambda: self.define("attn.causal align(top_left)", f.causal_top_left),
                lambda: self.define("attn.sliding_window [%left, %right] align(bottom_right)", f.sliding_window),
                lambda: self.define("attn.sliding_window [%left, %right] align(top_left)", f.sliding_window_top_left),
                lambda: self.define("attn.sink_tokens [%count]", f.sink_tokens),
                lambda: self.define("attn.named @strict_causal()", f.strict_causal),
                lambda: ("%pairs", local_pairs),
                lambda: ("%equal", same_bucket),
                lambda: self.define(
                    "attn.neighborhood space[4, 5] window[3, 2] stride[1, 2]",
                    lambda b, h, q, k, p: f.neighborhood(b, h, q, k, p, [4, 5], [3, 2], [1, 2]),
                ),
            ]
        )()

    def build(self, depth):
        kinds = ["and", "or", "not", "transpose", "document", "select", "restrict", "leaf"]
        kind = self.rng.choice(kinds) if depth else "leaf"
        if kind == "leaf":
            return self.leaf()
        if kind == "select":
            (first, inner), (second, other) = self.leaf(), self.leaf()
            return self.define(
                f"attn.select head %hash_q[{first}, {second}] : {I32}",
                lambda b, h, q, k, p: f.select(*lookup(p.hash_q, h), (inner, other), b, h, q, k, p),
            )
        first, inner = self.build(depth - 1)
        if kind == "not":
            return self.define(f"attn.not {first}", lambda *x: ~inner(*x))
        if kind == "transpose":
            return self.define(f"attn.transpose {first}", transposed(inner))
        if kind == "document":
            cu_q, cu_k = self.rng.choice([("cu_q", "cu_k"), ("sub", "sub")])
            return self.define(
                f"attn.document %{cu_q}, %{cu_k} where {first} : {I32}, {I32}", self.document(cu_q, cu_k, inner)
            )
        if kind == "restrict":
            q0, k0 = self.rng.randint(0, 6), self.rng.randint(0, 6)
            sq, sk = self.rng.randint(0, 40), self.rng.randint(0, 40)
            return self.define(
                f"attn.restrict {first} queries({q0} of {sq}) keys({k0} of {sk})",
                lambda b, h, q, k, p: f.restrict(b, h, q, k, p, inner, q0, sq, k0, sk),
            )
        second, other = self.build(depth - 1)
        combined = (lambda *x: inner(*x) & other(*x)) if kind == "and" else (lambda *x: inner(*x) | other(*x))
        return self.define(f"attn.{kind} {first}, {second}", combined)

    @staticmethod
    def document(cu_q, cu_k, inner):
        def formula(b, h, q, k, p):
            # f.document reads p.cu_q, p.cu_k; the inner formula needs the original tables again.
            def restored(b, h, q, k, local):
                return inner(b, h, q, k, SimpleNamespace(**{**vars(p), "Sq": local.Sq, "Sk": local.Sk}))

            return f.document(
                b, h, q, k, SimpleNamespace(**{**vars(p), "cu_q": vars(p)[cu_q], "cu_k": vars(p)[cu_k]}), restored
            )

        return formula


for seed in range(24):
    mask = RandomMask(seed)
    MASKS[f"document_random{seed}"] = Mask("\n".join(mask.lines), mask.formula, mask.parameters)
