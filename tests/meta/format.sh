#!/usr/bin/env bash
# Every C source has the form of .clang-format (`make format` gives it).
. "$SOURCE_DIR/tests/lib/check.sh"
expect_exit 0 "$SOURCE_DIR/tools/format.sh" --check
finish
