# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Shared by the scripts: where things are. Sourced, never run.
# LACUNA_ROOT        top of the source tree
# build_dir PRESET   its build folder (as CMakePresets.json says)
# python_with_numpy  prints a Python that imports NumPy (tests only)
# python_with_venv   prints a Python that makes virtual environments (the wheel only)
# sources PATTERN…   files of the project, tracked or new, that match one of the git pathspecs

LACUNA_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export LACUNA_ROOT

build_dir() {
  case $1 in
    dev) echo "$LACUNA_ROOT/build" ;;
    asan | release) echo "$LACUNA_ROOT/build-$1" ;;
    *) echo "expects preset dev, asan or release, but got $1" >&2; return 1 ;;
  esac
}

# python_with MODULES PACKAGE: prints a Python that imports the modules, which Debian's package has.
python_with() {
  local candidate
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c "import $1" 2>/dev/null; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  echo "expects a Python with $1, but found none: apt-get install $2" >&2
  return 1
}
python_with_numpy() { python_with numpy python3-numpy; }
python_with_venv() { python_with "ensurepip, venv" python3-venv; }

sources() {
  local file
  # Without git (a release archive) every file outside of build folders is a source.
  if git -C "$LACUNA_ROOT" rev-parse --git-dir >/dev/null 2>&1; then
    git -C "$LACUNA_ROOT" ls-files --cached --others --exclude-standard -- "$@" | sort -u
  else
    (cd "$LACUNA_ROOT" && find . -type f -not -path './build*' -not -path './dist/*' | sed 's|^\./||' | sort) |
      while IFS= read -r file; do
        for pattern in "$@"; do
          # shellcheck disable=SC2053 # the right side is a pattern on purpose
          [[ $file == $pattern || $file == ${pattern%/}/* ]] && { echo "$file"; break; }
        done
      done
  fi | while IFS= read -r file; do
    [[ -f $LACUNA_ROOT/$file ]] && echo "$file"
  done
  return 0
}
