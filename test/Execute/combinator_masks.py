# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks made of whole masks (choice, part, blocks) and neighborhoods: importing adds them to masks.MASKS. PARAMETERS has
their settings."""

from types import SimpleNamespace

import numpy as np

from masks import CU, DOCUMENT, EQUAL_TEXT, HASH, I32, MASKS, PAIRS_TEXT, Mask, f
from masks import in_document, local_pairs, lookup, read, s, same_bucket, window_or_sinks
from set_masks import constructor, rows_of


def select_by(axis, *inners):
    def formula(b, h, q, k, p):
        return f.select(*lookup(p.pattern, h if axis == "head" else b), inners, b, h, q, k, p)

    return formula


def window_and_sinks(b, h, q, k, p):
    return f.sliding_window(b, h, q, k, p) | f.sink_tokens(b, h, q, k, p)


def restricted(inner):
    return lambda b, h, q, k, p: f.restrict(b, h, q, k, p, inner, p.q0, max(p.nq, 0), p.k0, max(p.nk, 0))


SELECTED = """  %c = attn.causal align(bottom_right)
  %w = attn.sliding_window [%left, %right] align(bottom_right)
  %s = attn.sink_tokens [%count]
  %ws = attn.or %w, %s
"""
PATTERN = (("pattern", I32), ("left", "index"), ("right", "index"), ("count", "index"))
RESTRICT = "  %m = attn.restrict %inner queries(%q0 of %nq) keys(%k0 of %nk)"
PART = (("q0", "index"), ("nq", "index"), ("k0", "index"), ("nk", "index"))
AXIS = (("n", "index"), ("w", "index"), ("s", "index"), ("d", "index"))
PLANE = AXIS + (("n1", "index"), ("w1", "index"), ("s1", "index"), ("d1", "index"))

MASKS |= {
    "select_head": Mask(
        SELECTED + "  %m = attn.select head %pattern[%c, %ws, %s] : tensor<?xi32>",
        select_by("head", f.causal, window_and_sinks, f.sink_tokens),
        PATTERN,
    ),
    "select_batch": Mask(
        SELECTED + "  %m = attn.select batch %pattern[%ws, %c] : tensor<?xi32>",
        select_by("batch", window_and_sinks, f.causal),
        PATTERN,
    ),
    # More terms than the closed form takes.
    "select_many": Mask(
        SELECTED
        + "  %nc = attn.not %c\n  %nw = attn.not %w\n  %x = attn.or %nw, %s\n"
        + "  %m = attn.select head %pattern[%ws, %x, %c, %nc, %nw, %x] : tensor<?xi32>",
        select_by(
            "head",
            window_and_sinks,
            lambda *x: ~f.sliding_window(*x) | f.sink_tokens(*x),
            f.causal,
            lambda *x: ~f.causal(*x),
            lambda *x: ~f.sliding_window(*x),
            lambda *x: ~f.sliding_window(*x) | f.sink_tokens(*x),
        ),
        PATTERN,
    ),
    "restrict_window": Mask(
        "  %c = attn.causal align(bottom_right)\n  %w = attn.sliding_window [%left, %right] align(bottom_right)\n"
        "  %inner = attn.and %c, %w\n" + RESTRICT,
        restricted(lambda *x: f.causal(*x) & f.sliding_window(*x)),
        PART + (("left", "index"), ("right", "index")),
    ),
    "restrict_pairs": Mask(
        PAIRS_TEXT + EQUAL_TEXT + "\n  %not = attn.not %equal\n  %inner = attn.and %pairs, %not\n" + RESTRICT,
        restricted(lambda *x: local_pairs(*x) & ~same_bucket(*x)),
        PART + HASH,
    ),
    "restrict_document": Mask(
        "  %c = attn.causal align(bottom_right)\n"
        "  %inner = attn.document %cu_q, %cu_k where %c : tensor<?xi32>, tensor<?xi32>\n" + RESTRICT,
        restricted(in_document(f.causal)),
        PART + CU,
    ),
    "restrict_neighborhood": Mask(
        "  %inner = attn.neighborhood space[8, 7] window[3, 4]\n" + RESTRICT,
        restricted(lambda b, h, q, k, p: f.neighborhood(b, h, q, k, p, [8, 7], [3, 4])),
        PART,
    ),
    # An end that means "no limit" may not wrap where a document moves it.
    "document_sinks": Mask(
        "  %local = attn.sink_tokens [%many]\n" + DOCUMENT, in_document(f.everything), CU + (("many", "index"),)
    ),
    "document_neighborhood": Mask(
        "  %local = attn.neighborhood space[3, 5] window[2, 3]\n" + DOCUMENT,
        in_document(lambda b, h, q, k, p: f.neighborhood(b, h, q, k, p, [3, 5], [2, 3])),
        CU,
    ),
    "neighborhood_1d": Mask(
        "  %m = attn.neighborhood space[%n] window[%w] stride[%s] dilation[%d]",
        lambda b, h, q, k, p: f.neighborhood(b, h, q, k, p, [p.n], [p.w], [p.s], [p.d]),
        AXIS,
    ),
    "neighborhood_1d_causal": Mask(
        "  %m = attn.neighborhood space[%n] window[%w] stride[%s] dilation[%d] causal[true]",
        lambda b, h, q, k, p: f.neighborhood(b, h, q, k, p, [p.n], [p.w], [p.s], [p.d], [True]),
        AXIS,
    ),
    "neighborhood_2d": Mask(
        "  %m = attn.neighborhood space[%n, %n1] window[%w, %w1] stride[%s, %s1] dilation[%d, %d1] causal[false, true]",
        lambda b, h, q, k, p: f.neighborhood(
            b, h, q, k, p, [p.n, p.n1], [p.w, p.w1], [p.s, p.s1], [p.d, p.d1], [False, True]
        ),
        PLANE,
    ),
    "neighborhood_swin": Mask(
        "  %m = attn.neighborhood space[8, 8] window[4, 4] stride[4, 4]",
        lambda b, h, q, k, p: (q < 64)
        & (k < 64)
        & (q // 32 == k // 32)
        & (q % 8 // 4 == k % 8 // 4),
    ),
}


def blocks(inner, rows, columns, join):
    return lambda b, h, q, k, p: f.blocks(b, h, q, k, p, inner, rows, columns, join)


WINDOW = (("left", "index"), ("right", "index"), ("count", "index"))
MASKS |= {
    "block_cover_window": Mask(
        SELECTED + "  %x = attn.and %c, %ws\n  %m = attn.block_cover %x [8, 16]",
        blocks(window_or_sinks, 8, 16, np.any),
        WINDOW,
    ),
    "block_interior_window": Mask(
        SELECTED + "  %m = attn.block_interior %ws [5, 7]", blocks(window_and_sinks, 5, 7, np.all), WINDOW
    ),
    "block_not": Mask(
        SELECTED + "  %n = attn.not %ws\n  %x = attn.block_cover %n [3, 4]\n  %y = attn.not %x\n  %m = attn.or %y, %s",
        lambda *x: blocks(window_and_sinks, 3, 4, np.all)(*x) | f.sink_tokens(*x),
        WINDOW,
    ),
    # Blocks of a window, and what is in none: one mask and its complement in two terms.
    "block_or_not": Mask(
        SELECTED + "  %x = attn.block_cover %w [8, 16]\n  %n = attn.not %x\n  %y = attn.and %x, %c\n  %z = attn.and %n, %s\n  %m = attn.or %y, %z",
        lambda *x: np.where(blocks(f.sliding_window, 8, 16, np.any)(*x), f.causal(*x), f.sink_tokens(*x)),
        WINDOW,
    ),
    # Masks that are not intervals.
    "block_cover_equal": Mask(
        EQUAL_TEXT + "\n  %m = attn.block_cover %equal [2, 3]", blocks(same_bucket, 2, 3, np.any), HASH
    ),
    "block_interior_pairs": Mask(
        PAIRS_TEXT + "\n  %m = attn.block_interior %pairs [2, 3]", blocks(local_pairs, 2, 3, np.all)
    ),
    # The predicate divides the query by a multiple of the tile, and the rows of a block lie in several tiles.
    "block_cover_tiles": Mask(
        """
  %striped = attn.predicate {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %rows = arith.constant 192 : index
    %nine = arith.constant 9 : index
    %zero = arith.constant 0 : index
    %n = arith.floordivsi %i, %rows : index
    %s = arith.addi %n, %j : index
    %r = arith.remsi %s, %nine : index
    %c = arith.cmpi eq, %r, %zero : index
    attn.yield %c : i1
  }
  %m = attn.block_cover %striped [384, 2]""",
        blocks(lambda b, h, q, k, p: ((q // 192 + k) % 9 == 0) & (h == h), 384, 2, np.any),
    ),
    "block_of_blocks": Mask(
        SELECTED + "  %x = attn.block_interior %ws [2, 3]\n  %m = attn.block_cover %x [4, 10]",
        blocks(blocks(window_and_sinks, 2, 3, np.all), 4, 10, np.any),
        WINDOW,
    ),
    # Blocks of documents and of parts: they count from the document's first token and from the whole sequence's.
    "document_block_cover": Mask(
        "  %c = attn.causal align(bottom_right)\n  %w = attn.sliding_window [%left, %right] align(bottom_right)\n"
        "  %x = attn.and %c, %w\n  %local = attn.block_cover %x [4, 6]\n" + DOCUMENT,
        in_document(blocks(lambda *x: f.causal(*x) & f.sliding_window(*x), 4, 6, np.any)),
        CU + WINDOW[:2],
    ),
    "document_block_interior": Mask(
        "  %c = attn.causal align(bottom_right)\n  %i = attn.block_interior %c [5, 3]\n  %s = attn.sink_tokens [%count]\n"
        "  %n = attn.not %i\n  %local = attn.or %n, %s\n" + DOCUMENT,
        in_document(lambda *x: ~blocks(f.causal, 5, 3, np.all)(*x) | f.sink_tokens(*x)),
        CU + WINDOW[2:],
    ),
    "document_block_equal": Mask(
        EQUAL_TEXT + "\n  %local = attn.block_cover %equal [2, 3]\n" + DOCUMENT, in_document(blocks(same_bucket, 2, 3, np.any)), CU + HASH
    ),
    "document_nested_blocks": Mask(
        "  %c = attn.causal align(bottom_right)\n  %x = attn.block_cover %c [3, 4]\n"
        "  %local = attn.document %sub, %sub where %x : tensor<?xi32>, tensor<?xi32>\n" + DOCUMENT,
        in_document(lambda b, h, q, k, p: f.document(b, h, q, k, SimpleNamespace(**{**vars(p), "cu_q": p.sub, "cu_k": p.sub}), blocks(f.causal, 3, 4, np.any))),
        CU + (("sub", I32),),
    ),
    "blocks_of_document_blocks": Mask(
        "  %c = attn.causal align(bottom_right)\n  %x = attn.block_interior %c [2, 3]\n"
        "  %d = attn.document %cu_q, %cu_k where %x : tensor<?xi32>, tensor<?xi32>\n  %m = attn.block_cover %d [8, 8]",
        blocks(in_document(blocks(f.causal, 2, 3, np.all)), 8, 8, np.any),
        CU,
    ),
    "restrict_block_cover": Mask(
        "  %w = attn.sliding_window [%left, %right] align(bottom_right)\n  %inner = attn.block_cover %w [6, 5]\n" + RESTRICT,
        restricted(blocks(f.sliding_window, 6, 5, np.any)),
        PART + WINDOW[:2],
    ),
    "restrict_block_pairs": Mask(
        PAIRS_TEXT + "\n  %inner = attn.block_interior %pairs [2, 3]\n" + RESTRICT, restricted(blocks(local_pairs, 2, 3, np.all)), PART
    ),
    "restrict_block_document": Mask(
        "  %c = attn.causal align(bottom_right)\n  %x = attn.block_cover %c [4, 4]\n"
        "  %inner = attn.document %cu_q, %cu_k where %x : tensor<?xi32>, tensor<?xi32>\n" + RESTRICT,
        restricted(in_document(blocks(f.causal, 4, 4, np.any))),
        PART + CU,
    ),
}

# Blocks with a frame of their own: lengths count as 2^31 - 1 at most, the first key as 2^62 in magnitude.
def framed(inner, rows, columns):
    """Covers by blocks of rows x columns, counted from (q0, k0); the pairs of each block one by one."""

    def formula(b, h, q, k, p):
        x, y = q - np.int64(p.q0), k - np.int64(min(max(p.k0, -(1 << 62)), 1 << 62))
        queries, keys = (min(length, (1 << 31) - 1) for length in (p.nq, p.nk))
        local = SimpleNamespace(**{**vars(p), "Sq": queries, "Sk": keys})
        some = np.zeros(np.broadcast_shapes(np.shape(b), np.shape(h), np.shape(q), np.shape(k)), dtype=bool)
        for i, j in np.ndindex(rows, columns):
            row, column = x // rows * rows + i, y // columns * columns + j
            some |= (row < queries) & (column < keys) & inner(b, h, row, column, local)
        return some & (0 <= x) & (x < queries) & (0 <= y) & (y < keys)

    return formula


FRAME = """ within {
  ^bb0(%b: index, %h: index, %i: index):
    %x = arith.subi %i, %q0 : index
    attn.yield %x, %nq, %k0, %nk : index, index, index, index
  }"""
MASKS |= {
    "block_framed": Mask(
        "  %w = attn.sliding_window [9, 4] align(top_left)\n  %m = attn.block_cover %w [4, 6]" + FRAME,
        framed(lambda b, h, q, k, p: (q - 9 <= k) & (k <= q + 4), 4, 6),
        PART,
    ),
    "block_framed_pairs": Mask(PAIRS_TEXT + "\n  %m = attn.block_cover %pairs [1, 1]" + FRAME, framed(local_pairs, 1, 1), PART),
}

# Lists of a document's own tokens and blocks, and of a whole sequence's for a part of it.
def listed(kind, granule, formula):
    """The set's text and parameters; the formula at any pairs (set formulas know their whole grid only)."""
    text, parameters = constructor(kind, granule)
    return text, parameters, blocks(formula(rows_of(kind), granule), 1, 1, np.any)


