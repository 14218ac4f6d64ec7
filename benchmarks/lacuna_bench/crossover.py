# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From which length each mask beats our own causal kernel: below it, finding the tiles costs more than it saves."""

from lacuna_bench.masks import CAUSAL_MASK
from lacuna_bench.program import NotAvailable
from lacuna_bench.timing import interleave, ratio, warm

MARGIN = 1.05  # a smaller gain is noise: a window longer than the sequence *is* causal
LENGTHS = tuple(128 << i for i in range(8))  # 128 to 16k


def ratios_at(run, masks, length, shape):
    """{mask: causal's time over the mask's}, all in the same rounds, and {mask: reason} of those this build lacks."""
    tensors, sides, missing = shape.tensors(length, length), {}, {}
    sides["causal"] = run.compiler.kernel(CAUSAL_MASK, shape, *tensors).run
    for mask in masks:
        if length < mask.shortest:
            continue
        try:
            sides[mask.name] = run.compiler.kernel(mask, shape, *tensors).run
        except NotAvailable:
            missing[mask.name] = "not available in this build"
    warm(sides)
    seconds = interleave(sides, run.budget)
    return {name: ratio(seconds["causal"], times) for name, times in seconds.items() if name != "causal"}, missing


def first_win(ratios):
    """The shortest length from which the mask wins at every measured length, or None."""
    won = None
    for length in sorted(ratios, reverse=True):
        if ratios[length] < MARGIN:
            break
        won = length
    return won


def measure(run, masks, shape, lengths=LENGTHS):
    """A dictionary for each mask: ratios by length and the crossover."""
    masks = [mask for mask in masks if mask.name not in ("dense", "causal")]
    found, missing = {mask.name: {} for mask in masks}, {}
    for length in lengths:
        ratios, lacking = ratios_at(run, masks, length, shape)
        missing.update(lacking)
        for name, value in ratios.items():
            found[name][length] = value
    rows = []
    for name, ratios in found.items():
        row = {"mask": name, "head": shape.head, "dtype": shape.dtype, "ratios": ratios, "from": first_win(ratios)}
        rows.append({**row, "skipped": missing[name]} if name in missing else row)
    return rows


def show(rows, shape, lengths=LENGTHS):
    print(f"\nCausal's time over the mask's (ours both; {MARGIN} and more counts), head {shape.head}, {shape.dtype}:\n")
    print("| mask | faster from | " + " | ".join(map(str, lengths)) + " |\n|" + "---|" * (len(lengths) + 2))
    for row in rows:
        verdict = row.get("skipped") or row["from"] or "never here"
        cells = [f"{row['ratios'][n]:.2f}" if n in row["ratios"] else "" for n in lengths]
        print(f"| {row['mask']} | {verdict} | " + " | ".join(cells) + " |", flush=True)
