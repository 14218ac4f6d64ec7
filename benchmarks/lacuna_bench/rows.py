# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One row of a table: every side on the same tensors, checked against each other, then timed in turns. Rows are flat
dictionaries, as they land in the JSON file; a key is missing where something was not measured."""

import dataclasses
from dataclasses import dataclass

from lacuna_bench import machine, peers
from lacuna_bench.masks import DENSE
from lacuna_bench.program import Compiler, NotAvailable
from lacuna_bench.reference import Reference, over_tolerance
from lacuna_bench.timing import Budget, in_turn, interleave, median, ratio, warm

# Peers err, too, and some more than ours on long rows: only a difference of this many tolerances tells of another mask.
APART = 10


@dataclass
class Run:
    """What all rows share."""

    compiler: Compiler
    budget: Budget
    peaks: dict
    sides: tuple = ("sdpa", "flex")
    compiled_masks: bool = False


def add_errors(row, mask, tensors, kernel, outs):
    """Ours and each peer against f64 on some rows, and ours against each peer on all of them; in units of the tolerance
    except for `*_error`, the largest absolute difference."""
    truth = Reference(mask, *tensors, row["dtype"])
    row["error_over_tolerance"] = truth.over(kernel.out)
    for name, out in outs.items():
        ours, theirs = kernel.out.float(), out.float()
        row[f"{name}_error"] = (ours - theirs).abs().max().item()
        row[f"{name}_error_over_tolerance"] = truth.over(out)
        apart = over_tolerance(ours, theirs, truth.tolerance)
        row["apart_over_tolerance"] = max(apart, row.get("apart_over_tolerance", 0.0))


def is_wrong(row):
    """Times for a wrong result are worth nothing: beyond the tolerance against f64, or far from a peer anywhere."""
    return row.get("error_over_tolerance", 0) > 1 or row.get("apart_over_tolerance", 0) > APART


def prepare_peers(run, mask, tensors, row):
    """({side: call}, {side: result}) of the peers that were asked for and can express the mask."""
    sides, outs = {}, {}
    if "sdpa" in run.sides and mask.sdpa is not None:
        sides["sdpa"] = peers.sdpa_side(*tensors, mask.sdpa)
        outs["sdpa"] = sides["sdpa"]()
    if "flex" in run.sides and (mask.flex or mask.table):
        built = peers.build_mask(mask, row["length"], run.compiled_masks)
        flex = peers.compile_flex(*tensors, built.block_mask)
        sides["flex"], outs["flex"] = flex.on(*tensors), flex.out
        row.update(flex_mask_ms=1e3 * built.seconds, flex_first_s=flex.first_call)
        if built.compiled_seconds is not None:
            row["flex_compiled_mask_ms"] = 1e3 * built.compiled_seconds
            row["flex_compiled_mask_first_s"] = built.compiled_first
    return sides, outs


def add_ratios(row, seconds):
    """Peers over ours; FlexAttention also with its mask's construction added to every round."""
    for side in ("sdpa", "flex"):
        if side in seconds:
            row[f"{side}_ms"] = 1e3 * median(seconds[side])
            row[f"{side}_ratio"] = ratio(seconds[side], seconds["ours"])
    for mask, name in (
        ("flex_mask_ms", "flex_with_mask_ratio"),
        ("flex_compiled_mask_ms", "flex_with_compiled_mask_ratio"),
    ):
        if mask in row and "flex" in seconds:
            row[name] = ratio([s + row[mask] / 1e3 for s in seconds["flex"]], seconds["ours"])


def add_ours(run, row, mask, shape, kernel, seconds):
    time = median(seconds["ours"])
    row.update(ms=1e3 * time, rounds=len(seconds["ours"]), compile_s=kernel.compile_seconds)
    row.update(visited=kernel.visited, tiles=kernel.tiles)
    row["gflops"] = 4 * shape.heads * shape.head * mask.pairs(row["length"]) / time / 1e9
    peak = machine.peak_of(run.peaks, shape.dtype)
    if peak:
        row["of_peak"] = row["gflops"] / peak
    row["per_tile"] = ratio(seconds["ours"], seconds["dense"]) / kernel.share if "dense" in seconds else 1.0


