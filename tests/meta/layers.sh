#!/usr/bin/env bash
# The layers of docs/architecture.md: who may include whom, and which folder may see which library.
# First the check itself is shown to fail: one forbidden line at a time is put into a small tree.
. "$SOURCE_DIR/tests/lib/check.sh"
meta=$SOURCE_DIR/tests/meta

layers() # ROOT
{
    cd "$1" || return 1
    find engine formats store include src examples modules tests fuzz bench -name '*.[ch]' 2>/dev/null | sort |
        xargs awk -f "$meta/layers.awk" "$meta/layers.txt" "$meta/headers.txt" || return 1
}

forbidden() # FILE LINE
{
    rm -rf "$TEST_DIR/tree"
    mkdir -p "$TEST_DIR/tree/$(dirname "$1")"
    printf '#include <string.h>\n%s\n' "$2" >"$TEST_DIR/tree/$1"
    expect_exit 1 layers "$TEST_DIR/tree"
    expect_text out "$1:2: "
}

allowed() # FILE LINE
{
    rm -rf "$TEST_DIR/tree"
    mkdir -p "$TEST_DIR/tree/$(dirname "$1")"
    printf '#include <string.h>\n%s\n' "$2" >"$TEST_DIR/tree/$1"
    expect_exit 0 layers "$TEST_DIR/tree"
}

forbidden engine/a.c '#include <stdio.h>'
forbidden engine/a.c '#include <time.h>'
forbidden engine/a.c '#include "base/json.h"'
forbidden engine/a.c '#  include <uv.h>'
forbidden store/a.c '#include "base/json.h"'
forbidden store/a.c '#include <openssl/ssl.h>'
forbidden engine/a.c '#include "store/store.h"'
forbidden include/holdfast/a.h '#include "engine/ascii.h"'
forbidden src/base/a.c '#include "net/loop.h"'
forbidden src/base/a.c '#include <openssl/ssl.h>'
forbidden src/rules/a.c '#include "net/loop.h"'
forbidden src/rules/a.c '#include "probe/probe.h"'
forbidden src/report/a.c '#include <jansson.h>'
forbidden src/probe/a.c '#include <ares.h>'
forbidden src/lab/a.c '#include <openssl/x509.h>'
forbidden src/probe/a.c '#include "../rules/rules.h"'
forbidden src/facts/a.c '#include <unknown.h>'
forbidden formats/a.c '#include "engine/ascii.h"'
forbidden formats/a.c '#include <uv.h>'
forbidden engine/a.c '#include <sqlite3.h>'
forbidden examples/a.c '#include "engine/ascii.h"'
allowed engine/a.c '#include "holdfast/host.h"'
allowed store/a.c '#include "engine/sized.h"'
allowed src/base/a.c '#include <jansson.h>'
allowed src/probe/a.c '#include "net/loop.h"'
allowed src/net/a.c '#include <openssl/ssl.h>'
allowed formats/a.c '#include <plist/plist.h>'
allowed src/cmd/a.c '#include "report/text.h"'

expect_exit 0 layers "$SOURCE_DIR"
printf '%s\n' "$out"
finish
