# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Masks of long lists and of sets inside documents, for `cpu_ab.py`: the rows of docs/decisions/0004. One set for all heads, drawn with a fixed seed."""

import functools

import torch

from lacuna_bench.masks import Mask

DOCUMENTS = (0, 1100, 1900, 3072, 4096)  # of 4,096 tokens: no end on a tile's or block's edge but the last
COLUMNS = 32, 48  # of vertical-slash: listed columns and diagonals of a document
SHARE = 0.3  # of blocks, in each row of a document


def drawn():
    return torch.Generator().manual_seed(1)


def listed(rows):
    """Rows of one length as indices [1, 1, R, N] and counts [1, 1, R]."""
    indices = torch.stack(rows).to(torch.int32)
    return indices[None, None].contiguous(), torch.full((1, 1, len(indices)), indices.shape[1], dtype=torch.int32)


@functools.cache
def lists(length, keys, near, ascending):
    """For each query `keys` distinct keys among the `near` ones around it (0: among all)."""
    random, rows = drawn(), []
    for query in range(length):
        width = near or length
        first = min(max(query - width // 2, 0), length - width)
        row = first + torch.randperm(width, generator=random)[:keys]
        rows.append(row.sort().values if ascending else row)
    return listed(rows)


def token_lists(keys, near, ascending):
    name = f"lists{keys}" + f"_of{near}" * bool(near) + "_sorted" * ascending
    return Mask(
        name,
        lambda n: f"{keys} of {near or n} keys" + (", ascending" if ascending else ""),
        "%set = attn.list_set %indices, %counts granule = [1, 1] : tensor<?x?x?x?xi32>, tensor<?x?x?xi32> -> !attn.set<list>\n"
        "%m = attn.block_sparse %set : !attn.set<list>",
        lambda n: n * keys,
        parameters=(("indices", "tensor<?x?x?x?xi32>"), ("counts", "tensor<?x?x?xi32>")),
        values=lambda n: lists(n, keys, near, ascending),
        shortest=near or keys,
    )


def boundaries(length):
    return torch.tensor([cut * length // DOCUMENTS[-1] for cut in DOCUMENTS], dtype=torch.int32)


def blocks_of(length, block):
    """A table of the longest document's blocks; shorter documents use its beginning."""
    blocks = -(-int(boundaries(length).diff().max()) // block)
    return torch.rand(blocks, blocks, generator=drawn()) < SHARE


def list_of_blocks(length, block):
    table = blocks_of(length, block)
    order = torch.argsort(table.int(), dim=1, descending=True, stable=True)[None, None]
    return order.to(torch.int32).contiguous(), table.sum(1)[None, None].to(torch.int32)


def bitmap_of_blocks(length, block):
    table = blocks_of(length, block)
    bits = torch.nn.functional.pad(table, (0, -len(table) % 32)).reshape(len(table), -1, 32).long() << torch.arange(32)
    words = bits.sum(2)
    return (torch.where(words >= 1 << 31, words - (1 << 32), words).to(torch.int32)[None, None],)


def table_of_blocks(length, block):
    return (blocks_of(length, block).to(torch.int8)[None, None],)


def verticals_and_slashes(length):
    longest, random = int(boundaries(length).diff().max()), drawn()
    rows = [torch.randperm(longest, generator=random)[None, :count] for count in COLUMNS]
    return sum((listed(list(row)) for row in rows), ())


LISTS = "%indices, %counts", (("indices", "tensor<?x?x?x?xi32>"), ("counts", "tensor<?x?x?xi32>"))
FORMS = {
    "list": (*LISTS, list_of_blocks),
    "bitmap": ("%words", (("words", "tensor<?x?x?x?xi32>"),), bitmap_of_blocks),
    "table": ("%table", (("table", "tensor<?x?x?x?xi8>"),), table_of_blocks),
}


def in_documents(name, label, text, parameters, values):
    return Mask(
        name,
        lambda n: f"{label}, in four documents",
        text + "%m = attn.document %cu, %cu where %local : tensor<?xi32>, tensor<?xi32>",
        lambda n: None,  # nobody divides by them
        parameters=(*parameters, ("cu", "tensor<?xi32>")),
        values=lambda n: (*values(n), boundaries(n)),
        shortest=256,
    )


def document_blocks(form, block):
    names, parameters, values = FORMS[form]
    types = ", ".join(kind for _, kind in parameters)
    text = f"%set = attn.{form}_set {names} granule = [{block}, {block}] : {types} -> !attn.set<{form}>\n%local = attn.block_sparse %set : !attn.set<{form}>\n"
    return in_documents(f"document_{form}{block}", f"{form} of {block}-blocks", text, parameters, lambda n: values(n, block))


def document_slash(cover):
    names = ("verticals", "vertical_counts", "slashes", "slash_counts")
    parameters = tuple((name, "tensor<?x?x?xi32>" if "counts" in name else "tensor<?x?x?x?xi32>") for name in names)
    text = "".join(
        f"%{name[0]}_set = attn.list_set %{name}, %{counts} granule = [1, 1] : tensor<?x?x?x?xi32>, tensor<?x?x?xi32> -> !attn.set<list>\n"
        for name, counts in (names[:2], names[2:])
    )
    text += f"%local = attn.vertical_slash %v_set, %s_set align(bottom_right) cover = {cover} : !attn.set<list>, !attn.set<list>\n"
    return in_documents(f"document_slash{cover}", f"vertical-slash, cover = {cover}", text, parameters, verticals_and_slashes)


# Keys of a row, of so many near ones (0: of all), ascending; the lengths of the decision are 4,096 where all keys are meant, else 8,192.
TOKENS = ((2048, 0, False), (2048, 0, True), (1024, 0, False), (256, 384, False), (1024, 1536, False), (2048, 2500, False), (2048, 2500, True))


def list_masks():
    """{name: Mask} in the order of the decision's tables."""
    masks = [token_lists(*row) for row in TOKENS]
    masks += [document_blocks("list", 64), document_blocks("bitmap", 64), document_blocks("table", 64), document_blocks("bitmap", 16), document_slash(64)]
    return {mask.name: mask for mask in masks}