def prefill(run, mask, length, shape):
    """A row of the table of masks: queries and keys of the same length."""
    row = {"mask": mask.name, "label": mask.label(length), "length": length, "head": shape.head, "dtype": shape.dtype}
    tensors = shape.tensors(length, length)
    try:
        kernel = run.compiler.kernel(mask, shape, *tensors)
    except NotAvailable as reason:
        return {**row, "skipped": f"not available in this build ({first_line(reason)})"}
    sides = {"ours": kernel.run}
    if mask.name != "dense":
        sides["dense"] = run.compiler.kernel(DENSE, shape, *tensors).run
    theirs, outs = prepare_peers(run, mask, tensors, row)
    add_errors(row, mask, tensors, kernel, outs)
    sides.update(theirs)
    warm(sides, 1)
    seconds = interleave(sides, run.budget)
    add_ours(run, row, mask, shape, kernel, seconds)
    add_ratios(row, seconds)
    return row


def first_line(reason):
    """The compiler's first diagnostic without the file in front of it."""
    return str(reason).splitlines()[0].partition("error: ")[2] or str(reason).splitlines()[0]


def decode_sides(run, reader, tensors, kernels, row):
    """({side: call}, {side: result}); `tensors` are (q, k, v) of caches that take turns, `kernels` ours on each."""
    sides = {"ours": in_turn([kernel.run for kernel in kernels]), "read": in_turn([reader.side(k, v) for _, k, v in tensors])}
    outs = {}
    if "sdpa" in run.sides:
        calls = [peers.sdpa_side(*each, {}) for each in tensors]
        sides["sdpa"], outs["sdpa"] = in_turn(calls), calls[0]()
    if "flex" in run.sides:
        flex = peers.compile_flex(*tensors[0], None)
        sides["flex"], outs["flex"], row["flex_first_s"] = in_turn([flex.on(*each) for each in tensors]), flex.out, flex.first_call
    return sides, outs


def decode(run, reader, queries, keys, shape):
    """A row of the table of decode: few queries on a long cache, held to a plain read of the same cache. Several caches take turns, as those of
    a model's layers do, so that each is read from memory."""
    shape = dataclasses.replace(shape, queries=queries)
    row = {"queries": queries, "keys": keys, "heads": f"{shape.heads}/{shape.kv_heads}"}
    row.update(head=shape.head, dtype=shape.dtype)
    q, k, v = shape.tensors(queries, keys)
    bytes_read = k.nbytes + v.nbytes
    tensors = [(q, k, v)] + [(q, k.clone(), v.clone()) for _ in range(1, machine.copies_from_memory(bytes_read))]
    kernels = [run.compiler.kernel(DENSE, shape, *each) for each in tensors]
    sides, outs = decode_sides(run, reader, tensors, kernels, row)
    add_errors(row, DENSE, tensors[0], kernels[0], outs)
    warm(sides, 1)
    seconds = interleave(sides, run.budget)
    time = median(seconds["ours"])
    row.update(ms=1e3 * time, rounds=len(seconds["ours"]), compile_s=kernels[0].compile_seconds)
    row.update(gbytes_s=bytes_read / time / 1e9, read_gbytes_s=bytes_read / median(seconds["read"]) / 1e9)
    row["of_read"] = ratio(seconds["read"], seconds["ours"])
    add_ratios(row, seconds)
    return row


def yardstick(run, sketch, shape, length):
    """Dense attention against a hand-written program that times itself: each runs as often, and the two take turns."""
    kernel = run.compiler.kernel(DENSE, shape, *shape.tensors(length, length))
    warm({"ours": kernel.run}, 1)
    mine, theirs = [], []
    for _ in range(run.budget.least):
        rounds = interleave({"ours": kernel.run}, Budget(sketch.repeats, run.budget.seconds), pause=0)
        mine.append(median(rounds["ours"]))
        theirs.append(sketch.run(length))
    row = {"yardstick": sketch.name, "length": length, "head": shape.head, "dtype": shape.dtype}
    row.update(ms=1e3 * median(mine), yardstick_ms=1e3 * median(theirs), ratio=ratio(theirs, mine))
    gflop = 4 * shape.heads * shape.head * length * length / 1e9
    row.update(gflops=gflop / median(mine), yardstick_gflops=gflop / median(theirs))
    return row