def member(kind, column):
    return f"""  %local = attn.member %set {{
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %zero = arith.constant 0 : index
    %d = arith.subi %i, %j : index
    attn.yield %zero, {column} : index, index
  }} : !attn.set<{kind}>
"""


def tables(kind, rows, columns, seed):
    """Unsorted, with repeated and hostile entries; two heads of their own."""
    rng = np.random.default_rng(seed)
    made = [rng.integers(-2, columns + 2, rng.integers(0, columns)).astype(np.int32) for _ in range(2 * rows)]
    if kind == "list":
        capacity = max(map(len, made)) + 1
        padded = [np.append(row, np.full(capacity - len(row), 1, np.int32)) for row in made]
        counts = [len(row) if n % 5 else 1000 for n, row in enumerate(made)]
        return dict(indices=np.array(padded).reshape(1, 2, rows, capacity), counts=np.array(counts, np.int32).reshape(1, 2, rows))
    ends = np.concatenate([[0], np.cumsum([len(row) for row in made])])
    return dict(indptr=np.array([ends[: rows + 1], ends[rows:]], np.int32)[None], indices=np.concatenate(made))


SETS_IN_DOCUMENTS = {
    "document_set_tokens": ("csr", (1, 1), s.block_sparse, "  %local = attn.block_sparse %set : !attn.set<csr>\n", 20),
    "document_set_blocks": ("list", (3, 4), s.block_sparse, "  %local = attn.block_sparse %set : !attn.set<list>\n", 7),
    "document_set_columns": ("list", (1, 1), s.key_columns, member("list", "%j"), 1),
    "document_set_diagonals": ("csr", (2, 3), s.diagonals_top_left, member("csr", "%d"), 1),
}
for name, (kind, granule, formula, text, rows) in SETS_IN_DOCUMENTS.items():
    head, parameters, attends = listed(kind, granule, formula)
    MASKS[name] = Mask(head + text + DOCUMENT, in_document(attends), CU + parameters)
