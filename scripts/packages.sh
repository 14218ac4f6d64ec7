#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Installs the Debian 12 packages that Lacuna needs and that are missing. Called by the other scripts; `--static` adds what the preset
# `release` (LLVM linked statically) needs, `--tests` a browser that shows reports. As root or with passwordless sudo; otherwise prints the line to run and exits 1.
set -euo pipefail

packages=(
  libmlir-22-dev mlir-22-tools llvm-22-dev llvm-22-tools clang-22 libclang-rt-22-dev lld-22 liblld-22-dev
  ninja-build cmake ccache binutils libzstd-dev zlib1g-dev nlohmann-json3-dev libtbb-dev libgtest-dev libboost-context-dev
)
[[ ${1:-} == --tests ]] && packages=(chromium)
[[ ${1:-} == --static ]] && packages+=(libedit-dev libxml2-dev libz3-dev libffi-dev libcurl4-openssl-dev)

installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing=()
for package in "${packages[@]}"; do
  installed "$package" || missing+=("$package")
done
# Only the tests and the wheel use Python; any one with NumPy, or that makes virtual environments, will do.
python_with() { python3 -c "import $1" 2>/dev/null || /usr/bin/python3 -c "import $1" 2>/dev/null; }
python_with numpy || missing+=(python3 python3-numpy)
python_with "ensurepip, venv" || missing+=(python3-venv)
[[ ${#missing[@]} -gt 0 ]] || exit 0

line="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
  echo "packages.sh: expects Debian 12 or a relative with apt-get; install the counterparts of: ${missing[*]}" >&2
  exit 1
fi
if [[ $EUID -eq 0 ]]; then
  run=(env)
elif sudo -n apt-get --version >/dev/null 2>&1; then
  run=(sudo -n)
else
  echo "Packages are missing, and installing them needs root. Run this, then try again:" >&2
  echo "  sudo $line" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
options=(-o Acquire::Retries=3 -o Acquire::http::Timeout=120 -o Acquire::https::Timeout=120 -o DPkg::Lock::Timeout=300)
install() {
  # A failed update is no reason to stop: the lists at hand, or the other mirrors, may do.
  "${run[@]}" apt-get "${options[@]}" -qq update || true
  "${run[@]}" apt-get "${options[@]}" -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
}
echo "installing: ${missing[*]}"
install || { echo "installing failed; trying once more in 10 s" >&2; sleep 10; install; } || {
  echo "packages.sh: installing failed twice. The line was:" >&2
  echo "  $line" >&2
  exit 1
}
