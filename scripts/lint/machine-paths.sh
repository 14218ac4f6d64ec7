#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# No path of somebody's machine in the project.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../common.sh"
cd "$LACUNA_ROOT"

pattern='(^|[^A-Za-z0-9_.<>/-])/(work|farm|home|Users|root|mnt|tmp/bash)(/|_jobs)'
hits=$(sources '*' | grep -v '^scripts/lint/machine-paths\.sh$' | tr '\n' '\0' | xargs -0 grep -InE "$pattern" /dev/null || true)
if [[ -n $hits ]]; then
  printf '%s\n' "$hits" "expects no machine path, but got those above"
  exit 1
fi
