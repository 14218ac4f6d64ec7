# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails where a file of masks/ lacks its function, a part of its header, its test, its formula or its cases."""

import os
import sys

root = sys.argv[1]
sys.path[:0] = [os.path.join(root, "test", "Execute"), os.path.join(root, "test", "masks")]
import cases  # noqa: E402
import formulas  # noqa: E402
import library  # noqa: E402

masks = library.mask_library.read_all()  # raises where a file has no function of its name
complete = (
    case for case in cases.mask_cases() if {name for name, _ in case.program.parameters} <= set(case.parameters)
)
used = {case.program.mask for case in complete}
problems = [] if masks else ["masks/ is empty"]
for name, mask in masks.items():
    values = set(mask.example) - {"size", "tile"}
    wanted = {
        "a header that begins with its signature": mask.summary.startswith(
            f"{name}({', '.join(parameter for parameter, _ in mask.parameters)}): "
        ),
        "a formula 'A = …' in its header": mask.formula.startswith("A = "),
        "a line 'Source: …'": mask.source,
        "a line 'Use: …'": mask.use,
        "a line 'Example: …' with its parameters": values == {parameter for parameter, _ in mask.parameters},
        "a test": os.path.exists(os.path.join(root, "test", "masks", name + ".mlir")),
        "a formula in formulas.py": hasattr(formulas, name),
        "values for its cases in library.py": name in used,
    }
    problems += [f"masks/{name}.mlir: expects {what}, but got none" for what, found in wanted.items() if not found]
print("\n".join(problems) or f"{len(masks)} masks")
sys.exit(1 if problems else 0)
