#!/usr/bin/env bash
# Pipes and devices in the place of files: none is waited for without an end or read without one, and no line that goes
# into a pipe is lost.
. "$SOURCE_DIR/tests/lib/check.sh"
at=1795170300
known='a.test max-age=300'

# -- Pipes that somebody uses, whoever comes first
mkfifo pipe late
cat pipe >lines &
expect_exit 0 "$HOLDFAST" probe 127.0.0.1:1 localhost:1 --jsonl --output pipe
wait $!
expect_equal 2 "$(wc -l <lines)" 'lines through a pipe'
(sleep 1 && cat pipe >lines) &
expect_exit 0 "$HOLDFAST" probe 127.0.0.1:1 localhost:1 --jsonl --output pipe
wait $!
expect_equal 2 "$(wc -l <lines)" 'lines to a reader that comes late'
(sleep 1 && echo "$known" >pipe) &
expect_exit 0 "$HOLDFAST" decide --at $at --known pipe http://a.test/
expect_text out 'http://a.test/ -> https://a.test/'
wait $!
for file in <(sleep 1 && echo "$known") /dev/stdin -; do
    expect_exit 0 "$HOLDFAST" decide --at $at --known "$file" http://a.test/ < <(echo "$known")
    expect_text out 'http://a.test/ -> https://a.test/'
done
expect_exit 0 "$HOLDFAST" decide --at $at --known /dev/null http://a.test/
expect_exit 0 "$HOLDFAST" decide --at $at --known <(exit 0) http://a.test/
expect_exit 0 "$HOLDFAST" probe <(printf '127.0.0.1:1\n') --output /dev/null

# -- Pipes that nobody uses: all at once, for each takes ten seconds. Somebody slow is waited for longer.
count=0
nobody() # CODE TEXT ARGUMENTS..., among which PIPE is the pipe
{
    count=$((count + 1))
    mkfifo "pipe.$count"
    (
        wanted=$1 text=$2 got=0
        shift 2
        timeout 60 "$HOLDFAST" "${@//PIPE/pipe.$count}" >/dev/null 2>"err.$count" || got=$?
        [ "$got" = "$wanted" ] && grep -qF "pipe.$count is a pipe $text" "err.$count" && exit
        echo "exit $got: $*"
        cat "err.$count"
    ) >"wrong.$count" &
}
reads='to which nobody wrote within 10 seconds'
nobody 3 'from which nobody reads' probe 127.0.0.1:1 --output PIPE
nobody 2 "$reads" probe PIPE
nobody 2 "$reads" probe 127.0.0.1:1 --cafile PIPE
nobody 2 "$reads" check 127.0.0.1:1 --public-roots PIPE
nobody 2 "$reads" visit --no-store --cafile PIPE http://127.0.0.1:1/
nobody 2 "$reads" decide --known PIPE http://a.test/
nobody 2 "$reads" decide --preload PIPE http://a.test/
nobody 2 "$reads" header --jsonl PIPE
nobody 3 "$reads" store list --names PIPE
nobody 3 'from which nobody reads' store convert "wget2:$SOURCE_DIR/tests/samples/wget2/wget2-hsts.top" curl:new \
    --left-out PIPE
nobody 3 "$reads" preload update --from PIPE
(sleep 12 && echo "$known") >late &
expect_exit 0 "$HOLDFAST" decide --at $at --known late http://a.test/
expect_text out 'http://a.test/ -> https://a.test/'
wait
expect_equal '' "$(cat wrong.*)" 'pipes that nobody uses'

# -- What has no end
ends() # CODE TEXT ARGUMENTS...
{
    local wanted=$1 text=$2
    shift 2
    expect_exit "$wanted" timeout 60 "$HOLDFAST" "$@"
    expect_text err "$text"
}
no_end='line 1 is longer than 16777216 bytes'
ends 2 "/dev/zero: $no_end" decide --known /dev/zero http://a.test/
ends 2 "/dev/zero: $no_end" header --jsonl /dev/zero
ends 3 "/dev/zero: $no_end" store list --names /dev/zero
ends 2 "standard input: $no_end" probe - < <(yes | tr -d '\n')
ends 2 "standard input: $no_end" decide --jsonl - < <(yes | tr -d '\n')
ends 2 'standard input:1: offset 6: the field is void' decide --at $at --known - http://b.test/ < <(yes 'a.test')
ends 2 'standard input is larger than 268435456 bytes' decide --at $at --known - http://b.test/ \
    < <(yes "# $(printf '%060000d' 0)")
ends 2 'line 10000: 10000 malformed lines in a row' header --jsonl - < <(yes)
ends 2 '/dev/urandom' header --jsonl /dev/urandom
ends 2 '/dev/urandom' decide --known /dev/urandom http://a.test/
ends 2 '/dev/zero is larger than' check --cafile /dev/zero 127.0.0.1:1
ends 2 '/dev/zero is larger than' decide --preload /dev/zero http://a.test/
ends 3 'is not a regular file' store list --from curl:/dev/zero

# -- What has an end stays: long lines among others, malformed ones by the thousand
expect_exit 2 "$HOLDFAST" header --jsonl - < <(yes | head -9999 && echo '"max-age=1"')
expect_equal 10000 "$(printf '%s\n' "$out" | wc -l)" 'a line for each'
finish
