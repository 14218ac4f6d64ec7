#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Every source says its licence in the first three lines. (lit tests are exempt: their first line is the RUN line.)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../common.sh"
cd "$LACUNA_ROOT"

tag="SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
bad=0
while IFS= read -r file; do
  [[ $file == test/*.mlir ]] && continue
  if ! head -n 3 "$file" | grep -qF "$tag"; then
    echo "$file:1: expects '$tag' in the first three lines"
    bad=1
  fi
done < <(sources '*.cpp' '*.h' '*.c' '*.td' '*.py' '*.sh' '*.mlir' .ci/run CMakeLists.txt | grep -v '^test/lit\.')
exit $bad
