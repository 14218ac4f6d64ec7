#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks that a wheel of Lacuna runs where its tag promises: what liblacuna.so needs, exports, and expects of glibc. Called by scripts/wheel.sh.

usage: check_wheel.py WHEEL; prints what it found, then a line for everything that is wrong. Exit code 1 if anything is. Uses binutils.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

LIBRARY = "lacuna/lib/liblacuna.so"
NEEDED = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}  # glibc 2.34 has the threads and dlopen in libc
LICENCES = ("LICENSE", "THIRD_PARTY_NOTICES")


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def version(text):
    return tuple(int(part) for part in text.split("."))


def check_library(path, promised):
    dynamic = output("readelf", "--wide", "--dynamic", path)
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    symbols = output("nm", "--dynamic", path).splitlines()
    exported = [line.split()[-1] for line in symbols if line.split()[-2] not in ("U", "w", "v")]
    required = {tuple(name.split("_", 1)) for line in symbols for name in re.findall(r"@+(\w+[\d.]+)$", line)}
    glibc = max((number for name, number in required if name == "GLIBC"), key=version)
    print(f"{LIBRARY}: {path.stat().st_size / 1e6:.1f} MB, exports {len(exported)} functions, needs {' '.join(sorted(needed))}, glibc {glibc}")
    if needed - NEEDED:
        yield f"expects to need {sorted(NEEDED)} at most, but got {sorted(needed - NEEDED)}"
    for symbol in exported:
        if not re.fullmatch(r"lacuna[A-Z]\w*", symbol):
            yield f"expects only lacuna* to be exported, but got {symbol}"
    for function in ("lacunaCompile", "lacunaRun"):
        if function not in exported:
            yield f"expects {function} to be exported"
    if re.search(r"\((RPATH|RUNPATH|TEXTREL)\)", dynamic):
        yield "expects neither a path of libraries nor text relocations"
    if version(glibc) > promised:
        late = [line.split()[-1] for line in symbols if (found := re.search(r"@GLIBC_([\d.]+)$", line)) and version(found[1]) > promised]
        yield f"expects nothing newer than the tag's glibc, but got {' '.join(late)}"
    others = sorted({name for name, _ in required} - {"GLIBC"})
    if others:
        yield f"expects symbols of glibc alone, but got some of {' '.join(others)}"


def check(wheel):
    tag = re.fullmatch(r"lacuna-[\d.]+-py3-none-manylinux_(\d+)_(\d+)_(x86_64|aarch64)\.whl", wheel.name)
    if not tag:
        yield "expects a name lacuna-VERSION-py3-none-manylinux_MAJOR_MINOR_MACHINE.whl"
        return
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        names = archive.namelist()
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, {len(names)} files")
        for name in names:
            if not re.fullmatch(rf"lacuna/([\w/]+\.py|py\.typed)|{LIBRARY}|lacuna-[\d.]+\.dist-info/[\w/]+", name):
                yield f"expects Python files, {LIBRARY} and metadata, but got {name}"
        for licence in LICENCES:
            if not any(name.endswith(f".dist-info/licenses/{licence}") for name in names):
                yield f"expects the licence file {licence}"
        if LIBRARY not in names:
            yield f"expects {LIBRARY}"
            return
        yield from check_library(pathlib.Path(archive.extract(LIBRARY, folder)), (int(tag[1]), int(tag[2])))


def main():
    wheel = pathlib.Path(sys.argv[1])
    wrong = list(check(wheel))
    for line in wrong:
        print(f"{wheel.name}: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
