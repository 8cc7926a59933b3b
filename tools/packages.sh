#!/usr/bin/env bash
# packages.sh GROUP...: installs what is missing of the groups of packages.txt. Says nothing when nothing is missing.
# Installing needs root; without it the one command that would do is printed, and that is the end.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v dpkg-query >/dev/null; then
    echo "packages: this is no Debian system; install what packages.txt lists by the means of yours" >&2
    exit 0
fi

wanted=()
for group in "$@"; do
    mapfile -t names < <(awk -v group="[$group]" '/^\[/ { inside = $0 == group; next } inside && NF && !/^#/ { print $1 }' packages.txt)
    [ ${#names[@]} -gt 0 ] || { echo "packages: packages.txt has no group [$group]" >&2; exit 2; }
    wanted+=("${names[@]}")
done

missing=()
for name in "${wanted[@]}"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | tr -d '\n') || true
    [ "$state" = installed ] || missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
    printf 'Packages are missing, and installing them needs root:\n    sudo apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
    exit 1
fi
printf 'packages: installing %s\n' "${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get -qq update && apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "${missing[@]}"; } \
    >"$log" 2>&1; then
    cat "$log" >&2
    echo "packages: apt-get could not install them; its words are above" >&2
    exit 1
fi
