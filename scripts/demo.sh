#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Shows what Lacuna does: installs, builds, then for every examples/*.mlir compiles it, checks it at its small default sizes against the f64
# reference, times it at 8k tokens (the line "// 8k:" of the example) beside the same program without its mask, and draws the mask.
# Everything it writes lands in build/demo/. LACUNA_NUM_THREADS sets the threads.
#   scripts/demo.sh [EXAMPLE…]    without names: all
set -uo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/common.sh"

"$LACUNA_ROOT/scripts/build.sh" || exit 1
cd "$LACUNA_ROOT" || exit 1
bin=build/bin out=build/demo
mkdir -p "$out"

# number KEY FILE: the number (or null) after "KEY" in a JSON file of ours; "-" if there is none.
number() {
  local value
  value=$(grep -oE "\"$1\" *: *[-+.eE0-9]+" "$2" 2>/dev/null | head -n 1 | sed 's/.*: *//')
  echo "${value:--}"
}

# attempt NAME STEP COMMAND…: runs a step; on failure prints what it said.
attempt() {
  local name=$1 what=$2
  shift 2
  if ! "$@" >"$out/$name.$what.log" 2>&1; then
    {
      echo "$name: $what FAILED: $*"
      cat "$out/$name.$what.log"
    } >&2
    return 1
  fi
}

# demo_one NAME: all steps of one example; prints its row of the table.
demo_one() {
  local name=$1 file=examples/$1.mlir word words sizes=() area=()
  read -ra words <<<"$(sed -n 's|^// 8k: ||p' "$file")"
  for word in "${words[@]}"; do
    sizes+=(--arg "$word")
  done
  # The same program and shapes without its masks: what "dense" means in this row.
  sed -E 's/ mask\(%[A-Za-z0-9_]+\)//' "$file" >"$out/$name.dense.mlir"

  # Programs that gather their rows find by themselves how many there are; the others take any number.
  "$bin/lacuna-mask" "$file" "${sizes[@]}" >/dev/null 2>&1 || area=(--size 8192,8192)

  attempt "$name" compile "$bin/lacuna-compile" "$file" -o "$out/$name.lacuna" || return 1
  attempt "$name" check "$bin/lacuna-run" "$file" --check || return 1
  attempt "$name" time "$bin/lacuna-run" "$out/$name.lacuna" "${sizes[@]}" --repeat 3 --json "$out/$name.json" || return 1
  attempt "$name" dense "$bin/lacuna-run" "$out/$name.dense.mlir" "${sizes[@]}" --repeat 3 --json "$out/$name.dense.json" || return 1
  attempt "$name" mask "$bin/lacuna-mask" "$file" "${area[@]}" "${sizes[@]}" --svg "$out/$name.svg" --json "$out/$name.mask.json" || return 1

  awk -v name="$name" -v density="$(number density "$out/$name.mask.json")" -v total="$(number total "$out/$name.json")" \
    -v full="$(number full "$out/$name.json")" -v partial="$(number partial "$out/$name.json")" \
    -v sparse="$(number median "$out/$name.json")" -v dense="$(number median "$out/$name.dense.json")" 'BEGIN {
      printf "%-24s %8.3f %10d %10d %9.1f %9.1f %9.2fx\n", name, density, full + partial, total, 1e3 * sparse, 1e3 * dense, dense / sparse }'
}

names=("$@")
if [[ ${#names[@]} -eq 0 ]]; then
  for file in examples/*.mlir; do
    names+=("$(basename "$file" .mlir)")
  done
fi
failed=0
printf '\n%-24s %8s %10s %10s %9s %9s %10s\n' "example (8,192 tokens)" density "visited" "all tiles" "ms" "dense ms" "speed-up"
for name in "${names[@]}"; do
  demo_one "$name" || failed=$((failed + 1))
done
echo
echo "checked against the f64 reference at small sizes; density of a module's first attention; visited and all: tiles; pictures: $out/*.svg"
[[ $failed -eq 0 ]] || { echo "$failed of ${#names[@]} examples FAILED" >&2; exit 1; }
