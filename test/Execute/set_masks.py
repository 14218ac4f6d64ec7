# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks on run-time sets under test: MLIR text, tables by seed (unsorted, repeated, out of range, too few rows), formulas.

SET_MASKS: name -> (text, formula, parameters), parameters being (name, MLIR type). `tables(name, case sizes)` makes them.
"""

import zlib

import numpy as np

import set_formulas as s

GRANULES = [(1, 1), (16, 16), (64, 64), (128, 64), (5, 7), (1, 64)]


def table_type(rank, element):
    return "tensor<" + "?x" * rank + element + ">"


def rows_of(kind):
    """Tables of a format -> (p, h) -> rows."""
    return {
        "csr": lambda p, h: s.csr_rows(p.indptr, p.indices, h),
        "list": lambda p, h: s.list_rows(p.indices, p.counts, h),
        "bitmap": lambda p, h: s.bitmap_rows(p.words, h),
        "table": lambda p, h: s.table_rows(p.table, h),
    }[kind]


def constructor(kind, granule, element="i32"):
    """(text that defines %set, parameters)."""
    g = f"granule = [{granule[0]}, {granule[1]}]"
    i3, i4, e4 = table_type(3, "i32"), table_type(4, "i32"), table_type(4, element)
    if kind == "csr":
        parameters = (("indptr", i3), ("indices", "tensor<?xi32>"))
    elif kind == "list":
        parameters = (("indices", i4), ("counts", i3))
    else:
        parameters = (({"bitmap": "words", "table": "table"}[kind], e4),)
    names = ", ".join("%" + name for name, _ in parameters)
    types = ", ".join(type for _, type in parameters)
    return f"  %set = attn.{kind}_set {names} {g} : {types} -> !attn.set<{kind}>\n", parameters


SET_MASKS = {}
for kind in ("csr", "list"):
    for granule in GRANULES:
        text, parameters = constructor(kind, granule)
        SET_MASKS[f"set_{kind}_{granule[0]}x{granule[1]}"] = (
            text + f"  %m = attn.block_sparse %set : !attn.set<{kind}>",
            s.block_sparse(rows_of(kind), granule),
            parameters,
        )
for kind, elements in (("bitmap", ("i8", "i32", "i64")), ("table", ("i1", "i8"))):
    for element, granule in zip(elements, ((16, 16), (1, 64), (5, 7))):
        text, parameters = constructor(kind, granule, element)
        SET_MASKS[f"set_{kind}_{element}"] = (
            text + f"  %m = attn.block_sparse %set : !attn.set<{kind}>",
            s.block_sparse(rows_of(kind), granule),
            parameters,
        )
# Tiles that are full, or full but for one column.
for kind, granule in (("csr", (64, 16)), ("bitmap", (16, 16)), ("table", (64, 16))):
    text, parameters = constructor(kind, granule, {"table": "i8"}.get(kind, "i32"))
    SET_MASKS[f"set_dense_{kind}"] = (
        text + f"  %m = attn.block_sparse %set : !attn.set<{kind}>",
        s.block_sparse(rows_of(kind), granule),
        parameters,
    )
for name, yielded, formula in (
    ("columns", "%j", s.key_columns(rows_of("csr"))),
    ("diagonals", "%d", s.diagonals(rows_of("csr"))),
):
    text, parameters = constructor("csr", (1, 1))
    SET_MASKS[f"set_{name}"] = (
        text
        + f"""  %m = attn.member %set {{
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %sq = attn.query_length
    %sk = attn.key_length
    %off = arith.subi %sk, %sq : index
    %p = arith.addi %i, %off : index
    %d = arith.subi %p, %j : index
    attn.yield %zero, {yielded} : index, index
  }} : !attn.set<csr>""",
        formula,
        parameters,
    )
# Rows with entries of their own whose columns fall with the key, skip every other one, move with the row or lie beyond both ends of a table; whose row is read from a
# table that is too short, or is one of more than are asked for a tile, or the largest integer.
FALLING = ("%sk = attn.key_length\n    %n = arith.subi %sk, %j : index\n    attn.yield %i, %n", lambda q, k, p: q + 0 * k, lambda q, k, p: p.Sk - k + 0 * q)
BEYOND = ("%t = arith.addi %j, %j : index\n    %n = arith.subi %t, %i : index\n    attn.yield %i, %n", lambda q, k, p: q + 0 * k, lambda q, k, p: 2 * k - q)
LAST = (1 << 63) - 48  # of the first 48 queries, the last one has the largest integer
MOVED = {  # name: (kind, granule, text of the position, formulas of row and column on (q, k, p))
    "falling_1x1": ("csr", (1, 1), *FALLING),
    "falling_1x5": ("csr", (1, 5), *FALLING),
    "beyond_bitmap": ("bitmap", (1, 1), *BEYOND),
    "beyond_table": ("table", (1, 1), *BEYOND),
    "doubled": ("csr", (1, 1), "%n = arith.addi %j, %j : index\n    attn.yield %i, %n", lambda q, k, p: q + 0 * k, lambda q, k, p: 2 * k + 0 * q),
    "both_move": ("csr", (1, 1), "%n = arith.addi %i, %j : index\n    attn.yield %j, %n", lambda q, k, p: k + 0 * q, lambda q, k, p: q + k),
    "looked_up": ("csr", (1, 3), "%r = attn.lookup %order[%i] : tensor<?xi32> -> index\n    attn.yield %r, %j",
                  lambda q, k, p: np.where(q < len(p.order), np.append(p.order, 0)[np.minimum(q, len(p.order))], -1) + 0 * k, lambda q, k, p: k + 0 * q),
    "spread": ("csr", (1, 1), "%six = arith.constant 6 : index\n    %r = arith.muli %i, %six : index\n    attn.yield %r, %j",
               lambda q, k, p: 6 * q + 0 * k, lambda q, k, p: k + 0 * q),
    "last_row": ("csr", (1, 1), "%r = arith.addi %i, %far : index\n    %n = arith.addi %j, %j : index\n    attn.yield %r, %n",
                 lambda q, k, p: q + np.int64(LAST) + 0 * k, lambda q, k, p: 2 * k + 0 * q),
}
for name, (kind, granule, position, row, column) in MOVED.items():
    text, parameters = constructor(kind, granule, "i8" if kind == "table" else "i32")
    SET_MASKS[f"set_{name}"] = (
        text + f"  %m = attn.member %set {{\n  ^bb0(%b: index, %h: index, %i: index, %j: index):\n    {position} : index, index\n  }} : !attn.set<{kind}>",
        lambda b, h, q, k, p, kind=kind, granule=granule, row=row, column=column: s.expand(
            b, h, p, rows_of(kind)(p, h), granule, lambda q, k: row(q, k, p), lambda q, k: column(q, k, p)
        ),
        parameters + tuple((name, type) for name, type in (("order", "tensor<?xi32>"), ("far", "index")) if "%" + name in position),
    )
for columns, form in ((1, "lower"), (2, "lower"), (2, "both"), (4, "both")):
    type = f"tensor<?x?x?x{columns}xi32>"
    SET_MASKS[f"set_runs_{form}{columns}"] = (
        f"  %set = attn.runs_set %rows {form} : {type} -> !attn.set<runs>\n  %m = attn.column_runs %set : !attn.set<runs>",
        s.column_runs(form == "both"),
        (("rows", type),),
    )
SET_MASKS["set_slices"] = (
    "  %set = attn.slices_set %q_ranges, %k_ranges, %types : tensor<?x2xi32>, tensor<?x2xi32>, tensor<?xi32> -> !attn.set<slices>\n"
    "  %m = attn.block_sparse %set : !attn.set<slices>",
    s.slices,
    (("q_ranges", "tensor<?x2xi32>"), ("k_ranges", "tensor<?x2xi32>"), ("types", "tensor<?xi32>")),
)
HASH_TYPES = (("hq", table_type(3, "i32")), ("hk", table_type(3, "i32")))
HASHED = f"  %hash = attn.hashed %hq, %hk : {HASH_TYPES[0][1]}, {HASH_TYPES[1][1]}\n"
SET_MASKS["set_hashed"] = (HASHED + "  %m = attn.and %hash", s.hashed, HASH_TYPES)
SET_MASKS["set_hashed_causal"] = (
    HASHED + "  %c = attn.causal align(bottom_right)\n  %m = attn.and %hash, %c",
    lambda b, h, q, k, p: s.hashed(b, h, q, k, p) & (k <= q + p.Sk - p.Sq),
    HASH_TYPES,
)
SET_MASKS["set_hashed_strict"] = (
    HASHED + "  %c = attn.named @strict_causal()\n  %m = attn.and %hash, %c",
    lambda b, h, q, k, p: s.hashed(b, h, q, k, p) & (k < q + p.Sk - p.Sq),
    HASH_TYPES,
)
VS_TYPES = (
    ("verticals", table_type(4, "i32")),
    ("vertical_counts", table_type(3, "i32")),
    ("slashes", table_type(4, "i32")),
    ("slash_counts", table_type(3, "i32")),
)
VS_TEXT = (
    "  %v_set = attn.list_set %verticals, %vertical_counts granule = [1, 1] : tensor<?x?x?x?xi32>, tensor<?x?x?xi32> -> !attn.set<list>\n"
    "  %d_set = attn.list_set %slashes, %slash_counts granule = [1, 1] : tensor<?x?x?x?xi32>, tensor<?x?x?xi32> -> !attn.set<list>\n"
)
VS_ROWS = (
    lambda p, h: s.list_rows(p.verticals, p.vertical_counts, h),
    lambda p, h: s.list_rows(p.slashes, p.slash_counts, h),
)
SET_MASKS["set_vertical_slash"] = (
    VS_TEXT + "  %m = attn.vertical_slash %v_set, %d_set align(bottom_right) : !attn.set<list>, !attn.set<list>",
    s.vertical_slash(*VS_ROWS),
    VS_TYPES,
)
SET_MASKS["set_vertical_slash_cover"] = (
    VS_TEXT + "  %m = attn.vertical_slash %v_set, %d_set align(bottom_right) cover = 16 : !attn.set<list>, !attn.set<list>",
    s.vertical_slash_cover(*VS_ROWS, 16),
    VS_TYPES,
)
# A set meets intervals: causal, and causal or not listed.
for granule in ((64, 64), (16, 16)):
    text, parameters = constructor("csr", granule)
    listed = s.block_sparse(rows_of("csr"), granule)
    head = text + "  %l = attn.block_sparse %set : !attn.set<csr>\n  %c = attn.causal align(bottom_right)\n"
    SET_MASKS[f"set_causal_{granule[0]}"] = (
        head + "  %m = attn.and %l, %c",
        lambda b, h, q, k, p, listed=listed: listed(b, h, q, k, p) & (k <= q + p.Sk - p.Sq),
        parameters,
    )
    SET_MASKS[f"set_mixed_{granule[0]}"] = (
        head
        + "  %n = attn.not %l\n  %w = attn.sliding_window [3, 2] align(bottom_right)\n"
        + "  %nc = attn.and %n, %c\n  %m = attn.or %nc, %w",
        lambda b, h, q, k, p, listed=listed: (~listed(b, h, q, k, p) & (k <= q + p.Sk - p.Sq))
        | ((k >= q + p.Sk - p.Sq - 3) & (k <= q + p.Sk - p.Sq + 2)),
        parameters,
    )


def granule_of(name):
    for parameter, _ in SET_MASKS[name][2]:
        if parameter in ("q_ranges", "hq", "rows"):
            return 1, 1
    text = SET_MASKS[name][0]
    first = text.index("granule = [") + len("granule = [")
    return tuple(int(x) for x in text[first : text.index("]", first)].split(","))


def tables(name, batch, heads, queries, keys, variant):
    """Values of the parameters. variant 0: shared by all; 1: per batch entry and key head; 2: per query head, hostile numbers."""
    rng = np.random.default_rng(zlib.crc32(f"{name} {queries} {keys} {variant}".encode()))
    own_batch, own_heads = ((1, 1), (batch, heads[1]), (batch, heads[0]))[variant]
    granule, hostile = granule_of(name), variant == 2
    single_row = "columns" in name or "diagonals" in name or "vertical" in name
    rows = 1 if single_row else -(-queries // granule[0])
    rows = max(rows - (rows > 1 or queries % 2), 0) if hostile else rows
    columns = -(-keys // granule[1])
    density = 0.9 if "dense" in name else 0.0 if "beyond" in name else 0.3 if columns > 4 else 0.6

    def entries():
        """A row of the set: shuffled, sometimes repeated, with hostile numbers out of range."""
        chosen = np.flatnonzero(rng.random(max(columns, 1)) < density)
        extra = rng.choice(chosen, len(chosen) // 3) if len(chosen) else chosen
        odd = np.array([-1, -7, columns, columns + 3, 2**31 - 1, -(2**31)]) if hostile else np.array([], int)
        row = np.concatenate([chosen, extra, odd]).astype(np.int32)
        rng.shuffle(row)
        return row

    def lists():
        made = [[[entries() for _ in range(rows)] for _ in range(own_heads)] for _ in range(own_batch)]
        capacity = max([len(row) for b in made for h in b for row in h], default=0) + 2
        indices = np.full((own_batch, own_heads, rows, capacity), -5, np.int32)
        counts = np.zeros((own_batch, own_heads, rows), np.int32)
        for b, h, r in np.ndindex(*counts.shape):
            indices[b, h, r, : len(made[b][h][r])] = made[b][h][r]
            counts[b, h, r] = len(made[b][h][r]) if not hostile or r % 3 else rng.choice([-4, 1000])
        return indices, counts

    values = {}
    for parameter, type in SET_MASKS[name][2]:
        element = type[type.rindex("x") + 1 : -1]
        if parameter == "indptr":
            made = [entries() for _ in range(own_batch * own_heads * rows)]
            lengths = np.array([len(row) for row in made], np.int64).reshape(own_batch * own_heads, rows)
            flat = np.concatenate([[0], np.cumsum(lengths.ravel())])
            starts = [flat[i * rows : i * rows + rows + 1] for i in range(own_batch * own_heads)]
            values["indptr"] = np.array(starts, np.int32).reshape(own_batch, own_heads, rows + 1)
            values["indices"] = np.concatenate(made).astype(np.int32) if made else np.zeros(0, np.int32)
            if hostile and rows:
                values["indptr"][..., -1] += 1000
                values["indptr"][..., 0] -= 3
        elif parameter in ("indices", "verticals", "slashes") and parameter not in values:
            second = {"indices": "counts", "verticals": "vertical_counts", "slashes": "slash_counts"}[parameter]
            values[parameter], values[second] = lists()
        elif parameter == "order":
            values["order"] = rng.integers(-2, queries + 2, max(queries - 3, 0), np.int32)
        elif parameter == "far":
            values["far"] = LAST
        elif parameter == "words":
            width = int(element[1:])
            shape = (own_batch, own_heads, rows, -(-columns // width))
            values[parameter] = rng.integers(0, 256, (*shape, width // 8), np.uint8).view(f"int{width}")[..., 0]
            if "beyond" in name:  # nothing ends the search for an entry
                values[parameter] = np.zeros_like(values[parameter])
            if "dense" in name:  # one bit of every other word is missing
                values[parameter] = np.where(rng.random(shape) < 0.5, -1, ~(1 << rng.integers(0, 8, shape))).astype(f"int{width}")
        elif parameter == "table":
            shape = (own_batch, own_heads, rows, max(columns - hostile, 0))
            values[parameter] = (rng.random(shape) < density).astype(bool if element == "i1" else np.int8)
        elif parameter == "rows":
            count = int(type[: type.rindex("x")].split("x")[-1])
            shape = (own_batch, own_heads, max(keys - 2 * hostile, 0), count)
            values[parameter] = np.sort(rng.integers(-3, queries + 4, shape), axis=-1).astype(np.int32)
            if "both2" in name:
                values[parameter] = values[parameter][..., ::-1].copy()
        elif parameter == "q_ranges":
            number = 6
            for key, length in (("q_ranges", queries), ("k_ranges", keys)):
                values[key] = np.sort(rng.integers(-2 * hostile, length + 1 + 5 * hostile, (number, 2)), axis=1).astype(np.int32)
            values["types"] = rng.integers(-hostile, 4 + hostile, number).astype(np.int32)
        elif parameter in ("hq", "hk"):
            length = queries if parameter == "hq" else keys
            values[parameter] = rng.integers(0, 4, (own_batch, own_heads, max(length - hostile, 0)), np.int32)
    return values
