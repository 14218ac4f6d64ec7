#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Dependencies point one way (CONTRIBUTING.md, "The tree"): lib/Target <- dialects <- other lib <- passes <- lib/Pipelines <- lib/Compiler <- lib/CAPI
# <- tools. Passes of different rooms never include each other: they meet in the IR. runtime knows nothing of LLVM, MLIR or the compiler; anyone
# may use it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/../common.sh"
cd "$LACUNA_ROOT"

includes() {
  sources '*.cpp' '*.h' '*.c' '*.td' | grep -E '^(dialects|passes|lib|runtime|tools|include)/' | tr '\n' '\0' |
    xargs -0 grep -HnE '^ *(#include|include) *["<]' || true
}

includes | awk '
function room(path,  part) {
  split(path, part, "/")
  if (part[1] == "lib" || part[1] == "passes") return part[1] "/" part[2]
  return part[1]
}
function rank(name) {
  if (name == "runtime") return 0
  if (name == "lib/Target") return 1
  if (name == "dialects") return 2
  if (name == "lib/Pipelines") return 5
  if (name == "lib/Compiler") return 6
  if (name == "lib/CAPI") return 7
  if (name == "tools") return 8
  if (name ~ /^passes\//) return 4
  if (name ~ /^lib\//) return 3
  return -1 # not ours, or a public header
}
{
  split($0, field, ":")
  match($0, /["<][^">]*[">]/)
  target = substr($0, RSTART + 1, RLENGTH - 2)
  from = room(field[1]); to = room(target); why = ""
  if (from == "runtime") {
    if (to ~ /^(mlir|llvm|llvm-c|mlir-c|lld|dialects)$/ || to ~ /^(passes|lib)\// || to == "tools" || (to == "lacuna" && target != "lacuna/Runtime.h"))
      why = "runtime knows nothing of the compiler"
  } else if (from == "include") {
    if (rank(to) >= 0) why = "public headers include public headers only"
  } else if (from ~ /^passes\// && to ~ /^passes\// && from != to)
    why = "passes of different rooms meet in the IR"
  else if (from == "lib/Target" && to == "runtime")
    why = "lib/Target knows nothing else of ours"
  else if (rank(to) > rank(from))
    why = "dependencies point the other way"
  if (why != "") { print field[1] ":" field[2] ": " from " includes " target ": " why; bad = 1 }
}
END { exit bad }'
