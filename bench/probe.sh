#!/usr/bin/env bash
# probe.sh [--quick]: what one probe of a host costs, beside what others take for theirs: a farm of hosts on loopback
# (nginx, a P-256 certificate each under root and intermediate), all clients in turn, full verification with the
# system's roots and the farm's. Prints medians in the lines of docs/testing.md; hosts a second and what was left out go
# to standard error. In the environment:
#   BUILD_DIR  the build folder (build/release)        ROUNDS  3        LAPS  10, through the list, for what is resident in the end
#   HOSTS      1000 (50 for curl, 100 for blackbox, which are slow)
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/release}
tools=$PWD/$build/bench/probe
[[ $build = /* ]] && tools=$build/bench/probe
rounds=${ROUNDS:-3} hosts=${HOSTS:-1000} slow=50 slower=100 concurrency=32 laps=${LAPS:-10} quick=
if [ "${1:-}" = --quick ]; then
    rounds=1 hosts=40 slow=4 slower=10 laps=5 quick=yes
fi
command -v nginx >/dev/null || { echo "skipped: nginx is not installed"; exit 77; }
roots=/etc/ssl/certs/ca-certificates.crt
[ -r "$roots" ] || { echo "skipped: there are no roots of the system (ca-certificates)"; exit 77; }

work=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-bench.XXXXXX")
servers=()
stop()
{
    local pid
    for pid in "${servers[@]}"; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap stop EXIT
chmod 755 "$work"

free_port()
{
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
wait_for()
{
    local i
    for ((i = 0; i < 200; i++)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.05
    done
    echo "probe.sh: nothing came up on port $1" >&2
    exit 1
}

port=$(free_port)
"$tools/probe-farm" "$work" "$hosts" "$port"
cat "$roots" "$work/root.pem" >"$work/bundle.pem"
nginx -e "$work/nginx.log" -c "$work/nginx.conf" &
servers+=($!)
wait_for "$port"

# measure NAME COUNT COMMAND...: a line of $work/NAME: seconds, seconds of CPU, kB; its output lies in $work/out.NAME
measure()
{
    local name=$1
    shift 2
    "$tools/probe-measure" "$work/$name" "$@" >"$work/out.$name" 2>"$work/err.$name" ||
        { echo "probe.sh: $name failed:" >&2; tail -n 3 "$work/err.$name" "$work/out.$name" >&2; exit 1; }
}
# expect NAME COUNT GOT: a client that did not see every field has measured something else
expect()
{
    [ "$2" = "$3" ] || { echo "probe.sh: $1 saw $3 fields of $2" >&2; tail -n 3 "$work/err.$1" >&2; exit 1; }
}

ours()
{
    measure ours "$hosts" "$build/holdfast" probe --depth field --jsonl --quiet --concurrency "$concurrency" --per-domain 0 --per-address 0 \
        --cafile "$work/bundle.pem" --connect-to ":443:127.0.0.1:$port" "$work/list"
    expect ours "$hosts" "$(grep -c '"in_force":true' "$work/out.ours")"
}
# The same with findings, verdict and summary.
judged()
{
    measure judged "$hosts" "$build/holdfast" probe --judge --fail-on never --depth field --jsonl --quiet --concurrency "$concurrency" --per-domain 0 \
        --per-address 0 --cafile "$work/bundle.pem" --connect-to ":443:127.0.0.1:$port" "$work/list"
    expect judged "$hosts" "$(grep -c '"hsts_in_force":true' "$work/out.judged")"
}
# The same looks without the command around them: no list, no lines, one process.
driver()
{
    measure driver "$hosts" "$tools/probe-driver" "$work/bundle.pem" "$port" "$concurrency" "$work/list"
}
go_client()
{
    measure go "$hosts" "$work/go-probe" "$work/bundle.pem" "127.0.0.1:$port" "$concurrency" "$work/list"
}
curl_client()
{
    {
        printf '%s\n' silent head "cacert = $work/bundle.pem" "connect-to = \"::127.0.0.1:$port\""
        head -"$slow" "$work/list" | sed 's|.*|url = "https://&/"|'
    } >"$work/curl.config"
    measure curl "$slow" curl --parallel --parallel-immediate --parallel-max "$concurrency" -K "$work/curl.config"
    expect curl "$slow" "$(grep -ci '^strict-transport-security' "$work/out.curl")"
}
# The exporter is a server: it is started, asked for each host once, and ended; what it took for that is counted.
blackbox()
{
    local at pid
    at=$(free_port)
    "$tools/probe-measure" "$work/blackbox" prometheus-blackbox-exporter --log.level=error --config.file="$work/blackbox.yml" \
        --web.listen-address="127.0.0.1:$at" >"$work/out.exporter" 2>&1 &
    pid=$!
    servers+=("$pid")
    wait_for "$at"
    {
        printf '%s\n' silent
        head -"$slower" "$work/list" | sed "s|.*|url = \"http://127.0.0.1:$at/probe?module=field\&hostname=&\&target=https://127.0.0.1:$port/\"|"
    } >"$work/blackbox.config"
    curl --parallel --parallel-max 16 -K "$work/blackbox.config" >"$work/out.blackbox" 2>"$work/err.blackbox"
    kill "$pid"
    wait "$pid" || true
    unset 'servers[-1]'
    expect blackbox "$slower" "$(grep -c '^probe_success 1' "$work/out.blackbox")"
}

clients=(ours judged driver)
if command -v go >/dev/null; then
    GOCACHE=$work/go-cache GO111MODULE=off go build -o "$work/go-probe" bench/peers/probe.go
    clients+=(go_client)
fi
command -v curl >/dev/null && clients+=(curl_client)
if command -v prometheus-blackbox-exporter >/dev/null && command -v curl >/dev/null; then
    cat >"$work/blackbox.yml" <<END
modules:
  field:
    prober: http
    timeout: 10s
    http:
      preferred_ip_protocol: ip4
      fail_if_not_ssl: true
      tls_config: { ca_file: $work/bundle.pem }
      fail_if_header_not_matches: [ { header: Strict-Transport-Security, regexp: 'max-age=[1-9]' } ]
END
    clients+=(blackbox)
fi
for ((round = 0; round < rounds; round++)); do
    for client in "${clients[@]}"; do
        "$client"
    done
done

# median NAME COLUMN COUNT: microseconds a host
median()
{
    sort -n -k "$2,$2" "$work/$1" | awk -v column="$2" -v count="$3" '{ a[NR] = $column } END { printf "%.1f", a[int((NR + 1) / 2)] * 1e6 / count }'
}
# line SUBJECT COLUMN PEER NAME COUNT [OURS]
line()
{
    if [ -s "$work/$4" ]; then
        printf '%s\tus\t%s\t%s\t%s\n' "$1" "$(median "${6:-ours}" "$2" "$hosts")" "$3" "$(median "$4" "$2" "$5")"
    else
        echo "probe.sh: left out, for it is not installed: $3" >&2
    fi
}
line 'probe --depth field: CPU a host' 2 'Go crypto/tls' go "$hosts"
line 'probe --depth field: CPU a host, the same' 2 "blackbox exporter, the system's roots" blackbox "$slower"
line 'probe --depth field: CPU a host, again' 2 "curl --parallel, the system's roots" curl "$slow"
line 'probe --judge: CPU a host' 2 'probe' ours "$hosts" judged
line 'a look of field depth without the command: CPU a host' 2 'Go crypto/tls' go "$hosts" driver
line 'probe --depth field: time a host, server on the same cores' 1 'Go crypto/tls' go "$hosts"
for name in ours go blackbox curl; do
    [ -s "$work/$name" ] || continue
    case $name in blackbox) count=$slower ;; curl) count=$slow ;; *) count=$hosts ;; esac
    echo "$name: $(median "$name" 1 "$count" | awk '{ printf "%.0f", 1e6 / $1 }') hosts a second" >&2
done

# Memory: what a probe holds on to while a host, its connection standing, says nothing; and what is left after many.
silent=$(free_port) behind=$(free_port)
python3 tests/lib/bad_farm.py hold "$behind" &
servers+=($!)
sed -e "s/127.0.0.1:$port/127.0.0.1:$silent/; s/nginx\.pid/silent.pid/; s/nginx\.log/silent.log/" \
    -e "s|^ return 200.*|location / { proxy_pass http://127.0.0.1:$behind; proxy_read_timeout 600s; } }|" "$work/nginx.conf" >"$work/silent.conf"
nginx -e "$work/silent.log" -c "$work/silent.conf" &
servers+=($!)
wait_for "$behind"
wait_for "$silent"
in_flight()
{
    "$tools/probe-driver" --repeat 1000 --timeout 60 --memory 30 "$work/bundle.pem" "$silent" "$1" "$work/list" 2>/dev/null | awk '{ print $4 }'
}
if [ -z "$quick" ]; then
    few=$(in_flight 32) many=$(in_flight 2048)
    awk -v a="$few" -v b="$many" 'BEGIN { printf "memory a probe in flight (32 to 2048 at once)\tkB\t%.1f\t-\t-\n", (b - a) / (2048 - 32) }'
fi
"$tools/probe-driver" --repeat "$laps" "$work/bundle.pem" "$port" "$concurrency" "$work/list" |
    sed -n 's/.*resident \([0-9]*\) kB before, \([0-9]*\) kB after/\1 \2/p' | {
    read -r before after
    printf 'resident after %s hosts\tkB\t%s\tafter loading the roots\t%s\n' "$((laps * hosts))" "$after" "$before"
}

# Good hosts alone, bad hosts alone, and both together, one bad to ten good, all bad ones under way at once. What the
# bad ones take for themselves is taken off: what remains is by how much they slow the good ones.
bad=$work/bad
mkdir "$bad"
tests/lib/bad_certificates.sh "$bad" "$work"
python3 -W ignore tests/lib/bad_farm.py "$bad" >"$work/ports" 2>"$work/bad.log" &
servers+=($!)
for ((i = 0; i < 100; i++)); do
    grep -qs '^ready' "$work/ports" && break
    sleep 0.1
done
mapfile -t odd < <(awk '$1 != "ready" && $1 != "good" { printf "%s.bad.test=%s\n", $1, $2 }' "$work/ports")
awk -v names="${odd[*]}" 'BEGIN { n = split(names, name, " "); for (i = 1; i <= n; i++) sub(/=.*/, "", name[i]) }
    { print } NR % 10 == 0 { print name[k++ % n + 1] }' "$work/list" >"$work/mixed"
