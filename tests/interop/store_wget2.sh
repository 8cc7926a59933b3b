#!/usr/bin/env bash
# wget2 and we read each other's .wget-hsts.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/peer.sh"
need wget2
peer_site
file=$PWD/hsts
# It speaks TLS with the proxy itself, whose name is in no certificate; it notes what it hears all the same.
peer_sees()
{
    wget2 --quiet --no-config --timeout=20 --tries=1 --output-document=- --hsts --hsts-file="$file" \
        --http-proxy="http://127.0.0.1:$proxy" --https-proxy="http://127.0.0.1:$proxy" --no-check-certificate \
        --no-ocsp "$1" | peer_page
}
peer_agrees wget2
finish
