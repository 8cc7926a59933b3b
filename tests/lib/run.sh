#!/usr/bin/env bash
# Runs one test script in an empty folder of its own, which is removed afterwards. ctest calls this; see
# docs/testing.md.
set -u
export TEST_DIR
TEST_DIR=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-test.XXXXXX") || exit 1
tools=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-tools.XXXXXX") || exit 1
trap 'rm -rf "$TEST_DIR" "$tools"' EXIT
cd "$TEST_DIR" || exit 1

# Debian's programs come first: packages.txt installs what the tests need for Debian's own python3, for instance.
export PATH=/usr/bin:/bin:$PATH

# A test under another locale is a test of our programs, not of sed and grep: in Turkish no [a-z] of theirs holds an i.
if [ -n "${HF_TEST_LOCALE:-}" ]; then
    for variable in HOLDFAST HF_VECTORS; do
        printf '#!/bin/sh\nLC_ALL=%s exec "%s" "$@"\n' "$HF_TEST_LOCALE" "${!variable}" \
            >"$tools/$(basename "${!variable}")"
        chmod +x "$tools/$(basename "${!variable}")"
        export "$variable=$tools/$(basename "${!variable}")"
    done
fi
export LC_ALL=C.UTF-8

# A test must not see what its user keeps at home, nor leave anything there.
export HOME=$TEST_DIR XDG_DATA_HOME=$TEST_DIR/share XDG_CONFIG_HOME=$TEST_DIR/config XDG_CACHE_HOME=$TEST_DIR/cache
unset NO_COLOR CDPATH http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
bash "$1"
