#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Prints a Python with PyTorch (CPU), NumPy and pytest, for the tests of python/lacuna: LACUNA_TEST_PYTHON or python3 if it has them, else a virtual environment in
# build/python-env, made on first use (about 1 GB). Prints nothing and exits 1 where that is impossible: those tests then say that they did not run.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/common.sh"

has_all() { "$1" -c 'import numpy, pytest, torch' 2>/dev/null; }

for candidate in "${LACUNA_TEST_PYTHON:-}" "$LACUNA_ROOT/build/python-env/bin/python" python3; do
  [[ -n $candidate ]] && command -v "$candidate" >/dev/null && has_all "$candidate" && { command -v "$candidate"; exit 0; }
done

environment=$LACUNA_ROOT/build/python-env
install() { "$environment/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 60 "$@" >&2; }
# The first line is what a machine with the network does: PyPI's own builds carry CUDA.
if python3 -m venv --clear "$environment" >&2 && install numpy pytest &&
  { install --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0+cpu || install torch==2.13.0; } && has_all "$environment/bin/python"; then
  echo "$environment/bin/python"
  exit 0
fi
echo "python_env.sh: could not install torch, numpy and pytest into $environment: the tests of the Python package will not run" >&2
exit 1
