#!/usr/bin/env bash
# `holdfast visit`: what makes no sense is refused in one line before anything is looked up, and no file is made.
. "$SOURCE_DIR/tests/lib/check.sh"

refused()
{
    local wanted=$1
    shift
    expect_exit 2 "$HOLDFAST" visit "$@"
    expect_equal '' "$out" "standard output of: visit $*"
    expect_equal "holdfast: visit: $wanted" "$err" "visit $*"
}
refused 'a URL is missing: holdfast visit http://example.com/'
refused "'example.com': not an http or https URL: write http:// or https:// in front" example.com
refused "'': not an http or https URL: write http:// or https:// in front" ''
refused "'ftp://a.test/': not an http or https URL: write http:// or https:// in front" ftp://a.test/
refused "'http://': offset 7: the URL has no host" http://
refused "'http://a b/': offset 8: a character that no host name may hold" 'http://a b/'
refused "'http://a.test:99999/': offset 14: the port is not a number from 0 to 65535" http://a.test:99999/
refused "'http://a.test:0/': offset 13: nothing can listen on port 0" http://a.test:0/
refused "'http://a..b/': offset 9: the host name has an empty label (two dots in a row, or a dot in front)" http://a..b/
refused "'http://[::1': offset 7: not an IPv6 address" 'http://[::1'
refused "'http://\\x1b[31m/': offset 7: a character that no host name may hold" $'http://\e[31m/'
refused "'nonsense': not an http or https URL: write http:// or https:// in front" http://localhost:2/ nonsense
refused '--store and --no-store contradict each other' --store x --no-store http://localhost:2/
refused '--timeout: a timeout of 0 leaves no time to look' --timeout 0 http://localhost:2/
refused '--ipv4 and --ipv6 leave no address' -46 http://localhost:2/
refused "--max-redirects: '1001' is not a number from 0 to 1000 (holdfast visit --help)" \
    --max-redirects 1001 http://localhost:2/
refused "--max-redirects: '-1' is not a number from 0 to 1000 (holdfast visit --help)" \
    --max-redirects -1 http://localhost:2/
refused "--max-redirects: '' is not a number from 0 to 1000 (holdfast visit --help)" --max-redirects= http://localhost:2/
refused "unknown option --stor: did you mean --store? (holdfast visit --help)" --stor x http://localhost:2/
expect_exit 2 "$HOLDFAST" visit --connect-to one:two http://localhost:2/
expect_exit 2 "$HOLDFAST" visit --cafile no-such-file http://localhost:2/
expect_text err no-such-file
expect_equal '' "$(find . -type f ! -name '.*')" 'files made on the way'

# No home, no store: that is said, and what to do.
expect_exit 3 env -u HOME -u XDG_DATA_HOME "$HOLDFAST" visit http://localhost:2/
expect_text err 'name a file with --store, or say --no-store'
expect_equal 1 "$(wc -l <<<"$err")" 'lines without a home'
expect_exit 1 env -u HOME -u XDG_DATA_HOME "$HOLDFAST" visit --no-store --quiet http://localhost:2/
expect_equal 'Failed: http://localhost:2/: nothing listens on the port (connection-refused)' "$out" 'the brief form'

# The reserved name does not exist; whether there is a resolver or not, this machine could not look.
expect_exit 3 "$HOLDFAST" visit --no-store --timeout 3 http://nobody.invalid/
expect_text out 'Could not look: http://nobody.invalid/'
expect_exit 1 "$HOLDFAST" visit --no-store --timeout 3 http://nobody.invalid/ http://localhost:2/
finish
