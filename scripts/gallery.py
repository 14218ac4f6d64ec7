#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes docs/patterns.md and docs/patterns/NAME.svg from the headers of masks/*.mlir, those of test/masks/Inputs/ops/*.mlir (ops of the dialect), and from
lacuna-mask (on PATH, or in build/bin).

usage: scripts/gallery.py [FOLDER]     (default: docs; test/docs/gallery.test writes elsewhere and compares)

A mask added to masks/ appears by itself, in the setting of its line `// Example: NAME=VALUE …`: at 96 x 96 pairs in
tiles of 8 x 8, or at its own `size=Sq,Sk` and `tile=MxN`.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import mask_library
from mask_library import OPS, ROOT

LARGEST_PICTURE = 15000

INTRODUCTION = """# Gallery of masks

<!-- Written by scripts/gallery.py from the headers of masks/*.mlir and test/masks/Inputs/ops/*.mlir: change those, then run it. -->

The ops that draw a picture of their own, then every mask of the library ([masks/](../masks)), used as `%m = attn.named @NAME(…)`. All parameters are run-time
values: changing one compiles nothing anew. All ops, those that combine masks and those on sets of indices included: [semantics.md](semantics.md#core-masks).
`p = q + Sk - Sq` is the position of a query among the keys, `//` floor division, `%` its remainder; `b`, `h`, `q`, `k` as in [semantics.md](semantics.md).
A mask that is not here is a few lines of MLIR in your own program ([examples/predicate.mlir](../examples/predicate.mlir)) or in a file for `--mask-library`.

Density is the share of attended pairs, full, partial and empty count tiles, both from `lacuna-mask` at the setting named. In the pictures queries run down
and keys to the right; full tiles are dark, empty ones pale, and partial tiles show their pairs.
"""


def program(mask):
    parameters = "".join(f', %{name}: {type} {{attn.name = "{name}"}}' for name, type in mask.parameters)
    return (
        "!t = tensor<1x1x?x8xf32>\n"
        f"func.func @{mask.name}(%q: !t, %k: !t, %v: !t{parameters}) -> !t {{\n{mask.call()}\n"
        "  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t\n  return %o : !t\n}\n"
    )


def dashes(squares, scale):
    """Path of runs of neighbouring squares, in units of one pair."""
    cells = sorted((round(float(y) / scale - 0.12), round(float(x) / scale - 0.12)) for x, y, _ in squares)
    runs = []
    for y, x in cells:
        if runs and runs[-1][0] == y and sum(runs[-1][1:]) == x:
            runs[-1][2] += 1
        else:
            runs.append([y, x, 1])
    return "".join(f"M{x} {y}h{n}" for y, x, n in runs)


def shorten(svg):
    """The same picture in a fifth of the bytes: squares of pairs become dashes."""
    path = re.search(r'<path class="pair" d="(.*?)"/>', svg)
    squares = re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", path[1]) if path else []
    if squares:
        # lacuna-mask leaves 0.12 of a pair free on each side, unless pairs are smaller than 4 pixels.
        side = float(squares[0][2])
        scale = side / 0.76 if side > 0.76 * 4 else side
        dash, gap = side / scale, 1 - side / scale
        place = f"scale({scale:.4f}) translate({gap / 2:.2f} .5)"
        svg = svg.replace(path[0], f'<path class="pair" transform="{place}" d="{dashes(squares, scale)}"/>')
        style = f"fill: none; stroke-width: {dash:.2f}; stroke-dasharray: {dash:.2f} {gap:.2f};"
        svg = re.sub(r"\.pair \{ fill: (#\w+); \}", rf".pair {{ {style} stroke: \1; }}", svg)
    return re.sub(r"(\d)\.00\b", r"\1", svg)


def fail(mask, problem):
    raise SystemExit(f"masks/{mask.name}.mlir: {problem}")


def measure(mask, picture):
    """Numbers of lacuna-mask as a dictionary; writes the picture."""
    values = dict(mask.example)
    size, tile = values.pop("size", "96,96"), values.pop("tile", "8x8")
    if set(values) != {name for name, _ in mask.parameters}:
        fail(mask, f"expects values for its parameters in the line '// Example:', but got {sorted(values)}")
    with tempfile.TemporaryDirectory() as folder:
        source, numbers = pathlib.Path(folder, "mask.mlir"), pathlib.Path(folder, "mask.json")
        source.write_text(program(mask))
        command = ["lacuna-mask", source, f"--size={size}", f"--tile={tile}", f"--json={numbers}", f"--svg={picture}"]
        command += [f"--arg={name}={value}" for name, value in values.items()]
        command += [f"--mask-library={path}" for path in [OPS / f"{mask.name}.mlir"] if path.exists()]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(numbers.read_text())
    picture.write_text(shorten(picture.read_text()))
    if picture.stat().st_size > LARGEST_PICTURE:
        fail(
            mask,
            f"expects a picture of at most {LARGEST_PICTURE} bytes (few partial tiles), but got {picture.stat().st_size}",
        )
    return {**found, "size": size.replace(",", " x "), "tile": tile.replace("x", " x "), "values": values}


def numbers_line(found):
    setting = ", ".join(f"`{name} = {value}`" for name, value in found["values"].items())
    tiles = found["tiles"]
    return (
        f"**Numbers** at {found['size']} pairs in tiles of {found['tile']}{': ' + setting if setting else ''}: "
        f"density {found['density']:.4f}; {tiles['full']} full, {tiles['partial']} partial, {tiles['empty']} empty "
        f"tiles; at most {found['row_runs']} runs in a row, {found['column_runs']} in a column."
    )


def section(mask, found, is_op):
    summary = mask.summary.split("): ", 1)[1]
    parameters = ", ".join(f"{name}: {type}" for name, type in mask.parameters)
    lines = [
        f"## {mask.name}",
        f'<img src="patterns/{mask.name}.svg" width="320" align="right" alt="Tiles and pairs of {mask.name}">',
        summary[:1].upper() + summary[1:],
        f"```text\n{mask.formula}\n```",
        mask.notes,
        f"**Use it** {mask.use}" if mask.use else "",
        f"**Source:** {mask.source}",
        f"**Parameters:** `{parameters}`" if parameters else "**Parameters:** none",
        numbers_line(found),
        f"<details><summary>{'The op' if is_op else f'masks/{mask.name}.mlir'}</summary>\n\n```mlir\n{mask.body}\n```\n\n</details>",
        '<br clear="right">',
    ]
    return "\n\n".join(filter(None, lines)) + "\n"


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    os.environ["PATH"] += os.pathsep + str(ROOT / "build" / "bin")
    pictures = folder / "patterns"
    pictures.mkdir(parents=True, exist_ok=True)
    ops = mask_library.read_all(OPS)
    masks = {**ops, **mask_library.read_all()}
    for stale in set(pictures.glob("*.svg")) - {pictures / f"{name}.svg" for name in masks}:
        stale.unlink()
    sections = [section(mask, measure(mask, pictures / f"{name}.svg"), name in ops) for name, mask in masks.items()]
    contents = "".join(f"* [{name}](#{name}): {mask.use or mask.summary}\n" for name, mask in masks.items())
    (folder / "patterns.md").write_text("\n".join([INTRODUCTION, contents, *sections]))
    print(f"{len(masks)} masks")


if __name__ == "__main__":
    main()
