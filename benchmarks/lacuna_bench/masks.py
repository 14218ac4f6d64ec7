# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The masks of the benchmark, each said three times: in `attn` for Lacuna, as a mask function for FlexAttention, and
as a number of attended pairs. The first two are compared by the results of every row, so a slip shows as an error; B
= 1, and all heads have the same mask."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import torch

from lacuna_bench import formulas

WINDOW, SINKS, DOCUMENTS, NEIGHBORS, DENSITY = 1024, 64, 8, 15, 0.25


@dataclass(frozen=True)
class Mask:
    name: str  # on the command line
    label: Callable  # of the length, in tables
    text: str  # lines of MLIR that define %m; empty: no mask
    pairs: Callable  # attended pairs of a head, from the length
    parameters: tuple = ()  # (name, MLIR type) of run-time arguments
    values: Callable = lambda length: ()  # their values
    sdpa: dict | None = None  # arguments of SDPA that say the same, if there are any
    flex: Callable | None = None  # mask function of FlexAttention, from the length
    table: Callable | None = None  # block table, from the length: FlexAttention gets its blocks, not a function
    block: int = 1  # granule of the table
    shortest: int = 1  # the mask makes no sense for shorter sequences
    optional: bool = False  # uses an op that older builds do not have


def causal_pairs(length):
    return length * (length + 1) // 2


def band_pairs(length, keys):
    """Pairs of a causal mask whose rows attend `keys` keys, or all there are."""
    return causal_pairs(min(length, keys)) + max(length - keys, 0) * keys


def mask_function(formula, **parameters):
    """Of a formula that lacuna-bench uses, too: by the length."""
    return lambda length: formula(SimpleNamespace(Sq=length, Sk=length, **parameters))


CAUSAL = "attn.causal align(bottom_right)"

DENSE = Mask("dense", lambda n: "dense", "", lambda n: n * n, sdpa={})

CAUSAL_MASK = Mask(
    "causal",
    lambda n: "causal",
    f"%m = {CAUSAL}",
    causal_pairs,
    sdpa={"is_causal": True},
    flex=mask_function(formulas.causal),
)

WINDOW_MASK = Mask(
    "window",
    lambda n: f"window {WINDOW}",
    f"%c = {CAUSAL}\n%s = attn.sliding_window [%left, 0] align(bottom_right)\n%m = attn.and %c, %s",
    lambda n: band_pairs(n, WINDOW),
    parameters=(("left", "index"),),
    values=lambda n: (WINDOW - 1,),
    flex=mask_function(formulas.window, left=WINDOW - 1),
)

A_SHAPE = Mask(
    "a_shape",
    lambda n: f"A-shape {SINKS}+{WINDOW}",
    "%m = attn.named @a_shape(%window, %sinks : index, index)",
    lambda n: band_pairs(n, WINDOW + SINKS),
    parameters=(("window", "index"), ("sinks", "index")),
    values=lambda n: (WINDOW, SINKS),
    flex=mask_function(formulas.a_shape, window=WINDOW, sinks=SINKS),
)


