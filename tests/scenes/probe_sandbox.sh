#!/usr/bin/env bash
# The processes of probe that touch hosts have given up what they do not need, as the kernel itself says; on a kernel
# without Landlock and filters they go on without, and --verbose says so.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
[ "$(uname -s)" = Linux ] || skip 'this is not Linux'

port=$(free_port)
python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(120)' "$port" &
servers+=($!)
wait_for "$port"

# status_of WORKER NAME
status_of()
{
    awk -v name="$2:" '$1 == name { print $2 }' "/proc/$1/status" 2>/dev/null
}

expect_exit 0 "$HOLDFAST" probe --quiet --verbose --timeout 1s --output new "localhost:$port"
case $err in *note:*) excuse "$err" ;; esac
expect_equal '' "$err" 'nothing is missing here'

"$HOLDFAST" probe --jobs 1 --timeout 60s --quiet --output out "localhost:$port" &
probe=$!
servers+=("$probe")
for ((i = 0; i < 400; i++)); do
    read -r worker _ <"/proc/$probe/task/$probe/children"
    [ -n "$worker" ] && [ "$(status_of "$worker" Seccomp)" = 2 ] && break
    sleep 0.05
done
expect_equal 2 "$(status_of "$worker" Seccomp)" 'a filter on the system calls of the worker'
expect_equal 1 "$(status_of "$worker" NoNewPrivs)" 'no new privileges'
[ "$(id -u)" != 0 ] || expect_equal 65534 "$(status_of "$worker" Uid)" 'root is dropped'
[ "$(id -u)" != 0 ] || expect_equal 0000000000000000 "$(status_of "$worker" CapEff)" 'its capabilities too'
expect_equal 0 "$(awk '/^Max core file size/ { print $5 }' "/proc/$worker/limits")" 'no core file'
expect_equal "$(id -u)" "$(status_of "$probe" Uid)" 'the supervisor stays who it is'
kill "$probe"
wait "$probe"

expect_exit 0 python3 "$SOURCE_DIR/tests/lib/old_kernel.py" "$HOLDFAST" probe --verbose --timeout 1s --output old "localhost:$port"
expect_text err 'note: this kernel has no Landlock'
expect_text err 'note: this kernel takes no seccomp filter'
expect_equal "$(cat new)" "$(cat old)" 'the line without either'
finish
