# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hand-written kernels as a yardstick: programs of their own, compiled in the run with the flags that stand in their
first comment, that time themselves and print "... X ms, Y GFLOP/s ...". They are measured against, never linked."""

import re
import subprocess
from dataclasses import dataclass

SKETCHES = {  # type: file, tokens it rounds the length down to, runs it takes the median of, flag of the machine it needs
    "f32": ("cpu_f32.cpp", 128, 7, "avx512"),
    "bf16": ("cpu_amx_bf16.cpp", 256, 9, "amx"),
}
THREADS, HEADS = 2, 8  # fixed in the sketches


class NotMeasured(Exception):
    """Says why."""


@dataclass
class Sketch:
    name: str
    binary: object
    granule: int
    repeats: int

    def run(self, length):
        """The program's own median in seconds."""
        output = subprocess.run([self.binary, str(length)], check=True, capture_output=True, text=True).stdout
        found = re.search(r"([\d.]+) ms", output)
        if not found:
            raise RuntimeError(f"expects '... ms' from {self.name}, but got {output.strip()!r}")
        return float(found.group(1)) / 1e3


def flags_of(path):
    """The compiler's flags from the line "//   clang++-22 FLAGS -DHEAD=128 FILE -lpthread && ..."."""
    for line in path.read_text().splitlines()[:10]:
        words = line.lstrip("/ ").split()
        if words and words[0] == "clang++-22":
            return [word for word in words[1 : words.index(path.name)] if not word.startswith("-DHEAD")]
    raise RuntimeError(f"expects a line '// clang++-22 ... {path.name}' at the top of {path.name}, but got none")


def build(directory, dtype, head, length, facts, folder):
    """The sketch for a type and head size, or NotMeasured."""
    if dtype not in SKETCHES:
        raise NotMeasured(f"not measured: no yardstick for {dtype}")
    name, granule, repeats, needs = SKETCHES[dtype]
    if not facts[needs]:
        raise NotMeasured(f"not measured: no {'AMX' if needs == 'amx' else 'AVX-512'}")
    if facts["threads"] != THREADS:
        raise NotMeasured(f"not measured: the yardstick runs on {THREADS} threads, this run on {facts['threads']}")
    if length % granule:
        raise NotMeasured(f"not measured: the yardstick needs a multiple of {granule} tokens")
    source, binary = directory / name, folder / f"{dtype}-{head}"
    if not binary.exists():
        command = ["clang++-22", *flags_of(source), f"-DHEAD={head}", source, "-o", binary, "-lpthread"]
        subprocess.run(command, check=True)
    return Sketch(name, binary, granule, repeats)
