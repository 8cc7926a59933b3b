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
2: invalid: browsers ignore this header
  error: max-age must be digits only: no sign, unit, blank or dot
    max-age-not-digits, offset 8, RFC 6797 6.1.1
    max-age=1y
            ^~' "$out" 'two fields'

# What was meant is said; the whole line of a response is known for what it is.
expect_exit 0 "$HOLDFAST" header 'max_age=1; include SubDomains; preloaded; foo'
expect_text out 'is ignored: did you mean max-age?'
expect_text out 'is ignored: did you mean includeSubDomains?'
expect_text out 'is ignored: did you mean preload?'
expect_text out 'info: an unknown directive, ignored
'
for name in Strict-Transport-Security strict-transport-security STRICT-TRANSPORT-SECURITY; do
    expect_exit 0 "$HOLDFAST" header "$name: max-age=300"
    expect_equal 'valid
  max-age            300: 5 minutes' "$(head -n 2 <<<"$out")" "the line of $name"
done
for value in 'max-age=300' 'Strict-Transport-Security' 'Strict: max-age=300' ': x' ''; do
    expect_exit 0 "$HOLDFAST" header "$value"
    expect_no_text out 'leave out'
done

# --fail-on: the gravest note of all values decides, whatever the output.
for value in max-age=9 max-age=09 'max-age=9; preload' max-age=x; do
    for fail_on in info warning error never; do
        case $value,$fail_on in
        max-age=9,* | *,never | max-age=09,warning | max-age=09,error | *preload,error) code=0 ;;
        *) code=1 ;;
        esac
        expect_exit "$code" "$HOLDFAST" header --fail-on "$fail_on" "$value" max-age=9
        expect_exit "$code" "$HOLDFAST" header --json --fail-on "$fail_on" "$value" max-age=9
        printf '"%s"\n' "$value" max-age=9 >lines
        expect_exit "$code" "$HOLDFAST" header --jsonl lines --fail-on "$fail_on"
        echo no JSON >>lines
        expect_exit 2 "$HOLDFAST" header --jsonl lines --fail-on "$fail_on"
    done
    expect_exit 0 "$HOLDFAST" header "$value"
done
expect_exit 2 "$HOLDFAST" header --fail-on doom max-age=9
expect_equal "holdfast: header: --fail-on: 'doom' is not one of error, warning, info, never (holdfast header --help)" \
    "$err" 'no severity'
expect_exit 2 "$HOLDFAST" header --fail-on error --build max-age=9

# Something missing is marked where it is missing; of nothing, nothing is shown.
expect_exit 0 "$HOLDFAST" header 'includeSubDomains; max-age'
expect_text out '
    includeSubDomains; max-age
                       ^~~~~~~'
expect_exit 0 "$HOLDFAST" header ''
expect_equal 'invalid: browsers ignore this header
  error: the required directive max-age is missing
    max-age-missing, offset 0, RFC 6797 6.1.1' "$out" 'an empty field'

# A whole head, as curl -sI prints it: the headers of that name in their order, each with the lines that fold it.
head=$'HTTP/2 200\r\nserver: x\r\nstrict-transport-security: max-age=300\r\n'
head+=$'Strict-Transport-Security:max-age=7;\r\n includeSubDomains\r\nx: y\r\n\r'
expect_exit 0 "$HOLDFAST" header -q "$head"
expect_equal '1: valid
2: valid' "$out" 'the headers of a head'
expect_exit 0 "$HOLDFAST" header --json "$head"
expect_text out '"value": "max-age=7;\r\n includeSubDomains"'
expect_exit 2 "$HOLDFAST" header $'HTTP/1.1 200 OK\r\nserver: x\r'
expect_equal 'holdfast: header: the response has no Strict-Transport-Security header' "$err" 'a head without one'
expect_exit 0 "$HOLDFAST" header -q $'max-age=300\r'
expect_equal valid "$out" 'the end of a line that $(...) keeps'
expect_exit 0 "$HOLDFAST" header -q $'max-age=300\rx'
expect_equal 'invalid: browsers ignore this header' "$out" 'CR elsewhere'

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
2: invalid: browsers ignore this header' "$out" 'the answer alone'
expect_exit 0 "$HOLDFAST" header -v ' MAX-AGE = 600 ; includesubdomains;'
expect_text out '  canonical          max-age=600; includeSubDomains'
expect_exit 0 "$HOLDFAST" header -- '-1'
expect_text out 'invalid: '

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
for list in '' include-subdomains max-age=1x max-age= max-age=-1 max-age=9223372036854775807m 'max-age=1;preload' \
    'max-age=1,'; do
    expect_exit 2 "$HOLDFAST" header --build "$list"
    expect_equal '' "$out" "nothing is built of '$list'"
    expect_text err 'holdfast: header: --build: '
done

# RFC 6797 6.1: no directive twice, however the second is written.
for list in max-age=1y,max-age=2y max-age=0,max-age=0 max-age=1,preload,preload \
    max-age=1,include-subdomains,includeSubDomains; do
    expect_exit 2 "$HOLDFAST" header --build "$list"
    expect_equal '' "$out" "nothing is built of '$list'"
    expect_equal "holdfast: header: --build: '${list##*,}': a directive must appear only once (RFC 6797 6.1)" "$err" \
        "$list"
done
# Nothing is cut off: what is too long to be read is refused.
printf -v zeros '%060d' 0
expect_exit 2 "$HOLDFAST" header --build "max-age=${zeros}31536000"
expect_equal '' "$out" 'nothing is built of a part that is too long'
expect_text err 'is longer than the 63 octets of any part'
expect_exit 0 "$HOLDFAST" header --build "max-age=${zeros:0:47}31536000"
expect_equal 'max-age=31536000' "$out" 'a part of 63 octets'
finish
