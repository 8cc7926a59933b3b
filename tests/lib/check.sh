# shellcheck shell=bash
# Helpers for test scripts. Source this, use the functions, end with `finish`:
#   expect_exit CODE COMMAND...    runs it; its standard output is then in $out, its standard error in $err
#   expect_text NAME TEXT          the variable NAME (out, err) contains TEXT
#   expect_no_text NAME TEXT       and this one does not
#   expect_equal WANTED GOT WHAT   the two strings are the same
#   fail MESSAGE                   one failure; the script goes on
#   skip WHY                       ends the script as skipped
#   excuse WHY                     the same, and with PEERS=all it is no failure: nothing that could be installed would help
#   finish                         ends the script: exit 1 if anything failed
failures=0
checks=0

fail()
{
    failures=$((failures + 1))
    printf 'FAILED: %s\n' "$1"
}

expect_exit()
{
    local wanted=$1 got=0
    shift
    checks=$((checks + 1))
    "$@" >"$TEST_DIR/.out" 2>"$TEST_DIR/.err" || got=$?
    out=$(tr -d '\0' <"$TEST_DIR/.out")
    err=$(tr -d '\0' <"$TEST_DIR/.err")
    if [ "$got" != "$wanted" ]; then
        fail "exit $got, not $wanted: $*"
        printf '%s\n' "--- stdout" "$out" "--- stderr" "$err" "---"
    fi
}

expect_text()
{
    checks=$((checks + 1))
    case ${!1} in
    *"$2"*) ;;
    *) fail "no '$2' in $1:"$'\n'"${!1}" ;;
    esac
}

expect_no_text()
{
    checks=$((checks + 1))
    case ${!1} in
    *"$2"*) fail "'$2' in $1:"$'\n'"${!1}" ;;
    esac
}

expect_equal()
{
    checks=$((checks + 1))
    [ "$1" = "$2" ] || fail "$3: wanted '$1', got '$2'"
}

skip()
{
    printf 'skipped: %s\n' "$1"
    exit 77
}

excuse()
{
    printf 'skipped, and no failure: %s\n' "$1"
    exit 77
}

# A script that checked nothing has not passed.
finish()
{
    [ "$checks" -gt 0 ] || fail "nothing was checked"
    printf '%s checks, %s failed\n' "$checks" "$failures"
    [ "$failures" = 0 ]
    exit
}