head, parameters, attends = listed("list", (1, 3), s.block_sparse)
MASKS["restrict_set"] = Mask(
    head + "  %l = attn.block_sparse %set : !attn.set<list>\n  %inner = attn.not %l\n" + RESTRICT, restricted(lambda *x: ~attends(*x)), PART + parameters
)


def not_moved(b, h, q, k, p):
    """Not in the query's list of keys that a table moves; where the table ends, the list has nothing."""
    shift, inside = read(p.shift_of, np.arange(p.Sq)[:, None])
    columns = s.block_sparse(lambda p, h: s.csr_rows(p.indptr, p.indices, h), (1, 1), lambda q, k: shift + k)
    return ~(inside & columns(b, h, q, k, p))


head, parameters = constructor("csr", (1, 1))
MASKS["member_moved"] = Mask(
    head
    + """  %l = attn.member %set {
  ^bb0(%b: index, %h: index, %i: index, %j: index):
    %shift = attn.lookup %shift_of[%i] : tensor<?xi32> -> index
    %c = arith.addi %shift, %j : index
    attn.yield %i, %c : index, index
  } : !attn.set<csr>
  %m = attn.not %l""",
    not_moved,
    parameters + (("shift_of", I32),),
)

SPACES = {  # static settings: space, window, stride, dilation, causal
    "plane": ([6, 9], [3, 4], [1, 1], [1, 1], [False, False]),
    "stride": ([7, 9], [4, 5], [2, 3], [1, 1], [False, False]),
    "dilated": ([8, 9], [3, 2], [2, 1], [2, 4], [False, False]),
    "causal": ([7, 8], [3, 4], [2, 1], [1, 2], [True, True]),
    "whole": ([6, 10], [6, 10], [1, 4], [1, 1], [False, False]),
    "volume": ([3, 4, 5], [2, 3, 5], [1, 2, 2], [1, 1, 1], [True, False, False]),
    "volume_dilated": ([4, 3, 4], [2, 2, 2], [1, 2, 1], [2, 1, 2], [False, False, True]),
}
for name, (space, window, stride, dilation, causal) in SPACES.items():
    flags = str(causal).lower()
    MASKS["neighborhood_" + name] = Mask(
        f"  %m = attn.neighborhood space{space} window{window} stride{stride} dilation{dilation} causal{flags}",
        lambda b, h, q, k, p, parameters=(space, window, stride, dilation, causal): f.neighborhood(
            b, h, q, k, p, *parameters
        ),
    )

