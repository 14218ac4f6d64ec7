#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums the JUnit reports of a test run; the last line is "N passed, N failed". Called by scripts/test.sh.

usage: test_summary.py FOLDER; FOLDER/steps has a line "NAME STATUS SECONDS" for every part that ran, FOLDER/NAME.xml its report. A part that ended
badly without a failed test in its report (it crashed, or wrote none) counts as one failure. Reports of no part are counted, too.
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def read_report(path):
    """(passed, skipped, names of failed tests), or None without a readable report."""
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return None
    passed, skipped, failed = 0, 0, []
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(f"{case.get('classname', '')}: {case.get('name', '')}")
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, skipped, failed


def collect(folder):
    """{part: (passed, skipped, failed names, seconds)}"""
    parts = {}
    steps = folder / "steps"
    for line in steps.read_text().splitlines() if steps.exists() else []:
        name, status, seconds = line.split()
        passed, skipped, failed = read_report(folder / f"{name}.xml") or (0, 0, [f"{name}: no report"])
        if status != "0" and not failed:
            failed = [f"{name}: ended with status {status}"]
        parts[name] = passed, skipped, failed, seconds
    for path in sorted(folder.glob("*.xml")):
        if path.stem not in parts:
            parts[path.stem] = *(read_report(path) or (0, 0, [f"{path.stem}: unreadable report"])), "-"
    return parts


def main():
    parts = collect(pathlib.Path(sys.argv[1]))
    print(f"\n{'part':32} {'passed':>8} {'failed':>8} {'skipped':>8} {'seconds':>8}")
    for name, (passed, skipped, failed, seconds) in parts.items():
        print(f"{name:32} {passed:8} {len(failed):8} {skipped:8} {seconds:>8}")
    for name in (name for part in parts.values() for name in part[2]):
        print("FAILED", name)
    passed = sum(part[0] for part in parts.values())
    failed = sum(len(part[2]) for part in parts.values())
    print(f"{passed} passed, {failed} failed")
    return 0 if passed > 0 and failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
