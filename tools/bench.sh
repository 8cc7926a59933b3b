#!/usr/bin/env bash
# bench.sh: runs every benchmark, prints ours, the peer's and the ratio (peer / ours: above 1 we are the faster or the
# smaller), and writes bench/results.json with machine and commit. Says how long each took, and all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for program in build/release/bench/bench-* bench/*.sh; do
    [ -x "$program" ] || continue
    begin=$SECONDS
    "$program" | tee -a "$work/lines" | awk -F '\t' '{
        printf "%-72s %10s %-9s", $1, $3, $2
        if ($4 != "-") printf "  %s %s, ratio %.2f", $4, $5, $5 / $3
        print "" }'
    echo "$(basename "$program"): $((SECONDS - begin)) s"
done
[ -s "$work/lines" ] || { echo "bench: nothing was measured" >&2; exit 1; }
{
    commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)
    git diff --quiet HEAD 2>/dev/null || commit="$commit, changed"
    cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -1)
    printf '{"time":"%s","commit":"%s",\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$commit"
    printf ' "machine":{"cpu":"%s","cores":%s,"kernel":"%s","compiler":"%s"},\n' "${cpu:-$(uname -m)}" "$(nproc)" "$(uname -sr)" \
        "$(gcc --version | head -1)"
    printf ' "results":[\n'
    awk -F '\t' '{
        printf "%s  {\"subject\":\"%s\",\"unit\":\"%s\",\"ours\":%s", (NR > 1 ? ",\n" : ""), $1, $2, $3
        if ($4 == "-") printf ",\"peer\":null,\"theirs\":null,\"ratio\":null}"
        else printf ",\"peer\":\"%s\",\"theirs\":%s,\"ratio\":%.3f}", $4, $5, $5 / $3 } END { print "\n ]}" }' "$work/lines"
} >bench/results.json
echo "written: bench/results.json; $SECONDS s in all"
