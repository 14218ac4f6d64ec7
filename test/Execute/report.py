# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Leaves a JUnit report of execution cases for scripts/test.sh, which counts them one by one; lit sees a whole matrix as one test."""
import os
from xml.sax.saxutils import quoteattr


def write(name, cases, failed):
    """`cases`: names of all cases that ran, `failed`: those that failed. Does nothing outside of scripts/test.sh."""
    folder = os.environ.get("LACUNA_TEST_RESULTS")
    if not folder:
        return
    lines = [f"<testsuite name={quoteattr(name)} tests='{len(cases)}' failures='{len(failed)}'>"]
    for case in cases:
        outcome = "><failure/></testcase>" if case in failed else "/>"
        lines.append(f"<testcase classname={quoteattr(name)} name={quoteattr(case)}{outcome}")
    with open(os.path.join(folder, f"execute-{name}.xml"), "w") as file:
        file.write("\n".join([*lines, "</testsuite>"]))
