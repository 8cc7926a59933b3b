#!/usr/bin/env bash
# The compiler of src/browsers/causes.txt: a good file, then one fault each, named with its file and line.
. "$SOURCE_DIR/tests/lib/check.sh"
compile()
{
    cmake "-DFILE=$TEST_DIR/one.txt" "-DOUT=$TEST_DIR/out" -P "$SOURCE_DIR/cmake/causes.cmake"
}
good='# a comment

a-cause
sign: tls-error not-yet-valid issuer
text: a [text]; with \ and "quotes"
  that goes on
tls: yes
rank: 7 general 2
chrome: NET::ERR_X, bypass
firefox: SEC_ERROR_Y
safari: none
source: measured

another
sign: failure tls-alert alert 40
tls: no
chrome: ERR_Z
edge: -
firefox: -
safari: NSURLErrorZ
source: documented'
printf '%s\n' "$good" >one.txt
expect_exit 0 compile
row() # TEXT: the table has a row with it
{
    expect_equal 1 "$(grep -cF "$1" out/cause_table.c)" "the row $1"
}
row '{"a-cause", BROWSERS_SIGN_TLS_ERROR, FACTS_TLS_NOT_YET_VALID, BROWSERS_ISSUER, 0, "a [text]; with \\ and \"quotes\" that goes on", '
row '{{"NET::ERR_X", true, false}, {"NET::ERR_X", true, false}, {"SEC_ERROR_Y", false, false}, {NULL, false, true}, }, 7, 2, true, true, "measured"}'
row '{"another", BROWSERS_SIGN_FAILURE, FACTS_FAILURE_TLS_ALERT, BROWSERS_ANYWHERE, 40, NULL, {{"ERR_Z", false, false}, {NULL, false, false}, '
refused() # LINE TEXT: what compile says of one.txt
{
    expect_exit 1 compile
    err=$(tr '\n' ' ' <<<"$err" | tr -s ' ')
    expect_text err "one.txt:$1: $2"
}
change() # SED-SCRIPT
{
    printf '%s\n' "$good" | sed "$1" >one.txt
}
change '3s/.*/A-cause/'
refused 3 'neither an id'
change '3d'
refused 3 'sign: no id stands above it'
change '4s/tls-error/error/'
refused 3 "'error not-yet-valid issuer' is no sign"
change '4s/issuer/root/'
refused 3 "'tls-error not-yet-valid root' is no sign"
change '15s/40/0/'
refused 14 "'failure tls-alert alert 0' is no sign"
change '7s/yes/true/'
refused 3 'a-cause: tls is yes or no'
change '8d'
refused 3 'a tls-error, and nothing else, has'
change '16s/.*/&\nrank: 1 2/'
refused 14 'a tls-error, and nothing else, has'
change '9s/, bypass/ bypass/'
refused 3 "'NET::ERR_X bypass' is neither a code"
change '12d'
refused 3 'a-cause has no source'
change '4s/.*/sign: none/;5,6d;8d'
refused 3 'a-cause has no text'
change '11p'
refused 12 'a-cause has two lines safari:'
change '7s/.*/&\n  more/'
refused 8 'neither an id'
change '14s/.*/a-cause/'
refused 14 'a-cause is there already'
change '12s/$/ \o303\o274/'
refused 12 'a byte that is not printable ASCII'
: >one.txt
expect_exit 1 compile
expect_text err 'there are no causes'
finish
