#!/usr/bin/env bash
# soak_preload.sh [MUTANTS]: the image of a browser's list answers as a plain hash table does, for all its names and ten
# million hosts that are almost on it. Without any list one of Firefox's size is made up.
set -euo pipefail
cd "$(dirname "$0")/.."
mutants=${1:-10000000}
list=$(mktemp)
trap 'rm -f "$list"' EXIT
if tools/list.sh; then
    build/release/holdfast preload dump build/lists/firefox.img >"$list"
    build/release/tests/preload_compile_test "$list" "$mutants"
else
    echo "soak: no list can be had, so one is made up"
    build/release/tests/preload_compile_test made-up "$mutants"
fi
