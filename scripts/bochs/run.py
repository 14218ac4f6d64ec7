#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs kernels for AMX as they are, tile instructions and all, in an emulator of a whole CPU (Bochs) under Linux, and compares with NumPy. See README.md.

usage: run.py [--work FOLDER] [--bochs SOURCE] [--kernel FILE] [--only SUBSTRING] [--no-compile]
"""
import argparse
import os
import pathlib
import subprocess
import sys
import time

import emulator
import image

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KERNEL = "linux-image-cloud-amd64"
PACKAGES = ("xorriso", "libisoburn1", "libburn4", "libisofs6", "libjte2", "isolinux", "syslinux-common")


def packages(work):
    """A folder with the kernel and the tools that write the CD, from Debian, unpacked and not installed."""
    folder, downloads = work / "packages", work / "downloads"
    if not folder.exists():
        downloads.mkdir(exist_ok=True)
        depends = subprocess.run(["apt-cache", "depends", KERNEL], check=True, stdout=subprocess.PIPE, text=True).stdout
        kernel = next(word for word in depends.split() if word.startswith("linux-image-") and word != KERNEL)
        subprocess.run(["apt-get", "download", "-q", kernel, *PACKAGES], cwd=downloads, check=True)
        for package in downloads.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return folder


def write_image(path, kernel, artifacts, tools, only):
    guest = pathlib.Path(__file__).parent.resolve() / "guest.py"
    listed = subprocess.run([sys.executable, guest], check=True, stdout=subprocess.PIPE, text=True).stdout
    files = [*listed.splitlines(), *map(str, artifacts.glob("*.lacuna")), str(guest)]
    environment = {name: os.environ[name] for name in ("LACUNA_BUILD",) if name in os.environ}
    search = [folder for folder in sys.path if folder and os.path.isdir(folder)]
    init = (f"#!{os.path.realpath(sys.executable)} -I\nimport os, sys\nos.environ.update({environment!r})\nsys.path[:] = {search!r}\n"
            f"import guest\nguest.main({str(artifacts)!r}, {only!r})\n")
    image.write(path, kernel, image.initial_files(files, init), tools)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "bochs", help="everything is kept here")
    parser.add_argument("--bochs", type=pathlib.Path, help="the folder `bochs` of a source tree; default: fetched")
    parser.add_argument("--kernel", type=pathlib.Path, help="a Linux kernel, 5.16 or newer; default: Debian's for the cloud")
    parser.add_argument("--only", default="", help="cases with this in their name")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=int, default=7200, help="of the emulator, at most")
    parser.add_argument("--no-compile", action="store_true", help="takes the kernels of the last time")
    args = parser.parse_args()
    work = args.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    source, program = emulator.build(args.bochs or emulator.fetch(work), work, args.jobs)
    tools = packages(work)
    kernel = args.kernel or next((tools / "boot").glob("vmlinuz-*"))
    if not args.no_compile:
        subprocess.run([sys.executable, ROOT / "test/Execute/amx.py", "--compile", work / "kernels", f"--only={args.only}"], check=True)
    write_image(work / "boot.iso", kernel, work / "kernels", tools, args.only)
    start, passed = time.time(), False
    for line in emulator.run(source, program, work / "boot.iso", work, args.seconds):
        print(line, flush=True)
        passed = passed or line == "guest: passed"
    print(f"Bochs {emulator.COMMIT[:8]}, {kernel.name}: {'passed' if passed else 'FAILED'}, {time.time() - start:.0f} s")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