grep '\.bad\.test$' "$work/mixed" >"$work/odd"
wide=$((concurrency + hosts / 10))
for ((round = 0; round < rounds; round++)); do
    "$tools/probe-driver" --timeout 2 "$work/bundle.pem" "$port" "$wide" "$work/list" >>"$work/alone"
    "$tools/probe-driver" --timeout 2 "$work/bundle.pem" "$port" "$wide" "$work/odd" "${odd[@]}" >>"$work/bad-alone" || true # it fails for want of good ones
    "$tools/probe-driver" --timeout 2 "$work/bundle.pem" "$port" "$wide" "$work/mixed" "${odd[@]}" >>"$work/among"
done
# of FILE PATTERN: the median of what the driver said
of()
{
    sed -n "s/.*$2.*/\1/p" "$work/$1" | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}
in_all=' \([0-9]*\) us CPU in all' wall='a good host: \([0-9.]*\) us wall'
awk -v among="$(of among "$in_all")" -v bad="$(of bad-alone "$in_all")" -v alone="$(of alone "$in_all")" -v hosts="$hosts" 'BEGIN {
    printf "a good host among bad ones, without what those take: CPU\tus\t%.1f\tgood hosts alone\t%.1f\n", (among - bad) / hosts, alone / hosts
    printf "a bad host: CPU\tus\t%.1f\ta good one\t%.1f\n", bad / (hosts / 10), alone / hosts }'
printf 'a good host among bad ones, servers of both on the same cores: time\tus\t%s\tgood hosts alone\t%s\n' "$(of among "$wall")" "$(of alone "$wall")"
