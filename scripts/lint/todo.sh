#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# A note to do something names its issue, as in "TODO(#12): …", or does not exist.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../common.sh"
cd "$LACUNA_ROOT"

hits=$(sources '*' | grep -vE '^(scripts/lint/todo\.sh|CONTRIBUTING\.md|AGENTS\.md)$' | tr '\n' '\0' |
  xargs -0 grep -InwE 'TODO|FIXME|XXX|HACK' /dev/null | grep -vE '(TODO|FIXME)\(#[0-9]+\)' || true)
if [[ -n $hits ]]; then
  printf '%s\n' "$hits" "expects TODO(#issue), but got those above"
  exit 1
fi
