#!/usr/bin/env bash
# Firefox and we read each other's SiteSecurityServiceState.bin.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/peer.sh"
need firefox-esr
need certutil
peer_site
mkdir profile
file=$PWD/profile/SiteSecurityServiceState.bin
certutil -N -d sql:profile --empty-password
certutil -A -n test -t C,, -d sql:profile -i root.pem
cat >profile/user.js <<PREFERENCES
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", $proxy);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", $proxy);
user_pref("dom.security.https_first", false);
user_pref("dom.security.https_first_schemeless", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("services.settings.server", "data:,");
user_pref("security.OCSP.enabled", 0);
PREFERENCES

# A screenshot ends the browser once the page is there; the proxy knows how it was asked for.
peer_sees()
{
    local host=${1#*://}
    : >proxy.log
    timeout 90 firefox-esr --headless --no-remote --profile "$PWD/profile" --screenshot "$PWD/seen.png" "$1" \
        >>firefox.log 2>&1
    peer_log "${host%/}"
}
peer_agrees firefox
finish
