#!/usr/bin/env bash
# Every document of header and decide keeps its schema in docs/schema; and the schemas refuse what is not so.
. "$SOURCE_DIR/tests/lib/check.sh"
schema=$SOURCE_DIR/tests/lib/schema.py
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'

# The values of the vectors: the first column is a JSON string of octets.
sed -n '/^"/s/\t.*//p' "$SOURCE_DIR"/tests/vectors/header*.tsv >values
echo 'no JSON' >>values
"$HOLDFAST" header --jsonl values >answers 2>/dev/null
expect_equal "$(wc -l <values)" "$(wc -l <answers)" 'an answer a value'
expect_exit 0 python3 "$schema" header-line --lines <answers
printf '%s' "$out"
"$HOLDFAST" header --json 'max-age=1' 'x=' 'max-age=99999999999999999999; preload' >document
expect_exit 0 python3 "$schema" header <document

sed -n '/^"/s/\t.*//p' "$SOURCE_DIR"/tests/vectors/url*.tsv >urls
printf '%s\n' '"example.com"' 7 >>urls
printf 'example.com max-age=1000; includeSubDomains\n' >known
"$HOLDFAST" decide --known known --jsonl urls >answers 2>/dev/null
expect_equal "$(wc -l <urls)" "$(wc -l <answers)" 'an answer a URL'
expect_exit 0 python3 "$schema" decide-line --lines <answers
printf '%s' "$out"
"$HOLDFAST" decide --known known --json http://example.com/ http://a..b/ x:y >document 2>/dev/null
expect_exit 0 python3 "$schema" decide <document

printf 'a.test\t1\nb.test\t0\n' >list
printf 'a.test\t0\nc.test\t1\n' >newer
"$HOLDFAST" preload compile --date 2026-06-01 list list.img
printf '%s\n' '"x.a.test"' '"b.test"' '"c.test"' '"a b"' 7 >hosts
"$HOLDFAST" preload lookup --image list.img --jsonl hosts >answers 2>/dev/null
expect_exit 0 python3 "$schema" preload-lookup-line --lines <answers
"$HOLDFAST" preload lookup --image list.img --json a.test 'a b' >answers
expect_exit 0 python3 "$schema" preload-lookup <answers
"$HOLDFAST" preload info --json list.img >answers
expect_exit 0 python3 "$schema" preload-info <answers
"$HOLDFAST" preload diff --json list newer >answers
expect_exit 0 python3 "$schema" preload-diff <answers

# Flipped expectations.
sed 's/"added"/"came"/' answers >wrong
expect_exit 1 python3 "$schema" preload-diff <wrong
sed 's/"valid": true/"valid": 1/; s/"upgrade": true/"upgrade": "yes"/' document >wrong
expect_exit 1 python3 "$schema" decide <wrong
"$HOLDFAST" header --jsonl values 2>/dev/null | sed '1s/"notes"/"remarks"/' >wrong
expect_exit 1 python3 "$schema" header-line --lines <wrong
finish
