#!/usr/bin/env bash
# Where `holdfast visit` keeps what it learned: the usual file, a named one, none; two visits at once; a file that
# cannot be used.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue any a.test,b.test,localhost
names=()
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    names+=("n$i.test")
done
issue many "$(IFS=,; echo "${names[*]}")"
port=$(free_port)
{
    printf 'add_header Strict-Transport-Security max-age=31536000 always;\n'
    printf 'server { listen 127.0.0.1:%s ssl; server_name a.test b.test localhost; ssl_certificate %s; ssl_certificate_key %s;\n' "$port" \
        "$PWD/any.full" "$PWD/any.key"
    printf 'return 200 hello; }\n'
    printf 'server { listen 127.0.0.1:%s ssl; server_name ~^n; ssl_certificate %s; ssl_certificate_key %s;\n' "$port" \
        "$PWD/many.full" "$PWD/many.key"
    printf 'return 200 hello; }\n'
} >sites
nginx_start sites
visit()
{
    "$HOLDFAST" visit --connect-to "::127.0.0.1:$port" --cafile root.pem "$@"
}
usual=$XDG_DATA_HOME/holdfast/known-hosts

# --at and --no-store write nothing, and yet what was noted counts until the end of the call.
expect_exit 0 visit --at "$(date +%s)" https://a.test/ http://a.test/
expect_text out '307 Internal Redirect'
expect_exit 0 visit --no-store https://a.test/ http://a.test/
expect_text out '307 Internal Redirect'
[ ! -e "$usual" ] || fail 'a file was made'

# The usual file, made for its owner alone.
expect_exit 0 visit https://a.test/
expect_equal 600 "$(stat -c %a "$usual")" 'mode of the file'
expect_equal 700 "$(stat -c %a "$(dirname "$usual")")" 'mode of its folder'
expect_exit 0 visit http://a.test/
expect_text out '307 Internal Redirect'
expect_exit 0 visit --json http://a.test/
expect_text out "\"store\": \"$usual\""

# --at knows what the file knows, and leaves it as it is, --store or not of another.
before=$(cksum <"$usual")
expect_exit 0 visit --at "$(date -u -d '1 day' +%s)" http://a.test/ https://b.test/
expect_text out '307 Internal Redirect'
expect_text out 'policy       added'
expect_equal "$before" "$(cksum <"$usual")" 'the file after --at'
expect_exit 0 visit --at "$(date -u -d '1 day' +%s)" --store named https://b.test/
expect_exit 0 visit --store named http://b.test/
expect_text out '307 Internal Redirect'
# Years later the policy is over, and so is the certificate.
expect_exit 1 visit --at 2040-01-01T00:00:00Z https://a.test/
expect_text out 'a policy was known, but its time is over'
expect_text out 'A browser would show a warning'

# localhost: exempt, unless asked for.
expect_exit 0 visit --store local https://localhost/
expect_text out 'ignored-localhost'
expect_exit 0 visit --store local --enforce-localhost https://localhost/ http://localhost/
expect_text out '307 Internal Redirect to https://localhost/'

# Many at once on one file: every one is kept.
pids=()
for name in "${names[@]}"; do
    visit --quiet --store shared "https://$name/" >/dev/null 2>>complaints &
    pids+=($!)
done
for pid in "${pids[@]}"; do
    wait "$pid"
    expect_equal 0 $? 'exit code of one of many'
done
expect_equal '' "$(cat complaints)" 'complaints'
for name in "${names[@]}"; do
    expect_exit 0 visit --store shared "http://$name/"
    expect_text out "307 Internal Redirect to https://$name/"
done

# What cannot be used is refused with the reason, and never taken for "nobody is known".
chmod 666 named
expect_exit 2 visit --store named http://b.test/
expect_text err 'chmod'
expect_equal '' "$out" 'output with a file that others may write to'
echo 'no such thing' >foreign
chmod 600 foreign
expect_exit 2 visit --store foreign http://b.test/
expect_equal 'no such thing' "$(cat foreign)" 'a foreign file'
mkdir folder
expect_exit 2 visit --store folder http://b.test/
expect_exit 2 visit --store no/such/$'\e[31m'/../x/known http://b.test/ --store folder
expect_no_text err $'\e'
chmod 666 "$usual"
expect_exit 3 visit http://a.test/
expect_equal 1 "$(wc -l <<<"$err")" 'lines about a usual file that cannot be used'
chmod 600 "$usual"

# A damaged file is said to be damaged.
head -c 100 /dev/zero | dd of="$usual" bs=1 seek=0 conv=notrunc 2>/dev/null
expect_exit 4 visit --quiet https://a.test/
expect_text err 'warning: '
expect_exit 0 visit --quiet https://a.test/
# An empty file held nothing.
: >new
chmod 600 new
expect_exit 0 visit --quiet --store new https://a.test/
expect_text err 'new: the file is empty: it is taken for a new store'
expect_no_text err 'lost'
# --timeout covers the wait for a file that another process has locked, and the message names that process.
python3 -c 'import fcntl, sys, time
file = open(sys.argv[1], "r+b")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(300)' "$usual" >held &
holder=$!
for _ in $(seq 300); do [ -s held ] || sleep 0.1; done
expect_exit 3 visit --timeout 2s https://b.test/
expect_text err "was locked by process $holder for 2000 ms"
kill "$holder"
wait "$holder" 2>/dev/null
expect_exit 0 visit --timeout 20s https://b.test/
finish
