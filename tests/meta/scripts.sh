#!/usr/bin/env bash
# The checker of shell scripts finds nothing in any of them (.shellcheckrc: what it is not asked).
. "$SOURCE_DIR/tests/lib/check.sh"
cd "$SOURCE_DIR" || exit 1
mapfile -t scripts < <(find tools tests bench fuzz examples completions .ci -name '*.sh' -o -path .ci/run -o -name \
    '*.bash' 2>/dev/null)
expect_exit 0 shellcheck --shell=bash "${scripts[@]}"
finish
