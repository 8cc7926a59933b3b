# shellcheck shell=bash
# A farm for `holdfast probe`: one nginx that is every host below farm.test. Source it after check.sh and site.sh.
#   farm               starts it: HTTPS at $port, plain HTTP at $http_port, one certificate for all
#   names FROM UNTIL   prints the names of hosts
#   probe ARGUMENT...  `holdfast probe` with every host led to the farm, and its authority trusted
#   joined FILE HOSTS  the file has each index from 0 to HOSTS - 1 exactly once, and whole lines of JSON alone
farm()
{
    authority
    issue farm '*.farm.test'
    port=$(free_port)
    http_port=$(free_port)
    cat >site <<X
server {
    listen 127.0.0.1:$port ssl backlog=2048;
    ssl_certificate $PWD/farm.full;
    ssl_certificate_key $PWD/farm.key;
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
    return 200 ok;
}
server { listen 127.0.0.1:$http_port; return 301 https://\$host\$request_uri; }
X
    nginx_start site
}

names()
{
    seq -f 'h%.0f.farm.test' "$1" "$(($2 - 1))"
}

probe()
{
    "$HOLDFAST" probe --cafile root.pem --connect-to ":443:127.0.0.1:$port" --connect-to ":80:127.0.0.1:$http_port" "$@"
}

joined()
{
    checks=$((checks + 1))
    python3 - "$1" "$2" <<'X' || fail "$1 is not what it should be"
import json, sys
seen = [0] * int(sys.argv[2])
for line in open(sys.argv[1], encoding="utf-8"):
    if not line.endswith("\n"):
        sys.exit("a torn line: " + line[:80])
    seen[json.loads(line)["index"]] += 1
wrong = [i for i, count in enumerate(seen) if count != 1]
if wrong:
    sys.exit("%d of %d wrong, the first %d: %d times" % (len(wrong), len(seen), wrong[0], seen[wrong[0]]))
X
}
