#!/usr/bin/env bash
# Browsers ask https first, and fall back, without HSTS: Chromium and Firefox with default flags beside `holdfast visit
# --as`, for names below public suffixes and below none.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need chromium
need firefox-esr
need certutil
authority
chance=x$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
issue good "*.$chance.example.com,$chance.example.org,*.$chance.test,$chance.home.arpa,$chance.internal,$chance.lan,intranet$chance"
self_signed bad "self-signed.$chance.example.com"
expect_exit 0 timeout 280 python3 "$SOURCE_DIR/tests/interop/https_first.py" "$HOLDFAST" "$PWD/root.pem" "$PWD" "$chance"
expect_equal '81 compared; https was asked first by Chromium 32 times, by Firefox 31' "$out" 'differences'
finish
