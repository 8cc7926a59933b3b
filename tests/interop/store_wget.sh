#!/usr/bin/env bash
# wget and we read each other's .wget-hsts.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/peer.sh"
need wget
peer_site
file=$PWD/hsts
peer_sees()
{
    wget --quiet --timeout=20 --tries=1 --output-document=- --hsts-file="$file" -e use_proxy=yes -e \
        "http_proxy=127.0.0.1:$proxy" \
        -e "https_proxy=127.0.0.1:$proxy" --ca-certificate=root.pem "$1" | peer_page
}
peer_agrees wget
finish
