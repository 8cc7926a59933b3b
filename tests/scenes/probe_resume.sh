#!/usr/bin/env bash
# kill -9 and SIGINT at random instants of a run of 10,000 hosts, gone on with each time: every host is in the output
# exactly once. RESUME_ROUNDS=N: so many kills at the least.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/farm.sh"
farm
rounds=${RESUME_ROUNDS:-20}
RANDOM=${RESUME_SEED:-1}

# Most hosts are refused at once, so that much of a run is about what is tested here; the others are real.
closed=$(free_port)
{
    names 0 300
    seq -f "c%.0f.closed.test:$closed" 0 9399
    echo 'not a host'
    names 300 599
} >list
hosts=$(wc -l <list)

options=(--cafile root.pem --connect-to ":$closed:127.0.0.1:$closed" --connect-to ":443:127.0.0.1:$port" --jsonl \
    --resume state
    --output out --per-domain 0 --per-address 0 --concurrency 64 --jobs 2)
go_on()
{
    "$HOLDFAST" probe "${options[@]}" list "$@"
}

# The program itself, so that $! is its number.
start()
{
    "$HOLDFAST" probe "${options[@]}" list "$@" &
    pid=$!
}

# The length of an undisturbed run says when to disturb.
began=$(date +%s%N)
expect_exit 4 go_on --quiet
whole=$((($(date +%s%N) - began) / 1000))
joined out "$hosts"

kills=0 runs=0 interrupted=0
while [ "$kills" -lt "$rounds" ]; do
    rm -f state out
    while :; do
        runs=$((runs + 1))
        start 2>err
        sleep "$(printf '0.%06d' $((20000 + (RANDOM * 32768 + RANDOM) % (whole / 4 + 1) % 900000)))"
        if [ $((RANDOM % 2)) = 0 ]; then
            kill -9 "$pid" 2>/dev/null && kills=$((kills + 1))
            wait "$pid" 2>/dev/null
        else
            kill -INT "$pid" 2>/dev/null && kills=$((kills + 1))
            wait "$pid"
            if [ $? = 4 ] && grep -q 'the same command goes on from there' err; then
                interrupted=$((interrupted + 1))
                # Nothing but whole lines, each host once at most.
                [ "$(sort out | uniq -d | wc -l)" = 0 ] || fail 'a line stands twice after SIGINT'
            fi
        fi
        ! grep -q 'is complete' err || break
        ! grep -q '^holdfast: probe: ' err || { fail "$(cat err)"; finish; }
    done
    joined out "$hosts"
    expect_equal 599 "$(grep -c '"in_force":true' out)" 'hosts with HSTS in force'
done
expect_equal 1 $((interrupted > 0)) 'runs that were ended by SIGINT'
printf '%s kills in %s runs, %s by SIGINT\n' "$kills" "$runs" "$interrupted"

# A complete run says so, and touches nothing.
cp out before
expect_exit 0 go_on
expect_text err 'is complete'
cmp out before || fail 'a complete output was changed'

# Another list is refused though nothing is left to do, also one that goes on.
sed 1d list >list.other
(cat list && echo extra.example.test) >list.longer
for other in other longer; do
    expect_exit 2 "$HOLDFAST" probe "${options[@]}" "list.$other"
    cmp out before || fail "a complete output was changed by a list that is $other"
done

# What does not belong together is refused, and stays as it is.
refused()
{
    local wanted=$1
    shift
    cp out before
    expect_exit 2 "$@"
    expect_text err "$wanted"
    cmp -s out before || fail "the output was changed: $*"
}
# Waits until the output has more lines than N.
grown()
{
    local i
    for ((i = 0; i < 400; i++)); do
        [ "$(wc -l <out)" -le "$1" ] || return
        sleep 0.05
    done
    fail "the output does not grow beyond $1 lines"
}
half()
{
    rm -f state out
    : >out
    start --rate 400 2>/dev/null
    grown 100
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
}
half
refused 'other options' go_on --depth standard
sed -i '2s/h1/x1/' list
refused 'give the same list' go_on
sed -i '2s/x1/h1/' list
head -3 list >short
mv list long && mv short list
refused 'the list ends after 3 hosts' go_on
mv long list
printf 'X' | dd of=out bs=1 seek=3 conv=notrunc 2>/dev/null
refused 'is not the output that' go_on
half
before=$(wc -l <out)
start --rate 400 2>/dev/null
grown "$before"
expect_exit 2 go_on
expect_text err 'another run is using it'
kill -9 "$pid"
wait "$pid" 2>/dev/null
rm state
refused 'holds something already' go_on
echo 'example.com' >state
refused 'not a state of' go_on
rm state out
expect_exit 2 probe list --jsonl --resume state
expect_text err '--resume needs --output FILE'
expect_exit 2 probe list --jsonl --resume state --output /dev/null
expect_text err 'not a regular file'

# From a pipe as well, when the same is sent again; and what stands behind the last mark is cut away.
rm -f state out
timeout --foreground -s KILL 1.5 "$HOLDFAST" probe - --cafile root.pem --connect-to ":443:127.0.0.1:$port" --jsonl \
    --resume state --output out \
    --rate 200 --per-domain 0 < <(names 0 800) 2>/dev/null
printf '{"index":' >>out
expect_exit 0 probe - --jsonl --resume state --output out --per-domain 0 < <(names 0 800)
joined out 800
finish
