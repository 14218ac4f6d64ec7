# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sets of which a kernel reads a row once per tile of keys (passes/Tiling/ListedKeys): bitmaps, tables and covered diagonals in documents, lists so long that
they are searched where they ascend, lists of a few near keys. Importing adds them to masks.MASKS; PARAMETERS has their settings, TILES those for several
tiles."""

import numpy as np

from combinator_masks import CUTS, blocks
from masks import CU, DOCUMENT, MASKS, Mask, in_document, s
from set_masks import VS_ROWS, VS_TEXT, VS_TYPES, constructor, rows_of

MANY_CUTS = dict(cu_q=[0, 47, 48, 48, 190, 257], cu_k=[0, 60, 61, 100, 101, 260])
LONG = 1024  # entries from which a row is searched


def bits(kind, rows, columns, seed):
    """A bitmap or table for two heads, three columns in ten set."""
    rng = np.random.default_rng(seed)
    if kind == "table":
        return dict(table=(rng.random((1, 2, rows, columns)) < 0.3).astype(np.int8))
    shape = (1, 2, rows, -(-columns // 32))
    return dict(words=(rng.integers(-(2**31), 2**31, shape) & rng.integers(-(2**31), 2**31, shape)).astype(np.int32))


def verticals_and_diagonals(columns, seed):
    rng = np.random.default_rng(seed)
    lists = rng.integers(-2, columns + 2, (2, 1, 2, 1, 9)).astype(np.int32)
    counts = np.array([[9, 3], [4, 1000]], np.int32).reshape(2, 1, 2, 1)
    return dict(verticals=lists[0], vertical_counts=counts[0], slashes=lists[1], slash_counts=counts[1])


def long_rows(rows, columns, seed):
    """Around LONG entries, most of them repeated and some out of range: ascending, in no order, descending, ascending but for the last one."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(2 * rows):
        length = (LONG - 1, LONG, LONG + 1, LONG + 300, 5)[number % 5]
        some = rng.choice(np.arange(-3, columns + 3), max(columns // 4, 1))
        row = np.sort(rng.choice(np.append(some, [-(2**31), 2**31 - 1]), length)).astype(np.int32)
        order = number // 5 % 4
        made.append((row, rng.permutation(row), row[::-1], np.append(row[:-1], some.min()))[order].astype(np.int32))
    return made


def near_rows(rows, columns, seed):
    """A few entries near a place that moves with the row, and sometimes the first column: most tiles have none."""
    rng = np.random.default_rng(seed)
    made = [number % rows * columns // rows + rng.integers(-2, 5, rng.integers(0, 7)) for number in range(2 * rows)]
    return [np.append(row, [0] * (number % 16 == 0)).astype(np.int32) for number, row in enumerate(made)]


def csr_of(made):
    rows, ends = len(made) // 2, np.concatenate([[0], np.cumsum([len(row) for row in made])])
    return dict(indptr=np.array([ends[: rows + 1], ends[rows:]], np.int32)[None], indices=np.concatenate(made))


def list_of(made):
    rows, indices = len(made) // 2, np.full((len(made), LONG + 300), 1, np.int32)
    for row, entries in zip(indices, made):
        row[: len(entries)] = entries
    counts = np.array([len(row) if n % 7 else 5000 for n, row in enumerate(made)], np.int32)
    return dict(indices=indices.reshape(1, 2, rows, -1), counts=counts.reshape(1, 2, rows))


def anywhere(formula):
    """Set formulas know their whole grid only."""
    return blocks(formula, 1, 1, np.any)


def slash(cover):
    text = VS_TEXT + "  %local = attn.vertical_slash %v_set, %d_set align(bottom_right)" + (f" cover = {cover}" if cover else "")
    formula = s.vertical_slash_cover(*VS_ROWS, cover) if cover else s.vertical_slash(*VS_ROWS)
    return Mask(text + " : !attn.set<list>, !attn.set<list>\n" + DOCUMENT, in_document(anywhere(formula)), CU + VS_TYPES)


# name: format, granule, rows and columns: too few of some for the longest documents, which have 142 queries and 159 keys
GRIDS = {
    "document_set_bitmap": ("bitmap", (16, 16), 7, 10),
    "document_set_bitmap_rows": ("bitmap", (1, 8), 100, 20),
    "document_set_bitmap_fine": ("bitmap", (2, 3), 75, 50),  # too many columns a tile: asked pair by pair
    "document_set_table": ("table", (5, 24), 29, 5),
}
for name, (kind, granule, rows, columns) in GRIDS.items():
    text, parameters = constructor(kind, granule, "i32" if kind == "bitmap" else "i8")
    formula = in_document(anywhere(s.block_sparse(rows_of(kind), granule)))
    MASKS[name] = Mask(f"{text}  %local = attn.block_sparse %set : !attn.set<{kind}>\n" + DOCUMENT, formula, CU + parameters)
MASKS["document_vertical_slash"] = slash(None)
MASKS["document_vertical_slash_cover"] = slash(16)

text, parameters = constructor("list", (1, 1))
tokens = s.block_sparse(rows_of("list"), (1, 1))
MASKS["listed_tokens"] = Mask(text + "  %m = attn.block_sparse %set : !attn.set<list>", tokens, parameters)
MASKS["listed_tokens_not"] = Mask(
    text + "  %l = attn.block_sparse %set : !attn.set<list>\n  %n = attn.not %l\n  %c = attn.causal align(bottom_right)\n  %m = attn.and %n, %c",
    lambda b, h, q, k, p: ~tokens(b, h, q, k, p) & (k <= q + p.Sk - p.Sq),
    parameters,
)
text, parameters = constructor("csr", (3, 7))
MASKS["listed_blocks"] = Mask(text + "  %m = attn.block_sparse %set : !attn.set<csr>", s.block_sparse(rows_of("csr"), (3, 7)), parameters)
text, parameters = constructor("csr", (1, 2))
MASKS["listed_diagonals"] = Mask(
    text
    + """  %m = attn.member %set {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %d = arith.subi %i, %j : index
    attn.yield %i, %d : index, index
  } : !attn.set<csr>""",
    s.block_sparse(rows_of("csr"), (1, 2), lambda q, k: q - k),
    parameters,
)
LISTS = {  # rows, columns for 140 queries and 300 keys
    "listed_tokens": (list_of, 140, 300),
    "listed_tokens_not": (list_of, 140, 300),
    "listed_blocks": (csr_of, 50, 43),
    "listed_diagonals": (csr_of, 140, 70),
}

PARAMETERS, TILES = {}, {}
for name, (kind, granule, rows, columns) in GRIDS.items():
    tables = bits(kind, rows, columns, len(name))
    PARAMETERS[name], TILES[name] = [dict(**cuts, **tables) for cuts in CUTS], [dict(**MANY_CUTS, **tables)]
for name in ("document_vertical_slash", "document_vertical_slash_cover"):
    PARAMETERS[name] = [dict(**cuts, **verticals_and_diagonals(40, 5)) for cuts in CUTS]
    TILES[name] = [dict(**MANY_CUTS, **verticals_and_diagonals(160, 6))]
for name, (stored, rows, columns) in LISTS.items():
    PARAMETERS[name] = [stored(made(rows // 3, columns // 5, len(name))) for made in (long_rows, near_rows)]
    TILES[name] = [stored(made(rows, columns, len(name))) for made in (long_rows, near_rows)]
