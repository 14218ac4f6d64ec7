# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks: which keys a query attends. A mask maps (batch, query head, query, key) to true or false; `&`, `|` and `~` combine masks. The exact meaning of each is in
docs/semantics.md, that of the named ones (`lacuna.library`) in docs/patterns.md.

Numbers may be Python integers (run-time arguments of the kernel: a new value compiles nothing), `lacuna.static(n)` (compiled in) or `lacuna.parameter(name)`.
Tables may be NumPy arrays, PyTorch tensors or nested lists; int32 arrays are read in place at every call, anything else is converted once.
"""

from __future__ import annotations

from typing import Any, Sequence

from . import picture
from .errors import ArgumentError
from .expression import Integer, Node, TableLike, checked_identifier, integer, integer_table

TOP_LEFT, BOTTOM_RIGHT = "top_left", "bottom_right"


class Mask(Node):
    """A description of attended pairs; no object with a number per pair ever exists."""

    def __and__(self, other: Mask) -> Mask:
        return combine("and", self, other)

    def __or__(self, other: Mask) -> Mask:
        return combine("or", self, other)

    def __invert__(self) -> Mask:
        return Mask("attn.not {m[0]}", [self])

    def __bool__(self):
        raise ArgumentError("mask: expects &, | and ~ to combine masks; 'and', 'or' and 'not' need a truth value, which a mask has not")

    @property
    def transposed(self) -> Mask:
        """A(b, h, q, k) = self(b, h, k, q), with the lengths exchanged."""
        return Mask("attn.transpose {m[0]}", [self])

    def to_dense(self, queries: int, keys: int, batch: int = 1, heads: int = 1) -> Any:
        """The mask as a NumPy array of booleans [batch, heads, queries, keys], computed by the compiled kernel itself. For tests and pictures."""
        return picture.to_dense(self, queries, keys, batch, heads)

    def show(self, queries: int = 64, keys: int = 64, batch: int = 0, head: int = 0, heads: int | None = None, file: Any = None) -> None:
        """Prints the mask, one character for each block of pairs, and its density; in a notebook it is a picture."""
        picture.show(self, queries, keys, batch, head, heads or head + 1, file)

    def svg(self, queries: int = 64, keys: int = 64, batch: int = 0, head: int = 0, heads: int | None = None) -> str:
        """The mask as an SVG picture (text): queries run down, keys to the right."""
        return picture.svg(self, queries, keys, batch, head, heads or head + 1)


class Set(Node):
    """A run-time set of blocks, for `block_sparse`, `columns`, `diagonals`, `vertical_slash` and `column_runs`."""

    def __init__(self, kind, *args):
        self.type = f"!attn.set<{kind}>"
        super().__init__(*args)


def combine(op, *masks):
    for mask in masks:
        if not isinstance(mask, Mask):
            raise ArgumentError(f"mask: expects a lacuna.Mask on both sides of {'&' if op == 'and' else '|'}, but got {type(mask).__name__}")
    return Mask(f"attn.{op} " + ", ".join(f"{{m[{i}]}}" for i in range(len(masks))), masks)


def checked_align(align):
    if align not in (TOP_LEFT, BOTTOM_RIGHT):
        raise ArgumentError(f"align: expects top_left or bottom_right, but got {align!r}")
    return align


def checked_mask(mask, name):
    if not isinstance(mask, Mask):
        raise ArgumentError(f"{name}: expects a lacuna.Mask, but got {type(mask).__name__}")
    return mask


# ---- closed forms ----


def all() -> Mask:
    """Every pair."""
    return Mask("attn.all")


def causal(align: str = BOTTOM_RIGHT) -> Mask:
    """k <= q + off; off is 0 (`top_left`) or Sk - Sq (`bottom_right`, FlashAttention-2's convention)."""
    return Mask(f"attn.causal align({checked_align(align)})")


def sliding_window(left: Integer, right: Integer = 0, align: str = BOTTOM_RIGHT) -> Mask:
    """q + off - left <= k <= q + off + right, both ends inclusive: a causal window of W tokens is sliding_window(W - 1)."""
    return Mask(f"attn.sliding_window [{{v[0]}}, {{v[1]}}] align({checked_align(align)})", values=[integer(left, "left"), integer(right, "right")])


def sink_tokens(count: Integer) -> Mask:
    """k < count: attention sinks (Xiao et al. 2023)."""
    return Mask("attn.sink_tokens [{v[0]}]", values=[integer(count, "count")])


def key_lengths(lengths: TableLike) -> Mask:
    """k < lengths[b]; one number per batch entry."""
    return Mask("attn.key_lengths {v[0]} : {t[0]}", values=[integer_table(lengths, "lengths", 1)])


def document(cu_q: TableLike, cu_k: TableLike | None = None, where: Mask | None = None) -> Mask:
    """Query and key lie in the same packed document, and `where` holds for their positions in it. `cu_q`, `cu_k` [N + 1] are the documents' boundaries."""
    q = integer_table(cu_q, "cu_q", 1)
    k = q if cu_k is None or cu_k is cu_q else integer_table(cu_k, "cu_k", 1)
    inner = " where {m[0]}" if where is not None else ""
    return Mask("attn.document {v[0]}, {v[1]}" + inner + " : {t[0]}, {t[1]}", [checked_mask(where, "where")] if inner else [], [q, k])


def neighborhood(
    space: Sequence[Integer], window: Sequence[Integer], stride: Integer | Sequence[Integer] = 1, dilation: Integer | Sequence[Integer] = 1,
    causal: bool | Sequence[bool] = False,
) -> Mask:  # fmt: skip
    """Generalized neighborhood attention (Hassani et al. 2025) in 1 to 3 dimensions: `space` and `window` are tuples, the others tuples or one value for all."""
    dims = len(space)

    def each(value, name):
        values = tuple(value) if isinstance(value, (tuple, list)) else (value,) * dims
        if len(values) != dims:
            raise ArgumentError(f"{name}: expects {dims} values, one per dimension of space, but got {len(values)}")
        return values

    groups = {"space": space, "window": window, "stride": each(stride, "stride"), "dilation": each(dilation, "dilation")}
    values: list = []
    text = []
    for name, group in groups.items():
        group = each(group, name)
        if name in ("stride", "dilation") and group == (1,) * dims:
            continue
        text.append(f"{name}[{', '.join('{v[%d]}' % (len(values) + i) for i in range(dims))}]")
        values += [integer(value, f"{name}[{i}]") for i, value in enumerate(group)]
    flags = ", ".join(str(bool(flag)).lower() for flag in each(causal, "causal"))
    return Mask(f"attn.neighborhood {' '.join(text)} causal[{flags}]", values=values)


# ---- combinations ----


def select(axis: str, table: TableLike, masks: Sequence[Mask]) -> Mask:
    """masks[table[h]] (`axis` "head") or masks[table[b]] ("batch"); an entry that names no mask attends nothing."""
    if axis not in ("head", "batch"):
        raise ArgumentError(f"axis: expects head or batch, but got {axis!r}")
    operands = [checked_mask(mask, f"masks[{i}]") for i, mask in enumerate(masks)]
    names = ", ".join(f"{{m[{i}]}}" for i in range(len(operands)))
    return Mask(f"attn.select {axis} {{v[0]}} [{names}] : {{t[0]}}", operands, [integer_table(table, "table", 1)])


def restrict(mask: Mask, first_query: Integer, queries: Integer, first_key: Integer, keys: Integer) -> Mask:
    """The part of a mask of `queries` x `keys` that begins at (first_query, first_key): chunked prefill, ring attention."""
    values = [integer(v, n) for v, n in ((first_query, "first_query"), (queries, "queries"), (first_key, "first_key"), (keys, "keys"))]
    return Mask("attn.restrict {m[0]} queries({v[0]} of {v[1]}) keys({v[2]} of {v[3]})", [checked_mask(mask, "mask")], values)


def block_cover(mask: Mask, queries: int, keys: int) -> Mask:
    """All pairs of the blocks in which some pair attends: what a kernel computes that drops whole blocks only."""
    return Mask(f"attn.block_cover {{m[0]}} [{int(queries)}, {int(keys)}]", [checked_mask(mask, "mask")])


def block_interior(mask: Mask, queries: int, keys: int) -> Mask:
    """All pairs of the blocks in which every pair attends."""
    return Mask(f"attn.block_interior {{m[0]}} [{int(queries)}, {int(keys)}]", [checked_mask(mask, "mask")])


# ---- run-time sets ----


def checked_granule(granule):
    rows, columns = granule if isinstance(granule, (tuple, list)) else (granule, granule)
    return f"granule = [{int(rows)}, {int(columns)}]"


def csr_set(indptr: TableLike, indices: TableLike, granule: int | Sequence[int]) -> Set:
    """Blocks as compressed rows: `indptr` [B', H', R + 1], `indices` [nnz]; `granule` is the block's size, one number or (queries, keys)."""
    values = [integer_table(indptr, "indptr", 3), integer_table(indices, "indices", 1)]
    return Set("csr", f"attn.csr_set {{v[0]}}, {{v[1]}} {checked_granule(granule)} : {{t[0]}}, {{t[1]}} -> !attn.set<csr>", (), values)


def list_set(indices: TableLike, counts: TableLike, granule: int | Sequence[int]) -> Set:
    """Blocks as padded lists: row r holds the first counts[b, h, r] entries of indices[b, h, r] (FlexAttention's BlockMask form)."""
    values = [integer_table(indices, "indices", 4), integer_table(counts, "counts", 3)]
    return Set("list", f"attn.list_set {{v[0]}}, {{v[1]}} {checked_granule(granule)} : {{t[0]}}, {{t[1]}} -> !attn.set<list>", (), values)


def bitmap_set(words: TableLike, granule: int | Sequence[int]) -> Set:
    """Blocks as bits: `words` [B', H', R, W] of int8, int32 or int64, bit 0 the lowest."""
    values = [integer_table(words, "words", 4, ("i32", "i8", "i64"))]
    return Set("bitmap", f"attn.bitmap_set {{v[0]}} {checked_granule(granule)} : {{t[0]}} -> !attn.set<bitmap>", (), values)


def table_set(table: TableLike, granule: int | Sequence[int]) -> Set:
    """Blocks as booleans: `table` [B', H', R, C] of bool or int8."""
    values = [integer_table(table, "table", 4, ("i1", "i8"))]
    return Set("table", f"attn.table_set {{v[0]}} {checked_granule(granule)} : {{t[0]}} -> !attn.set<table>", (), values)


def runs_set(rows: TableLike, both: bool = False) -> Set:
    """Masked query rows per key column, `rows` [B', H', Sk, 1, 2 or 4] (FlashMask's startend_row_indices; `both` sides or the lower one)."""
    value = integer_table(rows, "rows", 4, last=(1, 2, 4))
    return Set("runs", f"attn.runs_set {{v[0]}} {'both' if both else 'lower'} : {{t[0]}} -> !attn.set<runs>", (), [value])


def slices_set(q_ranges: TableLike, k_ranges: TableLike, types: TableLike) -> Set:
    """A union of query range x key range, whole (type 0) or cut by diagonals (1 causal, 2 inverse causal, 3 both): MagiAttention's flexible slices."""
    values = [integer_table(q_ranges, "q_ranges", 2, last=(2,)), integer_table(k_ranges, "k_ranges", 2, last=(2,)), integer_table(types, "types", 1)]
    return Set("slices", "attn.slices_set {v[0]}, {v[1]}, {v[2]} : {t[0]}, {t[1]}, {t[2]} -> !attn.set<slices>", (), values)


def checked_set(value):
    if not isinstance(value, Set):
        raise ArgumentError(f"set: expects a set such as lacuna.csr_set(…), but got {type(value).__name__}")
    return value


def block_sparse(set: Set) -> Mask:
    """The key blocks that a set lists for the query's block."""
    return Mask("attn.block_sparse {m[0]} : {mt[0]}", [checked_set(set)])


def member(set: Set, row: str, column: str) -> Mask:
    """The pairs whose (row, column) lies in the set; "zero", "query", "key" or "distance" (query - key) say what each is."""
    choices = {"zero": "%zero", "query": "%q_", "key": "%k_", "distance": "%d"}
    if row not in choices or column not in choices:
        raise ArgumentError(f"member: expects zero, query, key or distance, but got {row!r} and {column!r}")
    region = (
        "attn.member {m[0]} {{\n  ^bb0(%b: index, %h: index, %q_: index, %k_: index):\n    %zero = arith.constant 0 : index\n    %d = arith.subi %q_, %k_ : index\n"
        f"    attn.yield {choices[row]}, {choices[column]} : index, index\n  }}}} : {{mt[0]}}"
    )
    return Mask(region, [checked_set(set)])


def column_runs(set: Set) -> Mask:
    """The query rows that a key's runs do not mask (FlashMask); `set` from `runs_set`."""
    return Mask("attn.column_runs {m[0]} : {mt[0]}", [checked_set(set)])


def hashed(query_buckets: TableLike, key_buckets: TableLike | None = None) -> Mask:
    """Query and key fall into the same bucket: tables [B', H', Sq] and [B', H', Sk] (SCFA, Pagliardini et al. 2023)."""
    q = integer_table(query_buckets, "query_buckets", 3)
    k = q if key_buckets is None or key_buckets is query_buckets else integer_table(key_buckets, "key_buckets", 3)
    return Mask("attn.hashed {v[0]}, {v[1]} : {t[0]}, {t[1]}", values=[q, k])


def vertical_slash(verticals: Set, slashes: Set, align: str = BOTTOM_RIGHT, cover: int | None = None) -> Mask:
    """Listed key columns and listed diagonals, causal (MInference, Jiang et al. 2024); `cover=64` is the superset that its kernel computes."""
    tail = f" cover = {int(cover)}" if cover is not None else ""
    text = f"attn.vertical_slash {{m[0]}}, {{m[1]}} align({checked_align(align)}){tail} : {{mt[0]}}, {{mt[1]}}"
    return Mask(text, [checked_set(verticals), checked_set(slashes)])


def named(name: str, *values: Any) -> Mask:
    """A mask of the library by name, or of one of `mask_libraries` of `lacuna.compile`. `lacuna.library` has a typed function for each."""
    operands = ", ".join(f"{{c[{i}]}}" for i in range(len(values)))
    types = " : " + ", ".join(f"{{t[{i}]}}" for i in range(len(values))) if values else ""
    return Mask(f"attn.named @{checked_identifier(name, 'named')}({operands}{types})", values=values)

