#!/usr/bin/env bash
# The verify errors of every host of the lab, held against what `openssl s_client` says of it: each number at each
# depth.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/lab.sh"
need openssl
need python3
lab_start
lab_errors

# s_client OPTION...: level 2 is what keys and signatures are held to; for versions that it forbids they are not looked
# at.
client()
{
    local host=$1
    shift
    openssl s_client -connect "127.0.0.1:$port" -servername "$host" -CAfile "$lab_cafile" -verify_hostname "$host" \
        -partial_chain \
        -status "$@" </dev/null >"$host.out" 2>"$host.err"
}

# Prints NUMBER:DEPTH of each error.
errors_of()
{
    cat "$1.err" "$1.out" | sed -n 's/^depth=\([0-9]*\) .*/depth \1/p; s/^verify error:num=\([0-9]*\):.*/error \1/p' |
        awk '$1 == "depth" { depth = $2 } $1 == "error" { print $2 ":" depth }' | sort -u
}

python3 -c '
import json
for host in json.load(open("check.json"))["hosts"]:
    staple = host["facts"]["https"]["hops"][0]["exchange"]["tls"]["staple"]
    print(host["host"], (staple["status"] or "") if staple else "", sep="\t")' >staples

compared=0
faults=0
while IFS=$'\t' read -r host errors; do
    # RSA of 1024 bits below a CA of one's own: browsers accept it, and so it is no error, but a finding.
    level=2
    case $host in tls-1-*) level=0 ;; weak-key.* | several.*) level=1 ;; esac
    client "$host" -cipher "DEFAULT:@SECLEVEL=$level" || case $host in tls-1-*) fail "s_client at $host" ;; esac
    # What is ours alone: the connection's errors, and a revocation by staple, which s_client prints and does not judge.
    ours=$(tr ' ' '\n' <<<"$errors" | sed -n 's/^[a-z-]*:\([1-9][0-9]*:[0-9][0-9]*\)$/\1/p' | grep -v '^23:0$' |
        sort -u)
    expect_equal "$(errors_of "$host")" "$ours" "the errors of $host, by s_client and by us"
    said=$(sed -n 's/^ *Cert Status: //p' "$host.out" | head -n 1)
    staple=$(sed -n "s/^$host\t//p" staples)
    expect_equal "$said" "$staple" "the staple of $host, by s_client and by us"
    code=$(sed -n 's/.*Verify return code: \([0-9]*\) .*/\1/p' "$host.out" | head -n 1)
    if [ -n "$ours" ]; then
        grep -q "^$code:" <<<"$ours" || fail "s_client returns $code for $host, and we know only $ours"
        faults=$((faults + 1))
    else
        expect_equal 0 "$code" "what s_client returns for $host"
    fi
    compared=$((compared + 1))
    # With the first error fatal, s_client agrees about who gets in.
    if [ "$level" -gt 0 ]; then
        refused=yes
        ! client "$host" -cipher "DEFAULT:@SECLEVEL=$level" -verify_return_error || refused=
        expect_equal "${ours:+yes}" "$refused" "whether $host is refused"
    fi
done < <(grep -v -e '^closed\.' -e '^record-closed\.' ours)
[ "$compared" -ge 30 ] || fail "only $compared hosts"
[ "$faults" -ge 12 ] || fail "only $faults hosts with faults"
# Three faults in one look.
expect_equal 'expired:10:0 expired:10:1 name-mismatch:62:0' "$(sed -n 's/^several\.lab\.test\t//p' \
    ours)" 'several faults'
finish
