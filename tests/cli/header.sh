#!/usr/bin/env bash
# holdfast header: what it prints for people.
. "$SOURCE_DIR/tests/lib/check.sh"

expect_exit 0 "$HOLDFAST" header 'max-age="31536000"; includeSubDomains; foo'
expect_equal 'valid
  max-age            31536000: 1 year
  includeSubDomains  yes: the host and every name below it
  preload            no
  info: a quoted max-age is legal
    max-age-quoted, offset 8, RFC 6797 6.2
    max-age="31536000"; includeSubDomains; foo
            ^~~~~~~~~~
  info: an unknown directive, ignored
    unknown-directive, offset 39, RFC 6797 6.1
    max-age="31536000"; includeSubDomains; foo
                                           ^~~' "$out" 'a valid field'
expect_equal '' "$err" 'standard error of a valid field'

# RFC 6797 8.1: several fields, and the first counts.
expect_exit 0 "$HOLDFAST" header 'max-age=0' 'max-age=1y'
expect_equal '2 fields: were they one response, a user agent would process only the first (RFC 6797 8.1)
1: valid: the host is forgotten
  max-age            0: forget this host
  includeSubDomains  no: this host alone
  preload            no
  info: max-age=0: the host is forgotten (a preloaded entry and a parent'\''s policy stay)
    max-age-zero, offset 8, RFC 6797 6.1.1
    max-age=0
            ^
2: void: a user agent ignores this field
  error: max-age must be digits only: no sign, unit, blank or dot
    max-age-not-digits, offset 8, RFC 6797 6.1.1
    max-age=1y
            ^~' "$out" 'two fields'

# Something missing is marked where it is missing; of nothing, nothing is shown.
expect_exit 0 "$HOLDFAST" header 'includeSubDomains; max-age'
expect_text out '
    includeSubDomains; max-age
                       ^~~~~~~'
expect_exit 0 "$HOLDFAST" header ''
expect_equal 'void: a user agent ignores this field
  error: the required directive max-age is missing
    max-age-missing, offset 0, RFC 6797 6.1.1' "$out" 'an empty field'

# The marks stand under the escaped octets, however wide these are.
expect_exit 0 "$HOLDFAST" header $'max-age=1\e; \xc3\xa9x'
expect_text out '
    max-age=1\x1b; \xc3\xa9x
             ^~~~'
expect_text out '
    max-age=1\x1b; \xc3\xa9x
                   ^~~~~~~~'

# Of a long value, what surrounds the note.
long=$(printf 'x%.0s' {1..300})
expect_exit 0 "$HOLDFAST" header "max-age=1; a=$long; max-age=2; b=$long"
expect_text out "
    ...${long:0:38}; max-age=2; b=${long:0:47}...
                                               ^~~~~~~"

expect_exit 0 "$HOLDFAST" header -q 'max-age=1; foo' bar
expect_equal '1: valid
2: void: a user agent ignores this field' "$out" 'the answer alone'
expect_exit 0 "$HOLDFAST" header -v ' MAX-AGE = 600 ; includesubdomains;'
expect_text out '  canonical          max-age=600; includeSubDomains'
expect_exit 0 "$HOLDFAST" header -- '-1'
expect_text out 'void: '

expect_exit 0 "$HOLDFAST" header --build max-age=1y,include-subdomains
expect_equal 'max-age=31536000; includeSubDomains' "$out" 'the built field'
expect_equal '' "$err" 'no warning'
expect_exit 0 "$HOLDFAST" header --build max-age=1y,include-subdomains,preload
expect_equal 'max-age=31536000; includeSubDomains; preload' "$out" 'the built field'
expect_equal '' "$err" 'no warning'
expect_exit 0 "$HOLDFAST" header --build=preload,max-age=300
expect_equal 'max-age=300; preload' "$out" 'the built field'
expect_text err 'at least 31536000'
expect_text err 'asks for includeSubDomains too'
expect_exit 0 "$HOLDFAST" header -q -bpreload,max-age=300
expect_equal '' "$err" 'no warning when quiet'
for list in '' include-subdomains max-age=1x max-age= max-age=-1 max-age=9223372036854775807m 'max-age=1;preload' 'max-age=1,'; do
    expect_exit 2 "$HOLDFAST" header --build "$list"
    expect_equal '' "$out" "nothing is built of '$list'"
    expect_text err 'holdfast: header: --build: '
done
finish
