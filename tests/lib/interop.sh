# shellcheck shell=bash
# What the interop tests share: every STS value that HTTP can carry, served on loopback, and what a client kept of each
# held against ours. Source it after check.sh and site.sh.
#   serve_values          starts the server for v0.sts.test, v1.sts.test, ...; sets $port and $http_port; requests go to `asked`
#   map_ports             starts a proxy that leads there, for clients without --connect-to; its port is then in $proxy
#   compare CLIENT FILE   what CLIENT kept in FILE, next to ours: only tests/interop/known-disagreements.tsv may differ
interop=$SOURCE_DIR/tests/interop

serve_values()
{
    authority
    issue wild 'sts.test,*.sts.test'
    python3 "$interop/values.py" "$SOURCE_DIR"/tests/vectors/header*.tsv >values
    "$HOLDFAST" header --jsonl values >ours || fail "holdfast header --jsonl: exit $?"
    port=$(free_port)
    http_port=$(free_port)
    python3 "$interop/serve.py" "$port" "$http_port" wild.full wild.key values >>asked &
    servers+=($!)
    wait_for "$port"
    wait_for "$http_port"
    expect_equal 0 "$(($(wc -l <values) < 60))" 'values served'
}

map_ports()
{
    proxy=$(free_port)
    python3 "$SOURCE_DIR/tests/lib/proxy.py" "$proxy" "$port" "$http_port" serve >proxied &
    servers+=($!)
    wait_for "$proxy"
}

urls()
{
    seq -f 'https://v%g.sts.test/' 0 "$(($(wc -l <values) - 1))"
}

compare()
{
    expect_exit 0 python3 "$interop/compare.py" "$1" "$2" values ours "$interop/known-disagreements.tsv"
    tail -1 <<<"$out"
}
