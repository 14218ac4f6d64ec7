#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Starts a mask of the library: masks/NAME.mlir, test/masks/NAME.mlir, and a formula that fails until it is written.

usage: scripts/new_mask.py NAME
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

MASK = """// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// {name}(width): <what it attends, in one line>.
//   A = <formula in b, h, q, k>
// <what the values mean at their edges: 0, negative, larger than the sequence>
// Source: <paper or project, section>
// Use: when <one sentence>
// Example: width=16
func.func @{name}(%width: index) -> !attn.mask {{
  %m = attn.sliding_window [%width, 0] align(bottom_right)
  return %m : !attn.mask
}}
"""

TEST = """// RUN: lacuna-opt %s -attn-link-masks | FileCheck %s --check-prefix=LINK
// RUN: lacuna-opt %s -attn-link-masks -attn-expand-masks | FileCheck %s
// masks/{name}.mlir links and expands. That it means its formula is checked by test/Execute/reference.test.

!t = tensor<1x2x?x64xf32>

// LINK-LABEL: func.func @f
// LINK: attn.sliding_window
// CHECK-LABEL: func.func @f
// CHECK: attn.interval
func.func @f(%q: !t, %k: !t, %v: !t, %width: index) -> !t {{
  %m = attn.named @{name}(%width : index)
  %o = attn.attention %q, %k, %v mask(%m) layout(bhsd) : !t, !t, !t -> !t
  return %o : !t
}}
"""

FORMULA = '''

def {name}(b, h, q, k, p):
    raise NotImplementedError("write the formula of {name} here, from its source")
'''


def main():
    if len(sys.argv) != 2 or not re.fullmatch(r"[a-z][a-z0-9_]*", sys.argv[1]):
        print("usage: scripts/new_mask.py NAME   (lower case, digits, _)", file=sys.stderr)
        return 1
    name = sys.argv[1]
    files = {ROOT / "masks" / f"{name}.mlir": MASK, ROOT / "test" / "masks" / f"{name}.mlir": TEST}
    for path, text in files.items():
        if path.exists():
            print(f"{path.relative_to(ROOT)}: expects a new name, but the file exists", file=sys.stderr)
            return 1
    for path, text in files.items():
        path.write_text(text.format(name=name))
        print("wrote", path.relative_to(ROOT))
    with open(ROOT / "test" / "masks" / "formulas.py", "a") as formulas:
        formulas.write(FORMULA.format(name=name))
    print("extended test/masks/formulas.py\nnext: fill the blanks, add its values to test/Execute/library.py, run scripts/gallery.py, scripts/python_library.py and scripts/test.sh")
    return 0


if __name__ == "__main__":
    sys.exit(main())
