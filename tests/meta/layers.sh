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
forbidden include/holdfast/a.h '#include <sys/random.h>'
forbidden engine/a.c '#include "base/json.h"'
forbidden engine/a.c '#  include <uv.h>'
forbidden store/a.c '#include "base/json.h"'
forbidden store/a.c '#include <openssl/ssl.h>'
forbidden engine/a.c '#include "store/store.h"'
forbidden include/holdfast/a.h '#include "engine/ascii.h"'
forbidden src/base/a.c '#include "io/loop.h"'
forbidden src/base/a.c '#include <openssl/ssl.h>'
forbidden src/rules/a.c '#include "io/loop.h"'
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
allowed engine/a.c '#include <sys/random.h>'
allowed store/a.c '#include "engine/sized.h"'
allowed src/base/a.c '#include <jansson.h>'
allowed src/probe/a.c '#include "io/loop.h"'
allowed src/tls/a.c '#include <openssl/ssl.h>'
allowed formats/a.c '#include <plist/plist.h>'
allowed src/cmd/a.c '#include "report/text.h"'

cd "$TEST_DIR" || exit 1
# Every ban, one file each: a room of src includes each other room and each library that its line does not name.
# layers.awk must complain about every one of these files.
rm -rf "$TEST_DIR/tree"
awk -v tree="$TEST_DIR/tree" '
    FILENAME ~ /headers.txt$/ { if ($0 !~ /^#/ && $1 !~ /^(libc|posix|random)$/ && !($1 in header)) header[$1] = $2; next }
    /^src\/[a-z]+:/ {
        room = $1; sub(/:$/, "", room); rooms[room] = 1
        for (i = 2; i <= NF; i++) may[room, $i] = 1
    }
    END {
        for (room in rooms) {
            if ((room, "all") in may) continue
            print "mkdir -p " tree "/" room
            for (other in rooms) {
                name = other; sub(/^src\//, "", name)
                if (other != room && !((room, name) in may))
                    print "echo \047#include \"" name "/a.h\"\047 >" tree "/" room "/" name ".c"
            }
            for (library in header) {
                path = header[library]; sub(/\*/, "a.h", path)
                if (!((room, "<" library ">") in may))
                    print "echo \047#include <" path ">\047 >" tree "/" room "/lib_" library ".c"
            }
        }
    }' "$meta/headers.txt" "$meta/layers.txt" | sh
mkdir -p "$TEST_DIR/tree/src/base"
bans=$(find "$TEST_DIR/tree" -name '*.c' | wc -l)
expect_exit 1 layers "$TEST_DIR/tree"
expect_equal "$bans" "$(grep -c ':1: src/[a-z]* may not include ' <<<"$out")" "bans that were noticed"
[ "$bans" -gt 200 ] || fail "only $bans bans were tried"

expect_exit 0 layers "$SOURCE_DIR"
printf '%s\n' "$out"
finish
