#!/usr/bin/env bash
# curl and we read each other's --hsts file.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/peer.sh"
need curl
peer_site
file=$PWD/hsts
peer_sees()
{
    curl --silent --max-time 20 --hsts "$file" --proxy "http://127.0.0.1:$proxy" --cacert root.pem "$1" | peer_page
}
peer_agrees curl
finish
