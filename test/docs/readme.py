# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs what README.md shows, as a reader would: a fenced block below `<!-- file: NAME -->` is written to NAME, a `sh` block below `<!-- test -->` is run
line by line, all in one empty folder with the tools on PATH.

usage: readme.py SOURCE_ROOT
"""
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^<!-- (test|file: (?P<file>[\w.-]+)) -->\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    text = (pathlib.Path(sys.argv[1]) / "README.md").read_text()
    commands = 0
    with tempfile.TemporaryDirectory() as folder:
        for block in BLOCK.finditer(text):
            if block["file"]:
                (pathlib.Path(folder) / block["file"]).write_text(block["text"])
                continue
            for line in filter(None, block["text"].splitlines()):
                print("$", line, flush=True)
                commands += 1
                if subprocess.run(["sh", "-c", line], cwd=folder).returncode != 0:
                    print("README.md: FAILED:", line)
                    return 1
    print(commands, "commands of README.md work")
    return 0 if commands else 1


if __name__ == "__main__":
    sys.exit(main())
