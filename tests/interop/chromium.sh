#!/usr/bin/env bash
# The STS values that Chromium keeps, next to ours; and who is upgraded on the next visit, by Chromium and by `holdfast
# visit`.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/interop.sh"
need chromium
need certutil
serve_values

# A policy is noted over error-free TLS alone, so the authority must really be trusted.
mkdir -p "$HOME/.pki/nssdb"
certutil -d "sql:$HOME/.pki/nssdb" -N --empty-password </dev/null
expect_exit 0 certutil -d "sql:$HOME/.pki/nssdb" -A -t C,, -n test -i root.pem </dev/null

# browse SECONDS URL: until the page and all that it asked for is there, and SECONDS more of the time that Chromium
# feigns
browse()
{
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking \
        --disable-component-update --disable-sync --user-data-dir="$PWD/profile" \
        --disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable \
        --host-resolver-rules="MAP *.sts.test:443 127.0.0.1:$port, MAP *.sts.test:80 127.0.0.1:$http_port" \
        --virtual-time-budget="$(($1 * 1000))" --dump-dom "$2" </dev/null >>chromium.log 2>&1 ||
        fail "chromium: exit $?"
}

# What it notes it writes ten seconds after the first change.
browse 20 https://hub.sts.test/
compare chromium profile/Default/TransportSecurity

# The next visit, over plain HTTP: to a host that was noted, one whose field is void, one with max-age=0.
number_of()
{
    grep -nxF "$1" values | cut -d: -f1 | awk '{ print $1 - 1 }'
}
kept=$(number_of '"max-age=31536000"') void=$(number_of '"includeSubDomains"') off=$(number_of '"max-age=0"')
visit()
{
    "$HOLDFAST" visit "$1" --store known --cafile root.pem --connect-to ":443:127.0.0.1:$port" \
        --connect-to ":80:127.0.0.1:$http_port" >>visits
}
for number in "$kept" "$void" "$off"; do
    visit "https://v$number.sts.test/"
done
for number in "$kept" "$void" "$off"; do
    : >asked
    visit "http://v$number.sts.test/"
    cut -d' ' -f1,2 asked >ours.asked
    : >asked
    browse 1 "http://v$number.sts.test/"
    expect_equal "$(cat ours.asked)" "$(grep "v$number.sts.test /\$" asked |
        cut -d' ' -f1,2)" "the second visit of v$number.sts.test"
    scheme=http
    [ "$number" = "$kept" ] && scheme=https
    expect_equal "$scheme v$number.sts.test" "$(cat ours.asked)" "what holdfast visit asks of v$number.sts.test"
done
finish
