#!/usr/bin/env bash
# Random stores in every dialect, converted into every kind: what was protected still is, or it was announced.
# CONVERSIONS=10000 for a long run.
. "$SOURCE_DIR/tests/lib/check.sh"
expect_exit 0 python3 "$SOURCE_DIR/tests/interop/store_convert.py" "$HOLDFAST" "$TEST_DIR" "${CONVERSIONS:-1500}"
finish
