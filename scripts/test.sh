#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Installs and builds what is missing, then runs every test: lint, lit (with the execution tests), GoogleTest, CTest. The last line is
# "N passed, N failed"; the exit code is 0 only if something passed and nothing failed.
#   --full   the long forms (LACUNA_FULL=1, and LACUNA_CASES=1000000 random soundness cases)
#   --asan   built with address and undefined-behaviour sanitizers, in build-asan/
# Tests find these in the environment: LACUNA_FULL, and LACUNA_TEST_RESULTS, a folder where any of them may leave further JUnit reports (*.xml).
set -uo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/common.sh"

preset=dev
for argument in "$@"; do
  case $argument in
    --full) export LACUNA_FULL=1 LACUNA_CASES=${LACUNA_CASES:-1000000} ;;
    --asan) preset=asan ;;
    *) echo "usage: scripts/test.sh [--full] [--asan]; got $argument" >&2; exit 1 ;;
  esac
done
"$LACUNA_ROOT/scripts/build.sh" "$preset" || { echo "the build failed; no test ran" >&2; echo "0 passed, 1 failed"; exit 1; }

"$LACUNA_ROOT/scripts/wheel.sh" --tools || echo "no tools for wheels: test/python/wheel.test will be skipped" >&2

build=$(build_dir "$preset")
python=$(python_with_numpy) || { echo "0 passed, 1 failed"; exit 1; }
# Without a browser, or PyTorch, the tests that need it are unsupported; the summary counts them as skipped.
"$LACUNA_ROOT/scripts/packages.sh" --tests || true
LACUNA_TEST_PYTHON=$("$LACUNA_ROOT/scripts/python_env.sh") && export LACUNA_TEST_PYTHON
lit=$(sed -n 's/^LACUNA_LIT:[^=]*=//p' "$build/CMakeCache.txt")
export LACUNA_TEST_RESULTS=$build/test-results
rm -rf "$LACUNA_TEST_RESULTS"
mkdir -p "$LACUNA_TEST_RESULTS"
# A hanging test must not hang the rest.
limit=2700
[[ -n ${LACUNA_FULL:-} || $preset == asan ]] && limit=7200

# step NAME COMMAND…: runs a part that writes $LACUNA_TEST_RESULTS/NAME.xml, and notes how it ended.
step() {
  local name=$1 start=$SECONDS status
  shift
  echo "=== $name"
  timeout --kill-after=10 "$limit" "$@"
  status=$?
  [[ $status -eq 124 || $status -eq 137 ]] && echo "$name: stopped after $limit s" >&2
  echo "$name $status $((SECONDS - start))" >>"$LACUNA_TEST_RESULTS/steps"
}

step lint "$LACUNA_ROOT/scripts/lint.sh" --xunit "$LACUNA_TEST_RESULTS/lint.xml"
step lit "$lit" -sv --xunit-xml-output="$LACUNA_TEST_RESULTS/lit.xml" "$build/test"
# Every GoogleTest binary is called *Tests, and is found by that name.
for binary in "$build"/bin/*Tests; do
  [[ -x $binary ]] || continue
  name=$(basename "$binary")
  step "$name" "$binary" --gtest_brief=1 --gtest_output="xml:$LACUNA_TEST_RESULTS/$name.xml"
done
# Whatever else was registered with add_test (exported symbols, installed examples, …).
if [[ -f $build/test/CTestTestfile.cmake ]]; then
  step ctest ctest --test-dir "$build/test" -E 'Tests$' --output-on-failure --no-tests=ignore --output-junit "$LACUNA_TEST_RESULTS/ctest.xml"
fi

"$python" "$LACUNA_ROOT/scripts/test_summary.py" "$LACUNA_TEST_RESULTS"
