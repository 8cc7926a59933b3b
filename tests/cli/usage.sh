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
refused "header: --color: 'red' is not one of auto, always, never (holdfast header --help)" header --color red x
refused "decide: --at: 'noon' is not a time: write 2026-11-20, 2026-11-20T10:25:00Z or Unix seconds (holdfast decide --help)" decide \
    --at=noon http://x/
for at in 0000-01-01T00:00:00+00:01 -62167219201 9999-12-31T23:59:60Z 253402300800 9223372036854775807 \
    -9223372036854775807; do
    refused "decide: --at: the time is outside the years 0000 to 9999 (holdfast decide --help)" decide \
        --at "$at" http://x/
done
refused "check: 'hosts.csv': there is no such file; a list of hosts is a file, or - for standard input (a host of this name: 'hosts.csv.')" \
    check hosts.csv
refused "preload lookup: 'https://a.test:443/': a host is expected, without scheme, port and path: write a.test" \
    preload lookup https://a.test:443/
refused "check: --format: unknown format 'xml' (one of text json) (holdfast check --help)" check --format xml x
refused "check: --header: no colon: 'Name: value' is asked for (holdfast check --help)" check --header secret x.test
refused 'visit: --header: a value with a control character (holdfast visit --help)' visit --header $'X: a\r\nY: b' http://x.test/
refused 'probe: --header: Host names the site: check that name, and reach it elsewhere with --connect-to or --resolve (holdfast probe --help)' \
    probe --header 'host: a.test' x.test
refused 'check: --header: a field of the connection, which is set here (holdfast check --help)' check --header 'TE: x' x.test
refused 'check: --user-agent: not a value of User-Agent: 1 to 1024 characters, none a control character or a blank at an end (holdfast check --help)' \
    check --user-agent '' x.test
refused 'check: --json and --format contradict each other' check --json --format text x
refused 'check: --also-name is about a HOST: with --chain it is --for NAME' check --chain x.pem --also-name a.test
for options in '--history x' '--names x' '--zone x' '--axfr a.test' '--as firefox' '--preload x' --tls; do
    # shellcheck disable=SC2086 # several words
    refused 'check: --as, --axfr, --history, --names, --preload, --tls and --zone are about a HOST, and --chain takes none' \
        check --chain x.pem $options
done
refused "header: a VALUE is missing: holdfast header 'max-age=31536000'" header
refused 'decide: a URL is missing: holdfast decide http://example.com/' decide
refused "header: 'x' is one too many: --build and --jsonl take no VALUE" header --jsonl - x
refused "decide: 'x' is one too many: --jsonl takes no URL" decide --jsonl - x
refused 'header: --build writes a field value, and goes with neither --json nor --jsonl' header --build max-age=1 --json
lists='(holdfast --help lists commands, holdfast help findings lists findings)'
refused "help: unknown command or finding 'x' $lists" help x
refused "help: unknown command or finding 'hsts-shrot': did you mean hsts-short?" help hsts-shrot
refused "help: unknown command or finding 'finding': did you mean findings?" help finding
refused "help: unknown command or finding 'chek': did you mean check?" help chek
refused "help: 'decide' is one too many: one COMMAND or FINDING at a time" help header decide

# Of a long argument enough is said to know it again, whole characters, and what follows is not lost.
printf -v long '%0*d' 100000 0
refused "unknown command '${long:0:100}...' (holdfast --help lists them)" "$long"
refused "unknown command '${long:0:103}' (holdfast --help lists them)" "${long:0:103}"
refused "unknown command '${long:0:99}...' (holdfast --help lists them)" "${long:0:99}é$long"
refused "unknown option --${long:0:98}...: the command comes first (holdfast --help)" "--$long"
refused "header: unknown option --${long:0:100}... (holdfast header --help)" header "--$long=x"
refused "header: unknown option -${long:0:100}... (holdfast header --help)" header "-$long"
refused "header: --color: '${long:0:100}...' is not one of auto, always, never (holdfast header --help)" header \
    --color "$long" x
