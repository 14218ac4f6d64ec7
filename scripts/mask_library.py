# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads masks/*.mlir: signature and header; and test/masks/Inputs/ops/*.mlir, ops of the dialect in the same form.

Used by scripts/gallery.py and by the tests, so that a new mask is found by itself.
"""

import pathlib
import re
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
OPS = ROOT / "test" / "masks" / "Inputs" / "ops"


@dataclass(frozen=True)
class MaskFile:
    name: str
    parameters: tuple  # of (name, MLIR type)
    summary: str
    formula: str  # lines of "A = …"
    notes: str  # what run-time values mean at the edges
    source: str
    use: str  # when to use it
    example: dict  # values as text; also size=Sq,Sk and tile=MxN, where the picture needs others
    body: str  # the function

    def call(self):
        """MLIR text that defines %m."""
        operands = ", ".join("%" + parameter for parameter, _ in self.parameters)
        types = " : " + ", ".join(type for _, type in self.parameters) if self.parameters else ""
        return f"  %m = attn.named @{self.name}({operands}{types})"


def header_parts(lines):
    """{part: text}: summary, formula (indented), notes, and the lines that begin with Source:, Use: and Example:."""
    parts, part = dict.fromkeys(("summary", "formula", "notes", "source", "use", "example"), ""), "summary"
    for line in lines:
        keyword = re.match(r"(Source|Use|Example): ?(.*)", line)
        if line.startswith("  "):
            part, text = "formula", line[2:].rstrip()
        elif keyword:
            part, text = keyword[1].lower(), keyword[2]
        else:
            part, text = "notes" if part == "formula" else part, line
        parts[part] += ("\n" if part == "formula" else " ") * bool(parts[part]) + text
    return parts


def read(path):
    text, name = path.read_text(), path.stem
    function = re.search(rf"^func\.func @{name}\((.*?)\) -> !attn\.mask.*", text, re.DOTALL | re.MULTILINE)
    if not function:
        raise ValueError(f"{path}: expects func.func @{name}(…) -> !attn.mask, but got none")
    comment = [line[3:] for line in text[: function.start()].splitlines()[1:] if line.startswith("// ")]
    parts = header_parts(comment)
    example = dict(word.split("=", 1) for word in parts.pop("example").split())
    parameters = tuple(re.findall(r"%(\w+): ([\w<>?!.]+)", function[1]))
    return MaskFile(name, parameters, example=example, body=function[0].rstrip(), **parts)


def read_all(folder=ROOT / "masks"):
    """All masks by name."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.mlir"))}