BOXES = {  # boxes of queries and keys, then as above
    "square": ([4, 4], [4, 4], [11, 9], [5, 3], [1, 1], [1, 1], [False, False]),
    "unequal": ([2, 3], [3, 2], [5, 7], [3, 4], [2, 1], [1, 1], [True, False]),
    "keys": ([1, 1], [2, 5], [6, 10], [4, 3], [1, 3], [1, 2], [False, True]),
    "line": ([4], [3], [50], [9], [2], [3], [False]),
    "volume": ([2, 2, 2], [1, 4, 2], [3, 5, 4], [2, 3, 3], [1, 2, 1], [1, 1, 1], [False, False, False]),
}
for name, (query_box, key_box, *parameters) in BOXES.items():
    space, window, stride, dilation, causal = parameters
    flags = str(causal).lower()
    MASKS["neighborhood_boxes_" + name] = Mask(
        f"  %m = attn.neighborhood space{space} window{window} stride{stride} dilation{dilation} causal{flags} query_box{query_box} key_box{key_box}",
        lambda b, h, q, k, p, all_parameters=(query_box, key_box, *parameters): f.neighborhood_boxes(b, h, q, k, p, *all_parameters),
    )

MASKS["neighborhood_boxes_runtime"] = Mask(
    "  %m = attn.neighborhood space[%n, %n1, %n1] window[%w, %w1, %w1] stride[%s, %s1, %s1] dilation[%d, %d1, %d1] causal[false, true, false] "
    "query_box[2, 3, 2] key_box[1, 2, 4]",
    lambda b, h, q, k, p: f.neighborhood_boxes(
        b, h, q, k, p, [2, 3, 2], [1, 2, 4], *([first, second, second] for first, second in ((p.n, p.n1), (p.w, p.w1), (p.s, p.s1), (p.d, p.d1))),
        [False, True, False],
    ),
    PLANE,
)

