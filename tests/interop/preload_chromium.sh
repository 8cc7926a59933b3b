#!/usr/bin/env bash
# Chromium's built-in preload list in action, beside ours: what it does with http://NAME/, found by whether it asks a
# server in the clear or begins a TLS handshake. Nothing leaves this machine.
#
# As ctest runs it: the 51 single-label entries, and of Firefox's list in Debian's package, where it is installed or
# `make test PEERS=all` brought it, a sample of 3,000 names. With LISTS="FILE..." in the environment those lists
# instead, in any form that holdfast reads, and about SAMPLE names of each, 0 for all. docs/testing.md has the command.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need chromium
need python3

# -- Past 70 days Chromium takes no notice of its own list. By the package's day, as its build's own day is some days
# older.
age=$((($(date +%s) - $(stat -c %Y "$(readlink -f /usr/lib/chromium/chromium)")) / 86400))
[ "$age" -le 70 ] || excuse "the chromium installed here is $age days old, and past 70 it ignores its own list"

# -- The lists at hand, and the names to ask about.
: >lists
add_list()
{
    expect_exit 0 "$HOLDFAST" preload compile "$1" "list$(wc -l <lists).img"
    echo "list$(wc -l <lists).img" >>lists
}
if [ -n "${LISTS:-}" ]; then
    for list in $LISTS; do
        add_list "$list"
    done
elif [ -e "$SOURCE_DIR/build/lists/firefox.img" ]; then
    add_list "$SOURCE_DIR/build/lists/firefox.img"
elif "$HOLDFAST" preload update -q --offline --from debian --image found.img 2>/dev/null; then
    add_list found.img
fi
mapfile -t images <lists
tr ',' '\n' <"$SOURCE_DIR/src/preload/builtin.c" | grep -o '{"[a-z0-9-]*"' | tr -d '{"' | sort -u >single
expect_equal 51 "$(wc -l <single)" 'single-label entries'
for image in "${images[@]}"; do
    "$HOLDFAST" preload dump "$image" | cut -f1 | grep -F . | grep -vE '^[0-9.]+$' |
        awk -v want="${SAMPLE:-3000}" '{ name[NR] = $0 } END { step = want > 0 && NR > want ? NR / want : 1
            for (i = 1; i <= NR; i += step) print name[int(i)] }'
done | sort -u >names
{
    cat single names
    sed 's/^/x./' single
    # Subdomains of one in ten, and as many that nobody has.
    awk 'NR % 10 == 0 { print "x." $0; print "hf-" NR "-nobody-has-this.com" }' names
    printf 'hf-%s-nobody-has-this.com\n' a b c
} | sort -u >hosts

# -- Chromium asks for all of them.
port=$(free_port)
python3 "$SOURCE_DIR/tests/interop/preload_page.py" <hosts >page
timeout "${SECONDS_MAX:-240}" python3 "$SOURCE_DIR/tests/interop/preload_served.py" "$port" page asked &
server=$!
servers+=("$server")
wait_for "$port"
chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
    --disable-component-update \
    --disable-sync --user-data-dir="$PWD/profile" --no-proxy-server --disable-quic --remote-debugging-port=0 \
    --disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LocalNetworkAccessChecks \
    --host-resolver-rules="MAP *:443 127.0.0.1:$port, MAP *:80 127.0.0.1:$port" http://hub.test/page >chromium.log \
    2>&1 &
servers+=($!)
wait "$server" || fail "Chromium did not ask for all $(wc -l <hosts) hosts in time"
sort -u asked >seen

# A build some weeks older than its package ignores its list some weeks earlier.
if ! grep -q '^https ' seen && [ "$age" -gt 49 ]; then
    excuse "the chromium installed here is $age days old as a package, and older as a build: it ignores its own list"
fi

# The same by true visits to the pages themselves.
for host in dev x.dev $(grep -F . names | awk 'NR % 1500 == 1') hf-a-nobody-has-this.com; do
    visited=$(free_port)
    timeout 60 python3 "$SOURCE_DIR/tests/interop/preload_served.py" "$visited" page "visit.$host" &
    servers+=($!)
    wait_for "$visited"
    timeout 30 chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --disable-quic \
        --disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable --user-data-dir="$PWD/profile.visit" \
        --no-proxy-server \
        --host-resolver-rules="MAP $host:443 127.0.0.1:$visited, MAP $host:80 127.0.0.1:$visited, MAP * ~NOTFOUND" \
        --dump-dom "http://$host/" >/dev/null 2>>chromium.log
    expect_equal "$(grep " $host\$" seen)" "$(grep -m1 " $host\$" "visit.$host")" "a visit to $host"
done

# -- Beside ours.
sed 's/.*/"&"/' hosts >hosts.jsonl
for image in "${images[@]}"; do
    "$HOLDFAST" preload lookup --image "$image" --jsonl hosts.jsonl >"$image.answers"
    "$HOLDFAST" preload info --json "$image" >"$image.info"
done
"$HOLDFAST" preload lookup --jsonl hosts.jsonl >builtin.answers 2>/dev/null
expect_exit 0 python3 "$SOURCE_DIR/tests/interop/preload_compare.py" seen single names "${images[@]}"
printf '%s\n' "$out"
finish
