# shellcheck shell=bash
# The lab for a scene. Source it after site.sh.
#   lab_start       starts the lab; then $port is its port, $lab_cafile its root, and `hosts` lists its hosts, one a line
#   lab_errors      writes to `ours` what check sees of each host: its name, a TAB, and the errors of its first exchange over HTTPS,
#                   CODE:NUMBER:DEPTH each, separated by blanks, in an order of their own
lab_start()
{
    local i
    export TMPDIR=$TEST_DIR/tmp
    mkdir "$TMPDIR"
    "$HOLDFAST" lab --json >lab.json &
    servers+=($!)
    for ((i = 0; i < 100; i++)); do
        grep -qs '^}' lab.json && break
        sleep 0.05
    done
    port=$(python3 -c 'import json; print(json.load(open("lab.json"))["port"])')
    lab_cafile=$(python3 -c 'import json; print(json.load(open("lab.json"))["cafile"])')
    python3 -c 'import json; print(*[h["host"] for h in json.load(open("lab.json"))["hosts"]], sep="\n")' >hosts
}

lab_errors()
{
    local -a all
    mapfile -t all <hosts
    "$HOLDFAST" check "${all[@]}" --no-http --connect-to "::127.0.0.1:$port" --cafile "$lab_cafile" --json \
        --fail-on never >check.json
    python3 -c '
import json
for host in json.load(open("check.json"))["hosts"]:
    tls = host["facts"]["https"]["hops"][0]["exchange"]["tls"]
    print(host["host"], " ".join(sorted("%s:%d:%d" % (e["code"], e["number"], e["depth"]) for e in tls["errors"])), sep="\t")' >ours
}