BUCKETS = [
    dict(hash_q=[n * n % 5 for n in range(40)], hash_k=[3 * n % 5 for n in range(45)]),
    dict(hash_q=[], hash_k=[]),
]
WINDOWS = [dict(left=4, right=2, count=3), dict(left=0, right=0, count=0), dict(left=1 << 40, right=9, count=1)]
LARGE = (1 << 63) - 1
FRAMES = [
    dict(q0=q0, nq=nq, k0=k0, nk=nk)
    for q0, nq, k0, nk in (
        (3, 40, 5, 40), (-4, LARGE, -7, LARGE), (0, LARGE, 5 - LARGE, LARGE), (0, 1 << 62, -3 - (1 << 62), LARGE), (-(1 << 31), 1 << 40, 3, 1 << 32),
        (5 - (1 << 31), 1 << 40, 7 - (1 << 31), 1 << 40), (5 - (1 << 32), 1 << 40, 5 - (1 << 32), 1 << 40), (LARGE, LARGE, LARGE, LARGE), (-LARGE - 1, LARGE, 0, 50),
        (0, -LARGE - 1, 0, 9), (0, 9, LARGE - 2, -LARGE),
    )
]
NEIGHBORHOODS = [
    dict(n=n, w=w, s=s, d=d)
    for n, w, s, d in (
        (40, 7, 1, 1),
        (33, 8, 3, 1),
        (40, 5, 2, 3),
        (31, 31, 4, 1),
        (64, 16, 16, 1),
        (20, 100, 0, -3),
        (-5, -5, 9, 9),
        (1 << 40, 6, 100, 1),
    )
]

