#!/usr/bin/env bash
# Sites that answer browsers otherwise than programs; --user-agent and --header; and where credentials go.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need python3
authority
issue shop shop.test,other.test
issue wrong wrong.test

# asked NAME CERTIFICATE|- RULE: the server; its port is then in $port, what it was sent in NAME.log
asked()
{
    port=$(free_port)
    : >"$1.log"
    python3 "$SOURCE_DIR/tests/lib/asked.py" "$port" "$1.log" "$2" "${2%.full}.key" "$3" &
    servers+=($!)
    wait_for "$port"
}

for rule in 'User-Agent=Chrome/' 'Accept=text/html' 'Accept-Language=en' 'Upgrade-Insecure-Requests=1' 'Sec-Fetch-Mode=navigate' \
    'sec-ch-ua="Chromium"' 'Accept-Encoding=identity'; do
    asked site shop.full "$rule"
    expect_exit 0 see shop.test --depth standard
    expect_text out 'HSTS is in force'
    for depth in field standard; do
        out=$("$HOLDFAST" probe -q --jsonl --depth "$depth" --cafile root.pem \
            --connect-to "shop.test:443:127.0.0.1:$port" shop.test)
        expect_text out '"in_force":true'
    done
    expect_exit 0 "$HOLDFAST" visit --no-store --cafile root.pem --connect-to "shop.test:443:127.0.0.1:$port" https://shop.test/
    expect_text out 'max-age=31536000'
done
grep -q '^User-Agent: .*Safari/537.36 holdfast/' site.log || fail 'probe does not name itself'
grep -q '^User-Agent: .*Safari/537.36.$' site.log || fail 'check does not ask as a browser'

# What is given is sent, on every way that the command has.
asked given shop.full 'X-Beta=yes'
for command in 'check --no-http --no-www' 'visit --no-store' 'probe -q --jsonl'; do
    url=https://shop.test/
    [[ $command != probe* ]] || url=shop.test
    # shellcheck disable=SC2086 # words
    "$HOLDFAST" $command "$url" --cafile root.pem --connect-to "shop.test:443:127.0.0.1:$port" --header 'X-Beta: yes' \
        --user-agent odd/1 --header 'Accept-Language: de' >out 2>&1
    out=$(<out)
    expect_text out 31536000
done
expect_equal 0 "$(grep -c -v -e '^User-Agent: odd/1' <(grep -a ^User-Agent: given.log))" 'other User-Agents'
expect_equal 0 "$(grep -a -c '^Accept-Language: en' given.log)" 'other languages'

# Credentials: to the host that was named, over TLS without an error; not to where it redirects, and not in clear.
secret=hunter2-Secret
asked there shop.full 'Accept=text'
there=$port
asked clear - 'Accept=text'
clear=$port
asked first shop.full 'to:https://other.test/'
first=$port
asked bad wrong.full 'Accept=text'
bad=$port
given=(--header "Authorization: Bearer $secret" --header "Cookie: sid=$secret" --header 'X-Plain: plain' --cafile root.pem)
expect_exit 1 "$HOLDFAST" check shop.test --no-www --connect-to "shop.test:443:127.0.0.1:$first" --connect-to \
    "shop.test:80:127.0.0.1:$clear" --connect-to "other.test:443:127.0.0.1:$there" "${given[@]}"
grep -q -a "$secret" first.log || fail 'the named host is sent no credential'
! grep -q -a "$secret" clear.log there.log || fail 'a credential is sent in clear or to another host'
grep -q -a plain clear.log || fail 'a usual field is not sent over plain HTTP'
! grep -q -a plain there.log || fail 'a field that was given is sent to another host'
"$HOLDFAST" check shop.test --no-http --no-www --connect-to "shop.test:443:127.0.0.1:$bad" "${given[@]}" >out
[ -s bad.log ] || fail 'the host with a wrong certificate was not asked'
! grep -q -a "$secret" bad.log || fail 'a credential is sent past a TLS error'
finish
