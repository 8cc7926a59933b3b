#!/usr/bin/env bash
# Every document of check and lab keeps its schema in docs/schema; and the schemas refuse what is not so.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
python3 -c 'import jsonschema' 2>/dev/null || skip 'python3-jsonschema is not installed'

keeps()
{
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" "$1" <document
    printf '%s' "$out"
}

"$HOLDFAST" lab --check --json >document
keeps lab
sed 's/"agreed": true/"agreed": "yes"/' document >wrong
expect_exit 1 python3 "$SOURCE_DIR/tests/lib/schema.py" lab <wrong

"$HOLDFAST" lab --json >document &
servers+=($!)
for ((i = 0; i < 100; i++)); do
    grep -q '^}' document && break
    sleep 0.05
done
keeps lab
# All hosts of the lab, one whose port is closed and one that does not exist, in one document.
mapfile -t options < <(python3 -c '
import json
lab = json.load(open("document"))
print("--cafile", lab["cafile"], sep="\n")
for host in lab["hosts"]:
    print(host["host"])
    if len(host["connect_to"]) > 1:
        print("--connect-to", host["connect_to"][0], sep="\n")
print("--connect-to", lab["connect_to"], "--dns", lab["dns"], sep="\n")')
expect_equal 0 "$((${#options[@]} < 40))" 'hosts in the lab'
port=$(free_port)
"$HOLDFAST" check "${options[@]}" "localhost:$port" nobody.invalid --timeout 3 --json >document
keeps check
sed 's/"hsts_in_force": true/"hsts_in_force": "yes"/' document >wrong
expect_exit 1 python3 "$SOURCE_DIR/tests/lib/schema.py" check <wrong
sed 's/"findings"/"remarks"/' document >wrong
expect_exit 1 python3 "$SOURCE_DIR/tests/lib/schema.py" check <wrong
"$HOLDFAST" check "${options[@]}" --quiet --json >document
keeps check
finish
