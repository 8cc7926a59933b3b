#!/usr/bin/env bash
# The catalogue of rules, the code and the manual say the same; a file of the catalogue that is malformed ends the
# build.
. "$SOURCE_DIR/tests/lib/check.sh"
catalogue=$SOURCE_DIR/src/findings/catalogue
ids=$(cat "$catalogue"/*.txt | grep -E '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' | sort)
[ "$(wc -l <<<"$ids")" -ge 80 ] || fail "only these rules were found: $ids"
expect_equal "$(sort -u <<<"$ids")" "$ids" 'rules that are there once'

# Every rule is raised: its symbol stands in a family. That every symbol is a rule is the compiler's business.
for id in $ids; do
    symbol=RULE_$(tr 'a-z-' 'A-Z_' <<<"$id")
    grep -qwr --include='*.c' "$symbol" "$SOURCE_DIR/src/rules" || fail "nothing raises $id: $symbol"
    checks=$((checks + 1))
done

# The manual of check explains every rule, and nothing else.
explained=$(sed -n '/^\.Ss Findings/,/^\.Sh/s/^\.It Cm //p' "$SOURCE_DIR/man/holdfast-check.1" | tr -d ' ' |
    tr ',' '\n' | sort)
expect_equal "$ids" "$explained" 'the findings in the manual'
# And under the right severity.
page_severity() # SEVERITY
{
    sed -n "/^Of severity $1:/,/^\.El/s/^\.It Cm //p" "$SOURCE_DIR/man/holdfast-check.1" | tr -d ' ' | tr ',' '\n' |
        sort
}
for severity in error warning info; do
    wanted=$(awk -v severity="$severity" '/^[a-z][a-z0-9-]*$/ { id = $0 } $0 == "severity: " severity { print id }' \
        "$catalogue"/*.txt | sort)
    expect_equal "$wanted" "$(page_severity "$severity")" "the rules of severity $severity in the manual"
done

# The titles begin lower case and have no full stop: they stand behind "error ID: ". The other texts are sentences.
grep -nE '^title: ([A-Z][a-z]|.*\.$)' "$catalogue"/*.txt && fail 'a title is a sentence'
awk 'function end() { if (text ~ /^(why|fix)/ && text !~ /[.)]$/) print FILENAME ": " text; text = "" }
    /^  / { text = text $0; next } { end() } /^(why|fix): / { text = $0 } END { end() }' "$catalogue"/*.txt >unended
expect_equal '' "$(cat unended)" 'texts that do not end as a sentence'

# The compiler of catalogues: a good file, then one fault each, named with its file and line.
compile()
{
    cmake "-DFILES=$TEST_DIR/one.txt" "-DOUT=$TEST_DIR/out" -P "$SOURCE_DIR/cmake/catalogue.cmake"
}
good='# a comment

a-rule
severity: info
section: 8.4
title: a [title]; with \ and "quotes"
why: Because.
  It goes on.
fix: Do it.'
printf '%s\n' "$good" >one.txt
expect_exit 0 compile
expect_equal 1 "$(grep -cF '[RULE_A_RULE] = {"a-rule", HF_SEVERITY_INFO, "8.4", "a [title]; with \\ and \"quotes\"", "Because. It goes on.", "Do it."},' out/rule_table.c)" 'the row'
expect_equal 1 "$(grep -c 'RULE_A_RULE,' out/include/findings/rule_ids.h)" 'the symbol'
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
change '3s/.*/A-rule/'
refused 3 'neither an id'
change '4s/info/fatal/'
refused 4 "'fatal' is not a severity"
change '5s/8.4/eight/'
refused 5 "'eight' is not a section"
change '9d'
refused 3 'a-rule has no fix'
change '7,8d'
refused 3 'a-rule has no why'
change '9p'
refused 10 'a-rule has two lines fix:'
change '3d'
refused 3 'severity: no id stands above it'
change '5a\  more'
refused 6 'there is no text above'
change '7s/Because/Because: \o303\o274/'
refused 7 'an octet that is not printable ASCII'
change '7s/why/whence/'
refused 7 'neither an id'
{ printf '%s\n\n' "$good"; printf '%s\n' "$good" | sed 1,2d; } >one.txt
refused 11 'a-rule is in the catalogue already'
: >one.txt
expect_exit 1 compile
expect_text err 'the catalogue is empty'
finish
