# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails where a file of masks/ lacks its function, its header (formula and source), its test, its formula or its
cases."""

import os
import sys

root = sys.argv[1]
sys.path[:0] = [os.path.join(root, "test", "Execute"), os.path.join(root, "test", "masks")]
import cases  # noqa: E402
import formulas  # noqa: E402

names = sorted(name[:-5] for name in os.listdir(os.path.join(root, "masks")) if name.endswith(".mlir"))
used = {case.program.mask for case in cases.all_cases()}
problems = [] if names else ["masks/ is empty"]
for name in names:
    with open(os.path.join(root, "masks", name + ".mlir")) as file:
        text = file.read()
    wanted = {
        "its function": f"func.func @{name}(" in text,
        "a header with signature, formula and source": all(
            f"\n//{part}" in text for part in (f" {name}(", "   A = ", " Source: ")
        ),
        "a test": os.path.exists(os.path.join(root, "test", "masks", name + ".mlir")),
        "a formula": hasattr(formulas, name),
        "cases": name in used,
    }
    problems += [f"masks/{name}.mlir: expects {what}, but got none" for what, found in wanted.items() if not found]
print("\n".join(problems) or f"{len(names)} masks")
sys.exit(1 if problems else 0)
