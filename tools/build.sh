#!/usr/bin/env bash
# build.sh PRESET [TARGET...]: configures the preset where that is needed, and builds. Quiet while all is well; on a
# terminal it shows how far it is.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
if [ -t 1 ]; then
    cmake --build --preset "$preset" ${1:+--target "$@"}
else
    cmake --build --preset "$preset" ${1:+--target "$@"} -- --quiet | sed '/^ninja: no work to do\.$/d'
fi