CUTS = [dict(cu_q=[0, 13, 13, 29, 60], cu_k=[2, 13, 20, 44, 60]), dict(cu_q=[3, 40], cu_k=[0, 50])]

PLANES = [
    dict(n=n, w=w, s=s, d=d, n1=n1, w1=w1, s1=s1, d1=d1)
    for (n, w, s, d), (n1, w1, s1, d1) in (
        ((8, 3, 1, 1), (8, 4, 1, 1)),
        ((5, 5, 2, 1), (11, 4, 3, 2)),
        ((9, 2, 2, 4), (7, 7, 1, 1)),
        ((-1, 0, 5, 5), (1 << 62, 9, 2, 1)),
        ((1 << 62, 1 << 40, 3, 3), (6, 100, 100, 100)),
        ((1 << 62, 1 << 62, 1, 1), (1 << 62, 1 << 62, 1, 1)),  # no product of extents may wrap
    )
]

PARAMETERS = {
    # Entries that name no mask, tables that are too short.
    "select_head": [
        dict(pattern=pattern, left=4, right=1, count=3) for pattern in ([0, 1], [2, 0], [1, 3], [-1, 2], [1], [])
    ],
    "select_batch": [
        dict(pattern=[1, 0], left=4, right=1, count=3),
        dict(pattern=[0, 2, 1, 0], left=1, right=0, count=0),
    ],
    "select_many": [dict(pattern=pattern, left=4, right=1, count=3) for pattern in ([0, 1], [2, 3], [4, 5], [6, 0])],
    # Chunked prefill, a part in the middle, parts that begin before or reach beyond the mask, wild values.
    "restrict_window": [
        dict(left=9, right=2, **part)
        for part in (
            dict(q0=16, nq=50, k0=0, nk=70),
            dict(q0=5, nq=20, k0=11, nk=30),
            dict(q0=-4, nq=12, k0=-7, nk=15),
            dict(q0=0, nq=-3, k0=0, nk=9),
            dict(q0=1 << 62, nq=1 << 62, k0=-(1 << 63), nk=(1 << 63) - 1),
        )
    ]
    + [dict(left=(1 << 63) - 1, right=-(1 << 63) + 1, q0=3, nq=30, k0=40, nk=60)],
    "restrict_pairs": [
        dict(hash_q=[n * n % 5 for n in range(40)], hash_k=[3 * n % 5 for n in range(45)], **part)
        for part in (dict(q0=10, nq=44, k0=4, nk=40), dict(q0=-3, nq=20, k0=-5, nk=20))
    ],
    "restrict_document": [
        dict(cu_q=[0, 13, 13, 29, 60], cu_k=[2, 13, 20, 44, 60], **part)
        for part in (dict(q0=10, nq=58, k0=4, nk=58), dict(q0=-3, nq=20, k0=-5, nk=20))
    ],
    "restrict_neighborhood": [dict(q0=0, nq=56, k0=0, nk=56), dict(q0=10, nq=50, k0=-6, nk=60)],
    # An odd and an even window, stride, dilation, window = extent; then values brought to legal ones.
    "neighborhood_1d": NEIGHBORHOODS,
    "neighborhood_1d_causal": NEIGHBORHOODS,
    "neighborhood_2d": PLANES,
    "neighborhood_boxes_runtime": PLANES,
    "block_cover_window": WINDOWS,
    "block_interior_window": WINDOWS,
    "block_not": WINDOWS,
    "block_or_not": WINDOWS,
    "block_framed": FRAMES,
    "block_framed_pairs": FRAMES,
    "block_cover_equal": BUCKETS,
    "block_of_blocks": WINDOWS,
    "restrict_block_cover": [
        dict(left=4, right=2, **part)
        for part in (
            dict(q0=15, nq=50, k0=7, nk=70),
            dict(q0=-4, nq=12, k0=-7, nk=15),
            dict(q0=3, nq=30, k0=0, nk=-1),
            dict(q0=0, nq=300, k0=10, nk=20),
        )
    ],
    **{
        name: [dict(**cu, **tables(kind, rows, 14, len(name))) for cu in CUTS]
        for name, (kind, granule, formula, text, rows) in SETS_IN_DOCUMENTS.items()
    },
    "member_moved": [dict(shift_of=[n % 7 - 3 for n in range(33)], **tables("csr", 70, 60, 2))],
    "restrict_set": [dict(**part, **tables("list", 50, 20, 1)) for part in (dict(q0=10, nq=58, k0=4, nk=58), dict(q0=-3, nq=20, k0=-5, nk=20))],
    "restrict_block_pairs": [dict(q0=7, nq=44, k0=4, nk=40), dict(q0=-3, nq=20, k0=-5, nk=20)],
    "restrict_block_document": [
        dict(cu_q=[0, 13, 13, 29, 60], cu_k=[2, 13, 20, 44, 60], **part)
        for part in (dict(q0=10, nq=58, k0=4, nk=58), dict(q0=-3, nq=20, k0=-5, nk=20))
    ],
}
