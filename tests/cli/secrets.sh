#!/usr/bin/env bash
# No password and no token of a URL is printed, whoever gave it and wherever it went: every command that takes or meets
# a URL.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need python3
authority
issue odd odd.test
secret=hunter2-Secret

# tell NAME COMMAND...: whatever comes of it, it says something, and not the password
tell()
{
    local name=$1
    shift
    checks=$((checks + 1))
    "$@" >said 2>&1 </dev/null
    [ -s said ] || fail "$name says nothing"
    ! grep -q -a "$secret" said || fail "$name prints the password: $(grep -a -m 1 "$secret" said)"
}

# JSON has the URL to request whole, and all else of it masked.
decide()
{
    "$HOLDFAST" decide "$@" | grep -v '^ *"\(request\|upgraded\)": '
}

whole="https://user:$secret@odd.test/"
for url in "$whole" "http://user:$secret@odd.test:99999/" "https://user:$secret@odd test/" "https:\\\\user:$secret@odd.test\\" \
    "user:$secret@odd.test" "https://user:a@$secret@odd.test/" "https://user:$secret@" \
    "https://user:$secret@$(head -c 300 /dev/zero | tr '\0' a).test/" \
    "https://$(head -c 90 /dev/zero | tr '\0' u):$secret@odd.test/x y" \
    "https://$secret@odd.test/" "https://$secret:x-oauth-basic@odd.test/" "https://$secret:@odd.test:99999/" \
    "https://odd.test/p?access_token=$secret" "http://odd.test:99999/?x=1&api_key=$secret#top" \
    "https://odd.test/#id_token=$secret&x=1" "https://odd test/?password=$secret" "//odd.test/?X-Amz-Signature=$secret"; do
    for more in '' --json; do
        tell check "$HOLDFAST" check "$url" $more --connect-to ::127.0.0.1:1
        tell visit "$HOLDFAST" visit "$url" $more --connect-to ::127.0.0.1:1
        tell probe "$HOLDFAST" probe "$url" $more --connect-to ::127.0.0.1:1
        tell query "$HOLDFAST" store query "$url" $more
        tell set "$HOLDFAST" store set "$url" --max-age 1 --in none.hsts $more
        tell delete "$HOLDFAST" store delete "$url" $more
        # Without "//" it is a URL of another scheme, and no password.
        [[ $url != user:* ]] || continue
        tell decide decide "$url" $more
        tell header "$HOLDFAST" header "max-age=1; report=\"$url\"" $more
        tell lookup "$HOLDFAST" preload lookup "$url" $more
    done
    tell --proxy "$HOLDFAST" check odd.test --proxy "$url"
    tell http_proxy env http_proxy="$url" https_proxy="$url" "$HOLDFAST" visit http://odd.test/ --json
    tell --dns "$HOLDFAST" check odd.test --dns "$url"
    tell --connect-to "$HOLDFAST" check odd.test --connect-to "$url"
    tell --resolve "$HOLDFAST" check odd.test --resolve "$url"
    tell --url "$HOLDFAST" preload update --url "$url" --offline
    tell --from "$HOLDFAST" preload update --from "$url" --offline
    tell --connect-to "$HOLDFAST" visit odd.test --connect-to "$url"
    printf '%s\n' "$url" >list
    tell list "$HOLDFAST" probe list --connect-to ::127.0.0.1:1 --output lines --resume state
    tell lines "$HOLDFAST" probe list --jsonl --connect-to ::127.0.0.1:1
    ! grep -q -a "$secret" lines state 2>/dev/null || fail 'a list: the password is in the output or in the state'
done

# A token in the query of what is refused.
tell query "$HOLDFAST" check "https://odd test/?token=$secret"

# What is masked where it is printed is sent all the same.
python3 -u -m http.server 0 --bind 127.0.0.1 >log 2>&1 &
servers+=($!)
for _ in {1..200}; do
    plain=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' log)
    [ -z "$plain" ] || break
    sleep 0.05
done
for more in '' --json; do
    tell 'visit, plain' "$HOLDFAST" visit "http://127.0.0.1:$plain/?access_token=$secret" --no-store $more
    grep -q -F '?access_token=***' said || fail "the URL is not in the output: $(head -3 said)"
done
expect_equal 2 "$(grep -c -F "GET /?access_token=$secret HTTP" log)" 'requests with the token'

# Redirects with a password, in every form of output; and a cookie, and what only proxies should see.
head='HTTP/1.1 302 Found\r\nStrict-Transport-Security: max-age=31536000\r\n'
head+="Location: https://user:$secret@odd.test/next\\r\\nLink: <https://user:$secret@odd.test/>\\r\\n"
head+="Content-Location: https://$secret@odd.test/?x=1&sig=$secret\\r\\nRefresh: 1; url=/?token=$secret\\r\\n"
head+="Set-Cookie: session=$secret; Secure\\r\\nSet-Cookie: $secret\\r\\nProxy-Authorization: Basic $secret\\r\\n"
odd_server "raw:$head\\r\\n" odd.full odd.key
led=(--cafile root.pem --connect-to "::127.0.0.1:$port")
for more in '' --json --quiet --verbose; do
    tell 'check, led on' "$HOLDFAST" check odd.test "${led[@]}" --no-http $more
    tell 'visit, led on' "$HOLDFAST" visit https://odd.test/ "${led[@]}" $more
done
for depth in field standard full; do
    for more in '' --json --jsonl; do
        tell 'probe, led on' "$HOLDFAST" probe odd.test --depth $depth "${led[@]}" $more
    done
done
"$HOLDFAST" check odd.test "${led[@]}" --no-http --json >facts.json
for text in 'user:***@odd.test/next' 'Set-Cookie: session=*'; do
    grep -q -F "$text" facts.json || fail "no '$text' in the facts: nothing was looked at"
done
# What --header holds, whether it can be sent or not.
for field in "Authorization: $secret" "X-Key: $secret" "Host: $secret" "$secret" "X: $secret"$'\r\n' "Te: $secret" "Cookie: a=$secret"; do
    tell check "$HOLDFAST" check odd.test --connect-to ::127.0.0.1:1 --header "$field" --json
    tell visit "$HOLDFAST" visit https://odd.test/ --no-store --connect-to ::127.0.0.1:1 --header "$field"
    tell probe "$HOLDFAST" probe odd.test --connect-to ::127.0.0.1:1 --header "$field" --jsonl
done
finish
