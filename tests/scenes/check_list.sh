#!/usr/bin/env bash
# Many sites in one check: lists as people keep them, and the end of the report, which says what to mend first.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'
"$HOLDFAST" lab >table &
servers+=($!)
for ((i = 0; i < 100; i++)); do
    grep -q Serving table && break
    sleep 0.05
done
reach=$(grep -m 1 -o -- '--connect-to ::[^ ]* --cafile [^ ]* --public-roots [^ ]* --dns [^ ]*' table)
# shellcheck disable=SC2206 # the words of one line
reach=($reach)
faulty=(expired wrong-name self-signed no-chain no-header malformed downgrade loop tls-1-0 tls-1-1 weak-key)
{
    printf '# what is faulty\n'
    printf '%s.lab.test\n' "${faulty[@]}"
    printf '\n  good.lab.test \t # and one that is not\r\nhttps://extra.lab.test/page\n'
} >hosts

expect_exit 1 "$HOLDFAST" check "${reach[@]}" --json hosts
printf '%s\n' "$out" >document
expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check <document
expect_exit 0 python3 - "${faulty[@]}" <<'EOT'
import json, sys

summary = json.load(open("document"))["summary"]
ranked = [item["host"].split(".")[0] for item in summary["ranked"]]
faulty = sys.argv[1:]
assert summary["hosts"] == len(faulty) + 2 and summary["urgent"] == len(faulty) + 1, summary
assert sorted(ranked[:len(faulty)]) == sorted(faulty), ranked
assert ranked[-2:] == ["extra", "good"], ranked
assert set(ranked[:3]) == {"loop", "tls-1-0", "tls-1-1"}, ranked
EOT
# On a terminal: what was found, then a table, then what to do; and no facts, unless they are asked for.
expect_exit 1 "$HOLDFAST" check "${reach[@]}" hosts
expect_text out 'What to do first (12 of 13 sites):'
expect_text out 'expired.lab.test: the certificate has expired; returning visitors are blocked'
expect_text out 'fix: as for'
expect_text out 'certificates end'
expect_no_text out 'sent with it'
expect_exit 1 "$HOLDFAST" check "${reach[@]}" --verbose hosts
expect_text out 'sent with it'
expect_exit 1 "$HOLDFAST" check "${reach[@]}" -q hosts
expect_no_text out 'What to do first'
expect_equal 13 "$(grep -c . <<<"$out")" 'lines of the verdicts alone'

# The same list as CSV, with a heading, on standard input; and as JSON strings.
{
    printf 'Owner,Host\n"Ann, B",good.lab.test\nBo,"extra.lab.test"\n'
} >csv
expect_exit 0 "$HOLDFAST" check "${reach[@]}" -q csv
expect_equal 2 "$(grep -c . <<<"$out")" 'hosts of the CSV'
expect_exit 0 "$HOLDFAST" check "${reach[@]}" -q - <csv
expect_text out good.lab.test
# A column by its name, and objects; what has no such column is no list.
printf 'Host,Served as\nnone.invalid,good.lab.test\nnone.invalid,https://extra.lab.test/\n' >columns.csv
expect_exit 0 "$HOLDFAST" check "${reach[@]}" -q --column 'served AS' columns.csv
expect_equal 2 "$(grep -c '^\(good\|extra\).lab.test' <<<"$out")" 'hosts of the column'
expect_exit 2 "$HOLDFAST" check "${reach[@]}" --column owner columns.csv
expect_text err "columns.csv: line 1: no column 'owner': the first line is 'Host,Served as'"
expect_exit 0 "$HOLDFAST" probe "${reach[@]}" -q --column 'served as' columns.csv
expect_equal 2 "$(grep -c '^\(good\|extra\).lab.test' <<<"$out")" 'hosts of the column that probe takes'
expect_exit 2 "$HOLDFAST" probe "${reach[@]}" --column owner columns.csv
expect_text err "columns.csv: line 1: no column 'owner'"
printf '{"host":"good.lab.test","note":"x"}\n' >objects.jsonl
expect_exit 0 "$HOLDFAST" check "${reach[@]}" -q objects.jsonl
expect_text out good.lab.test
printf '# ours\nhttps://sub.example.dev/x\nb.app:8443\n' >names
expect_exit 0 "$HOLDFAST" preload lookup --json names
expect_text out '"sub.example.dev"'
expect_text out '"b.app"'
printf 'a.dev\na b\n' >wrong
expect_exit 2 "$HOLDFAST" preload lookup wrong
expect_text err 'wrong: line 2'
expect_exit 2 "$HOLDFAST" preload lookup nothere.txt
expect_text err 'there is no such file'
printf '"good.lab.test"\n"\\u0065xtra.lab.test"\n' >strings.jsonl
expect_exit 0 "$HOLDFAST" check "${reach[@]}" -q strings.jsonl
expect_text out extra.lab.test
expect_exit 0 "$HOLDFAST" check "${reach[@]}" good.lab.test
expect_no_text out 'What to do first'

# --fail-on: by severity, by id, and by several of them.
expect_exit 0 "$HOLDFAST" check "${reach[@]}" -q --fail-on never no-header.lab.test
expect_exit 0 "$HOLDFAST" check "${reach[@]}" -q --fail-on cert-expired no-header.lab.test
expect_exit 1 "$HOLDFAST" check "${reach[@]}" -q --fail-on cert-expired,hsts-missing no-header.lab.test
expect_exit 1 "$HOLDFAST" check "${reach[@]}" -q --fail-on cert-expired --fail-on error no-header.lab.test
expect_exit 2 "$HOLDFAST" check "${reach[@]}" --fail-on error,hsts-mising no-header.lab.test
expect_text err "'hsts-mising' is neither a severity nor a finding: did you mean hsts-missing?"
expect_exit 2 "$HOLDFAST" check "${reach[@]}" --fail-on never,error no-header.lab.test
expect_text err 'never and a severity contradict each other'

# What is no host is an error with its place, and nothing is checked.
printf 'good.lab.test\na b.test\n' >bad
expect_exit 2 "$HOLDFAST" check "${reach[@]}" bad
expect_text err 'bad: line 2'
expect_equal '' "$out" 'nothing on standard output'
printf 'good.lab.test\nx\0y.test\n' >nul
expect_exit 2 "$HOLDFAST" check "${reach[@]}" nul
expect_text err 'nul: line 2'
printf '# none\n' >none
expect_exit 2 "$HOLDFAST" check "${reach[@]}" none
expect_text err 'the lists name no host'
seq 10001 | sed 's/$/.test/' >many
expect_exit 2 "$HOLDFAST" check many
expect_text err 'more than 10000 hosts'

finish
