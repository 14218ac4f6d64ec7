# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""interrupt.py SUITE FOLDER PYTHON: runs lacuna-bench until its second entry has begun, interrupts it as Ctrl-C does, and says what is left."""

import json
import pathlib
import signal
import subprocess
import sys
import time

suite, folder, python = sys.argv[1:]
run = subprocess.Popen(["lacuna-bench", suite, "-o", folder, "--python", python], stderr=subprocess.PIPE, text=True)
result = pathlib.Path(folder) / "hanging.json"


def children(of):
    """Processes whose parent it is."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == of and fields[0] != "Z":
            found.append(int(status.parent.name))
    return found


deadline = time.time() + 120
while not (result.exists() and len(children(run.pid)) == 2) and time.time() < deadline and run.poll() is None:
    time.sleep(0.05)
workers = children(run.pid)
run.send_signal(signal.SIGINT)
print(run.communicate()[1].splitlines()[-1])
alive = [worker for worker in workers if pathlib.Path(f"/proc/{worker}").exists()]
names = [entry["name"] for entry in json.loads(result.read_text())["entries"]]
print(f"exit code {run.returncode}, entries: {', '.join(names)}, workers: {len(alive)}")