def boundaries(length):
    """Documents of about equal lengths whose ends fall on no tile's and no block's edge."""
    shift = (0, 37, -53, 11, 71, -29, 5, -67, 0)
    cu = [d * length // DOCUMENTS + shift[d] * length // 4096 for d in range(DOCUMENTS + 1)]
    return torch.tensor(cu, dtype=torch.int32)


def same_document(length):
    cu = boundaries(length)
    return formulas.causal_document(SimpleNamespace(Sq=length, Sk=length, cu_q=cu, cu_k=cu))


DOCUMENT_MASK = Mask(
    "documents",
    lambda n: f"{DOCUMENTS} documents, causal",
    f"%c = {CAUSAL}\n%m = attn.document %cu, %cu where %c : tensor<?xi32>, tensor<?xi32>",
    lambda n: sum(causal_pairs(size) for size in boundaries(n).diff().tolist()),
    parameters=(("cu", "tensor<?xi32>"),),
    values=lambda n: (boundaries(n),),
    flex=same_document,
    shortest=DOCUMENTS * 16,
)


def grid(length):
    """Rows and columns of the token grid: as square as powers of two allow, rows first (2048: 32x64)."""
    rows = 1 << ((length.bit_length() - 1) // 2)
    if length % rows:
        raise ValueError(f"expects a length that is a power of two for a token grid, but got {length}")
    return rows, length // rows


def near(length):
    """The window keeps its size at borders and shifts inwards."""
    rows, columns = grid(length)
    return formulas.neighborhood_2d(SimpleNamespace(height=rows, width=columns, rows=NEIGHBORS, columns=NEIGHBORS))


# Rows of the grid as one interval of keys per query, columns as a predicate.
COMPOSED_NEIGHBORHOOD = f"""
%zero = arith.constant 0 : index
%half = arith.constant {NEIGHBORS // 2} : index
%size = arith.constant {NEIGHBORS} : index
%lastRow = arith.subi %rows, %size : index
%lastColumn = arith.subi %columns, %size : index
%band = attn.interval {{
^bb0(%b: index, %h: index, %i: index):
  %y = arith.divsi %i, %columns : index
  %above = arith.subi %y, %half : index
  %inside = arith.maxsi %above, %zero : index
  %top = arith.minsi %inside, %lastRow : index
  %bottom = arith.addi %top, %size : index
  %lo = arith.muli %top, %columns : index
  %hi = arith.muli %bottom, %columns : index
  attn.yield %lo, %hi : index, index
}}
%side = attn.predicate {{
^bb0(%b: index, %h: index, %i: index, %j: index):
  %x = arith.remsi %i, %columns : index
  %before = arith.subi %x, %half : index
  %inside = arith.maxsi %before, %zero : index
  %left = arith.minsi %inside, %lastColumn : index
  %right = arith.addi %left, %size : index
  %kx = arith.remsi %j, %columns : index
  %after = arith.cmpi sge, %kx, %left : index
  %until = arith.cmpi slt, %kx, %right : index
  %c = arith.andi %after, %until : i1
  attn.yield %c : i1
}}
%m = attn.and %band, %side"""

NEIGHBORHOOD_OP = f"%m = attn.neighborhood space[%rows, %columns] window[{NEIGHBORS}, {NEIGHBORS}]"


def neighborhood(text, form, optional):
    return Mask(
        "neighborhood",
        lambda n: "neighborhood {0}x{0} of {1}x{2}".format(NEIGHBORS, *grid(n)) + form,
        text,
        lambda n: n * NEIGHBORS * NEIGHBORS,
        parameters=(("rows", "index"), ("columns", "index")),
        values=grid,
        flex=near,
        shortest=256,
        optional=optional,
    )


NEIGHBORHOODS = {
    "op": neighborhood(NEIGHBORHOOD_OP, "", optional=True),
    "composed": neighborhood(COMPOSED_NEIGHBORHOOD, ", composed", optional=False),
}


def block_table(length, block):
    """A quarter of all blocks: the diagonal and, drawn with a fixed seed, others. Rows differ in how many they have."""
    blocks = -(-length // block)
    others = max(round(DENSITY * blocks * blocks) - blocks, 0)
    off_diagonal = torch.nonzero(~torch.eye(blocks, dtype=torch.bool).flatten()).flatten()
    drawn = off_diagonal[torch.randperm(len(off_diagonal), generator=torch.Generator().manual_seed(1))[:others]]
    table = torch.eye(blocks, dtype=torch.bool)
    table.view(-1)[drawn] = True
    return table


def csr(table):
    """indptr [1, 1, rows + 1] and indices of the true entries, row by row."""
    ends = torch.cat([torch.zeros(1), table.sum(dim=1).cumsum(0)]).int()
    return ends.view(1, 1, -1), torch.nonzero(table)[:, 1].int().contiguous()


def block_sparse(block):
    return Mask(
        f"blocks{block}",
        lambda n: f"{DENSITY:.0%} of {block}-blocks",
        f"%set = attn.csr_set %indptr, %indices granule = [{block}, {block}] : tensor<1x1x?xi32>, tensor<?xi32> -> "
        "!attn.set<csr>\n%m = attn.block_sparse %set : !attn.set<csr>",
        lambda n: int(block_table(n, block).sum()) * block * block,
        parameters=(("indptr", "tensor<1x1x?xi32>"), ("indices", "tensor<?xi32>")),
        values=lambda n: csr(block_table(n, block)),
        table=lambda n: block_table(n, block),
        block=block,
        shortest=block * 4,
        optional=True,
    )


def all_masks(neighborhood_form="op"):
    """{name: Mask} in the order of the tables; `neighborhood_form` is a key of NEIGHBORHOODS."""
    masks = [DENSE, CAUSAL_MASK, WINDOW_MASK, A_SHAPE, DOCUMENT_MASK, NEIGHBORHOODS[neighborhood_form]]
    masks += [block_sparse(128), block_sparse(64)]
    return {mask.name: mask for mask in masks}
