#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Builds the wheel of the Python package and checks it: scripts/wheel.sh [--no-build] [release|dev [FOLDER]]. The wheel of the preset `release` lands in
# dist/; that of `dev` (built faster, runs slower: for tests) in build/dist/.
#   --no-build   takes build/lib/liblacuna.so as it is, and the tools of an earlier run
#   --tools      only installs the build tools (scikit-build-core), into build-deps/
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/common.sh"

build=1 tools_only=
case ${1:-} in
  --no-build) build= && shift ;;
  --tools) tools_only=1 && shift ;;
esac
preset=${1:-release}
folder=$(build_dir "$preset")
out=$folder/dist
[[ $preset == release ]] && out=$LACUNA_ROOT/dist
out=${2:-$out}
tools=$LACUNA_ROOT/build-deps/wheel-tools
cd "$LACUNA_ROOT"

if [[ -n $build$tools_only && ! -x $tools/bin/python ]]; then
  scripts/packages.sh
  rm -rf "$tools.new"
  "$(python_with_venv)" -m venv "$tools.new"
  "$tools.new/bin/python" -m pip --disable-pip-version-check install --quiet 'scikit-build-core>=0.11'
  mv -T "$tools.new" "$tools"
fi
[[ -z $tools_only ]] || exit 0
[[ -z $build ]] || scripts/build.sh "$preset" LacunaPython

work=$(mktemp -d "$folder/wheel.XXXXXX")
trap 'rm -rf "$work"' EXIT
# The library says what machines it runs on; check_wheel.py whether the name is true.
"$tools/bin/python" -m pip --disable-pip-version-check wheel --quiet . --no-index --no-deps --no-build-isolation --wheel-dir "$work/dist" \
  --config-settings=build-dir="$work/build" --config-settings=cmake.define.LACUNA_PREBUILT="$folder/lib/liblacuna.so" \
  --config-settings=wheel.tags="py3-none-manylinux_2_35_$(uname -m)"
"$tools/bin/python" scripts/check_wheel.py "$work"/dist/*.whl
mkdir -p "$out"
rm -f "$out"/lacuna-*.whl
mv "$work"/dist/*.whl "$out"
ls "$out"/lacuna-*.whl
