#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Relative links in Markdown lead to files that exist.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../common.sh"
cd "$LACUNA_ROOT"

bad=0
while IFS= read -r file; do
  while IFS=: read -r line target; do
    target=${target%%#*}
    [[ -z $target || $target == *://* || $target == mailto:* ]] && continue
    if [[ ! -e $(dirname "$file")/$target ]]; then
      echo "$file:$line: expects a file of the project, but got a link to $target"
      bad=1
    fi
  done < <(grep -noE '\]\([^) ]+\)' "$file" | sed -E 's/\]\(([^)]*)\)/\1/')
done < <(sources '*.md')
exit $bad
