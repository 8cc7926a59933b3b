#!/usr/bin/env bash
# Whatever bytes come in, none that a terminal obeys, and none that turns the direction of writing, goes out.
. "$SOURCE_DIR/tests/lib/check.sh"
export LC_ALL=C

# C0 but the line feed, DEL, C1 as one octet or in UTF-8, what marks or turns direction, and octets that are no UTF-8 at
# all.
hostile='[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf|(?<![\xc2-\xf4\x80-\xbf])[\x80-\xbf]|\xff'

clean()
{
    checks=$((checks + 1))
    "$@" >both 2>&1
    if [ ! -s both ]; then
        fail "no output of: $(printf '%q ' "$@")"
    elif grep -qaP "$hostile" both; then
        fail "raw bytes in the output of: $(printf '%q ' "$@")"
        cat -v both
    fi
}

# The look-out itself sees what it should see.
for raw in '\x1b' '\x07' '\x9b' '\xc2\x9b' '\xe2\x80\xae' '\xe2\x81\xa6' '\xff' 'a\x80'; do
    expect_exit 0 grep -qaP "$hostile" <(printf '%b\n' "$raw")
done
expect_exit 1 grep -qaP "$hostile" <(printf 'b\xc3\xbccher \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80\n')

for bytes in $'\e[31m' $'\a' $'\x9b31m' $'\xc2\x9b31m' $'\xe2\x80\xae' $'\xe2\x81\xa6' $'\xef\xbb\xbf' $'\xff\xfe' \
    $'\r\n' $'\t' $'\x7f' $'\xe2\x80'; do
    clean "$HOLDFAST" "$bytes"
    clean "$HOLDFAST" "--$bytes"
    clean "$HOLDFAST" help "$bytes"
    clean "$HOLDFAST" header "max-age=1$bytes; foo=\"$bytes\""
    clean "$HOLDFAST" header -v "$bytes"
    clean "$HOLDFAST" header --json "max-age=1; $bytes"
    clean "$HOLDFAST" header "--$bytes" x
    clean "$HOLDFAST" header "-$bytes" x
    clean "$HOLDFAST" header --color "$bytes" x
    clean "$HOLDFAST" header --build "max-age=$bytes"
    clean "$HOLDFAST" header --build "$bytes"
    clean "$HOLDFAST" header --jsonl "$bytes"
    clean "$HOLDFAST" header --jsonl - "$bytes"
    clean "$HOLDFAST" header --jsonl - <<<"\"$bytes\""
    clean "$HOLDFAST" header --jsonl - <<<"$bytes"
    clean "$HOLDFAST" decide --at "$bytes" http://x/
    clean "$HOLDFAST" decide "http://example.com/$bytes"
    clean "$HOLDFAST" decide "http://ex${bytes}ample.com/"
    clean "$HOLDFAST" decide -v "x:$bytes"
    clean "$HOLDFAST" decide "$bytes"
    clean "$HOLDFAST" decide --json "http://example.com/$bytes" "$bytes"
    clean "$HOLDFAST" decide --known "$bytes" http://x/
    clean "$HOLDFAST" decide --jsonl - <<<"\"http://x/$bytes\""
    clean "$HOLDFAST" decide --jsonl - <<<"\"$bytes\""
    printf 'a%sb.test max-age=1\n' "$bytes" >known
    clean "$HOLDFAST" decide --known known http://x/
    printf 'a.test max-age=1%s\n' "$bytes" >known
    clean "$HOLDFAST" decide --known known http://x/
    printf 'a.test @%s max-age=1\n' "$bytes" >known
    clean "$HOLDFAST" decide --known known http://x/
    name="file$bytes"
    printf 'a..b max-age=1\n' >"$name"
    clean "$HOLDFAST" decide --known "$name" http://x/
done
finish
