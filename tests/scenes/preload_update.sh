#!/usr/bin/env bash
# holdfast preload update from a real server: nginx over HTTPS, at the very addresses it asks by itself; and from a
# Debian archive (one of our own, for apt-get) where that server cannot be reached. Whatever goes wrong, the old image
# stays, and nothing else is left.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue site chromium.googlesource.com,raw.githubusercontent.com,moved.test
issue other other.test
now=2026-11-20T12:00:00Z
seeds=$SOURCE_DIR/fuzz
images=$XDG_DATA_HOME/holdfast/preload
export TMPDIR=$PWD/tmp
mkdir tmp

# -- Lists, as they are served.
google=chromium/src/+/main/net/http
mozilla='mozilla-firefox/firefox/main/security/manager/ssl'
mkdir -p "www/$google" "www/$mozilla" www/lists
chromium_list() # NAME...
{
    local name comma=
    printf '// Copyright\n{"entries": [\n'
    for name in "$@"; do
        printf '%s  { "name": "%s", "mode": "force-https", "include_subdomains": true }' "$comma" "$name"
        comma=$',\n'
    done
    printf '\n]}\n'
}
chromium_list {a,b,c,d,e,f}.test | base64 >"www/$google/transport_security_state_static.json"
cp "$seeds/preload_firefox/seeds/1" "www/$mozilla/nsSTSPreloadList.inc"
chromium_list {a,b,c}.test >www/lists/lost
chromium_list {a,b,c,d,e,f,g}.test >www/lists/more
chromium_list {a,b,c,x,y,z}.test >www/lists/swapped
chromium_list accounts.google.com app dev github.com www.torproject.org zip >www/lists/canaries
chromium_list accounts.google.com app dev github.com www.torproject.org >www/lists/no-zip
head -c 100 www/lists/more >www/lists/cut
printf '<!DOCTYPE html><p>Log in first</p>\n' >www/lists/portal
: >www/lists/empty

port=$(free_port) bad_port=$(free_port) short_port=$(free_port) plain=$(free_port)
{
    printf '%s\n' "ssl_certificate $PWD/site.full; ssl_certificate_key $PWD/site.key; default_type text/plain;" \
        'log_format asked "$scheme $request_uri $status $body_bytes_sent";' "root $PWD/www; port_in_redirect off;"
    printf 'server { listen 127.0.0.1:%s ssl; server_name chromium.googlesource.com raw.githubusercontent.com;\n' \
        "$port"
    printf 'access_log %s/asked.log asked;\n' "$PWD"
    printf '%s\n' 'location = /to-https { return 302 https://moved.test/lists/more; }' \
        'location = /to-http { return 302 http://moved.test/lists/more; }' 'location = /round { return 302 /round; }' \
        'location = /gone { return 503; } }'
    printf 'server { listen 127.0.0.1:%s ssl; server_name moved.test; }\n' "$port"
    printf 'server { listen 127.0.0.1:%s ssl; ssl_certificate %s; ssl_certificate_key %s; }\n' "$bad_port" \
        "$PWD/other.full" "$PWD/other.key"
    printf 'server { listen 127.0.0.1:%s; }\n' "$plain"
} >sites
nginx_start sites
# Promises more than it sends, over TLS.
printf 'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n' | cat - www/lists/more >short
openssl s_server -quiet -naccept 1 -accept "127.0.0.1:$short_port" -cert site.pem -cert_chain intermediate.pem -key \
    site.key \
    <short >/dev/null 2>&1 &
servers+=($!)

# The lists here are made up, and have no canaries but where one is given.
update()
{
    "$HOLDFAST" preload update --canary "${canary:-none}" "$@" --cafile "${cafile:-root.pem}" --connect-to ":443:127.0.0.1:$port"
}

# -- The default addresses: base64 from Chromium's, plain text from Firefox's; the second time nothing is sent.
expect_exit 0 update
expect_text out "$images/chromium.img: Chromium "
expect_equal '' "$err" 'nothing to note'
expect_exit 0 "$HOLDFAST" preload lookup -q x.f.test
expect_text out 'x.f.test is preloaded: f.test, with its subdomains'
expect_exit 0 update
expect_text out 'chromium.img: unchanged: Chromium '
expect_exit 0 update --list firefox
expect_text out "$images/firefox.img: Firefox 2026-11-01"
expect_equal "https /$google/transport_security_state_static.json?format=TEXT 200
https /$google/transport_security_state_static.json?format=TEXT 304
https /$mozilla/nsSTSPreloadList.inc 200" "$(cut -d' ' -f1-3 asked.log)" 'what was asked'
expect_equal '700 644' "$(stat -c %a "$images" "$images/chromium.img" | xargs)" 'rights'

# A damaged image, or another than the tag is of, does not stay because the server has nothing newer.
head -c 100 "$images/chromium.img" >cut.img
cp cut.img "$images/chromium.img"
expect_exit 0 update
expect_no_text out unchanged
cp "$images/firefox.img" "$images/chromium.img"
expect_exit 0 update
expect_no_text out unchanged

