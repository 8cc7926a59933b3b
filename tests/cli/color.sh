#!/usr/bin/env bash
# Colour: on a terminal only, unless asked for; NO_COLOR and TERM=dumb turn it off.
. "$SOURCE_DIR/tests/lib/check.sh"
esc=$'\e['

expect_exit 0 "$HOLDFAST" header max-age=1
expect_no_text out "$esc"
expect_exit 0 "$HOLDFAST" header --color=always max-age=1
expect_text out "$esc"
expect_exit 0 env NO_COLOR=1 "$HOLDFAST" header --color=always max-age=1
expect_text out "$esc"
plain=$("$HOLDFAST" header 'max-age=1; foo')
# shellcheck disable=SC2001 # a pattern with a bracket expression, which ${//} would read otherwise
expect_equal "$plain" "$("$HOLDFAST" header --color=always 'max-age=1; foo' |
    sed 's/\x1b\[[0-9;]*m//g')" 'colour changes nothing else'
expect_exit 0 "$HOLDFAST" header --color=always --json max-age=1
expect_no_text out "$esc"

command -v script >/dev/null || skip 'script (bsdutils) is not installed: no terminal to look at'
on_terminal()
{
    env "$1" script -qec "$HOLDFAST header $2 max-age=1" /dev/null </dev/null
}
unset NO_COLOR
out=$(on_terminal TERM=xterm '')
expect_text out "$esc"
out=$(on_terminal TERM=dumb '')
expect_no_text out "$esc"
out=$(on_terminal TERM=xterm --color=never)
expect_no_text out "$esc"
export TERM=xterm
out=$(on_terminal NO_COLOR=1 '')
expect_no_text out "$esc"
out=$(on_terminal NO_COLOR= '')
expect_text out "$esc"
finish
