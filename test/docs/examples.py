# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs every examples/*.mlir bare with `lacuna-run --check`, in under 10 s each, and checks the line "// 8k:" that scripts/demo.sh uses, also
by lacuna-mask, as it does.

usage: examples.py SOURCE_ROOT
"""
import pathlib
import re
import subprocess
import sys
import time

SECONDS = 10


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def problems(path):
    text = path.read_text()
    arguments = set(re.findall(r'attn\.name = "(\w+)"', text))
    sizes = re.search(r"^// 8k: (.*)$", text, re.MULTILINE)
    if not sizes:
        yield "expects a line '// 8k: NAME=VALUE …', but got none"
    else:
        unknown = {word.split("=")[0] for word in sizes[1].split()} - arguments
        if unknown:
            yield f"expects arguments of the program in its line 8k, but got {sorted(unknown)}"
    if text.count("attn.default = ") != text.count("attn.name = "):
        yield "expects attn.default on every argument with attn.name"
    start = time.monotonic()
    ended = run("lacuna-run", path, "--check")
    seconds = time.monotonic() - start
    if ended.returncode != 0:
        yield f"expects lacuna-run --check to succeed, but got exit code {ended.returncode}:\n{ended.stdout}"
    if seconds > SECONDS:
        yield f"expects at most {SECONDS} s, but got {seconds:.1f} s"
    words = [option for word in (sizes[1].split() if sizes else []) for option in ("--arg", word)]
    shown = run("lacuna-mask", path, *words)
    if shown.returncode != 0:  # it does not find its lengths by itself
        shown = run("lacuna-mask", path, "--size", "8192,8192", *words)
    if shown.returncode != 0:
        yield f"expects lacuna-mask to show it at 8k, but got exit code {shown.returncode}:\n{shown.stdout}"


def main():
    examples = sorted((pathlib.Path(sys.argv[1]) / "examples").glob("*.mlir"))
    found = [f"{path.name}: {problem}" for path in examples for problem in problems(path)]
    print("\n".join(found) or f"{len(examples)} examples")
    return 1 if found or len(examples) < 6 else 0


if __name__ == "__main__":
    sys.exit(main())
