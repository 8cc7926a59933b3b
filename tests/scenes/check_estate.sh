#!/usr/bin/env bash
# An estate of 41 sites with 18 planted faults, each of another kind, names and ports by chance: all 18 head the list of
# what to do first, and nothing else is among its first 18. And the whole lab in one command.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
authority
port=$(free_port)
http_port=$(free_port)
mapfile -t names < <(python3 -c 'import random; print(*("%s.test" % "".join(random.sample("abcdefghijkmnpqrstuvwxyz", 7)) for i in range(41)), sep="\n")')
kinds=(expired wrong-name no-chain self-signed early no-header invalid disabled http-only loop downgrade www errors clear
    foreign bad-target closed twice)
for i in "${!kinds[@]}"; do
    printf '%s %s\n' "${names[i]}" "${kinds[i]}"
done >faults
good=${names[18]}

year='add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;'
all=
for name in "${names[@]}"; do
    all+=${all:+,}$name,www.$name
done
issue all "$all"
issue expired "${names[0]},www.${names[0]}" '90 days ago' '1 day ago'
issue other "elsewhere.test"
issue early "${names[4]},www.${names[4]}" '2 days' '60 days'
issue bare "${names[11]}"
self_signed own "${names[3]}"

# https NAMES CERTIFICATE BODY: a server of TLS
https()
{
    local chain=$PWD/$2.full
    [ "${4:-}" != bare ] || chain=$PWD/$2.pem
    printf '%s\n' "server { listen 127.0.0.1:$port ssl http2; server_name $1; ssl_certificate $chain;" \
        "ssl_certificate_key $PWD/$2.key; $3 }"
}
# http NAMES BODY
http()
{
    printf '%s\n' "server { listen 127.0.0.1:$http_port; server_name $1; $2 }"
}
{
    echo 'server_names_hash_max_size 4096; server_names_hash_bucket_size 128;'
    for i in "${!names[@]}"; do
        name=${names[i]}
        both="$name www.$name"
        to_https="return 301 https://\$host\$request_uri;"
        page="$year location = / { return 200 page; } location / { return 404; }"
        case ${kinds[i]:-} in
        expired) https "$both" expired "$page" ;;
        wrong-name) https "$both" other "$page" ;;
        no-chain) https "$both" all "$page" bare ;;
        self-signed) https "$both" own "$page" ;;
        early) https "$both" early "$page" ;;
        no-header) https "$both" all 'return 200 page;' ;;
        invalid) https "$both" all "${page/; includeSubDomains/, includeSubDomains}" ;;
        disabled) https "$both" all "${page/31536000/0}" ;;
        http-only) https "$both" all 'return 200 page;' && to_https="$year $to_https" ;;
        loop) https "$both" all "$year return 301 https://\$host/;" ;;
        downgrade) https "$both" all "$year return 301 http://$good/;" ;;
        www) https "$both" bare "$page" ;;
        errors) https "$both" all "${page/ always/}" ;;
        clear) https "$both" all "$page" && to_https='return 200 page;' ;;
        foreign) https "$both" all "$page" && to_https="return 301 https://$good/;" ;;
        bad-target) https "$both" all "$year return 301 https://${names[0]}/;" ;;
        closed) https "$both" all 'return 444;' ;;
        twice) https "$both" all 'add_header Strict-Transport-Security "max-age=0" always; '"$page" ;;
        *) case $((i % 4)) in
            0) https "$both" all "${page/; includeSubDomains/}" ;;
            1) https "$both" all "${page/includeSubDomains/includeSubDomains; preload}" ;;
            *) https "$both" all "$page" ;;
            esac ;;
        esac
        http "$both" "$to_https"
    done
} >site
nginx_start site
shuf -e "${names[@]}" >hosts
reach=(--connect-to ":443:127.0.0.1:$port" --connect-to ":80:127.0.0.1:$http_port" --cafile root.pem)

expect_exit 1 "$HOLDFAST" check "${reach[@]}" --json hosts
printf '%s\n' "$out" >document
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <document
expect_exit 0 python3 - <<'EOT'
import json

summary = json.load(open("document"))["summary"]
planted = dict(line.split() for line in open("faults"))
first = [item["host"] for item in summary["ranked"][:18]]
assert summary["hosts"] == 41, summary["hosts"]
assert sorted(first) == sorted(planted), (
    [(kind, name) for name, kind in planted.items() if name not in first],
    [item for item in summary["ranked"][:18] if item["host"] not in planted])
