#!/usr/bin/env bash
# No password of a URL is printed, whoever gave it and wherever it went: every command that takes or meets a URL.
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

whole="https://user:$secret@odd.test/"
for url in "$whole" "http://user:$secret@odd.test:99999/" "https://user:$secret@odd test/" "https:\\\\user:$secret@odd.test\\" \
    "user:$secret@odd.test" "https://user:a@$secret@odd.test/" "https://user:$secret@" \
    "https://user:$secret@$(head -c 300 /dev/zero | tr '\0' a).test/" \
    "https://$(head -c 90 /dev/zero | tr '\0' u):$secret@odd.test/x y"; do
    for more in '' --json; do
        tell check "$HOLDFAST" check "$url" $more --connect-to ::127.0.0.1:1
        tell visit "$HOLDFAST" visit "$url" $more --connect-to ::127.0.0.1:1
        tell probe "$HOLDFAST" probe "$url" $more --connect-to ::127.0.0.1:1
        tell query "$HOLDFAST" store query "$url" $more
        tell set "$HOLDFAST" store set "$url" --max-age 1 --in none.hsts $more
        tell delete "$HOLDFAST" store delete "$url" $more
        # Without "//" it is a URL of another scheme, and no password.
        [[ $url != user:* ]] || continue
        tell decide "$HOLDFAST" decide "$url" $more
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

# Redirects with a password, in every form of output; and a cookie, and what only proxies should see.
head='HTTP/1.1 302 Found\r\nStrict-Transport-Security: max-age=31536000\r\n'
head+="Location: https://user:$secret@odd.test/next\\r\\nLink: <https://user:$secret@odd.test/>\\r\\n"
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
finish
