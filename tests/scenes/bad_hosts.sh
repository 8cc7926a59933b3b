#!/usr/bin/env bash
# A farm of bad hosts, all at once: each ends within its limits and is named exactly, and good hosts among them hardly
# notice.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
need openssl
tools=$BUILD_DIR/bench/probe
[ -x "$tools/probe-farm" ] || skip "the tools of bench/probe are not built"
mkdir farm bad
port=$(free_port)
"$tools/probe-farm" "$PWD/farm" 100 "$port" || exit 1
nginx -e "$PWD/farm/nginx.log" -c "$PWD/farm/nginx.conf" &
servers+=($!)
"$SOURCE_DIR/tests/lib/bad_certificates.sh" "$PWD/bad" "$PWD/farm" || exit 1
python3 -W ignore "$SOURCE_DIR/tests/lib/bad_farm.py" bad >ports &
servers+=($!)
for ((i = 0; i < 100; i++)); do
    grep -q '^ready' ports && break
    sleep 0.1
done
wait_for "$port"

hosts=() routes=() odd=()
while read -r name at; do
    [ "$name" != ready ] || continue
    hosts+=("$name.bad.test")
    routes+=(--connect-to "$name.bad.test:443:127.0.0.1:$at")
    [ "$name" = good ] || odd+=("$name.bad.test=$at")
done <ports
start=$SECONDS
expect_exit 1 "$HOLDFAST" check "${hosts[@]}" "${routes[@]}" --no-http --no-www --no-preload --depth standard \
    --cafile farm/root.pem --timeout 6 --json
expect_equal yes "$([ $((SECONDS - start)) -le 30 ] && echo yes)" "they end in their limits"

# NAME PHASE/CODE: the failure of the last hop, or what the chain of redirects ended in; - for a response.
printf '%s' "$out" | python3 -c '
import json, sys
def find(value, key):
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            found = find(item, key)
            if found is not None:
                return found
for host in json.load(sys.stdin)["hosts"]:
    chain = find(host["facts"], "https")
    last = chain["hops"][-1]["exchange"]
    failure = last["failure"]
    said = failure["phase"] + "/" + failure["code"] if failure else "status %d" % last["response"]["status"]
    print(host["host"].split(".bad.")[0], said, chain["end"])
' | sort >seen
sort >wanted <<'END'
bomb status 200 answered
close-accept tls/tls-closed failed
drip response/response-timeout failed
drip-tls tls/tls-timeout failed
endless-head response/response-too-long failed
flood-h2 response/http2-flood failed
flood-handshake tls/tls-too-long failed
good status 200 answered
huge-chain tls/tls-too-long failed
hundred-certificates status 200 answered
not-tls tls/tls-not-tls failed
redirect-endless status 302 too-many
redirect-loop status 302 loop
reset-accept tls/connection-reset failed
reset-client-hello tls/connection-reset failed
reset-head response/connection-reset failed
reset-request response/connection-reset failed
reset-server-hello tls/connection-reset failed
silent tls/tls-timeout failed
silent-tls response/response-timeout failed
tls-1.0 status 200 answered
unknown-name tls/tls-unrecognized-name failed
wrong-alpn tls/tls-alert failed
END
expect_equal "" "$(diff wanted seen)" "what each is called"
expect_text out '"id": "tls-version"'

# One bad to ten good, all bad ones under way at once. bench/probe.sh measures it well; here it must not be out of all
# proportion.
awk -v names="${odd[*]}" 'BEGIN { n = split(names, name, " "); for (i = 1; i <= n; i++) sub(/=.*/, "", name[i]) }
    { print } NR % 10 == 0 { print name[k++ % n + 1] }' farm/list farm/list >mixed
cat farm/list farm/list >alone
expect_exit 0 "$tools/probe-driver" --timeout 2 farm/root.pem "$port" 60 alone
alone=$(sed -n 's/.* wall, \([0-9]*\).* CPU.*/\1/p' <<<"$out")
expect_exit 0 "$tools/probe-driver" --timeout 2 farm/root.pem "$port" 60 mixed "${odd[@]}"
among=$(sed -n 's/.* wall, \([0-9]*\).* CPU.*/\1/p' <<<"$out")
expect_equal yes "$([ "$among" -le $((alone * 5 / 2)) ] && echo yes)" \
    "a good host: $alone us alone, $among us among bad ones"
finish
