# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Known masks under lacuna-mask: 96 tokens, tiles of 8 x 8.

Runs and tiles must be those of a table (computed apart, when this project began), and those of a brute force over
test/masks/formulas.py. `doubtful` counts the full and empty tiles that the analysis calls partial: that costs time,
never results. It must be the number given, so that a loss shows, and a gain is written down. Then every mask of the
library in the setting of its header, and the density that Efficient-vDiT derives.

usage: table_d2.py FOLDER   (prints the table as Markdown)
"""

import json
import pathlib
import re
import subprocess
import sys
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np

import formulas as f

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "scripts"))
import mask_library  # noqa: E402

OPS = mask_library.read_all(mask_library.OPS)
KNOWN = {**OPS, **mask_library.read_all()}
SIZE, TILE = 96, 8
N = np.arange(SIZE)
TOKEN = [list(map(int, N))]


def by(*keys):
    """Stable order by the given keys, the first one most significant."""
    return list(map(int, np.lexsort(keys[::-1])))


def at(values, order=N):
    """[1, 1, S] table of values in an order."""
    return [[list(map(int, np.asarray(values)[order]))]]


TILE_MAJOR = by(N // 12 // 4, N % 12 // 4, N // 12 % 4, N % 12 % 4)
RESIDUE_MAJOR, SPATIAL_MAJOR = by(N % 3, N // 3), by(N % 12, N // 12)
BUCKET, KEEP = (N * 37 + N * N * 11) % 6, (N * 29 + N // 7) % 2 == 0
SORTED, KEPT_FIRST = by(BUCKET, N), by(~KEEP, N)
DOCUMENTS = [0, 13, 29, 50, 72, 96]


def neighborhood_axis(x, y, length, window, stride):
    """Stride groups share the window of their leader."""
    leader = np.minimum(x // stride * stride + stride // 2, length - 1)
    start = f.neighborhood_start(leader, length, window)
    return (start <= y) & (y < start + window)


def neighborhood(b, h, q, k, p):
    return neighborhood_axis(q, k, p.length, p.window, p.stride)


def neighborhood_2d(b, h, q, k, p):
    rows = neighborhood_axis(q // p.width, k // p.width, p.height, p.window, getattr(p, "stride", 1))
    return rows & neighborhood_axis(q % p.width, k % p.width, p.width, p.window, getattr(p, "stride", 1))


def vertical_slash(b, h, q, k, p):
    return (k <= q) & (np.isin(k, p.columns) | np.isin(q - k, p.diagonals))


@dataclass
class Row:
    title: str
    mask: str  # MLIR that defines %m, or the name of a library mask
    parameters: dict
    expected: tuple  # row runs, column runs, full, partial, empty
    doubtful: int = 0
    formula: object = None  # else the one of the mask's name
    order: list = field(default_factory=lambda: N)  # the formula is taken on order[q], order[k]


CAUSAL = "  %m = attn.causal align(bottom_right)"
WINDOW = "  %m = attn.sliding_window [%left, 0] align(bottom_right)"
DOCUMENT = "  %m = attn.document %cu_q, %cu_k : tensor<?xi32>, tensor<?xi32>"
CU = dict(cu_q=DOCUMENTS, cu_k=DOCUMENTS)
SWIN = dict(height=8, width=12, window=4)
STRAIGHT = dict(position_q=at(N), position_k=at(N))
BY_IDS = "  %d = attn.named @document_ids(%ids_q, %ids_k : tensor<?x?xi32>, tensor<?x?xi32>)\n"


def ids(starts):
    """The document of each token, as tables [1, S] for both sides."""
    return dict.fromkeys(("ids_q", "ids_k"), [list(map(int, np.searchsorted(starts, N, side="right") - 1))])


ROWS = [
    Row("causal", CAUSAL, {}, (1, 1, 66, 12, 66), formula=f.causal),
    Row(
        "causal window of 16",
        WINDOW,
        dict(left=15),
        (1, 1, 11, 22, 111),
        formula=lambda b, h, q, k, p: (k <= q) & (q - k < 16),
    ),
    Row("A-shape: sinks 4, local 16", "a_shape", dict(window=16, sinks=4), (2, 1, 11, 31, 102)),
    Row(
        "tri-shape: A-shape, last 12 queries dense", "tri_shape", dict(window=16, sinks=4, last=12), (2, 2, 21, 36, 87)
    ),
    Row("document: starts 0 13 29 50 72", DOCUMENT, CU, (1, 1, 19, 25, 100), formula=f.document),
    Row("the same, by ids", "document_ids", ids([0, 13, 29, 50, 72]), (1, 1, 19, 25, 100)),
    Row("causal document", "causal_document", CU, (1, 1, 5, 23, 116)),
    Row(
        "the same, by ids",
        BY_IDS + "  %c = attn.causal align(bottom_right)\n  %m = attn.and %d, %c",
        ids([0, 13, 29, 50, 72]),
        (1, 1, 5, 23, 116),
        formula=lambda *x: f.document_ids(*x) & f.causal(*x),
    ),
    Row("prefix-LM, P = 20", "prefix", dict(length=20), (1, 1, 69, 12, 63)),
    Row("prefix-LM per document, P = 5", "prefix_document", dict(CU, length=5), (1, 1, 5, 25, 114)),
    Row("share-question: segments 0 32 64", "share_question", dict(cu=[0, 32, 64, 96]), (2, 1, 50, 12, 82)),
    Row("causal blockwise: segments 0 32 64", "causal_blockwise", dict(cu=[0, 32, 64, 96]), (1, 2, 50, 12, 82)),
    Row(
        "global sliding window: w = 8, G = 16", "global_sliding_window", {"window": 8, "global": 16}, (2, 2, 54, 18, 72)
    ),
    Row(
        "block-causal document: documents 0 16 48 72, block 8",
        "block_causal_document",
        dict(cu=[0, 16, 48, 72, 96], block=8),
        (1, 1, 25, 0, 119),
    ),
    Row(
        "the same, by ids",
        BY_IDS
        + "  %c = attn.named @block_causal_document(%cu, %block : tensor<?xi32>, index)\n  %m = attn.and %d, %c",
        dict(ids([0, 16, 48, 72]), cu=[0, 96], block=8),
        (1, 1, 25, 0, 119),
        formula=lambda *x: f.document_ids(*x) & f.block_causal_document(*x),
    ),
    Row("chunked: C = 24, causal", "chunked", dict(chunk=24), (1, 1, 12, 12, 120)),
    Row(
        "S2 stripes: block 8, local 2, V = 4, offset 1",
        "s2_stripes",
        dict(block=8, local=2, stride=4, group=1, step=1, offset=1),
        (3, 1, 21, 12, 111),
    ),
    Row("dilated window: w = 5, d = 3, raster", "dilated_window", dict(window=5, dilation=3), (5, 7, 0, 34, 110)),
    Row(
        "the same, as a neighborhood",
        "neighborhood",
        dict(length=96, window=5, stride=1, dilation=3),
        (5, 7, 0, 34, 110),
        formula=f.dilated_window,
    ),
    Row(
        "the same, residue-major, by table",
        "dilated_ordered",
        dict(window=5, dilation=3, order=RESIDUE_MAJOR),
        (1, 1, 0, 30, 114),
        60,
        formula=f.dilated_window,
        order=RESIDUE_MAJOR,
    ),
    Row(
        "the same, residue-major, closed form",
        "dilated_by_residue",
        dict(window=5, dilation=3),
        (1, 1, 0, 30, 114),
        formula=f.dilated_window,
        order=RESIDUE_MAJOR,
    ),
    Row(
        "vertical-slash: columns 0 3 40 61, diagonals 0 17 38",
        "vertical_slash",
        dict(columns=[[[[0, 3, 40, 61]]]], num_columns=[[[4]]], diagonals=[[[[0, 17, 38]]]], num_diagonals=[[[3]]]),
        (7, 3, 0, 56, 88),
        formula=vertical_slash,
    ),
    Row(
        "1-D neighborhood, w = 15",
        "neighborhood",
        dict(length=96, window=15, stride=1, dilation=1),
        (1, 1, 12, 22, 110),
        formula=neighborhood,
    ),
    Row("the same, as a dilated window", "dilated_window", dict(window=15, dilation=1), (1, 1, 12, 22, 110)),
    Row(
        "1-D neighborhood, w = 16, stride 8",
        "neighborhood",
        dict(length=96, window=16, stride=8, dilation=1),
        (1, 1, 14, 20, 110),
        formula=neighborhood,
    ),
    Row(
        "2-D neighborhood 8 x 12, w = 5 x 5, raster",
        "neighborhood_2d",
        dict(height=8, width=12, window=5, stride=1),
        (5, 8, 0, 98, 46),
        formula=neighborhood_2d,
    ),
    Row(
        "the same, 4 x 4 tile-major, in boxes",
        "neighborhood_2d_boxes",
        dict(height=8, width=12, window=5, stride=1),
        (10, 8, 0, 84, 60),
        formula=neighborhood_2d,
        order=TILE_MAJOR,
    ),
    Row(
        "the same, 4 x 4 tile-major, by table",
        "neighborhood_2d_ordered",
        dict(height=8, width=12, window=5, order=TILE_MAJOR),
        (10, 8, 0, 84, 60),
        24,
        formula=neighborhood_2d,
        order=TILE_MAJOR,
    ),
    Row("2-D windows 4 x 4 of 8 x 12, raster", "shifted_window", dict(SWIN, shift=0), (4, 4, 0, 72, 72)),
    Row(
        "the same, as a neighborhood",
        "neighborhood_2d",
        dict(SWIN, stride=4),
        (4, 4, 0, 72, 72),
        formula=neighborhood_2d,
    ),
    Row(
        "the same, tile-major, as a neighborhood in boxes",
        "neighborhood_2d_boxes",
        dict(SWIN, stride=4),
        (1, 1, 24, 0, 120),
        formula=neighborhood_2d,
        order=TILE_MAJOR,
    ),
    Row(
        "the same, tile-major, by table",
        "shifted_window_ordered",
        dict(SWIN, shift=0, order=TILE_MAJOR),
        (1, 1, 24, 0, 120),
        72,
        formula=f.shifted_window,
        order=TILE_MAJOR,
    ),
    Row(
        "the same, tile-major, closed form",
        "shifted_window_tiles",
        dict(SWIN, shift=0),
        (1, 1, 24, 0, 120),
        formula=f.shifted_window,
        order=TILE_MAJOR,
    ),
    Row("Swin shifted by 2, windows 4 x 4, raster", "shifted_window", dict(SWIN, shift=2), (4, 4, 0, 54, 90)),
    Row(
        "the same, tile-major, by table",
        "shifted_window_ordered",
        dict(SWIN, shift=2, order=TILE_MAJOR),
        (4, 4, 12, 6, 126),
        48,
        formula=f.shifted_window,
        order=TILE_MAJOR,
    ),
    Row(
        "the same, tile-major, closed form",
        "shifted_window_tiles",
        dict(SWIN, shift=2),
        (4, 4, 12, 6, 126),
        formula=f.shifted_window,
        order=TILE_MAJOR,
    ),
    Row(
        "reference frames: 8 frames of 12, references 2 and 5",
        "reference_frames",
        dict(tokens=12, references=[0, 0, 1, 0, 0, 1, 0, 0]),
        (3, 3, 56, 40, 48),
        6,
    ),
    Row("multi-diagonal: (q - k) % 12 = 0, raster", "multi_diagonal", dict(period=12), (8, 8, 0, 144, 0)),
    Row(
        "the same, spatial-major, by table",
        "multi_diagonal_ordered",
        dict(period=12, order=SPATIAL_MAJOR),
        (1, 1, 12, 0, 132),
        144,
        formula=f.multi_diagonal,
        order=SPATIAL_MAJOR,
    ),
    Row(
        "the same, spatial-major, closed form",
        "multi_diagonal_by_place",
        dict(frames=8),
        (1, 1, 12, 0, 132),
        formula=lambda b, h, q, k, p: (q - k) % 12 == 0,
        order=SPATIAL_MAJOR,
    ),
    Row(
        "hash: bucket(n) = (37 n + 11 n n) % 6, causal, raster",
        "hash_buckets",
        dict(hash_q=at(BUCKET), hash_k=at(BUCKET), **STRAIGHT),
        (32, 32, 0, 78, 66),
    ),
    Row(
        "the same, sorted by bucket",
        "hash_buckets",
        dict(hash_q=at(BUCKET, SORTED), hash_k=at(BUCKET, SORTED), position_q=at(N, SORTED), position_k=at(N, SORTED)),
        (1, 1, 34, 12, 98),
    ),
    Row(
        "keep(n): (29 n + n // 7) % 2 = 0, causal, raster",
        "kept_tokens",
        dict(keep_q=at(KEEP), keep_k=at(KEEP), **STRAIGHT),
        (42, 42, 0, 78, 66),
    ),
    Row(
        "the same, kept first",
        "kept_tokens",
        dict(
            keep_q=at(KEEP, KEPT_FIRST),
            keep_k=at(KEEP, KEPT_FIRST),
            position_q=at(N, KEPT_FIRST),
            position_k=at(N, KEPT_FIRST),
        ),
        (1, 1, 15, 13, 116),
        6,
    ),
    # As SCFA fills up its compacted tensors: a dropped query comes before all tokens, a dropped key after.
    Row(
        "the same, dropped tokens at the ends",
        "kept_tokens",
        dict(
            keep_q=at(KEEP, KEPT_FIRST),
            keep_k=at(KEEP, KEPT_FIRST),
            position_q=at(np.where(KEEP, N, -1), KEPT_FIRST),
            position_k=at(np.where(KEEP, N, 1 << 30), KEPT_FIRST),
        ),
        (1, 1, 15, 13, 116),
    ),
]


def type_of(value):
    if isinstance(value, int):
        return "index"
    return "tensor<" + "?x" * np.asarray(value).ndim + "i32>"


def types_of(row):
    """The library says; masks of Inputs/ have index and i32 tables of dynamic shape."""
    known = KNOWN.get(row.mask)
    return known.parameters if known else [(name, type_of(value)) for name, value in row.parameters.items()]


def program(row):
    """One function @f with the mask's parameters by name."""
    types = types_of(row)
    parameters = "".join(f', %{name}: {type} {{attn.name = "{name}"}}' for name, type in types)
    operands = (
        ", ".join("%" + name for name, _ in types) + (" : " if types else "") + ", ".join(type for _, type in types)
    )
    body = row.mask if "%m" in row.mask else f"  %m = attn.named @{row.mask}({operands})"
    return (
        f"!t = tensor<1x1x?x8xf32>\nfunc.func @f(%q: !t, %k: !t, %v: !t{parameters}) -> !t {{\n{body}\n"
        "  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t\n  return %o : !t\n}\n"
    )