assert summary["urgent"] == 18, [item for item in summary["ranked"][18:] if item["finding"]]
# The gravest first: nobody gets in, then returning visitors, then www, then those who are let in.
harms = [item["harm"] for item in summary["ranked"]]
order = ["everybody", "some", "returning", "www", "warned", "soon", "fault", "notice", "unseen", "none"]
assert [order.index(harm) for harm in harms] == sorted(order.index(harm) for harm in harms), harms
kinds = {item["host"]: item["harm"] for item in summary["ranked"]}
for name, kind in planted.items():
    wanted = {"loop": "everybody", "closed": "everybody", "expired": "returning", "www": "www", "no-header": "fault"}
    assert kind not in wanted or kinds[name] == wanted[kind], (kind, kinds[name])
classes = summary["classes"]
assert sum(classes.values()) == 41 and classes["none"] == 2 and classes["invalid"] == 1 and classes["disabled"] >= 1, classes
assert classes["preload-ready"] > 3 and classes["year"] > 3 and classes["unseen"] == 1, classes
EOT
# For people: it fits the terminal, and says who is hurt.
expect_exit 1 "$HOLDFAST" check "${reach[@]}" hosts
expect_text out 'What to do first (18 of 41 sites):'
expect_text out "${names[0]}: the certificate has expired; returning visitors are blocked"
expect_text out "${names[1]}: the certificate is for other names; returning visitors are blocked"
expect_equal '' "$(sed -n '/^host  /,/^$/p' <<<"$out" | grep -E '.{81}')" 'rows of the table that are wider than 80 columns'
expect_text out 'one year or more, with subdomains and preload'

# What is at all sites is said once.
printf '%s\n' "${names[5]}" "${names[8]}" >without
cp without three
http_only=${names[8]}
expect_exit 1 "$HOLDFAST" check "${reach[@]}" without
expect_no_text out 'The same at all sites'
printf '%s\n' "www.$http_only" >>three
expect_exit 1 "$HOLDFAST" check "${reach[@]}" three
expect_equal 1 "$(grep -c 'The same at all sites' <<<"$out")" 'what is the same'
expect_equal 1 "$(grep -c '^  error hsts-missing' <<<"$out")" 'a finding of all sites'

# The same by probe: the summary as data.
"$HOLDFAST" probe "${reach[@]}" --judge --depth standard --jsonl --quiet hosts >lines
expect_equal 1 "$?" 'the exit code of probe --judge'
expect_exit 0 python3 - <<'EOT'
import json

lines = [json.loads(line) for line in open("lines")]
planted = dict(line.split() for line in open("faults"))
judged = lines[-1]["summary"]["judged"]
hosts = lines[:-1]
assert len(hosts) == 41 and judged["hosts"] == 41 and judged["earlier"] == 0
assert all("verdict" in host and "findings" in host for host in hosts)
hurt = {host["host"] for host in hosts if host["verdict"]["harm"] not in ("none", "notice")}
assert hurt <= set(planted), hurt - set(planted)
assert sum(judged["policies"].values()) == 41 and judged["policies"]["invalid"] == 1, judged["policies"]
assert judged["findings"]["cert-expired"] >= 1 and judged["findings"]["cert-wrong-name"] >= 1
assert any(item["issuer"] == "CN=Test intermediate" and item["hosts"] > 30 for item in judged["issuers"]), judged["issuers"]
EOT

# The whole lab in one command, but for hosts that hang.
"$HOLDFAST" lab >table &
servers+=($!)
for ((i = 0; i < 100; i++)); do
    grep -q Serving table && break
    sleep 0.05
done
# shellcheck disable=SC2207 # the words of one line
reach=($(grep -m 1 -o -- '--connect-to ::[^ ]* --cafile [^ ]* --public-roots [^ ]* --dns [^ ]*' table))
grep -o '^  [a-z0-9-]*\.lab\.test' table | grep -v silent | tr -d ' ' >lab
began=$(date +%s%N)
expect_exit 1 "$HOLDFAST" check "${reach[@]}" --timeout 1 lab
took=$((($(date +%s%N) - began) / 1000000))
expect_equal "$(($(wc -l <lab) + 1))" "$(sed -n '/^host  /,/^$/p' <<<"$out" | grep -c .)" 'rows of the table of the lab'
checks=$((checks + 1))
# A machine that is busy otherwise takes longer, and sanitizers do.
[ "$took" -lt 3000 ] || [[ $BUILD_DIR != *release ]] || [ "$(awk '{ print ($1 > 4) }' /proc/loadavg)" = 1 ] ||
    fail "the check of the lab took $took ms"

finish
