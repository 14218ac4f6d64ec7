# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiled kernels on disk, so that a second process compiles nothing.

A file is named by the hash of source, target, machine and compiler, holds a checksum before the artifact, and appears by renaming: several processes may write the
same one, and a damaged one is compiled anew. An artifact is executable code: the folder is as trusted as the programs one runs (it is made readable and writable for
its owner only). `LACUNA_CACHE_DIR` moves it, `LACUNA_CACHE=0` turns it off.
"""

import functools
import hashlib
import os
import pathlib
import tempfile

from . import native


def folder():
    """Where kernels are kept; None: nowhere."""
    if os.environ.get("LACUNA_CACHE") == "0":
        return None
    default = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lacuna"
    return pathlib.Path(os.environ.get("LACUNA_CACHE_DIR") or default)


@functools.lru_cache(maxsize=None)
def machine():
    """What code for `native` depends on: the CPU's features."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return os.uname().machine
    return next((line for line in lines if line.startswith(("flags", "Features"))), os.uname().machine)


@functools.lru_cache(maxsize=None)
def compiler_identity():
    """The compiler's version, and which build of it."""
    status = os.stat(native.library_file("compiler"))
    return f"{native.compiler().lacunaCompilerVersion().decode()} {status.st_size} {status.st_mtime_ns}"


def path_of(source, options):
    place = folder()
    if place is None:
        return None
    identity = "\0".join((source, repr(sorted(options.items())), machine(), compiler_identity()))
    return place / (hashlib.sha256(identity.encode()).hexdigest() + ".lacuna")


def read(path):
    """The artifact of a file, or None if there is none or it is damaged."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    digest, artifact = stored[:32], stored[32:]
    return artifact if hashlib.sha256(artifact).digest() == digest else None


def write(path, artifact):
    """Best effort: a full or read-only disk is no reason to fail."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:  # nothing stays of a write that fails
            file = pathlib.Path(folder) / path.name
            file.write_bytes(hashlib.sha256(artifact).digest() + artifact)
            os.replace(file, path)
    except OSError:
        pass


def artifact_of(source, **options):
    """The artifact of a program, from the cache or compiled (options of native.compile_source). Sources in other files are not cached."""
    path = None if options.get("mask_libraries") else path_of(source, options)
    artifact = read(path) if path else None
    if artifact is None:
        artifact = native.compile_source(source, **options)
        if path:
            write(path, artifact)
    return artifact


def clear():
    """Removes all kept kernels. Returns how many there were."""
    place, count = folder(), 0
    for path in place.glob("*.lacuna") if place else ():
        path.unlink(missing_ok=True)
        count += 1
    return count