def analysed(folder, row, size=(SIZE, SIZE), tile=(TILE, TILE)):
    """What lacuna-mask says: density, (row runs, column runs, full, partial, empty), doubtful tiles."""
    source, numbers = folder / "row.mlir", folder / "row.json"
    source.write_text(program(row))
    values = [f"--arg={name}={json.dumps(value)}" for name, value in row.parameters.items()]
    text = subprocess.run(
        [
            "lacuna-mask",
            source,
            "--size=%d,%d" % size,
            "--tile=%dx%d" % tile,
            f"--json={numbers}",
            f"--mask-library={HERE / 'Inputs' / 'table_d2.mlir'}",
            *(f"--mask-library={mask_library.OPS / name}.mlir" for name in OPS),
            *values,
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    found, note = json.loads(numbers.read_text()), re.search(r"cannot tell that (\d+)", text)
    tiles = found["tiles"]
    return (
        found["density"],
        (found["row_runs"], found["column_runs"], tiles["full"], tiles["partial"], tiles["empty"]),
        int(note[1]) if note else 0,
    )


def runs(a):
    """Largest number of maximal runs of true values in any row."""
    return int((a[:, :1].sum(1) + (a[:, 1:] & ~a[:, :-1]).sum(1)).max())


def brute_force(row, size=(SIZE, SIZE), tile=(TILE, TILE)):
    p = SimpleNamespace(Sq=size[0], Sk=size[1], **row.parameters)
    q, k = (np.arange(length) if row.order is N else np.asarray(row.order) for length in size)
    zero = np.zeros((1, 1), int)
    a = np.broadcast_to((row.formula or getattr(f, row.mask))(zero, zero, q[:, None], k[None, :], p), size)
    shares = [
        a[y : y + tile[0], x : x + tile[1]].mean()
        for y in range(0, size[0], tile[0])
        for x in range(0, size[1], tile[1])
    ]
    full, empty = shares.count(1), shares.count(0)
    return (runs(a), runs(a.T), full, len(shares) - full - empty, empty)


def density_problems(folder):
    """Efficient-vDiT: (F^2 - n^2 + n) / F^2 of all pairs, n = frames that are no references."""
    for frames, others in [(8, n) for n in range(4, 8)] + [(24, n) for n in (12, 16, 18, 20, 21)]:
        count = frames - others
        chosen = {(2 * i + 1) * frames // (2 * count) for i in range(count)}
        row = Row("", "reference_frames", dict(tokens=5, references=[int(x in chosen) for x in range(frames)]), ())
        density, wanted = (
            analysed(folder, row, (frames * 5, frames * 5))[0],
            (frames**2 - others**2 + others) / frames**2,
        )
        if abs(density - wanted) > 1e-12:
            yield f"reference_frames, {frames} frames, {others} no references: expects density {wanted}, but got {density}"


OP_FORMULAS = {  # of the ops whose own formulas take other parameters
    "neighborhood_2d": lambda b, h, q, k, p: f.neighborhood(
        b, h, q, k, p, [p.height, p.width], [p.window] * 2, [p.stride] * 2
    ),
    "neighborhood_2d_boxes": lambda b, h, q, k, p: f.neighborhood_boxes(
        b, h, q, k, p, [4, 4], [4, 4], [p.height, p.width], [p.window] * 2, [p.stride] * 2
    ),
    "block_cover": lambda b, h, q, k, p: f.blocks(
        b, h, q, k, p, lambda *x: f.causal(*x) & (x[3] >= x[2] + x[4].Sk - x[4].Sq - x[4].left), 8, 8, np.any
    ),
}

# A union whose parts are full or empty only together; tiles across two frames.
LIBRARY_DOUBTFUL = {"reference_frames": [6, 5, 5]}


def library_problems(folder):
    """Every mask of masks/ and of Inputs/ops/ in the setting of its header, at its own size and at lengths that fit nothing, against brute force."""
    for name, mask in KNOWN.items():
        values = dict(mask.example)
        size = tuple(map(int, values.pop("size", "96,96").split(",")))
        tile = tuple(map(int, values.pop("tile", "8x8").split("x")))
        row = Row(name, name, {parameter: json.loads(text) for parameter, text in values.items()}, ())
        row.formula = OP_FORMULAS.get(name)
        known = LIBRARY_DOUBTFUL.get(name, [0, 0, 0])
        for (size, tile), expected in zip(((size, tile), ((61, 83), (8, 16)), ((83, 61), (16, 8))), known):
            (_, found, doubtful), wanted = analysed(folder, row, size, tile), brute_force(row, size, tile)
            print("| %s %s | %d | %d | %d / %d / %d | %d |" % (name, "%d x %d" % size, *found, doubtful))
            if found != wanted:
                yield f"{name} at {size} in tiles of {tile}: expects {wanted}, but got {found}"
            if doubtful != expected:
                yield f"{name} at {size} in tiles of {tile}: expects {expected} doubtful tiles, but got {doubtful}"


def main():
    folder, problems = pathlib.Path(sys.argv[1]), []
    folder.mkdir(parents=True, exist_ok=True)
    print(
        "| mask | row runs | column runs | tiles full / partial / empty | of these called partial |\n|---|---|---|---|---|"
    )
    for row in ROWS:
        _, found, doubtful = analysed(folder, row)
        print("| %s | %d | %d | %d / %d / %d | %d |" % (row.title, *found, doubtful))
        if brute_force(row) != row.expected:
            problems.append(f"{row.title}: expects a brute force of {row.expected}, but got {brute_force(row)}")
        if found != row.expected:
            problems.append(f"{row.title}: expects {row.expected}, but got {found}")
        if doubtful != row.doubtful:
            problems.append(f"{row.title}: expects {row.doubtful} doubtful tiles, but got {doubtful}")
    problems += density_problems(folder)
    problems += library_problems(folder)
    print("\n".join(problems) or f"{len(ROWS)} rows agree")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
