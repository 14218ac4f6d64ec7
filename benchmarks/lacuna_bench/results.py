# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a run has found so far, in the form of its JSON file. The file is written after every row: an interrupted run
leaves what it has."""

import json
import sys

KINDS = ("rows", "yardsticks", "decode", "crossover")
SAME = ("name", "family", "model", "threads", "commit")  # facts that runs must share to be judged together


class Results:
    def __init__(self, machine, peaks, path=None):
        self.found = {"machine": machine, "peaks": peaks, "arguments": sys.argv[1:], **{kind: [] for kind in KINDS}}
        self.path = path

    def add(self, kind, row):
        self.found[kind].append(row)
        if self.path:
            self.path.write_text(json.dumps(self.found, indent=1) + "\n")
        return row


def merge(paths):
    """The rows of several files as one run; their machine and commit must be the same."""
    runs = [json.loads(path.read_text()) for path in paths]
    first = runs[0]["machine"]
    for path, run in zip(paths, runs, strict=True):
        for key in SAME:
            if run["machine"][key] != first[key]:
                raise SystemExit(
                    f"{path}: expects the {key} of {paths[0]}, {first[key]}, but got {run['machine'][key]}"
                )
    return {"machine": first, **{kind: [row for run in runs for row in run[kind]] for kind in KINDS}}
