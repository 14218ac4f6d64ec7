# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a circle of imports in python/lacuna and fails, if there is one; imports within functions count, `__init__` does not (it imports all and nobody imports it)."""

import ast
import graphlib
import pathlib
import sys

PACKAGE = pathlib.Path(__file__).resolve().parent.parent.parent / "python" / "lacuna"


def imported(path):
    """Names of the package's modules that this one imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            yield from [node.module] if node.module else [alias.name for alias in node.names]


def main():
    graph = {path.stem: set(imported(path)) for path in PACKAGE.glob("*.py") if path.stem != "__init__"}
    if len(graph) < 10:
        return f"expects the modules of {PACKAGE}, but got {sorted(graph)}"
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as circle:
        return "circle of imports: " + " <- ".join(circle.args[1])


if __name__ == "__main__":
    sys.exit(main())
