# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The logs and the JSON of a run, scored by lacuna-score, come to the same: every score, status and speedup. Prints how many curves were compared."""

import json
import subprocess
import sys

scored = subprocess.run(["lacuna-score", sys.argv[1], "--json", "-"], capture_output=True, text=True)
if scored.returncode:
    sys.exit(scored.stderr)
notes = [line for line in scored.stderr.splitlines() if "warning" in line]
if notes:
    sys.exit("notes: " + "\n".join(notes))
scores = json.loads(scored.stdout)
curves = {curve.pop("curve"): curve for curve in scores.get("curves", [scores])}
compared = 0
for name, curve in curves.items():
    if ":" not in name:
        continue
    other = curves[name.replace(":", ".").replace(" ", "_")]
    for sample, twin in zip(curve["samples"], other["samples"], strict=True):
        sample["name"] = sample["name"].replace(" ", "_")
        assert sample == twin, (name, sample, twin)
    for key in ("S", "ES", "aggregate"):
        assert json.dumps(curve[key]) == json.dumps(other[key]), (name, key, curve[key], other[key])
    compared += 1
print(f"{compared} curves agree")
