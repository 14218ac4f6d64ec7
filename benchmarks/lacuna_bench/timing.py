# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How anything is timed here: sides take turns, so that a slow minute of a shared machine hits all of them, and
figures are medians of rounds. In a round a side's calls follow one another, as layers of a model do."""

import itertools
import statistics
import time
from dataclasses import dataclass

# Workers of the side that ran before spin for some milliseconds in the hope of more work (OpenMP's above all) and
# would take the cores away from the next side.
PAUSE_SECONDS = 0.02
# After the pause the side's own workers sleep. Some kernels of virtual machines wake a worker on its caller's CPU, where
# it waits for a timer tick of up to 5 ms: in shorter calls it would take no part, whatever is measured. So a round of
# short calls starts with untimed ones.
WAKE_SECONDS = 0.01
ROUND_SECONDS = 0.02
LONG_CALL_SECONDS = 0.1


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


def own_or_elapsed(call):
    """Seconds of one call; a side that returns a float tells its own."""
    start = time.perf_counter()
    own = call()
    return own if isinstance(own, float) else time.perf_counter() - start


def calls_for(call, seconds):
    """Calls one after another until `seconds` are over, at least one; the mean of their seconds."""
    start, times = time.perf_counter(), []
    while not times or time.perf_counter() - start < seconds:
        times.append(own_or_elapsed(call))
    return statistics.fmean(times)


def one_round(call, last):
    """Seconds of a call, in a round of them; `last` is the same of the round before."""
    if last < LONG_CALL_SECONDS:
        calls_for(call, WAKE_SECONDS)
    return calls_for(call, ROUND_SECONDS)


def interleave(sides, budget, pause=PAUSE_SECONDS):
    """Seconds of a call in each round of each side, {name: [...]}."""
    seconds = {name: [] for name in sides}
    start = time.perf_counter()
    for done in range(budget.repeat):
        if done >= budget.least and time.perf_counter() - start > budget.seconds:
            break
        for name, call in sides.items():
            time.sleep(pause)
            seconds[name].append(one_round(call, seconds[name][-1] if done else 0.0))
    return seconds


def in_turn(calls):
    """One side that makes these calls in turn."""
    following = itertools.cycle(calls)
    return lambda: next(following)()


def median(values):
    return statistics.median(values)


def ratio(numerator, denominator):
    """Median of the ratios of rounds that ran side by side."""
    return statistics.median(n / d for n, d in zip(numerator, denominator, strict=True))
