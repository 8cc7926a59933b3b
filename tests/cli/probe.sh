#!/usr/bin/env bash
# Lists and options of `holdfast probe`, hostile ones among them; no network but this machine's closed ports.
. "$SOURCE_DIR/tests/lib/check.sh"
mkfifo pipe
closed=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
probe()
{
    "$HOLDFAST" probe --connect-to ":$closed:127.0.0.1:$closed" "$@"
}
query() # FILE EXPRESSION: what Python makes of the lines, by index
{
    python3 -c 'import json, sys
lines = {}
for text in open(sys.argv[1], encoding="utf-8"):
    line = json.loads(text)
    assert line["index"] not in lines
    lines[line["index"]] = line
print(eval(sys.argv[2]))' "$1" "$2"
}

# Every form of a line, and every kind of a line that is none.
python3 - "$closed" >list <<'X'
import sys
port = sys.argv[1].encode()
out = sys.stdout.buffer
lines = [b"\xef\xbb\xbf# a comment", b"", b"  a.test:%s \r" % port, b'"b.test:%s"' % port, b'{"host":"c.test","port":%s,"more":[{}]}' % port,
         b"[::1]:%s" % port, b"B\xc3\xbccher.test:%s" % port, b"A.test.:%s" % port, b"\t# another",
         b"a\x00b", b"x" * 1000000, b"\xff\xfe.test", b"a\x1b[2J.test", b"a b", b"https://a.test:%s/x" % port, b"a.test:0", b"a.test:99999", b"a.test:",
         b'"a', b'{"host":1}', b'{"host":"a.test","port":"x"}', b'{"host":"a.test","host":"b.test"}', b"{", b"[1]", b"x" * 2000, b"a..b", b":", b'""',
         b'"\\u0000"', b"z.test:%s" % port]
out.write(b"\n".join(lines))
X
expect_exit 4 probe --jsonl --output out list
expect_text err '8 hosts: 0 answered'
expect_text err 'lines refused'
expect_equal 27 "$(wc -l <out)" 'lines'
expect_equal 27 "$(query out 'len(lines)')" 'indices'
expect_equal "['a.test', 'b.test', 'c.test', '::1', 'xn--bcher-kva.test', 'a.test']" "$(query out \
    '[lines[i]["host"] for i in range(6)]')" hosts
expect_equal 'z.test' "$(query out 'lines[26]["host"]')" 'the last host'
expect_equal "{'connection-refused'}" "$(query out 'set(lines[i]["failure"]["code"] for i in range(6))')" 'failures'
expect_equal 19 "$(query out 'sum("error" in line for line in lines.values())')" 'refused'
expect_equal "[10, 11, 12]" "$(query out '[lines[i]["error"]["line"] for i in (6, 7, 8)]')" 'places'
expect_equal 'list' "$(query out 'lines[6]["error"]["source"]')" 'where'
expect_equal 'a NUL at octet 1' "$(query out 'lines[6]["error"]["message"]')" 'a NUL'
expect_equal 'the line is longer than 65536 octets' "$(query out 'lines[7]["error"]["message"]')" 'a long line'
expect_equal a.test "$(query out 'lines[11]["host"]')" 'a URL'
if tr -d '\n' <out | LC_ALL=C grep -q '[[:cntrl:]]'; then
    fail 'a raw control character in the output'
fi
# The same for people, by standard input, from a pipe, and by another file's name; nothing raw reaches the terminal.
expect_exit 4 probe --color always - <list
expect_text out 'connection-refused'
if LC_ALL=C tr -d '\n' <.out | sed 's/\x1b\[[0-9;]*m//g' | LC_ALL=C grep -q '[[:cntrl:]]'; then
    fail 'a raw control character for a terminal'
fi
cat list >pipe &
expect_exit 4 probe --jsonl -q pipe
expect_equal 27 "$(wc -l <.out)" 'lines from a pipe'
if python3 -c 'import jsonschema' 2>/dev/null; then
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" probe-line --lines <out
    printf '%s' "$out"
    expect_exit 4 probe --json list --output document
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" probe <document
    printf '%s' "$out"
    sed 's/"code"/"kind"/' out >wrong
    expect_exit 1 python3 "$SOURCE_DIR/tests/lib/schema.py" probe-line --lines <wrong
fi

# What is one document, is one also when it is empty; so is an interrupted one.
: >empty
expect_exit 0 probe --json -q empty
expect_equal '{"hosts":[] 0' "$(python3 -c 'import json; d = json.load(open(".out")); print("{\"hosts\":" + json.dumps(d["hosts"]), d["summary"]["hosts"])')" 'an empty document'

# Several operands count on; a name that a file has is the file, a dot at the end makes it a host.
printf 'f.test:%s\n' "$closed" >localhost
expect_exit 0 probe --jsonl -q --output out "a.test:$closed" localhost "b.test:$closed" - <<<"s.test:$closed"
expect_equal "['a.test', 'f.test', 'b.test', 's.test']" "$(query out '[lines[i]["host"] for i in range(4)]')" 'operands'
expect_exit 0 "$HOLDFAST" probe --jsonl -q localhost. --connect-to ":443:127.0.0.1:$closed" --output out
expect_equal localhost "$(query out 'lines[0]["host"]')" 'a dot at the end'

