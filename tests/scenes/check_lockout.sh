#!/usr/bin/env bash
# Lock-outs: now, from when on, and until when by a history of what was served.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
"$HOLDFAST" lab >table &
servers+=($!)
for ((i = 0; i < 100; i++)); do
    grep -q Serving table && break
    sleep 0.05
done
reach=$(grep -m 1 -o -- '--connect-to ::[^ ]* --cafile [^ ]* --public-roots [^ ]* --dns [^ ]*' table)
# shellcheck disable=SC2206 # the words of one line
reach=($reach)
check()
{
    local code=$1
    shift
    expect_exit "$code" "$HOLDFAST" check "${reach[@]}" "$@"
    out=$(tr -s ' \n' ' ' <<<"$out") # lines are broken anywhere
}

# Now: who is blocked, in which browser, with which code.
check 1 expired.lab.test
expect_text out 'info lockout-now: visitors are locked out'
expect_text out 'Chrome NET::ERR_CERT_DATE_INVALID, Firefox SEC_ERROR_EXPIRED_CERTIFICATE'
expect_no_text out 'locked out from'
check 0 good.lab.test
expect_no_text out lockout
expect_text out 'locked out from'

# From when on; three days of 90 are left. One threshold for every rule.
check 0 late.lab.test
expect_text out 'warning lockout-ahead: visitors will be locked out soon'
expect_text out 'warning cert-expires-soon'
check 0 late.lab.test --warn-before 2d
expect_no_text out lockout-ahead
expect_no_text out cert-expires-soon
check 0 good.lab.test --warn-before 70%
expect_text out 'warning lockout-ahead'
check 1 late.lab.test --fail-on warning --warn-before 33%
for bad in 0 0% 100% soon -1d ''; do
    expect_exit 2 "$HOLDFAST" check good.lab.test --warn-before "$bad"
    expect_text err 'check: --warn-before: '
done

# Until when: unknown without a history, and where that matters the text says so.
check 1 max-age-0.lab.test
expect_text out 'horizon unknown until when earlier visitors hold a policy: give what was served before with --history FILE'
check 0 good.lab.test
expect_no_text out horizon
cat >history.jsonl <<'EOT'
{"name": "max-age-0.lab.test", "from": "2026-01-01T00:00:00Z", "sts": "max-age=63072000"}
{"name": "max-age-0.lab.test", "at": "2026-06-01T00:00:00Z", "sts": "max-age=0"}
{"name": "lab.test", "from": 1767225600, "sts": null}
EOT
at=(--at 2026-11-20T00:00:00Z --no-preload)
check 1 max-age-0.lab.test --history history.jsonl "${at[@]}"
expect_text out 'horizon 2028-05-31T00:00:00Z: until then somebody can hold the policy of max-age-0.lab.test'
expect_text out 'in Chrome until 2027-06-01T00:00:00Z, in Firefox until 2028-05-31T00:00:00Z'
check 1 max-age-0.lab.test --history - "${at[@]}" <history.jsonl
expect_text out 'info lockout-horizon'
check 1 max-age-0.lab.test good.lab.test --json --history history.jsonl "${at[@]}"
printf '%s\n' "$out" >document
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <document
expect_exit 0 python3 - <<'EOT'
import json

ended, good = json.load(open("document"))["hosts"]
assert ended["horizon"]["until"] == "2028-05-31T00:00:00Z" and ended["horizon"]["reason"] is None, ended["horizon"]
assert ended["horizon"]["browsers"]["chromium"] == {"until": "2027-06-01T00:00:00Z", "by": "max-age-0.lab.test", "kind": "learned"}
assert good["horizon"] == {"until": None, "reason": "name-missing", "missing": "good.lab.test", "browsers": None}, good["horizon"]
EOT
check 0 good.lab.test --json
printf '%s\n' "$out" >document
expect_text out '"reason": "no-history"'
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <document
# What is served now counts: a year for whoever comes in this very second.
printf '%s\n' '{"name":"good.lab.test","from":0,"sts":null}' '{"name":"lab.test","from":0,"down":true}' >now.jsonl
second=$(date +%s)
check 0 good.lab.test --no-preload --history now.jsonl --at "$second" --json
expect_text out "\"until\": \"$(date -u -d "@$((second + 31536000))" +%Y-%m-%dT%H:%M:%SZ)\""

# A history that cannot be used says where, and why.
printf '{"name":"a.test","from":0,"sts":null}\n\n{"name":"a.test","frm":0,"sts":null}\n' >bad.jsonl
expect_exit 2 "$HOLDFAST" check good.lab.test --history bad.jsonl
expect_text err 'check: --history: bad.jsonl: line 3: the member "frm" is not known'
printf '{"name":"a.test","at":0,"sts":null}\n{"name":"a.test","at":0,"sts":"max-age=1"}\n' >bad.jsonl
expect_exit 2 "$HOLDFAST" check good.lab.test --history bad.jsonl
expect_text err 'bad.jsonl: lines 1 and 2 contradict each other: a.test at one moment'
: >bad.jsonl
expect_exit 2 "$HOLDFAST" check good.lab.test --history bad.jsonl
expect_text err 'bad.jsonl: the history is empty'
expect_exit 2 "$HOLDFAST" check good.lab.test --history nowhere.jsonl
expect_text err nowhere.jsonl
expect_exit 2 "$HOLDFAST" check - --history - </dev/null
expect_text err 'standard input can be read once'

# A redirect that HSTS does not follow, and a max-age that the list does not take.
check 0 port.lab.test
expect_text out 'warning http-redirect-port'
printf 'max-age-0.lab.test\t1\ngood.lab.test\t1\n' >names
expect_exit 0 "$HOLDFAST" preload compile --source 'Firefox, of this test' --date "$(date +%F)" --life 18w names list.img
check 1 max-age-0.lab.test --preload list.img
expect_text out "warning hsts-short-on-preloaded"
expect_text out "Firefox's list drops hosts that serve less than 10886400 (18 weeks)"
check 0 good.lab.test --preload list.img --warn-before 70%
expect_no_text out hsts-short-on-preloaded
expect_text out 'returning visitors (and first visitors in Firefox: it is preloaded) will be locked out from'
finish
