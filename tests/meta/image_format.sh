#!/usr/bin/env bash
# docs/formats/preload-image.md is enough to read an image: a reader in Python, written by the page alone, finds what
# was put in.
. "$SOURCE_DIR/tests/lib/check.sh"
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/read_image.py" "$SOURCE_DIR/tests/lib/preload_golden.h"
expect_text out "14 entries"
for image in "$SOURCE_DIR"/fuzz/image/seeds/*; do
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/read_image.py" "$image"
done
finish
