#!/usr/bin/env bash
# holdfast header --json and --jsonl: every octet comes back, every line is answered, in order.
. "$SOURCE_DIR/tests/lib/check.sh"

expect_exit 0 "$HOLDFAST" header --json 'max-age=5'
expect_equal '{
  "fields": [
    {
      "value": "max-age=5",
      "valid": true,
      "max_age": 5,
      "include_subdomains": false,
      "preload": false,
      "notes": []
    }
  ]
}' "$out" 'the document'

cat >lines <<'END'
"max-age=31536000; includeSubDomains; preload"
 "max-age=1;\u0000\u00ff\n\"é"	
"max-age=9007199254740992"
max-age=1
"\u0100"
"max-age=1" x
"\ud800\udc00"
"a
END
printf '"max-age=2"' >>lines
expect_exit 2 "$HOLDFAST" header --jsonl lines
expect_equal '{"value":"max-age=31536000; includeSubDomains; preload","valid":true,"max_age":31536000,"include_subdomains":true,"preload":true,"notes":[]}' \
    "$(sed -n 1p <<<"$out")" 'the usual field'
expect_text out '{"value":"max-age=1;\u0000\u00ff\n\"\u00e9","valid":false,"max_age":null,"include_subdomains":null,"preload":null,"notes":[{"id":"'
expect_text out '"max_age":9007199254740991,'
expect_equal '{"error":{"line":4,"message":"offset 0: a JSON string is wanted here"}}
{"error":{"line":5,"message":"offset 1: U+0100 is no octet: a field value is octets, U+0000 to U+00FF"}}
{"error":{"line":6,"message":"offset 12: something stands behind the string"}}
{"error":{"line":7,"message":"offset 1: U+10000 is no octet: a field value is octets, U+0000 to U+00FF"}}
{"error":{"line":8,"message":"offset 2: the string has no closing '\''\"'\''"}}' "$(sed -n 4,8p \
    <<<"$out")" 'the malformed lines'
expect_text err 'holdfast: lines: line 5: offset 1: U+0100'
expect_equal 9 "$(wc -l <<<"$out")" 'a line for a line, the last without its end too'
expect_text out '{"value":"max-age=2","valid":true'

# Standard input is the same, and an empty one is no error.
expect_exit 2 "$HOLDFAST" header --jsonl - <lines
expect_text err 'holdfast: standard input: line 5: offset 1: U+0100'
expect_exit 0 "$HOLDFAST" header --jsonl - </dev/null
expect_equal '' "$out" 'nothing for nothing'

# A byte order mark is passed over, once; what is no JSON at all does not flood standard error.
printf '\xef\xbb\xbf"max-age=1"\n\xef\xbb\xbf"max-age=2"\n' >marked
expect_exit 2 "$HOLDFAST" header --jsonl marked
expect_text out '{"value":"max-age=1","valid":true,'
expect_equal 'holdfast: marked: line 2: offset 0: a JSON string is wanted here' "$err" 'a mark in the middle'
seq 10 >numbers
expect_exit 2 "$HOLDFAST" header --jsonl numbers
expect_equal 10 "$(wc -l <<<"$err")" 'ten lines about ten'
seq 1000 >numbers
expect_exit 2 "$HOLDFAST" header --jsonl numbers
expect_equal 1000 "$(wc -l <<<"$out")" 'an answer a line'
expect_equal 11 "$(wc -l <<<"$err")" 'eleven lines about a thousand'
expect_equal 'holdfast: numbers: and 990 more malformed lines' "$(tail -n 1 <<<"$err")" 'the rest'

# Every octet there is survives the way in and out.
python3 - >octets <<'END'
import json
print(json.dumps("".join(map(chr, range(256)))))
END
expect_exit 0 "$HOLDFAST" header --jsonl octets
expect_equal same "$(python3 - <<<"
import json
answer = json.loads(open('.out').read())
print('same' if answer['value'] == ''.join(map(chr, range(256))) else answer['value'])")" 'all octets'

# A line too long is refused and costs no other line its answer.
{
    echo '"max-age=1"'
    head -c 3000000 /dev/zero | tr '\0' a
    printf '\n"max-age=3"\n'
} >long
expect_exit 2 "$HOLDFAST" header --jsonl long
expect_equal '{"error":{"line":2,"message":"the line is longer than 262144 octets"}}' "$(sed -n 2p \
    <<<"$out")" 'the long line'
expect_text out '"max_age":3,'

# As many notes as there are octets are no trouble.
{
    printf '"max-age=1'
    head -c 200000 /dev/zero | tr '\0' ';'
    echo '"'
} >notes
expect_exit 0 "$HOLDFAST" header --jsonl notes
expect_equal many "$(python3 - <<<"
import json
answer = json.loads(open('.out').read())
print('many' if answer['valid'] and len(answer['notes']) > 100000 else len(answer['notes']))")" 'all notes'

# A program at the other end of two pipes gets its answer before it asks the next question.
coproc "$HOLDFAST" header --jsonl -
pid=$COPROC_PID
echo '"max-age=7"' >&"${COPROC[1]}"
read -r -t 20 answer <&"${COPROC[0]}"
expect_text answer '"max_age":7,'
eval "exec ${COPROC[1]}>&-"
wait "$pid"

expect_exit 2 "$HOLDFAST" header --jsonl missing
expect_equal 'holdfast: --jsonl: cannot open missing: No such file or directory' "$(LC_ALL=C "$HOLDFAST" header \
    --jsonl missing 2>&1)" 'no file'
expect_exit 2 "$HOLDFAST" header --jsonl .
expect_text err '. is a folder'
expect_exit 3 bash -c '"$HOLDFAST" header --jsonl lines >/dev/full'
expect_text err "cannot write the output"
expect_exit 3 bash -c '"$HOLDFAST" header max-age=1 >/dev/full'
finish
