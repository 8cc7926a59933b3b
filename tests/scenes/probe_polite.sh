#!/usr/bin/env bash
# How many hosts are touched at once at one address and of one domain, and how many a second: counted by the server.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"

# crowd SECONDS ADDRESS...: the server, on one port of these addresses
crowd()
{
    local seconds=$1
    shift
    port=$(free_port)
    rm -f crowd
    python3 "$SOURCE_DIR/tests/lib/crowd.py" "$seconds" "${@/%/:$port}" >crowd &
    crowd=$!
    servers+=("$crowd")
    for ((i = 0; i < 100; i++)); do
        [ -s crowd ] && return
        sleep 0.05
    done
    fail 'the server does not come up'
    finish
}

# Ends it; what it saw is then in `crowd`.
crowd_over()
{
    kill "$crowd"
    wait "$crowd"
}

most()
{
    awk -v place="$1:$port" '$1 == place { print $2 }' crowd
}

# all CONNECTIONS: so many came in all: two a host, for who closes during the handshake is asked once more as old
# servers want it
all()
{
    expect_equal "$1" "$(awk '$1 != "ready" { all += $3 } END { print all }' crowd)" 'connections'
}

look()
{
    expect_exit 0 "$HOLDFAST" probe "$@" --jsonl --quiet --retries 0 --output out
    expect_equal "$(grep -c . list)" "$(wc -l <out)" 'a line a host'
}

resolve=()
for ((i = 0; i < 60; i++)); do
    resolve+=(--resolve "h$i.d$((i % 12)).test:PORT:127.0.0.$((i % 3 + 1))")
    echo "h$i.d$((i % 12)).test:PORT"
done >names

# Of one address at most 3, over all processes; the three addresses at the same time.
crowd 0.1 127.0.0.1 127.0.0.2 127.0.0.3
sed "s/PORT/$port/" names >list
look list "${resolve[@]/PORT/$port}" --per-address 3 --per-domain 0 --jobs 2
crowd_over
all 120
for i in 1 2 3; do
    expect_equal 3 "$(most 127.0.0.$i)" "at once at 127.0.0.$i"
done

# Without limit as many as there are; in all at most as many as were asked for.
crowd 0.5 127.0.0.1 127.0.0.2 127.0.0.3
sed "s/PORT/$port/" names >list
look list "${resolve[@]/PORT/$port}" --per-address 0 --per-domain 0
crowd_over
all 120
expect_equal 20 "$(most 127.0.0.1)" 'at once without a limit'
crowd 0.1 127.0.0.1 127.0.0.2 127.0.0.3
sed "s/PORT/$port/" names >list
look list "${resolve[@]/PORT/$port}" --per-address 0 --per-domain 0 --concurrency 7 --jobs 3
crowd_over
expect_equal 1 $(($(most 127.0.0.1) <= 7 && $(most 127.0.0.2) <= 7)) 'at once in all'

# One domain: 2 at once of busy.test, and nobody else waits for them.
crowd 0.2 127.0.0.1 127.0.0.2
{
    for ((i = 0; i < 12; i++)); do echo "h$i.busy.test:$port"; done
    echo "other.test:$port"
} >list
look list --resolve "other.test:$port:127.0.0.2" --resolve "*:$port:127.0.0.1" --per-address 0 --per-domain 2 --jobs 2
crowd_over
all 26
expect_equal 2 "$(most 127.0.0.1)" 'at once of one domain'
expect_equal 1 "$(awk '{ for (i = 4; i <= NF; i++) { if ($1 ~ /127.0.0.2/) other = $i; else if ($1 != "ready" && (last == "" || $i > last)) last = $i } }
    END { print (last - other > 0.5) }' crowd)" 'the other domain does not wait'

# What follows is held against the clock of the whole command: a server on a busy machine sees things come in heaps.
timed() # COMMAND...: how long it took, in milliseconds, is then in $took
{
    local began
    began=$(date +%s%N)
    "$@"
    took=$((($(date +%s%N) - began) / 1000000))
}

# A pause between two hosts of a domain.
crowd 0.01 127.0.0.1
for ((i = 0; i < 6; i++)); do echo "h$i.slow.test:$port"; done >list
timed look list --resolve "*:$port:127.0.0.1" --pause 200ms --per-domain 4
expect_equal 1 $((took >= 1000)) "five pauses of 200 ms took $took ms"
crowd_over
all 12

# 50 a second: 100 hosts take two seconds.
crowd 0.01 127.0.0.1
for ((i = 0; i < 100; i++)); do echo "h$i.d$i.test:$port"; done >list
timed look list --resolve "*:$port:127.0.0.1" --rate 50 --per-address 0 --jobs 2
expect_equal 1 $((took >= 1900)) "100 hosts at 50 a second took $took ms"
crowd_over
all 200
finish
