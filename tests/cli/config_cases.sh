#!/usr/bin/env bash
# holdfast config lint finds what is wrong in the labelled configurations of tests/configs, and nothing else. Another
# manifest of that form: CONFIG_CASES=FILE.
. "$SOURCE_DIR/tests/lib/check.sh"

expect_exit 0 python3 "$SOURCE_DIR/tests/lib/config_cases.py" "${CONFIG_CASES:-$SOURCE_DIR/tests/configs/manifest.jsonl}"
printf '%s\n' "$out"
finish