refused()
{
    local wanted=$1
    shift
    expect_exit 2 "$HOLDFAST" probe "$@"
    expect_equal '' "$out" "standard output of: $*"
    expect_equal "holdfast: probe: $wanted" "$err" "$*"
}
refused 'nothing to probe: give a HOST, a FILE with a host a line, or - for standard input'
refused "'nowhere/list': there is no such file" nowhere/list
refused "'./' is not a file with a list" ./
refused "'a.test:99999' is not a host name: a port is a number from 1 to 65535, at octet 7" a.test:99999
refused "'a b' is not a host name: a character that no host name may hold, at octet 1" 'a b'
refused "'list.txt': there is no such file; a list of hosts is a file, or - for standard input (a host of this name: 'list.txt.')" list.txt
mkdir -p mail
refused "'mail' is a folder; a list of hosts is a file, or - for standard input (a host of this name: 'mail.')" mail
refused 'a URL with a user name in it: leave it out, for it is not sent' https://u:p@a.test/
expect_exit 0 probe --jsonl list.txt. mail. --connect-to '::127.0.0.1:1'
expect_text out '"host":"list.txt"'
refused "--json and --jsonl contradict each other" --json --jsonl x
refused "--resume needs --output FILE: what was printed cannot be taken back" --resume s x
refused "--resume goes on with lines, not with one document: --jsonl" --resume s --output o --json x
for bad in '--concurrency 0' '--concurrency 99999' '--rate 0' '--rate x' '--rate nan' '--per-domain -1' '--retries x' \
    '--jobs 0' '--jobs 65' \
    '--timeout 0' '--timeout-tls 0ms' '--pause x' '--depth deep' '--resolve x' '--connect-to x' '--cafile nowhere' \
    '--dns x' '--proxy ftp://x'; do
    # shellcheck disable=SC2086
    expect_exit 2 "$HOLDFAST" probe $bad "localhost:$closed"
    expect_equal 1 "$(wc -l <.err)" "lines about $bad"
    expect_text err "${bad%% *}"
done
expect_exit 2 "$HOLDFAST" probe -q - <<<'a b'
expect_exit 3 "$HOLDFAST" probe -q nobody.invalid --dns "127.0.0.1:$closed" --retries 0 --timeout-resolve 500ms

# A full disk, a pipe that nobody reads.
expect_exit 3 probe --jsonl -q list --output /dev/full
expect_text err 'cannot write /dev/full: No space left on device'
expect_exit 3 bash -c '"$HOLDFAST" probe -q localhost:1 >/dev/full'
seq -f "h%.0f.test:$closed" 0 19999 >long
expect_exit 0 bash -c '"$HOLDFAST" probe --jsonl -q long --connect-to "::127.0.0.1:1" --per-domain 0 2>err | head -1 >first; cat err >&2'
expect_text err 'Broken pipe'
# A file may not grow beyond 1,000 blocks of 1,024 octets: the output is left with whole lines, and the state is good.
expect_exit 3 bash -c 'ulimit -f 1000; trap "" XFSZ; exec "$HOLDFAST" probe --jsonl -q long --connect-to "::127.0.0.1:1" --per-domain 0 --per-address 0 --resume state --output out2'
expect_text err 'cannot write out2: File too large'
expect_text err 'goes on from there'
expect_equal '' "$(tail -c 1 out2)" 'a torn line'
expect_exit 0 "$HOLDFAST" probe --jsonl -q long --connect-to ::127.0.0.1:1 --per-domain 0 --per-address 0 \
    --resume state --output out2
expect_equal 20000 "$(query out2 'len(lines)')" 'hosts after the disk had room again'
# Another list, with no host where one was on its way: the output stays as it is, and the right list goes on from there.
awk -v "port=$closed" 'BEGIN { for (i = 0; i < 4500; i++) printf "# %0100d\n127.1.%d.%d:%s\n", i, i / 256, i % 256, port }' >slow
expect_exit 124 timeout -s INT 1 "$HOLDFAST" probe --jsonl -q slow --rate 1 --retries 0 --resume state3 --output out3
cp out3 out3.before
sed '2000s/.*/a b/' slow >other
expect_exit 2 "$HOLDFAST" probe --jsonl -q other --retries 0 --resume state3 --output out3
expect_text err 'give the same list'
expect_exit 0 cmp out3 out3.before
expect_exit 0 "$HOLDFAST" probe --jsonl -q slow --retries 0 --resume state3 --output out3
expect_equal 4500 "$(query out3 'len(lines)')" 'hosts after the right list was given'

# A reader that is slow, and an input that comes bit by bit, hold up nobody else.
expect_equal 4 "$( (printf 'a.te'; sleep 0.3; printf 'st:%s\nb.test:%s\n' "$closed" "$closed"; sleep 0.3; printf \
    '%s:%s' c.test "$closed") |
    probe --jsonl -q - | (read -r line; echo "$line"; echo; cat) | wc -l)" 'lines of a slow input'
finish
