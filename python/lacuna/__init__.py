# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Lacuna, a compiler for sparse attention. The library with its C interface (include/lacuna/*.h) is lib/liblacuna.so."""
import importlib.metadata

try:
    __version__ = importlib.metadata.version("lacuna")
except importlib.metadata.PackageNotFoundError:  # run from the source tree
    __version__ = "0"
