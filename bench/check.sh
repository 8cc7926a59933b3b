#!/usr/bin/env bash
# check.sh [--quick]: what a healthy site costs `check --depth standard` beside `probe --depth standard`: a farm of
# whole sites on loopback (nginx: http to https, apex and www), both commands in turn, CPU time of the whole process.
# Prints the median in the lines of docs/testing.md. In the environment: BUILD_DIR (build/release), ROUNDS (5), HOSTS
# (1000).
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/release} rounds=${ROUNDS:-5} hosts=${HOSTS:-1000}
[ "${1:-}" = --quick ] && rounds=1 hosts=20
command -v nginx >/dev/null || { echo "skipped: nginx is not installed"; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-bench.XXXXXX")
server=
stop()
{
    [ -z "$server" ] || { kill "$server"; wait "$server" || true; }
    rm -rf "$work"
}
trap stop EXIT
chmod 755 "$work"
read -r port plain < <(python3 -c 'import socket
both = [socket.socket(), socket.socket()]
for s in both: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in both])')
"$build/bench/probe/probe-farm" "$work" "$hosts" "$port" "$plain"
nginx -e "$work/nginx.log" -c "$work/nginx.conf" &
server=$!
for ((i = 0; i < 200; i++)); do
    (exec 3<>"/dev/tcp/127.0.0.1/$plain") 2>/dev/null && break
    sleep 0.05
done

mapfile -t names <"$work/list"
common=(--depth standard --cafile "$work/root.pem"
    --connect-to ":443:127.0.0.1:$port" --connect-to ":80:127.0.0.1:$plain")
# measure NAME HEALTHY COMMAND...: a line of $work/NAME; where not all sites show HEALTHY, something else was measured
measure()
{
    local name=$1 healthy=$2 seen
    shift 2
    "$build/bench/probe/probe-measure" "$work/$name" "$build/holdfast" "$@" \
        >"$work/out.$name" 2>"$work/err.$name" || true
    seen=$(grep -c "$healthy" "$work/out.$name" || true)
    [ "$seen" = "$hosts" ] || { echo "check.sh: $name saw $seen healthy sites of $hosts" >&2; exit 1; }
}
for ((round = 0; round < rounds; round++)); do
    measure check '^ \{8\}"hsts_in_force": true' check --json --no-preload "${common[@]}" "${names[@]}"
    measure probe '"in_force":true' probe --jsonl --quiet --concurrency 32 --per-domain 0 --per-address 0 \
        "${common[@]}" "$work/list"
done
median()
{
    sort -n -k 2,2 "$work/$1" |
        awk -v hosts="$hosts" '{ a[NR] = $2 } END { printf "%.1f", a[int((NR + 1) / 2)] * 1e6 / hosts }'
}
printf 'check --depth standard of a healthy site: CPU\tus\t%s\tprobe --depth standard\t%s\n' \
    "$(median check)" "$(median probe)"
