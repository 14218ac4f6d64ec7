# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The gates of the CPU kernels, judged on measured rows: a gate passes when its worst row does, and what was not
measured is said to be so."""

from collections.abc import Callable
from dataclasses import dataclass

MATRIX = ("dense", "causal")
LOCAL = ("window", "a_shape", "neighborhood")
WIDE = ("causal", "documents", "blocks128", "blocks64")
LONG = ("window", "a_shape", "documents")
CLOSED = ("causal", "window", "a_shape", "documents", "neighborhood", "blocks128")


@dataclass(frozen=True)
class Gate:
    name: str
    kind: str  # which list of rows
    key: str  # the figure
    limit: float
    applies: Callable  # to which rows
    least: bool = True  # at least the limit, or at most
    needs: str = ""  # fact of the machine without which it means nothing


def sdpa(head):
    return lambda r: r["mask"] in MATRIX and r["dtype"] == "f32" and r["head"] == head


GATES = (
    Gate("SDPA, f32 dense and causal, head 128", "rows", "sdpa_ratio", 1.0, sdpa(128)),
    Gate("SDPA, f32 dense and causal, head 64", "rows", "sdpa_ratio", 1.1, sdpa(64)),
    Gate(
        "SDPA, bf16 on AMX",
        "rows",
        "sdpa_ratio",
        1.7,
        lambda r: r["mask"] in MATRIX and r["dtype"] == "bf16",
        needs="amx",
    ),
    Gate("Flex, window, A-shape, neighborhood", "rows", "flex_ratio", 2.5, lambda r: r["mask"] in LOCAL),
    Gate("Flex, causal, documents, blocks", "rows", "flex_ratio", 2.0, lambda r: r["mask"] in WIDE),
    Gate(
        "Flex with its mask at 16k, window, A-shape, documents",
        "rows",
        "flex_with_mask_ratio",
        10,
        lambda r: r["mask"] in LONG and r["length"] == 16384,
    ),
    Gate("yardstick f32, dense", "yardsticks", "ratio", 0.95, lambda r: r["dtype"] == "f32"),
    Gate("yardstick bf16, dense", "yardsticks", "ratio", 0.95, lambda r: r["dtype"] == "bf16", needs="amx"),
    Gate(
        "time per tile, closed forms and 128-blocks",
        "rows",
        "per_tile",
        1.15,
        lambda r: r["mask"] in CLOSED,
        least=False,
    ),
    Gate("time per tile, 64-blocks", "rows", "per_tile", 1.25, lambda r: r["mask"] == "blocks64", least=False),
    Gate("decode, share of a plain read", "decode", "of_read", 0.7, lambda r: True),
    Gate("masks, error in tolerances", "rows", "error_over_tolerance", 1, lambda r: True, least=False),
    Gate("decode, error in tolerances", "decode", "error_over_tolerance", 1, lambda r: True, least=False),
)


def place(row):
    """Where a figure comes from, in a few words."""
    parts = [row.get("label", ""), f"head {row['head']}", row["dtype"]]
    parts += [f"{row['queries']} queries on {row['keys']} keys"] if "keys" in row else [f"{row['length']} tokens"]
    return ", ".join(part for part in parts if part)


def judge(gate, results):
    """(verdict, text) of a gate."""
    if gate.needs and not results["machine"][gate.needs]:
        return "not measured", f"this CPU has no {gate.needs.upper()}"
    rows = [r for r in results.get(gate.kind, []) if r.get(gate.key) is not None and gate.applies(r)]
    if not rows:
        return "not measured", "no such row in this run"
    worst = (min if gate.least else max)(rows, key=lambda r: r[gate.key])
    holds = sum(r[gate.key] >= gate.limit if gate.least else r[gate.key] <= gate.limit for r in rows)
    verdict = "pass" if holds == len(rows) else "FAIL"
    return verdict, f"worst {worst[gate.key]:.2f} ({place(worst)}); {holds} of {len(rows)} rows hold"


def show(results):
    """Prints the table of gates; true if none failed."""
    print("\n| gate | limit | verdict | number |\n|---|---|---|---|")
    verdicts = []
    for gate in GATES:
        verdict, text = judge(gate, results)
        verdicts.append(verdict)
        print(f"| {gate.name} | {'>=' if gate.least else '<='} {gate.limit:g} | {verdict} | {text} |")
    return "FAIL" not in verdicts
