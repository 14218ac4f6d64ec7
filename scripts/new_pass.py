#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Starts a pass in a room that exists: source, entry in Passes.td and CMakeLists.txt, test. It builds and runs at once, and does nothing yet.

usage: scripts/new_pass.py ROOM NAME     as in: scripts/new_pass.py Memory TileDoubleBuffers   (flag: tile-double-buffers)
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

SOURCE = """// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// {flag}: <what, why, what not>.
#include "dialects/Tile/Tile.h"
#include "passes/{room}/Passes.h"

namespace lacuna {{
#define GEN_PASS_DEF_{upper}
#include "passes/{room}/{header}"
}} // namespace lacuna

using namespace mlir;
using namespace lacuna;

namespace {{

struct {name} final : lacuna::impl::{name}Base<{name}> {{
  using {name}Base::{name}Base;

  void runOnOperation() override {{}}
}};

}} // namespace
"""

ENTRY = """def {name} : Pass<"{flag}", "::mlir::ModuleOp"> {{
  let summary = "<imperative sentence>";
  let description = [{{
    <What it does, when it is legal, what it leaves behind. IR before and after, from test/passes/{room}/{flag}.mlir.>
  }}];
  let dependentDialects = ["::lacuna::tile::TileDialect"];
}}

"""

TEST = """// RUN: lacuna-opt %s -{flag} | FileCheck %s
// <What is checked.>

// CHECK-LABEL: func.func @example
func.func @example() {{
  return
}}
"""


def main():
    if len(sys.argv) != 3 or not re.fullmatch(r"([A-Z][a-z0-9]*)+", sys.argv[2]):
        print("usage: scripts/new_pass.py ROOM NAME   (NAME in CamelCase)", file=sys.stderr)
        return 1
    room, name = sys.argv[1:]
    folder = ROOT / "passes" / room
    if not (folder / "Passes.td").exists():
        rooms = ", ".join(sorted(path.parent.name for path in ROOT.glob("passes/*/Passes.td")))
        print(f"expects one of the rooms {rooms}, but got {room}", file=sys.stderr)
        return 1
    flag = "-".join(re.findall(r"[A-Z][a-z0-9]*", name)).lower()
    lists, declarations = folder / "CMakeLists.txt", folder / "Passes.td"
    header = re.search(r"mlir_tablegen\((\S+) -gen-pass-decls", lists.read_text())[1]
    words = dict(room=room, name=name, flag=flag, upper=name.upper(), header=header)
    test = ROOT / "test" / "passes" / room / f"{flag}.mlir"
    if (folder / f"{name}.cpp").exists() or test.exists():
        print(f"expects a new name, but {name} exists", file=sys.stderr)
        return 1

    (folder / f"{name}.cpp").write_text(SOURCE.format(**words))
    text = declarations.read_text()
    end = text.rindex("#endif") if "#endif" in text else len(text)
    declarations.write_text(text[:end] + ENTRY.format(**words) + text[end:])
    lists.write_text(re.sub(r"(lacuna_library\(\w+) ", rf"\1 {name}.cpp ", lists.read_text(), count=1))
    test.parent.mkdir(parents=True, exist_ok=True)
    test.write_text(TEST.format(**words))
    print(f"started passes/{room}/{name}.cpp and {test.relative_to(ROOT)}; flag -{flag}")
    print(f"next: fill the blanks, sort the lists in passes/{room}, give it its place in lib/Pipelines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
