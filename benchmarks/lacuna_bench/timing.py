# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How anything is timed here: sides take turns, so that a slow minute of a shared machine hits all of them, and
figures are medians."""

import statistics
import time
from dataclasses import dataclass

# Workers of the side that ran before spin for some milliseconds in the hope of more work (OpenMP's above all) and
# would take the cores away from the next side.
PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Budget:
    """Rounds of a row: at most `repeat`; fewer, but at least `least`, once the row has taken `seconds`."""

    repeat: int
    seconds: float
    least: int = 3


def timed(call):
    """Seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def warm(sides, rounds=2):
    """Runs each side untimed: pages are touched and thread pools filled."""
    for _ in range(rounds):
        for call in sides.values():
            call()


def interleave(sides, budget, pause=PAUSE_SECONDS):
    """Seconds of each round of each side, {name: [...]}. A side that returns a float tells its own time."""
    seconds = {name: [] for name in sides}
    start = time.perf_counter()
    for done in range(budget.repeat):
        if done >= budget.least and time.perf_counter() - start > budget.seconds:
            break
        for name, call in sides.items():
            time.sleep(pause)
            begin = time.perf_counter()
            own = call()
            seconds[name].append(own if isinstance(own, float) else time.perf_counter() - begin)
    return seconds


def median(values):
    return statistics.median(values)


def ratio(numerator, denominator):
    """Median of the ratios of rounds that ran side by side."""
    return statistics.median(n / d for n, d in zip(numerator, denominator, strict=True))
