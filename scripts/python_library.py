#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes python/lacuna/library.py, one typed function for each mask of masks/*.mlir, from their headers.

usage: scripts/python_library.py [FILE]     (test/python/library.test writes elsewhere and compares)
"""

import pathlib
import re
import sys

import mask_library
from mask_library import ROOT

INTRODUCTION = '''# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Written by scripts/python_library.py from the headers of masks/*.mlir: change those, then run it.
"""The masks of the library, masks/*.mlir. docs/patterns.md shows them. `p = q + Sk - Sq` is the position of a query among the keys."""

from __future__ import annotations

from .expression import Integer, TableLike, integer, integer_table
from .masks import Mask, named
'''


def convert(name, type):
    """The expression that checks a parameter."""
    if type == "index":
        return f'integer({name}, "{name}")'
    sizes = re.fullmatch(r"tensor<((?:\?x)+)(?:(\d+)x)?i32>", type)
    if not sizes:
        raise ValueError(f"expects tables of i32 with at most their last size fixed, but got {type}")
    rank, last = sizes[1].count("x") + bool(sizes[2]), f", last=({sizes[2]},)" if sizes[2] else ""
    return f'integer_table({name}, "{name}", {rank}{last})'


def python_name(name):
    return name + "_" if name == "global" else name


def annotated(name, type):
    return f"{name}: {'Integer' if type == 'index' else 'TableLike'}"


def function(mask):
    parameters = [(python_name(name), type) for name, type in mask.parameters]
    formula = "\n".join("        " + line for line in mask.formula.splitlines())
    lines = [f"def {mask.name}({', '.join(annotated(*parameter) for parameter in parameters)}) -> Mask:", f'    """{mask.summary}', "", formula, ""]
    lines += [f"    {text}" for text in (mask.notes, f"Source: {mask.source}", f"Use: {mask.use}") if text] + ['    """']
    values = [convert(*parameter) for parameter in parameters]
    return "\n".join(lines + [f"    return named({', '.join([repr(mask.name).replace(chr(39), chr(34)), *values])})"])


def main():
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "python" / "lacuna" / "library.py"
    masks = mask_library.read_all().values()
    path.write_text(INTRODUCTION + "".join("\n\n" + function(mask) + "\n" for mask in masks))


if __name__ == "__main__":
    main()
