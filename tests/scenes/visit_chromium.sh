#!/usr/bin/env bash
# What headless Chromium noted and what `holdfast visit` noted are upgraded alike: the same hosts, the same spellings,
# one by one.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
need chromium
authority
issue site own.test,sub.own.test,whole.test,sub.whole.test,off.test,void.test,twice.test
port=$(free_port)
plain=$(free_port)

# https NAME FIELD...
https()
{
    printf 'server { listen 127.0.0.1:%s ssl; server_name %s;\n' "$port" "$1"
    printf "add_header Strict-Transport-Security '%s' always;\n" "${@:2}"
    printf '%s\n' 'return 200 "<p>secure</p>"; }'
}
{
    printf '%s\n' "ssl_certificate $PWD/site.full; ssl_certificate_key $PWD/site.key; default_type text/html;"
    https own.test max-age=31536000
    https whole.test 'max-age=31536000; includeSubDomains'
    https off.test max-age=0
    https void.test 'max-age=31536000; max-age=31536000'
    https twice.test max-age=31536000 max-age=0
    printf 'server { listen 127.0.0.1:%s; return 200 "<p>in the clear</p>"; }\n' "$plain"
} >sites
nginx_start sites

spki=$(openssl x509 -in site.pem -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary |
    base64)
chromium_sees()
{
    timeout 60 chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --user-data-dir="$PWD/profile" --ignore-certificate-errors-spki-list="$spki" --no-proxy-server \
        --disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable \
        --host-resolver-rules="MAP *:443 127.0.0.1:$port, MAP *:80 127.0.0.1:$plain" --dump-dom "$1" 2>>chromium.log |
        sed -n 's/.*<p>\(.*\)<\/p>.*/\1/p'
}
visit()
{
    "$HOLDFAST" visit --connect-to ":80:127.0.0.1:$plain" --connect-to ":443:127.0.0.1:$port" --cafile root.pem \
        --store known "$@"
}
visit_sees()
{
    case $(visit --quiet "$1") in
    'Arrived: https://'*) echo secure ;;
    'Arrived: http://'*) echo 'in the clear' ;;
    esac
}

[ "$(chromium_sees http://own.test/)" = 'in the clear' ] || skip 'chromium does not run here'
# Chromium writes its store some seconds after a visit, or as it ends; on a busy machine it may end before it has
# written it, and know nothing of the visit the next time. That is not what is compared here: then it goes there again.
keeps()
{
    "$HOLDFAST" store query --no-preload "$1" --from "chromium:$(echo profile/*/TransportSecurity)" 2>/dev/null |
        grep -q ': enforced'
}
for host in own whole off void twice; do
    for _ in {1..10}; do
        seen=$(chromium_sees "https://$host.test/")
        expect_equal secure "${seen:-secure}" "Chromium at https://$host.test/"
        case $host in
        off | void) [ -z "$seen" ] || break ;;
        *) ! keeps "$host.test" || break ;;
        esac
    done
    expect_equal secure "$seen" "Chromium at last at https://$host.test/"
    expect_equal secure "$(visit_sees "https://$host.test/")" "visit at https://$host.test/"
done
for host in own whole twice; do
    keeps "$host.test" || fail "Chromium does not keep $host.test in ten visits"
done
secure=0
for url in http://own.test/ http://sub.own.test/ http://whole.test/ http://sub.whole.test/ http://off.test/ \
    http://void.test/ \
    http://twice.test/ http://OWN.test:80/ http://own.test./ http://sub.whol%65.test/; do
    ours=$(visit_sees "$url")
    theirs=$(chromium_sees "$url")
    [ -n "$theirs" ] || theirs=$(chromium_sees "$url") # it was not done in a minute
    expect_equal "$theirs" "$ours" "Chromium and visit at $url"
    [ "$ours" != secure ] || secure=$((secure + 1))
done
expect_equal 7 "$secure" 'upgrades'
finish
