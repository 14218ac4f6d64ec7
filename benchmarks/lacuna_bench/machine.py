# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the numbers were measured on and with: CPU, compilers, versions, and the machine's own peaks and read
bandwidth, measured in the run by C programs that are compiled in the run."""

import ctypes
import datetime
import os
import pathlib
import subprocess

import torch

from lacuna_bench.program import ROOT

HERE = pathlib.Path(__file__).resolve().parent.parent
C_FLAGS = ["-O2", "-mprefer-vector-width=512"]


def cpu_facts():
    """Name, family, model and the flags of /proc/cpuinfo that decide between kernels."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    fields = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    flags = set(fields.get("flags", "").split())
    return {
        "name": fields.get("model name", "unknown"),
        "family": fields.get("cpu family", "?"),
        "model": fields.get("model", "?"),
        "avx512": "avx512f" in flags,
        "avx512_bf16": "avx512_bf16" in flags,
        "amx": {"amx_tile", "amx_bf16"} <= flags,
    }


def last_level_cache():
    """Bytes of the largest cache of a CPU."""
    sizes = pathlib.Path("/sys/devices/system/cpu/cpu0/cache").glob("index*/size")
    return max((int(size.read_text().strip().removesuffix("K")) * 1024 for size in sizes), default=0)


def copies_from_memory(bytes_read):
    """How many copies of what a call reads must take turns so that it comes from memory: they fill the last-level cache
    twice, and are two at least."""
    return 2 + 2 * last_level_cache() // bytes_read


def git(*arguments):
    result = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return result.stdout.strip()


def describe(threads, target="native"):
    """Everything about the run that a reader needs, for the JSON file; of the CPU's units those that `target` has."""
    facts = cpu_facts()
    if target != "native":
        facts.update(avx512=False, avx512_bf16=False, amx=False)
    facts.update(
        cores=len(os.sched_getaffinity(0)),
        threads=threads,
        torch=torch.__version__,
        commit=git("rev-parse", "--short", "HEAD") or "unknown",
        changed=bool(git("status", "--porcelain", "--untracked-files=no")),
        date=datetime.date.today().isoformat(),
        load=os.getloadavg()[0],
    )
    return facts


def line(facts, peaks):
    """The machine line above the tables."""
    has = lambda key, name: name if facts[key] else f"no {name}"  # noqa: E731
    names = {"f32": "FMA f32", "bf16": "vdpbf16ps", "amx": "AMX bf16"}
    peak = ", ".join(f"{what} {peaks[key]:.0f}" if key in peaks else f"{what} none" for key, what in names.items())
    return (
        f"{facts['date']}: {facts['name']} (family {facts['family']}, model {facts['model']}), {facts['cores']} cores, "
        f"{has('avx512', 'AVX-512')}, {has('avx512_bf16', 'AVX512-BF16')}, {has('amx', 'AMX')}; "
        f"{facts['threads']} threads on all sides; peak GFLOP/s of these threads together: {peak}; load before the run "
        f"{facts['load']:.1f}; torch {facts['torch']}; "
        f"commit {facts['commit']}{' with changes' if facts['changed'] else ''}"
    )


def measure_peaks(folder, threads, target="native"):
    """{"f32": GFLOP/s, "bf16": ..., "amx": ...} of all threads together; without the units that the CPU lacks."""
    binary = folder / "peak"
    subprocess.run(["clang-22", *C_FLAGS, f"-march={target}", HERE / "peak.c", "-o", binary, "-lpthread"], check=True)
    output = subprocess.run([binary, str(threads)], check=True, capture_output=True, text=True).stdout
    return {name: float(rate) for name, rate in map(str.split, output.splitlines())}


def peak_of(peaks, dtype):
    """The fastest unit this CPU has for products of the type, or None: f16 has none of its own."""
    if dtype == "f32":
        return peaks["f32"]
    return peaks.get("amx", peaks.get("bf16")) if dtype == "bf16" else None


class Reader:
    """Reads two tensors of equal size once, as plainly as possible."""

    def __init__(self, folder, threads):
        library = folder / "bandwidth.so"
        subprocess.run(
            ["clang-22", *C_FLAGS, "-march=native", "-shared", "-fPIC", HERE / "bandwidth.c", "-o", library, "-lpthread"], check=True
        )
        self.threads, self.call = threads, ctypes.CDLL(str(library)).read_both
        self.call.restype = ctypes.c_double
        self.call.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_void_p]

    def side(self, first, second):
        """A side for `interleave` that tells its own seconds: starting threads is not reading."""
        result = ctypes.c_longlong()

        def read():
            seconds = self.call(first.data_ptr(), second.data_ptr(), first.nbytes, self.threads, ctypes.byref(result))
            if seconds <= 0:
                raise RuntimeError(f"expects at most 256 threads, but got {self.threads}")
            return seconds

        return read
