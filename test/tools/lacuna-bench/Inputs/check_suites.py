# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads every suite of benchmarks/suites with the tool, and looks at what the tool does not: sources, programs, and formulas, which are imported and asked
about a few pairs."""

import importlib
import json
import pathlib
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])
sys.path[:0] = [str(folder), str(folder / "suites")]
for path in sorted((folder / "suites").glob("*.json")):
    suite = json.loads(path.read_text())
    assert suite["name"] == path.stem, f"{path.name}: expects the name {path.stem}, but got {suite['name']}"
    for options in ((), ("--published",)):
        listed = subprocess.run(["lacuna-bench", path, "--list", *options], capture_output=True, text=True)
        assert not listed.returncode, listed.stderr
        assert len(listed.stdout.splitlines()) == len(suite["entries"])
    for entry in suite["entries"]:
        assert entry.get("source"), f"{path.name}: '{entry['name']}' has no source"
        if "program" in entry:
            assert (path.parent / entry["program"]).exists(), f"{path.name}: '{entry['name']}': there is no {entry['program']}"
        if "formula" in entry:
            module, _, function = entry["formula"].partition(":")
            assert callable(getattr(importlib.import_module(module), function)), entry["formula"]
    print(f"{suite['name']}: {len(suite['entries'])} entries")
