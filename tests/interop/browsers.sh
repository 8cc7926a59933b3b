#!/usr/bin/env bash
# Situations before headless Chromium and Firefox, and before Holdfast: who gets in, and what is shown.
# The tables are in tests/interop/browsers; docs/browsers.md is what came of them. With BROWSERS_WRITE=1 it is written.
# With BROWSERS_BELIEVE=1 no browser is started: the page is believed, and Holdfast alone is asked.
# With BROWSERS_ONLY=WORD only the rows are run whose name or kind has the word.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
for tool in chromium firefox-esr certutil openssl ip; do
    need "$tool"
done
own_network=(unshare --net --mount --pid --fork --kill-child --mount-proc)
"${own_network[@]}" true 2>/dev/null || excuse 'this machine gives no network of its own (unshare --net --mount)'
expect_exit 0 "${own_network[@]}" python3 -B "$SOURCE_DIR/tests/interop/browsers/run.py" "$SOURCE_DIR/docs/browsers.md" \
    ${BROWSERS_WRITE:+--write} ${BROWSERS_BELIEVE:+--believe} ${BROWSERS_ONLY:+--only "$BROWSERS_ONLY"}
printf '%s\n' "$out"
finish
