#!/usr/bin/env bash
# Stores full of hostile octets: none that a terminal obeys comes out, what is sound is read, and what is damaged is
# said.
. "$SOURCE_DIR/tests/lib/check.sh"
hostile='[\x00-\x09\x0b-\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|(?<![\xc2-\xf4\x80-\xbf])[\x80-\xbf]|\xff'
samples=$SOURCE_DIR/tests/samples

clean() # ARGUMENTS...
{
    checks=$((checks + 1))
    timeout 20 "$HOLDFAST" store "$@" >both 2>&1
    [ $? -le 4 ] || fail "no ordinary exit: $(printf '%q ' "$@")"
    if LC_ALL=C grep -qaP "$hostile" both; then
        fail "raw bytes in the output of: $(printf '%q ' "$@")"
        cat -v both | head
    fi
}
for bytes in $'\e[31m' $'\x9b31m' $'\xe2\x80\xae' $'\xff\xfe' $'\t' '=1+1' '"'; do
    printf 'good.test 443 1 1 99999999999\n%s 443 1 1 5\na%sb.test 443 1 1 5\n' "$bytes" "$bytes" >wget2
    printf 'good.test "20300101 00:00:00"\n%s "20300101 00:00:00"\ngood2.test "%s"\n' "$bytes" "$bytes" >curl
    printf '{"sts":[{"host":"%s","expiry":1,"mode":"force-https","sts_include_subdomains":true,"sts_observed":1}],"version":2}' "$bytes" >chromium
    printf 'good.test^%s\t1\t1\t1881570623000,1,1\nx%s:HSTS\t1\t1\t1,1,1\n' "$bytes" "$bytes" >firefox-txt
    name="file$bytes"
    cp wget2 "$name"
    for kind in wget2 curl chromium firefox-txt; do
        for form in --json --jsonl --csv -v; do
            clean list "$form" --from "$kind:$kind"
        done
        clean query good.test --from "$kind:$kind"
        clean convert -v "$kind:$kind" "wget:$PWD/new"
        rm -f new
        clean delete good.test --from "$kind:$PWD/$kind"
        clean diff "$kind:$kind" wget2:wget2
    done
    clean list --from "wget2:$name"
    clean list --from "$bytes:x"
    clean list --names "$bytes" --from curl:curl
    clean list "$bytes"
    clean query "$bytes"
    clean add "$bytes" max-age=1
    clean add a.test "$bytes"
    clean delete --between "$bytes" 1
    clean delete --between 1 "$bytes"
    clean where --root "$bytes"
    clean "$bytes"
done

# Cut short at any place, and with any octet changed, a store is read as far as it is sound.
for file in chromium/TransportSecurity.top firefox/SiteSecurityServiceState.top.bin libsoup/hsts.top.sqlite \
    safari/HSTS.xml.plist wget/wget-hsts.top; do
    size=$(stat -c %s "$samples/$file")
    for cut in 1 7 $((size / 3)) $((size - 1)); do
        head -c "$cut" "$samples/$file" >shortened
        clean list --json --from "${file%%/*}:shortened"
        clean delete plain.test --from "${file%%/*}:$PWD/shortened"
    done
done
printf 'good.test 443 1 1 99999999999\n%s\n' $'\e[31m 1' >wget2
expect_exit 4 "$HOLDFAST" store list --from wget2:wget2 --at 1000
expect_text out 'good.test includeSubDomains'
expect_text err 'warning: wget2:'
: >empty
for kind in chromium firefox firefox-txt safari curl wget wget2 libsoup; do
    clean list --from "$kind:empty"
    clean list --from "$kind:/dev/zero"
done
# What has no end, or pretends to have none near, is refused at once.
truncate -s 1T endless
for kind in holdfast chromium firefox firefox-txt safari curl wget wget2 libsoup; do
    for store in endless /dev/zero; do
        expect_exit 3 timeout 5 "$HOLDFAST" store list --from "$kind:$store"
    done
done
mkfifo pipe
expect_exit 3 timeout 5 "$HOLDFAST" store list --from holdfast:pipe
clean list --from wget:pipe
expect_exit 3 "$HOLDFAST" store list --from wget:pipe
expect_text err 'is not a regular file'

# The arguments of a process of that name are somebody else's.
mkdir program
cp /bin/bash program/curl
curl_with() # ARGUMENT: a process that is called curl and has it; its number is then in $other
{
    program/curl -c 'read -r <>pipe' x "$1" &
    other=$!
    for ((i = 0; i < 100; i++)); do
        [ "$(cat "/proc/$other/comm")" != curl ] || return 0
        sleep 0.05
    done
    fail "no process is called curl"
}
printf 'example.com "20990101 00:00:00"\n' >hsts.txt
curl_with "$(printf '=%.0s' {1..8000})"
expect_exit 0 "$HOLDFAST" store delete --from "curl:$PWD/hsts.txt" example.com
kill "$other"
printf 'example.com "20990101 00:00:00"\n' >hsts.txt
curl_with "a==b=$PWD/hsts.txt"
expect_exit 3 "$HOLDFAST" store delete --from "curl:$PWD/hsts.txt" example.com
kill "$other"
finish
