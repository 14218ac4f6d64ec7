# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs what README.md shows, as a reader would: a fenced block below `<!-- file: NAME -->` is written to NAME, a `sh` block below `<!-- test -->` is run
line by line, all in one empty folder with the tools on PATH. Every line of a block below `<!-- output -->` must be among the lines that the commands
before it printed; numbers may differ, "…" stands for anything, and so does the name of this machine's target.

usage: readme.py SOURCE_ROOT
"""
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^<!-- (?P<kind>test|output|file: (?P<file>[\w.-]+)) -->\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]\d+)?")


def matches(shown, printed):
    """Whether a printed line is what README.md shows."""
    pieces = re.split(r"(…|target +\S+)", NUMBER.sub("0", shown))
    pattern = "".join(".*" if n % 2 else re.escape(piece) for n, piece in enumerate(pieces))
    return re.fullmatch(pattern, NUMBER.sub("0", printed)) is not None


def run_block(text, folder):
    """What the commands print; raises CalledProcessError."""
    printed = []
    for line in filter(None, text.splitlines()):
        print("$", line, flush=True)
        printed.append(subprocess.run(["sh", "-c", line], cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return "".join(printed)


def main():
    text = (pathlib.Path(sys.argv[1]) / "README.md").read_text()
    ran, printed = 0, ""
    with tempfile.TemporaryDirectory() as folder:
        for block in BLOCK.finditer(text):
            if block["file"]:
                (pathlib.Path(folder) / block["file"]).write_text(block["text"])
            elif block["kind"] == "test":
                printed = run_block(block["text"], folder)
                print(printed)
                ran += 1
            else:
                for shown in block["text"].splitlines():
                    if not any(matches(shown, line) for line in printed.splitlines()):
                        print("README.md: expects a line like the one shown, but got none:", shown)
                        return 1
    print(ran, "blocks of README.md work")
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main())