refused "decide: --at: 'x${long:0:99}...' is not a time: write 2026-11-20, 2026-11-20T10:25:00Z or Unix seconds (holdfast decide --help)" decide --at "x$long" http://x/
refused "header: '${long:0:100}...' is one too many: --build and --jsonl take no VALUE" header --jsonl - "$long"
refused "decide: '${long:0:100}...': offset 0: the URL has no scheme: did you mean http:// in front?" decide "$long"
refused "help: unknown command or finding '${long:0:100}...' $lists" help "$long"
expect_exit 2 "$HOLDFAST" decide --known "$long" http://x/
expect_text err "--known: cannot open ${long:0:100}...: "
echo "a..${long:0:2000} max-age=1" >known
refused "decide: --known: known:1: offset 1024: 'a..${long:0:97}...' is not a host name: the host is longer than 1024 octets before conversion" decide --known known http://x/

# Standard streams that are closed or cannot take the answer: said, where there is somebody to say it to, and exit 3.
for arguments in --help --version help 'help check' 'header --help' 'header max-age=1' 'header --json max-age=1' \
    'decide -q http://x/' 'header -b max-age=1'; do
    expect_exit 3 bash -c "\"\$HOLDFAST\" $arguments >/dev/full"
    expect_text err 'holdfast: cannot write the output: No space left on device'
    expect_exit 3 bash -c "\"\$HOLDFAST\" $arguments >&-"
    expect_text err 'holdfast: cannot write the output: Bad file descriptor'
    expect_exit 3 bash -c "\"\$HOLDFAST\" $arguments <&- >&- 2>&-"
    expect_exit 0 bash -c "\"\$HOLDFAST\" $arguments <&- 2>&-"
done
expect_exit 2 bash -c '"$HOLDFAST" header --jsonl - <&-'
expect_text err 'cannot read standard input: Bad file descriptor'
"$HOLDFAST" check -q --json --at 2026-01-01T00:00:00Z localhost:1 >json
"$HOLDFAST" check -q --format json --at 2026-01-01T00:00:00Z localhost:1 >format
expect_equal "$(cat json)" "$(cat format)" '--json is --format json'
"$HOLDFAST" check -q localhost:1 >open
opened=$?
for closed in '<&-' '2>&-' '<&- 2>&-'; do
    expect_exit "$opened" bash -c "\"\$HOLDFAST\" check -q localhost:1 $closed"
    expect_equal "$(cat open)" "$out" "a check with $closed"
done
expect_exit 3 bash -c '"$HOLDFAST" check -q localhost:1 >&-'

expect_exit 2 "$HOLDFAST"
expect_text err 'usage: holdfast COMMAND'
expect_exit 0 "$HF_VECTORS" --help
expect_text out 'usage: hf-vectors KIND FILE...'
expect_exit 2 "$HF_VECTORS"
expect_equal '' "$out" 'standard output of hf-vectors alone'
expect_exit 0 "$HOLDFAST" --help
expect_text out '  header  '
expect_exit 0 "$HOLDFAST" --version
expect_equal "holdfast $(sed -n 's/^project(holdfast VERSION \([0-9.]*\).*/\1/p' "$SOURCE_DIR/CMakeLists.txt")" "$out" \
    'the version'

# help shows the page of this version, with whatever viewer there is, and what --help says where there is none.
expect_exit 0 "$HOLDFAST" help header
expect_text out 'max-age'
mkdir none
expect_exit 0 env PATH="$PWD/none" "$HOLDFAST" help header
expect_text out 'usage: holdfast header [options] VALUE...'
expect_exit 0 env PATH="$PWD/none" "$HOLDFAST" help
expect_text out 'usage: holdfast COMMAND'
expect_exit 0 "$HOLDFAST" help help
expect_text out 'usage: holdfast help [COMMAND|FINDING|findings]'
finish
