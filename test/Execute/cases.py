# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Programs, cases, inputs by seed, and attention in NumPy (f64): the matrix that every way of executing attention
must pass.

A Program is one MLIR function; a Case gives it lengths and parameter values. Nothing here knows how programs are run.
"""

import itertools
import random
import zlib
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import numpy as np

import combinator_masks
import library
import listed_masks
from masks import MASKS, transposed
from set_masks import SET_MASKS, tables

SCORES = {  # name: (MLIR body of the score region, NumPy formula on (x, b, h, q, k, p), parameters)
    "softcap": (
        """    %c = arith.constant 2.0 : f32
    %t = arith.divf %x, %c : f32
    %u = math.tanh %t : f32
    %y = arith.mulf %u, %c : f32""",
        lambda x, b, h, q, k, p: 2 * np.tanh(x / 2),
        (),
    ),
    # One slope fewer than heads: a lookup that misses reads as 0.
    "alibi": (
        """    %s = attn.lookup %slopes[%h] : tensor<?xf32> -> f32
    %d = arith.subi %j, %i : index
    %di = arith.index_cast %d : index to i32
    %df = arith.sitofp %di : i32 to f32
    %a = arith.mulf %s, %df : f32
    %y = arith.addf %x, %a : f32""",
        lambda x, b, h, q, k, p: x + np.append(p.slopes, np.zeros(64))[h] * (k - q),
        (("slopes", "tensor<?xf32>"),),
    ),
    # A position in no segment reads as 0, as the first one's does.
    "segments": (
        """    %s = attn.segment %starts[%j] : tensor<?xi32>
    %n = arith.index_cast %s : index to i32
    %f = arith.sitofp %n : i32 to f32
    %y = arith.addf %x, %f : f32""",
        lambda x, b, h, q, k, p: x + np.where((k >= p.starts[0]) & (k < p.starts[-1]), np.searchsorted(p.starts, k, "right") - 1, 0),
        (("starts", "tensor<?xi32>"),),
    ),
    # A score of -inf is as good as a masked pair.
    "minus_inf": (
        """    %two = arith.constant 2 : index
    %zero = arith.constant 0 : index
    %n = arith.constant 0xFF800000 : f32
    %r = arith.remsi %j, %two : index
    %even = arith.cmpi eq, %r, %zero : index
    %y = arith.select %even, %x, %n : f32""",
        lambda x, b, h, q, k, p: np.where(k % 2 == 0, x, -np.inf),
        (),
    ),
}


@dataclass(frozen=True)
class Program:
    mask: str
    layout: str = "bhsd"
    heads: tuple = (2, 2)  # query, key
    size: tuple = (16, 16)  # D, Dv
    dtype: str = "f32"
    score: str = None
    sinks: bool = False
    scale: float = None
    queries: int = None  # static number of queries; None: known at run time only
    split: int = None  # shares of the keys, by a schedule of its own; results are then O and LSE
    packed: int = None  # rows of a tile that are pairs of a query and a head of the group
    transposed: bool = False  # the transpose of the mask

    @property
    def name(self):
        parts = [
            self.mask,
            "transposed" if self.transposed else None,
            self.layout,
            "q%d" % self.queries if self.queries is not None else None,
            "h%dx%d" % self.heads,
            "d%dx%d" % self.size,
            self.dtype,
            self.score,
            "split%d" % self.split if self.split else None,
            "packed%d" % self.packed if self.packed else None,
            "sinks" if self.sinks else None,
            "scaled" if self.scale else None,
        ]
        return "_".join(part for part in parts if part)

    def shape(self, tensor, batch, length):
        heads, size = self.heads[0 if tensor in "qo" else 1], self.size[0 if tensor in "qk" else 1]
        return {
            "bhsd": (batch, heads, length, size),
            "bshd": (batch, length, heads, size),
            "shd": (length, heads, size),
        }[self.layout]

    def type(self, tensor):
        return (
            "tensor<"
            + "x".join("?" if d is None else str(d) for d in self.shape(tensor, None, self.queries if tensor in "qo" else None))
            + f"x{self.dtype}>"
        )

    @property
    def parameters(self):
        return MASKS[self.mask].parameters + (SCORES[self.score][2] if self.score else ())

    def mlir(self):
        """One function `name` with results O, LSE and row max."""
        row = "tensor<" + ("" if self.layout == "shd" else "?x") + f"{self.heads[0]}x?xf32>"
        types = [("q", self.type("q")), ("k", self.type("k")), ("v", self.type("v"))]
        types += [("sinks", f"tensor<{self.heads[0]}xf32>")] if self.sinks else []
        types += list(self.parameters)
        arguments = ", ".join(f'%{name}: {type} {{attn.name = "{name}"}}' for name, type in types)
        groups = (" mask(%t)" if self.transposed else " mask(%m)") if self.mask != "none" else ""
        groups += f" layout({self.layout})"
        groups += f" scale({self.scale})" if self.scale else ""
        if self.split:
            flat = f"tile_m = {self.queries}" if self.queries else "tile_m = 48, transposed = true"
            flat = f"pack_heads = true, tile_m = {self.packed}" if self.packed else flat
            groups += f" schedule(#attn.schedule<{flat}, tile_n = 32, split = {self.split}>)"
        groups += f" sink_logits(%sinks : tensor<{self.heads[0]}xf32>)" if self.sinks else ""
        if self.score:
            groups += (
                " score {\n  ^bb0(%x: f32, %b: index, %h: index, %i: index, %j: index):\n"
                + SCORES[self.score][0]
                + "\n    attn.yield %y : f32\n  }"
            )
        results = f"{self.type('o')}, {row}" + ("" if self.split else f", {row}")
        names = "%o, %lse" + ("" if self.split else ", %max")
        exchange = "  %t = attn.transpose %m\n" if self.transposed else ""
        return (
            f"func.func @{self.name}({arguments}) -> ({results}) {{\n{MASKS[self.mask].text}\n{exchange}"
            f"  {names} = attn.attention %q, %k, %v{groups}\n"
            f"    : {types[0][1]}, {types[1][1]}, {types[2][1]} -> {results}\n"
            f"  return {names} : {results}\n}}\n"
        )


@dataclass(frozen=True)
class Case:
    program: Program
    queries: int
    keys: int
    batch: int = 1
    parameters: dict = field(default_factory=dict, hash=False)
    variant: int = None  # of tables that are too large to print

    @property
    def name(self):
        values = "".join(f" {name}={value}" for name, value in self.parameters.items() if not isinstance(value, np.ndarray))
        values += "" if self.variant is None else f" tables {self.variant}"
        return f"{self.program.name} B={self.batch} Sq={self.queries} Sk={self.keys}{values}"


NUMPY = {"i1": bool, "i8": np.int8, "i32": np.int32, "i64": np.int64, "f32": np.float32, "f64": np.float64}


def round_to(array, dtype):
    """f32 values that the type holds."""
    if dtype == "bf16":
        bits = array.astype(np.float32).view(np.uint32)
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)
    return array.astype(np.float16).astype(np.float32) if dtype == "f16" else array.astype(np.float32)


def inputs(case):
    """Argument values in order: f32 arrays for tensors of floats (exact in the program's type), i32 arrays, ints."""
    rng, program = np.random.default_rng(zlib.crc32(case.name.encode())), case.program
    values = {}
    for tensor, length in (("q", case.queries), ("k", case.keys), ("v", case.keys)):
        values[tensor] = round_to(rng.standard_normal(program.shape(tensor, case.batch, length)), program.dtype)
    if program.sinks:
        values["sinks"] = rng.standard_normal(program.heads[0]).astype(np.float32)
    for name, type in program.parameters:
        value = case.parameters[name]
        values[name] = value if type == "index" else np.asarray(value, dtype=NUMPY[type[type.rindex("x") + 1 : -1]])
    return values


def attention(case, values):
    """O, LSE and row max in f64, from the definition: every pair, the mask's own formula."""
    program = case.program
    to_bhsd = {
        "bhsd": lambda x: x,
        "bshd": lambda x: x.transpose(0, 2, 1, 3),
        "shd": lambda x: x.transpose(1, 0, 2)[None],
    }[program.layout]
    q, k, v = (to_bhsd(values[name].astype(np.float64)) for name in "qkv")
    hq, hk = program.heads
    group = np.arange(hq) * hk // hq
    scale = 1 / np.sqrt(program.size[0]) if program.scale is None else np.float64(np.float32(program.scale))
    scores = scale * (q @ k[:, group].swapaxes(2, 3))
    b, h, i, j = np.ogrid[0 : q.shape[0], 0:hq, 0 : case.queries, 0 : case.keys]
    p = SimpleNamespace(Sq=case.queries, Sk=case.keys, **case.parameters)
    if program.score:
        scores = SCORES[program.score][1](scores, b, h, i, j, p)
    formula = MASKS[program.mask].formula
    attends = np.broadcast_to((transposed(formula) if program.transposed else formula)(b, h, i, j, p), scores.shape)
    scores = np.where(attends, scores, -np.inf)
    sinks = values["sinks"].astype(np.float64)[None, :, None] if program.sinks else -np.inf
    row_max = np.maximum(scores.max(axis=3, initial=-np.inf), sinks)
    shift = np.where(np.isneginf(row_max), 0, row_max)
    weights = np.exp(scores - shift[..., None])
    total = weights.sum(axis=3) + np.exp(sinks - shift)
    empty = total == 0
    with np.errstate(divide="ignore"):
        lse = shift + np.log(total)
    o = weights / np.where(empty, 1, total)[..., None] @ v[:, group]
    if program.layout != "bhsd":
        o = o.transpose(0, 2, 1, 3) if program.layout == "bshd" else o[0].transpose(1, 0, 2)
    statistics = (lse[0], row_max[0]) if program.layout == "shd" else (lse, row_max)
    return (o, *statistics)


# Tolerances of design §4: O relative to the largest magnitude of its row, LSE and row max relative to max(1, |value|).
TOLERANCE = {"f32": 1e-5, "f16": 2.0**-10, "bf16": 2.0**-7}
STATISTICS_TOLERANCE = 1e-5


def largest_error(got, wanted, unit):
    """The largest error in units: <= 1 passes. A NaN, a wrong infinity or another shape counts as infinite."""
    if got.shape != wanted.shape:
        return np.inf
    got = got.astype(np.float64)
    with np.errstate(invalid="ignore"):
        errors = np.where(got == wanted, 0, np.abs(got - wanted) / unit)
    return float(np.where(np.isnan(errors), np.inf, errors).max(initial=0))


def output_error(got, wanted, dtype, magnitude=None):
    """Of O, over its tolerance; `magnitude`: what stands for the row's, where its terms may cancel."""
    magnitude = np.abs(wanted).max(axis=-1, keepdims=True, initial=0) if magnitude is None else magnitude
    return largest_error(got, wanted, TOLERANCE[dtype] * np.maximum(magnitude, 1e-30))


def statistics_error(got, wanted):
    """Of LSE or row max, over its tolerance."""
    return largest_error(got, wanted, STATISTICS_TOLERANCE * np.maximum(1, np.abs(np.where(np.isfinite(wanted), wanted, 0))))


def errors(case, got, expected):
    """Largest error of each result (O, then LSE and row max) over its tolerance: <= 1 passes."""
    return [output_error(got[0], expected[0], case.program.dtype), *(statistics_error(x, wanted) for x, wanted in zip(got[1:], expected[1:]))]


BATCHES = {"key_lengths": 3, "select_batch": 3, **library.BATCHES}  # else 1

LENGTHS = [(0, 0), (0, 5), (5, 0), (1, 1), (1, 9), (9, 1), (3, 40), (40, 3), (33, 31), (64, 64)]

NUMBERS = np.arange(100) ** 2
FAR = [dict(far=far, near=1 << 40) for far in (3, library.LARGE, -library.LARGE - 1, library.LARGE - 20)]
for end in (1 << 31, 1 << 32, 1 << 62, library.LARGE):
    FAR += [dict(far=far, near=near) for far, near in ((20 - end, end - 20), (end - 20, 20 - end), (0, 20 - end), (20 - end, 7), (1 - end, -end), (3, end))]

PARAMETERS = {  # one or more settings of each mask with run-time parameters
    "sliding_window": [
        dict(left=7, right=0),
        dict(left=0, right=3),
        dict(left=-2, right=5),
        dict(left=1 << 40, right=1 << 40),
    ],
    "causal_window": [dict(left=6), dict(left=0)],
    "sliding_window_top_left": [dict(left=5, right=2)],
    "sink_tokens": [dict(count=0), dict(count=4), dict(count=-3), dict(count=1000)],
    "key_lengths": [dict(lengths=[5, 0, 100]), dict(lengths=[-1, 1, 2])],
    "dilated": [dict(width=9, step=3), dict(width=4, step=0), dict(width=1, step=-5)],
    "heads_differ": [dict(step=5)],
    "far_ends": FAR,
    "far_or_near": FAR,
    "far_reads": [dict(narrow=NUMBERS % 29 - (1 << 31) * (NUMBERS % 3 == 0), wide=NUMBERS % 31 + (1 << 32) * (NUMBERS % 5 - 1))],
    "sorted_reads": [dict(sorted=[n // 2 - 3 for n in range(50)]), dict(sorted=[])],
    "unused_read": [dict(sorted=[1, 2])],
    "real_reads": [dict(reals=NUMBERS % 29 - 0.5)],
    "equal": [
        dict(hash_q=[n * n % 5 for n in range(20)], hash_k=[3 * n % 5 for n in range(25)]),
        dict(hash_q=[], hash_k=[]),
    ],
    "row_reads": [
        dict(hash_q=[n * n % 29 for n in range(20)], hash_k=[5 * n % 23 for n in range(25)]),
        dict(hash_q=[n % 3 - 1 for n in range(100)], hash_k=[7 * n % 40 for n in range(100)]),
        dict(hash_q=[], hash_k=[]),
    ],
    "not_equal": [
        dict(hash_q=[n * n % 5 for n in range(20)], hash_k=[3 * n % 5 for n in range(25)]),
        dict(hash_q=[], hash_k=[]),
    ],
    **library.SETTINGS,
}

PARAMETERS |= combinator_masks.PARAMETERS | listed_masks.PARAMETERS

# Packed documents: (total queries, total keys, boundaries).
# With empty documents, tokens outside all documents, more queries than keys.
DOCUMENTS = [
    (40, 40, dict(cu_q=[0, 13, 13, 29, 40], cu_k=[0, 13, 13, 29, 40])),
    (30, 44, dict(cu_q=[0, 1, 20, 20, 30], cu_k=[0, 9, 12, 30, 44])),
    (24, 20, dict(cu_q=[3, 10, 21], cu_k=[2, 9, 17])),
    (6, 8, dict(cu_q=[0], cu_k=[0])),
    (0, 4, dict(cu_q=[0, 0], cu_k=[0, 4])),
]
PACKED = {  # values besides the boundaries, where one setting is not enough
    "document_sinks": [dict(count=count) for count in (2, 0, -3, library.LARGE, -library.LARGE)],
    "document_far": FAR,
    "document_nested_far": FAR,
    **library.PACKED,
}
DOCUMENT_EXTRAS = dict(
    left=3,
    right=1,
    count=2,
    hash_q=[n * n % 3 for n in range(12)],
    hash_k=[n % 3 for n in range(10)],
    sub=[0, 4, 4, 7, 30],
    many=(1 << 63) - 1,
)


def set_cases(name, program, lengths):
    """A mask on sets at the given lengths, with shared, grouped and hostile tables."""
    for variant in range(3):
        for queries, keys in lengths:
            yield Case(program, queries, keys, 2, tables(name, 2, program.heads, queries, keys, variant), variant)


def mask_cases():
    """Every mask at every edge length; documents packed."""
    for name, mask in MASKS.items():
        if name in SET_MASKS:
            yield from set_cases(name, Program(name, heads=(4, 2)), LENGTHS)
            continue
        wanted = [parameter for parameter, _ in mask.parameters]
        if "cu_q" in wanted and name not in PARAMETERS:
            for (queries, keys, boundaries), more in itertools.product(DOCUMENTS, PACKED.get(name, [{}])):
                values = {**DOCUMENT_EXTRAS, **boundaries, **more}
                values = {parameter: values[parameter] for parameter in wanted}
                yield Case(Program(name, layout="shd"), queries, keys, 1, values)
            continue
        for queries, keys in LENGTHS:
            for values in PARAMETERS.get(name, [{}]):
                yield Case(Program(name), queries, keys, BATCHES.get(name, 1), values)


def attention_cases():
    """Layouts, GQA, head sizes, types, scores, sinks, scale: one axis at a time."""
    causal = dict(mask="causal")
    programs = [
        Program(layout=layout, heads=heads, **causal)
        for layout in ("bhsd", "bshd", "shd")
        for heads in ((4, 1), (6, 2), (1, 1))
    ]
    programs += [Program(size=size, **causal) for size in ((8, 64), (40, 8), (128, 128))]
    programs += [
        Program(dtype=dtype, layout=layout, **causal) for dtype in ("bf16", "f16") for layout in ("bhsd", "shd")
    ]
    programs += [Program(score=score, mask=mask) for score in ("softcap", "minus_inf") for mask in ("none", "causal")]
    programs += [
        Program(sinks=True, **causal),
        Program(scale=0.5, **causal),
        Program("none", scale=2.0, sinks=True, heads=(4, 2)),
    ]
    for program in programs:
        for queries, keys in LENGTHS:
            for batch in (1,) if program.layout == "shd" else (0, 2):
                yield Case(program, queries, keys, batch)
    for queries, keys in LENGTHS:
        yield Case(Program(score="alibi", heads=(4, 2), **causal), queries, keys, 2, dict(slopes=[0.5, -0.25, 0.125]))
        yield Case(Program(score="segments", **causal), queries, keys, 2, dict(starts=[2, 5, 5, 9, 20]))


def random_library_cases(count=8):
    """Every mask of the library under random values, among them the largest integers."""
    for name, mask in library.mask_library.read_all().items():
        rng = random.Random(zlib.crc32(name.encode()))
        packed = "cu_q" in dict(mask.parameters)
        for _ in range(count if mask.parameters and name not in library.NOT_RANDOM else 0):
            queries, keys = rng.choice([(n, n) for n in (20, 64, 70)] + [(rng.randint(0, 70), rng.randint(0, 70))])
            values = library.random_values(mask.parameters, queries, keys, rng)
            yield Case(Program(name, layout="shd" if packed else "bhsd"), queries, keys, 1 if packed else 2, values)


def transposed_case(case):
    """The transpose of the case's mask, at exchanged lengths."""
    return replace(case, program=replace(case.program, transposed=True), queries=case.keys, keys=case.queries)


def transposed_cases():
    """The transpose of every mask, with its values and lengths; the reference alone runs them all."""
    for case in [*mask_cases(), *random_library_cases()]:
        if case.program.mask != "none" and not case.program.mask.startswith("block_framed"):  # a frame is of rows
            yield transposed_case(case)


def all_cases():
    return [*mask_cases(), *random_library_cases(), *attention_cases()]
