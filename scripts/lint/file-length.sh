#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# No source file over 600 lines; aim for 300. A longer one is two ideas.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../common.sh"
cd "$LACUNA_ROOT"

limit=600 bad=0
while IFS= read -r file; do
  lines=$(wc -l <"$file")
  if ((lines > limit)); then
    echo "$file:$limit: expects at most $limit lines, but got $lines"
    bad=1
  fi
done < <(sources dialects passes lib runtime tools include test/unit scripts masks examples |
  grep -E '\.(cpp|h|c|td|py|sh|mlir|cmake)$')
exit $bad
