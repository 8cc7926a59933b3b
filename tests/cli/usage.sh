#!/usr/bin/env bash
# Commands and options: what is wrong is said in one line, on standard error, with exit code 2.
. "$SOURCE_DIR/tests/lib/check.sh"

refused()
{
    local wanted=$1
    shift
    expect_exit 2 "$HOLDFAST" "$@"
    expect_equal '' "$out" "standard output of: $*"
    expect_equal "holdfast: $wanted" "$err" "$*"
}
refused "unknown command 'heder': did you mean header?" heder
refused "unknown command 'qqqqqq' (holdfast --help lists them)" qqqqqq
refused 'unknown option --json: the command comes first (holdfast --help)' --json header
refused 'header: unknown option --jsn: did you mean --json? (holdfast header --help)' header --jsn x
refused 'header: unknown option --quite: did you mean --quiet? (holdfast header --help)' header --quite x
refused 'header: unknown option -z (holdfast header --help)' header -z x
refused 'header: --json takes no value (holdfast header --help)' header --json=yes x
refused 'header: --jsonl needs a value: --jsonl FILE (holdfast header --help)' header --jsonl
refused "header: --color: 'red' is none of auto, always, never (holdfast header --help)" header --color red x
refused "decide: --at: 'noon' is no time: write 2026-11-20T10:25:00Z or Unix seconds (holdfast decide --help)" decide --at=noon http://x/
refused "header: a VALUE is missing: holdfast header 'max-age=31536000'" header
refused 'decide: a URL is missing: holdfast decide http://example.com/' decide
refused "header: 'x' is one too many: --build and --jsonl take no VALUE" header --jsonl - x
refused "decide: 'x' is one too many: --jsonl takes no URL" decide --jsonl - x
refused 'header: --build writes a field value, and goes with neither --json nor --jsonl' header --build max-age=1 --json
refused "help: unknown command 'x' (holdfast --help lists them)" help x
refused "help: 'decide' is one too many: one COMMAND at a time" help header decide

expect_exit 2 "$HOLDFAST"
expect_text err 'usage: holdfast COMMAND'
expect_exit 0 "$HOLDFAST" --help
expect_text out '  header  '
expect_exit 0 "$HOLDFAST" --version
expect_equal "holdfast $(sed -n 's/^project(holdfast VERSION \([0-9.]*\).*/\1/p' "$SOURCE_DIR/CMakeLists.txt")" "$out" 'the version'

# help shows the page of this version, with whatever viewer there is, and what --help says where there is none.
expect_exit 0 "$HOLDFAST" help header
expect_text out 'max-age'
mkdir none
expect_exit 0 env PATH="$PWD/none" "$HOLDFAST" help header
expect_text out 'usage: holdfast header [options] VALUE...'
expect_exit 0 env PATH="$PWD/none" "$HOLDFAST" help
expect_text out 'usage: holdfast COMMAND'
expect_exit 0 "$HOLDFAST" help help
expect_text out 'usage: holdfast help [COMMAND]'
finish
