#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Prints a folder with oneTBB's sources, which liblacuna.so takes in (Debian has no static library of it); fetches them from Debian's archive
# on first use, of the version of libtbb-dev. Needs apt-get, but not root.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "$0")/common.sh"

version=$(dpkg-query -W -f='${source:Upstream-Version}' libtbb-dev)
folder=$LACUNA_ROOT/build-deps/onetbb-$version
if [[ ! -d $folder ]]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/lists/partial" "$work/parts"
  # The machine's own sources, asked for source packages: most installations list binary ones only.
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ -f $file ]] && sed -n 's/^deb /deb-src /p' "$file" >>"$work/parts/all.list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -f $file ]] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/parts/$(basename "$file")"
  done
  apt=(apt-get -qq -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/parts" -o Dir::State::Lists="$work/lists"
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User= -o Acquire::Retries=3 -o Acquire::http::Timeout=120)
  cd "$work"
  # A source of packages without their sources is no reason to stop.
  "${apt[@]}" update >&2 || true
  "${apt[@]}" source --download-only "onetbb=$(dpkg-query -W -f='${source:Version}' libtbb-dev)" >&2 ||
    "${apt[@]}" source --download-only onetbb >&2
  cmake -E tar xf onetbb_*.orig.tar.*
  mkdir -p "$(dirname "$folder")"
  mv -T oneTBB-* "$folder" 2>/dev/null || [[ -d $folder ]] # or another run was faster
fi
echo "$folder"