# -- On any failure the old image stays.
stays() # WORDS OPTION...
{
    local words=$1 before
    shift
    before=$(cat "$images"/* | sha256sum)
    expect_exit 3 update "$@"
    expect_text err "$words"
    expect_equal "$before" "$(cat "$images"/* | sha256sum)" "the images after: $*"
    expect_equal 'chromium.img chromium.img.tag firefox.img firefox.img.tag' "$(cd "$images" &&
        echo *)" "files after: $*"
}
host=https://chromium.googlesource.com
stays 'answers with status 404' --from $host/lists/none
stays 'answers with status 503' --from $host/gone
stays '3 of the 6 names of the old list are not on the new one, d.test for instance' --from $host/lists/lost
stays '3 of the 6 names of the old list are not on the new one, d.test for instance' --from $host/lists/swapped
canary=h.test stays 'the new list has no entry h.test, which every list must have' --from $host/lists/more
canary=g.test stays 'the new list has no entry h.test' --canary h.test --from $host/lists/more
stays 'line 3: a comma or the closing bracket is missing' --from $host/lists/cut
stays 'line 1: wanted is a name' --from $host/lists/portal
stays 'there is no name in it' --from $host/lists/empty
stays 'Protocol "http" not supported' --from $host/to-http
stays 'redirects' --from $host/round
stays "is Chromium's list: say --list chromium" --list firefox --from $host/lists/more
cafile=other.pem stays 'SSL' --from $host/lists/more
stays 'no alternative certificate subject name' --from $host/lists/more \
    --connect-to "chromium.googlesource.com:443:127.0.0.1:$bad_port"
stays 'write https' --from "http://127.evil.test:$plain/lists/more"
stays 'write https' --from http://moved.test/lists/more
stays '--offline forbids' --offline --from $host/lists/more
stays "Chromium's was asked for" --offline --list chromium
stays 'transfer closed' --from "https://moved.test:$short_port/" \
    --connect-to "moved.test:$short_port:127.0.0.1:$short_port"
stays 'connect to server' --from $host/lists/more --connect-to ':443:127.0.0.1:1'
expect_exit 0 env http_proxy=http://127.0.0.1:1 "$HOLDFAST" preload update --from "http://127.0.0.1:$plain/lists/more" \
    --image of-here.img
expect_exit 0 update --from $host/to-https
expect_exit 0 "$HOLDFAST" preload lookup -q g.test
expect_text out 'g.test is preloaded'

# The built-in canaries count where the browser's own server was asked, or Debian; another list need not have them.
usual()
{
    "$HOLDFAST" preload update --image usual.img --cafile root.pem --connect-to ":443:127.0.0.1:$port" "$@"
}
chromium=www/$google/transport_security_state_static.json
cp "$chromium" kept
expect_exit 3 usual
expect_text err 'the new list has no entry accounts.google.com, which every list must have'
base64 <www/lists/no-zip >"$chromium"
expect_exit 3 usual
expect_text err 'the new list has no entry zip,'
expect_exit 1 test -e usual.img
base64 <www/lists/canaries >"$chromium"
expect_exit 0 usual
cp kept "$chromium"
expect_exit 3 usual
expect_exit 0 usual --force
expect_exit 0 usual --from $host/lists/more
# A list that enforces no more protects nobody: it makes room for another.
expect_exit 0 usual --from $host/lists/lost --force --date 2026-01-01 --life 70d
expect_exit 0 usual --from $host/lists/canaries
expect_exit 0 "$HOLDFAST" preload lookup -q --image usual.img x.zip a.test
expect_text out 'x.zip is preloaded: zip'
rm usual.img*

# Many at once: each sees a whole image, and what lies there in the end is one.
pids=()
for list in more more more more more more; do
    update -q --from $host/lists/$list &
    pids+=($!)
done
for pid in "${pids[@]}"; do
    expect_exit 0 wait "$pid"
done
expect_exit 0 "$HOLDFAST" preload info
expect_equal 'chromium.img chromium.img.tag firefox.img firefox.img.tag' "$(cd "$images" && echo *)" 'files'

# -- Where the server cannot be reached: Debian's package, here of an archive of our own.
command -v apt-get >/dev/null || finish
package()
{
    rm -rf package
    mkdir -p package/DEBIAN package/usr/share/mediawiki/extensions-core/SecureLinkFixer archive/empty
    printf '%s\n' 'Package: mediawiki' "Version: $1" 'Architecture: all' 'Maintainer: Nobody <nobody@example.com>' \
        'Description: a list' \
        >package/DEBIAN/control
    cat >package/usr/share/mediawiki/extensions-core/SecureLinkFixer/domains.php
    rm -f archive/*.deb
    dpkg-deb --root-owner-group -b package "archive/mediawiki_$1_all.deb" >/dev/null || fail 'no package was made'
    {
        cat package/DEBIAN/control
        printf 'Filename: ./mediawiki_%s_all.deb\nSize: %s\nSHA256: %s\n\n' "$1" "$(stat -c %s \
            "archive/mediawiki_$1_all.deb")" \
            "$(sha256sum "archive/mediawiki_$1_all.deb" | cut -d' ' -f1)"
    } >archive/Packages
    apt-get -qq update >apt.log 2>&1 || fail "apt-get: $(cat apt.log)"
}
mkdir -p apt/lists/partial apt/cache/archives/partial apt/parts archive
chmod 755 "$PWD"
: >apt/status
printf 'deb [trusted=yes] file:%s/archive ./\n' "$PWD" >apt/sources.list
printf '%s\n' "Dir::State::lists \"$PWD/apt/lists\";" "Dir::State::status \"$PWD/apt/status\";" \
    "Dir::Cache \"$PWD/apt/cache\";" \
    "Dir::Etc::sourcelist \"$PWD/apt/sources.list\";" "Dir::Etc::sourceparts \"$PWD/apt/parts\";" >apt.conf
export APT_CONFIG=$PWD/apt.conf
# Where the package is installed its file comes first, and the rest cannot be tried.
[ ! -d /usr/share/mediawiki ] || finish

dark() # as update, but nobody is there
{
    "$HOLDFAST" preload update --canary "${canary:-none}" --connect-to ':443:127.0.0.1:1' --at "$now" "$@"
}
stays_dark()
{
    local words=$1 before
    shift
    before=$(cat "$images"/* 2>/dev/null | sha256sum)
    expect_exit 3 dark "$@"
    expect_text err "$words"
    expect_equal "$before" "$(cat "$images"/* 2>/dev/null | sha256sum)" "the images in the dark: $*"
    expect_equal '' "$(ls tmp)" 'what is left behind'
}
rm -r "$images"
stays_dark 'did apt-get update ever run?'
package 1.0 <"$seeds/preload_mediawiki/seeds/1"
stays_dark "Chromium's was asked for" --list chromium
stays_dark 'mediawiki is not installed here' --offline
expect_exit 2 dark --from debian --list chromium
expect_text err "has Firefox's list, not Chromium's"
expect_exit 0 dark
expect_text err 'note: https://chromium.googlesource.com/'
expect_text err "note: taking the copy of Firefox's list in Debian's package mediawiki instead"
expect_text err "from Debian's package mediawiki: mediawiki_1.0_all.deb, from file:"
expect_text out "$images/firefox.img: Firefox 2026-09-29, 52 days old"
expect_equal '' "$(ls tmp)" 'what is left behind'
expect_exit 0 "$HOLDFAST" preload lookup -q b.test
expect_text out 'b.test is preloaded: b.test, without its subdomains'
expect_exit 0 dark --list firefox
expect_text out 'firefox.img: unchanged: Firefox 2026-09-29'
expect_exit 0 dark -q
expect_equal '' "$out$err" 'a quiet update'

# A new version of the package comes; one that is broken, or of another sort, does not.
printf "<?php\n// firefox@1 (2026-10-01)\nreturn [\n'a.test' => 1,\n'b.test' => 0,\n'n.test' => 1,\n];\n" | package 2.0
expect_exit 0 dark --from debian
expect_text out 'firefox.img: Firefox 2026-10-01'
printf 'x' >>archive/mediawiki_2.0_all.deb
cp "$images/firefox.img.tag" tag
printf 'elsewhere\n\n\n' >"$images/firefox.img.tag"
stays_dark 'apt-get: exit code'
printf '<?php\nreturn [\n' | package 3.0
stays_dark 'the list is cut'
printf "<?php\n// firefox@1 (2026-10-02)\nreturn [\n'a.test' => 1,\n];\n" | package 4.0
stays_dark '2 of the 3 names of the old list are not on the new one, b.test for instance'

# A newer list that still enforces stays; one too old to enforce makes room.
printf "<?php\n// firefox@1 (2026-06-01)\nreturn [\n'a.test' => 1,\n'b.test' => 0,\n'o.test' => 1,\n];\n" | package 5.0
expect_exit 0 dark
expect_text out 'firefox.img: stays, being newer: Firefox 2026-10-01'
printf 'a.test\t1\nb.test\t1\nc.test\t0\n' >aged
expect_exit 0 "$HOLDFAST" preload compile --source Firefox --date 2026-07-01 --life 18w aged "$images/firefox.img"
expect_exit 0 dark
expect_text out 'firefox.img: Firefox 2026-06-01'

# And it is asked before a list of Chromium's that enforces no more.
expect_exit 0 "$HOLDFAST" preload compile --source Chromium --date 2026-06-01 --life 70d aged "$images/chromium.img"
expect_exit 0 "$HOLDFAST" decide -q --at "$now" http://o.test/ http://c.test/
expect_equal 'http://o.test/ -> https://o.test/
http://c.test/ stays' "$out" 'the list that enforces'
finish
