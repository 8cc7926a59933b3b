# shellcheck shell=bash
# Another program beside our stores. Source it after check.sh and site.sh, and define
#   peer_sees URL    visits URL with the store in $file; prints "secure", or "in the clear"
# then call peer_agrees KIND: what we write the program obeys, and what it notes we read.
peer_site()
{
    authority
    issue site given.test,sub.given.test,alone.test,sub.alone.test,noted.test,sub.noted.test,single.test,other.test
    port=$(free_port)
    {
        printf '%s\n' "ssl_certificate $PWD/site.full; ssl_certificate_key $PWD/site.key; default_type text/html;"
        printf 'server { listen 127.0.0.1:%s ssl default_server; server_name _; return 200 "<p>secure</p>\\n"; }\n' \
            "$port"
        peer_host noted.test 'max-age=31536000; includeSubDomains'
        peer_host single.test 'max-age=600000'
    } >sites
    nginx_start sites
    proxy=$(free_port)
    python3 "$SOURCE_DIR/tests/lib/peer_proxy.py" "$proxy" "$port" "$PWD/proxy.log" &
    servers+=($!)
    wait_for "$proxy"
}

peer_host()
{
    printf 'server { listen 127.0.0.1:%s ssl; server_name %s;\n' "$port" "$1"
    printf "add_header Strict-Transport-Security '%s' always;\n" "$2"
    printf '%s\n' 'return 200 "<p>secure</p>\n"; }'
}

peer_agrees()
{
    local kind=$1 now url
    now=$(date +%s)
    # What we write ...
    expect_exit 0 "$HOLDFAST" store add given.test 'max-age=31536000; includeSubDomains' --to "$kind:$file"
    expect_exit 0 "$HOLDFAST" store add alone.test 'max-age=31536000' --to "$kind:$file"
    [ "$(peer_sees http://other.test/)" = 'in the clear' ] || skip "$kind does not run here"
    for url in http://given.test/ http://sub.given.test/ http://alone.test/; do
        expect_equal secure "$(peer_sees "$url")" "ours to $kind: $url"
    done
    expect_equal 'in the clear' "$(peer_sees http://sub.alone.test/)" "ours to $kind: no subdomains"
    # ... and what it notes.
    for url in https://noted.test/ https://single.test/; do
        expect_equal secure "$(peer_sees "$url")" "$kind at $url"
    done
    expect_exit 0 "$HOLDFAST" store query sub.noted.test single.test sub.single.test sub.given.test \
        --from "$kind:$file" --json
    expect_equal "$(printf 'inherited 31536000\nexact 600000\nNone\ninherited 31536000')" "$(python3 -c \
        'import datetime, json, sys
now = int(sys.argv[1])
for answer in json.load(sys.stdin)["answers"]:
    words = [str(answer["match"])]
    if answer["enforced"]:
        until = datetime.datetime.fromisoformat(answer["expires"].split(".")[0].rstrip("Z") + "+00:00").timestamp()
        words += [str(age) for age in (600000, 31536000) if -5 < until - now - age < 300]
    print(" ".join(words))' "$now" <<<"$out")" "$kind to ours"
    expect_exit 0 "$HOLDFAST" store import "$kind:$file" --names \
        <(printf '%s\n' given.test alone.test noted.test single.test)
    expect_exit 0 "$HOLDFAST" store list -q
    for url in given.test alone.test noted.test single.test; do
        expect_text out "$url"
    done
    # What we delete is gone for it.
    expect_exit 0 "$HOLDFAST" store delete given.test noted.test --from "$kind:$file"
    expect_equal 'in the clear' "$(peer_sees http://given.test/)" "$kind: deleted"
    expect_equal 'in the clear' "$(peer_sees http://sub.noted.test/)" "$kind: deleted"
    expect_equal secure "$(peer_sees http://single.test/)" "$kind: what stayed"
}

# The text of the page.
peer_page()
{
    sed -n 's/.*<p>\(.*\)<\/p>.*/\1/p'
}

# How the last request for HOST since the log was emptied reached the proxy.
peer_log()
{
    sed -n "s/^clear $1\$/in the clear/p; s/^secure $1\$/secure/p" proxy.log | sort | head -1
}
