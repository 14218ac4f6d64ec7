# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The mask library under test: the run-time values that its cases use. Programs are made from signatures.

A new mask needs its values here and its formula in test/masks/formulas.py, no program text.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "scripts"))
import mask_library  # noqa: E402

LARGE = (1 << 63) - 1  # "no limit"
LAST = (1 << 31) - 1  # of i32
SWIN = [
    dict(height=5, width=8, window=4, shift=2),
    dict(height=6, width=6, window=3, shift=0),
    dict(height=7, width=9, window=4, shift=1),  # no multiples of the window
    dict(height=7, width=9, window=4, shift=0),
    dict(height=2, width=2, window=0, shift=-3),
    dict(height=3, width=5, window=LARGE, shift=2),
    dict(height=-1, width=0, window=3, shift=5),
]


def by_head(count, function):
    """Tables [2, 2, count] of function(entry, head, position)."""
    return [[[function(b, h, x) for x in range(count)] for h in range(2)] for b in range(2)]


# Some tables are shorter than the longest sequences; heads and batch entries differ.
POSITIONS = dict(
    position_q=by_head(50, lambda b, h, x: x * 7 % 50 + h), position_k=by_head(64, lambda b, h, x: x * (3 + 2 * b) % 64)
)
STRAIGHT = dict(position_q=by_head(64, lambda b, h, x: x), position_k=by_head(64, lambda b, h, x: x))
NONE = [[[], []], [[], []]]
HASH = dict(hash_q=by_head(60, lambda b, h, x: (x * x + h) % 5), hash_k=by_head(64, lambda b, h, x: (3 * x + b) % 5))
KEEP = dict(
    keep_q=by_head(64, lambda b, h, x: x * (5 + h) % 3 % 2), keep_k=by_head(60, lambda b, h, x: -(x * (7 + b) % 4 // 2))
)
ROWS = by_head(60, lambda b, h, x: [x * 3 % 20 + h, x * 3 % 20 + 9, x % 7 - 3, x % 7 - 4 + 4 * b])

# One or more settings of each mask: usual ones, then 0, 1, negative ones and ones larger than any sequence.
SETTINGS = {
    "a_shape": [dict(window=6, sinks=2), dict(window=0, sinks=3), dict(window=1, sinks=0), dict(window=-LARGE - 1, sinks=2)],
    "block_causal": [dict(cu=cu) for cu in ([0, 8, 24, 40], [2, 9, 9, 31], [0, 1000], [-3, 5, 20], [0], [])],
    "block_causal_document": [
        dict(cu=[0, 8, 24, 40], block=8),
        dict(cu=[2, 9, 9, 31], block=1),
        dict(cu=[0, 100], block=0),
        dict(cu=[0, 20, 64], block=LARGE),
        dict(cu=[], block=-7),
    ],
    "block_diffusion": [
        dict(text=16, cu=[0, 4, 8, 12, 16], causal=0),
        dict(text=16, cu=[0, 3, 3, 9, 16], causal=1),
        dict(text=20, cu=[2, 9, 30], causal=0),
        dict(text=20, cu=[2, 9, 30], causal=-1),
        dict(text=LARGE, cu=[0, 5, 50], causal=0),
        dict(text=-3, cu=[0, 5, 50], causal=0),
        dict(text=32, cu=[], causal=1),
    ],
    "causal_blockwise": [
        dict(cu=[0, 9, 20, 40]),
        dict(cu=[0, 16, 31, 64, 64, 64]),  # a padded table
        dict(cu=[3, 12, 25]),  # the last keys are in no segment
        dict(cu=[0]),
        dict(cu=[0, 1000]),
    ],
    "chunked": [dict(chunk=8), dict(chunk=1), dict(chunk=0), dict(chunk=-4)],
    "causal_positions": [POSITIONS, STRAIGHT, dict(POSITIONS, position_q=NONE)],
    "complete_blocks": [
        dict(block=4, past=0),
        dict(block=3, past=10),
        dict(block=1, past=-5),
        dict(block=0, past=0),
        dict(block=LARGE, past=2),
    ],
    "criss_cross": [dict(width=6), dict(width=1), dict(width=0), dict(width=-4), dict(width=LARGE)],
    "diagonal": [dict(radius=3), dict(radius=0), dict(radius=-1), dict(radius=LARGE)],
    "dilated_window": [
        dict(window=5, dilation=3),
        dict(window=4, dilation=1),
        dict(window=1, dilation=2),
        dict(window=0, dilation=2),
        dict(window=-2, dilation=-5),
        dict(window=LARGE, dilation=4),
        dict(window=3, dilation=LARGE),
        dict(window=6, dilation=0),
    ],
    "document_ids": [
        dict(ids_q=[[n // 9 for n in range(64)], [n // 30 for n in range(64)]], ids_k=[[n // 9 for n in range(64)], [n // 25 for n in range(64)]]),
        dict(ids_q=[[n * n % 5 for n in range(50)]] * 2, ids_k=[[3 * n % 5 for n in range(60)]] * 2),
        dict(ids_q=[[-1] * 5 + [7] * 50], ids_k=[[7] * 30 + [-2] * 34]),  # padding; one batch entry has no table
        dict(ids_q=[[], []], ids_k=[[0] * 64] * 2),
    ],
    "fixed_stride": [
        dict(stride=7, summary=2),
        dict(stride=8, summary=0),
        dict(stride=1, summary=-1),
        dict(stride=0, summary=1),
        dict(stride=5, summary=LARGE),
        dict(stride=LARGE, summary=3),
    ],
    "flashmask": [
        dict(rows=ROWS),
        dict(rows=by_head(64, lambda b, h, x: [0, 0, x + 1, LAST])),  # causal's transpose
        dict(rows=[[[[0, 0, 0, 0]]]]),
    ],
    "global_sliding_window": [
        {"window": 4, "global": 8},
        {"window": 0, "global": 0},
        {"window": -1, "global": 2},
        {"window": LARGE, "global": -4},
        {"window": 2, "global": LARGE},
    ],
    "hash_buckets": [dict(HASH, **POSITIONS), dict(HASH, **STRAIGHT), dict(HASH, hash_k=NONE, **STRAIGHT)],
    "kept_tokens": [dict(KEEP, **POSITIONS), dict(KEEP, **STRAIGHT), dict(KEEP, keep_k=NONE, **STRAIGHT)],
    "left_padding": [dict(starts=[3, 0]), dict(starts=[-2, 100]), dict(starts=[7]), dict(starts=[])],
    "longnet": [
        dict(segment=12, dilation=3),
        dict(segment=10, dilation=4),
        dict(segment=1, dilation=1),
        dict(segment=0, dilation=-1),
        dict(segment=LARGE, dilation=2),
        dict(segment=9, dilation=LARGE),
    ],
    "multi_diagonal": [dict(period=7), dict(period=1), dict(period=0), dict(period=-3), dict(period=LARGE)],
    "prefix": [dict(length=0), dict(length=11)],
    "reference_frames": [
        dict(tokens=5, references=[0, 1, 0, 0, 0, -1, 0, 0]),
        dict(tokens=9, references=[]),
        dict(tokens=1, references=[1, 0, 7]),
        dict(tokens=0, references=[0, 0, 1]),
        dict(tokens=LARGE, references=[0]),
    ],
    "s2_stripes": [
        dict(block=4, local=2, stride=4, group=1, step=1, offset=1),
        dict(block=3, local=1, stride=3, group=2, step=2, offset=-4),
        dict(block=1, local=0, stride=5, group=1, step=3, offset=0),
        dict(block=0, local=-3, stride=0, group=0, step=0, offset=0),
        dict(block=4, local=LARGE, stride=9, group=1, step=1, offset=0),
        dict(block=LARGE, local=0, stride=2, group=1, step=1, offset=0),
        dict(block=6, local=0, stride=5, group=1, step=LARGE, offset=LARGE),  # no product or sum may wrap
        dict(block=2, local=0, stride=3, group=1, step=-LARGE, offset=-LARGE),
    ],
    "share_question": [
        dict(cu=[0, 9, 20, 40]),
        dict(cu=[0, 0, 16, 33]),
        dict(cu=[2, 5, 12]),
        dict(cu=[0]),
        dict(cu=[]),
    ],
    "shifted_window": SWIN,
    "shifted_window_tiles": SWIN,
    "streaming_blocks": [
        dict(block=4, sinks=1, local=2),
        dict(block=5, sinks=0, local=1),
        dict(block=3, sinks=2, local=0),
        dict(block=0, sinks=-1, local=-2),
        dict(block=LARGE, sinks=0, local=1),
        dict(block=6, sinks=LARGE, local=1),
        dict(block=6, sinks=0, local=LARGE),
    ],
    "strided": [dict(stride=7), dict(stride=1), dict(stride=0), dict(stride=-2), dict(stride=LARGE)],
    "token_tree": [
        dict(prefix=4, words=[[[1], [3], [5], [11], [-1]], [[1], [2], [4], [8], [0]]]),
        dict(prefix=0, words=[[[-1, 5], [1 << 30, -(1 << 31)], [0, 1]]] * 2),
        dict(prefix=-6, words=[[[7]]]),
        dict(prefix=LARGE, words=[[[0]]]),
    ],
    "tri_shape": [
        dict(window=4, sinks=1, last=5),
        dict(window=4, sinks=1, last=1000),
        dict(window=0, sinks=0, last=7),
        dict(window=3, sinks=0, last=-LARGE),
    ],
}
BATCHES = {
    "causal_positions": 2,
    "document_ids": 2,
    "flashmask": 2,
    "hash_buckets": 2,
    "kept_tokens": 2,
    "left_padding": 2,
    "token_tree": 2,
}  # else 1

# Masks of packed documents: values besides the boundaries of cases.DOCUMENTS.
PACKED = {"causal_document": [{}], "prefix_document": [dict(length=n) for n in (5, 0, -2, LARGE)]}

# One setting each for lengths around the edges of kernel tiles (a few hundred tokens).
TILES = {
    "block_causal": dict(cu=[0, 47, 48, 48, 190, 260]),
    "block_causal_document": dict(cu=[0, 47, 48, 48, 190, 260], block=20),
    "block_diffusion": dict(text=128, cu=[0, 5, 48, 49, 100, 128], causal=0),
    "causal_blockwise": dict(cu=[0, 47, 48, 130, 257]),
    "complete_blocks": dict(block=3, past=100),
    "criss_cross": dict(width=40),
    "diagonal": dict(radius=50),
    "dilated_window": dict(window=21, dilation=5),
    "document_ids": dict(ids_q=[[n // 47 for n in range(300)]], ids_k=[[n // 50 for n in range(300)]]),
    "fixed_stride": dict(stride=40, summary=9),
    "global_sliding_window": {"window": 20, "global": 50},
    "longnet": dict(segment=100, dilation=3),
    "multi_diagonal": dict(period=70),
    "reference_frames": dict(tokens=30, references=[0, 0, 1, 0, 0, 1]),
    "s2_stripes": dict(block=16, local=2, stride=4, group=2, step=1, offset=1),
    "share_question": dict(cu=[0, 60, 61, 130, 257]),
    "shifted_window": dict(height=13, width=20, window=5, shift=2),
    "shifted_window_tiles": dict(height=15, width=20, window=5, shift=2),
    "streaming_blocks": dict(block=20, sinks=1, local=2),
    "strided": dict(stride=30),
    "token_tree": dict(prefix=100, words=[[[n * 0x01234567 % (1 << 31), -n, 1 << n % 31] for n in range(130)]]),
}

NOT_RANDOM = ()  # masks with tables that must satisfy more than random_value knows


def random_value(name, type, rng):
    """A run-time value of any size; boundaries (cu…) do not decrease, tables may be short or empty."""
    if type == "index":
        small = rng.randint(-3, 70), rng.randint(1, 12)
        return rng.choice([*small, *small, 0, 1, -1, LAST, 1 << 31, 1 << 40, 1 << 62, LARGE, -LARGE, -(1 << 40)])
    if name.startswith("cu"):
        return sorted(rng.randint(-3, 80) for _ in range(rng.randint(0, 7)))
    sizes = [rng.randint(1, 70) if size == "?" else int(size) for size in type[len("tensor<") :].split("x")[:-1]]
    sizes[:-2] = [min(size, 2) for size in sizes[:-2]]
    if len(sizes) == 1:
        sizes = [rng.randint(0, 70)]

    def build(sizes):
        if not sizes:
            return rng.choice([0, 1, rng.randint(-5, 70), rng.randint(-LAST, LAST)])
        return [build(sizes[1:]) for _ in range(sizes[0])]

    return build(sizes)


def random_values(parameters, queries, keys, rng):
    values = {name: random_value(name, type, rng) for name, type in parameters}
    if "cu_q" in values:  # two tables of one length, inside the sequences
        count = rng.randint(1, 5)
        for name, length in (("cu_q", queries), ("cu_k", keys)):
            values[name] = sorted(rng.randint(0, length) for _ in range(count))
    return values
