#!/usr/bin/env bash
# Chromium and we read each other's TransportSecurity.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/peer.sh"
need chromium
peer_site
mkdir -p profile/Default
file=$PWD/profile/Default/TransportSecurity
spki=$(openssl x509 -in site.pem -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary |
    base64)
peer_sees()
{
    timeout 60 chromium --headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --user-data-dir="$PWD/profile" --ignore-certificate-errors-spki-list="$spki" \
        --proxy-server="http://127.0.0.1:$proxy" \
        --disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable --dump-dom "$1" 2>>chromium.log | peer_page
}
peer_agrees chromium
finish
