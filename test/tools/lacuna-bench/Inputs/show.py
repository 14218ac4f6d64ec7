# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A result in a few words: ENTRY: STATUS, then per comparison BASELINE STATUS SPEEDUP LEVEL (levels of the outputs)."""

import json
import sys


def level(output):
    """From which level on all flags are set; they must be nested."""
    flags = [output["all_close"].get(str(t), False) for t in range(-10, 6)]
    assert flags == sorted(flags)
    assert list(output["all_close"]) in ([], [str(t) for t in range(-10, 6)])
    return str(flags.index(True) - 10) if True in flags else "never"


def number(value):
    return "-" if value is None else f"{value:.3g}"


with open(sys.argv[1]) as file:
    result = json.load(file)
for entry in result["entries"]:
    print(f"{entry['name']}: {entry['status']}")
    for c in entry["comparisons"]:
        levels = ",".join(level(output) for output in c.get("outputs", []))
        speedup = c.get("speedup", {})
        times = f"{number(speedup.get('e2e'))} {number(speedup.get('with_preparation'))}"
        print(f"  {c['baseline']} {c['status']} {times} [{levels}] {c.get('error', '')}".splitlines()[0].rstrip())
print("failed:", ", ".join(result["failed"]))
