# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sides that are right, wrong, slow or broken on purpose; they tell fixed times, so that ratios are exact."""

import os
import signal
import sys
import time
import types

import numpy as np

from lacuna_bench import formulas, numpy_side
from lacuna_bench.tensors import BFloat16


def right(inputs):
    return numpy_side.attention(inputs)(), 1.0, 0.5


def slow(inputs):
    return numpy_side.attention(inputs)(), 4.0, 0.0


def off_by(inputs, error):
    """All elements are wrong by this."""
    return numpy_side.attention(inputs)() + np.float32(error), 0.5, 0.0


def wrong(inputs):
    return off_by(inputs, 5e-4)


def very_wrong(inputs):
    return off_by(inputs, 1e6)


def not_a_number(inputs):
    out = numpy_side.attention(inputs)()
    out[0, 0, 0, 0] = np.nan
    return out, 1.0, 0.0


def shorter_window(inputs):
    """The mask of the entry with one key less."""
    other = types.SimpleNamespace(**{**vars(inputs.parameters()), "left": inputs["left"] - 1})
    inputs.formula = lambda p: formulas.window(other)
    return right(inputs)


def sleepy(inputs):
    run = numpy_side.attention(inputs)

    def late():
        time.sleep(0.2)
        return run()

    return late


def quick(inputs):
    return numpy_side.attention(inputs)


def crash(inputs):
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(inputs):
    time.sleep(1000)


def leaves(inputs):
    sys.stderr.write("last words\n")
    sys.exit(3)


def raises(inputs):
    raise ValueError("no kernel for head size 64")


def crash_later(inputs):
    """Well prepared, but the second run ends the process."""
    runs = []

    def run():
        runs.append(1)
        if len(runs) > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return numpy_side.attention(inputs)()

    return run


def talks(inputs):
    """Writing to standard output is no answer."""
    print("chatter", flush=True)
    os.write(1, b'{"ok": true, "seconds": 1e-9}\n')
    return right(inputs)


def half(inputs):
    return right(inputs)[0].astype(np.float16), 1.0, 0.0


def short(inputs):
    return right(inputs)[0][:, :, :-1], 1.0, 0.0


def two(inputs):
    return (right(inputs)[0],) * 3, 1.0, 0.0


def text(inputs):
    return "done"


def no_time(inputs):
    return right(inputs)[0], 0.0, 0.0


def strange_type(inputs):
    return right(inputs)[0].astype(np.complex64), 1.0, 0.0


def brain(inputs):
    """bf16 without torch."""
    assert inputs["q"].dtype == np.float32 and inputs.stored["q"][0] == "BF16"
    assert isinstance(right(inputs)[0], BFloat16)
    return right(inputs)


RUNS = []


def restless(inputs):
    """Every other run takes three times as long."""
    RUNS.append(1)
    return right(inputs)[0], 1.0 if len(RUNS) % 2 else 3.0, 0.0


def restless_at_first(inputs):
    RUNS.append(1)
    return right(inputs)[0], 1.0 if len(RUNS) % 2 or len(RUNS) > 4 else 3.0, 0.0


FIRST = []


def wrong_at_first(inputs):
    """Only the first run's results are judged."""
    FIRST.append(1)
    return off_by(inputs, 5e-4) if len(FIRST) == 1 else right(inputs)
