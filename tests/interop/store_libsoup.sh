#!/usr/bin/env bash
# libsoup and we read each other's database.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/peer.sh"
pkg-config --exists libsoup-3.0 || skip 'libsoup-3.0 is not installed'
# shellcheck disable=SC2046
"$CC" -o soup "$SOURCE_DIR/tests/interop/store_soup.c" $(pkg-config --cflags --libs libsoup-3.0) || exit 1
peer_site
file=$PWD/hsts.sqlite
peer_sees()
{
    timeout 30 ./soup "$file" "http://127.0.0.1:$proxy" "$PWD/root.pem" "$1" 2>>soup.log | peer_page
}
peer_agrees libsoup
finish
