#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Runs every scripts/lint/*.sh (one per concern; each prints FILE:LINE: what is wrong). With --xunit FILE also writes a JUnit report.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/common.sh"

report=
if [[ ${1:-} == --xunit ]]; then
  report=$2
fi
failed=0 count=0 cases=
for script in "$LACUNA_ROOT"/scripts/lint/*.sh; do
  name=$(basename "$script" .sh)
  count=$((count + 1))
  if output=$("$script" 2>&1); then
    echo "lint: $name: ok"
    cases+="<testcase classname=\"lint\" name=\"$name\"/>"
  else
    echo "lint: $name: FAILED"
    printf '%s\n' "$output"
    failed=$((failed + 1))
    cases+="<testcase classname=\"lint\" name=\"$name\"><failure/></testcase>"
  fi
done
if [[ -n $report ]]; then
  echo "<testsuite name=\"lint\" tests=\"$count\" failures=\"$failed\">$cases</testsuite>" >"$report"
fi
[[ $failed -eq 0 ]]
