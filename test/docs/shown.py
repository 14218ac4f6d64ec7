# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs what a page of the documentation shows, as a reader would, all in one empty folder with the tools and python/ on the paths: a fenced block below
`<!-- file: NAME -->` is written to NAME, a `sh` block below `<!-- test -->` is run line by line, a `python` block after the page's earlier ones (below
`<!-- test torch -->` only where there is PyTorch). Every line of a block below `<!-- output -->` must be among the lines that the block before it printed;
numbers may differ, "…" stands for anything, and so does the name of this machine's target.

usage: shown.py SOURCE_ROOT PAGE
"""
import importlib.util
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^<!-- (?P<kind>test|test torch|output|file: (?P<file>[\w.-]+)) -->\n```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]\d+)?")


def matches(shown, printed):
    """Whether a printed line is what the page shows."""
    pieces = re.split(r"(…|target +\S+)", NUMBER.sub("0", shown))
    pattern = "".join(".*" if n % 2 else re.escape(piece) for n, piece in enumerate(pieces))
    return re.fullmatch(pattern, NUMBER.sub("0", printed)) is not None


def run_shell(text, folder, environment):
    """What the commands print; raises CalledProcessError."""
    printed = []
    for line in filter(None, text.splitlines()):
        print("$", line, flush=True)
        printed.append(subprocess.run(["sh", "-c", line], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return "".join(printed)


def run_python(earlier, text, folder, environment):
    """What a block prints after those before it."""
    mark = "--- printed before ---"
    program = "\n".join([*earlier, f"print({mark!r}, flush=True)", text])
    printed = subprocess.run([sys.executable, "-c", program], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    return printed.split(mark + "\n")[-1]


class Page:
    def __init__(self, root, name, folder):
        self.name, self.folder, self.printed, self.ran, self.python = name, pathlib.Path(folder), "", 0, []
        self.environment = {**os.environ, "PYTHONPATH": str(root / "python"), "LACUNA_CACHE_DIR": str(self.folder / ".kernels")}

    def do(self, block):
        """Runs or checks a block; returns what is shown but was not printed."""
        if block["file"]:
            (self.folder / block["file"]).write_text(block["text"])
        elif block["kind"] == "output":
            lines = [] if self.printed is None else self.printed.splitlines()
            return [shown for shown in block["text"].splitlines() if self.printed is not None and not any(matches(shown, line) for line in lines)]
        elif block["kind"] == "test torch" and importlib.util.find_spec("torch") is None:
            print(f"{self.name}: a block is not run: there is no torch")
            self.printed = None
        else:
            run = run_python if block["language"] == "python" else run_shell
            earlier = [self.python] if run is run_python else []
            self.printed = run(*earlier, block["text"], self.folder, self.environment)
            self.python += [block["text"]] if run is run_python else []
            self.ran += 1
            print(self.printed)
        return []


def main():
    root, name = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        page = Page(root, name, folder)
        for block in BLOCK.finditer((root / name).read_text()):
            for shown in page.do(block):
                print(f"{name}: expects a line like the one shown, but got none:", shown)
                return 1
    print(page.ran, f"blocks of {name} work")
    return 0 if page.ran else 1


if __name__ == "__main__":
    sys.exit(main())
