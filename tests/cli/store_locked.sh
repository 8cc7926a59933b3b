#!/usr/bin/env bash
# A store that another process has locked is waited for as long as --timeout says, and the message names the process.
. "$SOURCE_DIR/tests/lib/check.sh"
mkdir -m 700 own
expect_exit 0 "$HOLDFAST" store add a.test max-age=31536000 --to "holdfast:$PWD/own/known-hosts" --at 1795170300
printf '# c\ngood.test "20330101 00:00:00"\n' >curl

hold() # FILE SECONDS: until $holder ends
{
    : >held
    python3 -c 'import fcntl, sys, time
file = open(sys.argv[1], "r+b")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(float(sys.argv[2]))' "$1" "$2" >held &
    holder=$!
    for _ in $(seq 300); do [ -s held ] || sleep 0.1; done
    [ -s held ] || fail "nobody holds $1"
}
let_go()
{
    kill "$holder" 2>/dev/null
    wait "$holder" 2>/dev/null
}
trap 'kill "$holder" 2>/dev/null' EXIT

hold own/known-hosts 300
own=holdfast:$PWD/own/known-hosts
expect_exit 3 "$HOLDFAST" store add b.test max-age=1 --to "$own" --timeout 1s
expect_text err "was locked by process $holder for 1000 ms"
expect_exit 3 "$HOLDFAST" store delete a.test --from "$own" --timeout 1s
expect_text err "was locked by process $holder for 1000 ms"
expect_exit 3 "$HOLDFAST" store clear --from "$own" --timeout 0
expect_text err "was locked by process $holder for 1 ms"
expect_exit 3 "$HOLDFAST" store import "curl:$PWD/curl" --to "$own" --timeout 1s
expect_text err "was locked by process $holder for 1000 ms"
# Who only reads is not held up.
expect_exit 0 timeout 60 "$HOLDFAST" store list --from "$own" --at 1795170300
expect_text out a.test
let_go

# Another program's store is not waited for, unless --timeout says so.
hold curl 300
expect_exit 3 "$HOLDFAST" store clear --from "curl:$PWD/curl"
expect_text err "is in use by process $holder"
let_go
# The wait ends with the lock.
hold own/known-hosts 2
expect_exit 0 "$HOLDFAST" store add b.test max-age=1 --to "$own" --timeout 120s
let_go
finish
