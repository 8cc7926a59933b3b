#!/usr/bin/env bash
# format.sh [--check]: puts all C sources into the form of .clang-format, or says which are not. One version of
# clang-format, for every version has its own idea.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(find engine formats store include src tests fuzz bench examples -name '*.[ch]' | sort)
if [ "${1:-}" = --check ]; then
    clang-format-14 --dry-run -Werror "${files[@]}"
    echo "${#files[@]} files are formatted"
else
    clang-format-14 -i "${files[@]}"
fi
