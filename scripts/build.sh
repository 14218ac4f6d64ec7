#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Installs what is missing, configures and builds: scripts/build.sh [dev|asan|release [TARGET…]]. Binaries land in build/bin (build-asan/bin, …).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/common.sh"

preset=${1:-dev}
build=$(build_dir "$preset")
if [[ $preset == release ]]; then
  "$LACUNA_ROOT/scripts/packages.sh" --static
else
  "$LACUNA_ROOT/scripts/packages.sh"
fi

cd "$LACUNA_ROOT"
log=$build/configure.log
mkdir -p "$build"
tbb=$(scripts/tbb.sh) || echo "no sources of oneTBB: liblacuna.so will need the system's libtbb.so.12" >&2
cmake --preset "$preset" -DPython3_EXECUTABLE="$(python_with_numpy)" -DLACUNA_TBB_SOURCE="$tbb" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
cmake --build "$build" ${2:+--target "${@:2}"}
