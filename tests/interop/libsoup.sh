#!/usr/bin/env bash
# The STS values of which libsoup makes a policy, next to ours.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/interop.sh"
pkg-config --exists libsoup-3.0 || skip 'libsoup-3.0-dev is not installed'
python3 "$interop/values.py" "$SOURCE_DIR"/tests/vectors/header*.tsv >values
"$HOLDFAST" header --jsonl values >ours || fail "holdfast header --jsonl: exit $?"
# shellcheck disable=SC2046
expect_exit 0 "${CC:-cc}" -o soup "$interop/soup.c" $(pkg-config --cflags --libs libsoup-3.0)
python3 -c 'import json, sys
for line in sys.stdin:
    print(json.loads(line).encode("latin-1").hex())' <values >octets
./soup <octets >kept || fail "the libsoup peer: exit $?"
compare libsoup kept
finish
