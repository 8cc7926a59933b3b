#!/usr/bin/env bash
# Nothing is left for later in the sources: no note to oneself, no code switched off.
. "$SOURCE_DIR/tests/lib/check.sh"
cd "$SOURCE_DIR" || exit 1
mapfile -t folders < <(find . -mindepth 1 -maxdepth 1 -not -name .git -not -name build -not -name node_modules)
expect_exit 1 grep -rnwE 'TO''DO|FIX''ME|X''XX|HA''CK' "${folders[@]}"
printf '%s' "$out"
expect_exit 1 grep -rnE '^[[:space:]]*#[[:space:]]*if 0' --include='*.[ch]' "${folders[@]}"
printf '%s' "$out"
finish
