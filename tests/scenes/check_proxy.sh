#!/usr/bin/env bash
# Through an HTTP proxy: tunnels, plain requests in absolute form, passwords, refusals, and who is reached without it.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue good good.test
port=$(free_port)
http_port=$(free_port)
{
    printf 'server { listen 127.0.0.1:%s ssl; server_name good.test; ssl_certificate %s/good.full; ssl_certificate_key %s/good.key;\n' \
        "$port" "$PWD" "$PWD"
    printf "add_header Strict-Transport-Security 'max-age=31536000'; location / { return 200 hello; } }\n"
    printf 'server { listen 127.0.0.1:%s; server_name good.test; return 301 https://good.test/; }\n' "$http_port"
} >sites
nginx_start sites

# proxy_start MODE: its port is then in $proxy, what it was asked in the file `asked`
proxy_start()
{
    proxy=$(free_port)
    python3 "$SOURCE_DIR/tests/lib/proxy.py" "$proxy" "$port" "$http_port" "$1" >asked &
    servers+=($!)
    wait_for "$proxy"
}

through()
{
    "$HOLDFAST" check good.test --no-www --depth standard --cafile root.pem --timeout 3 "$@"
}

proxy_start serve
expect_exit 0 through --proxy "http://127.0.0.1:$proxy"
expect_text out 'HSTS is in force'
expect_text out "the proxy http://127.0.0.1:$proxy"
expect_equal 'CONNECT good.test:443 -
CONNECT good.test:443 -
GET http://good.test/ -' "$(sort asked)" 'what the proxy was asked'
proxy_start serve
expect_exit 0 through --proxy "us%65r:pass word@127.0.0.1:$proxy" --no-http
expect_equal "CONNECT good.test:443 Basic $(printf 'user:pass word' | base64)" "$(cat asked)" 'with a password'
expect_no_text out 'pass'

# In full depth the default certificate and further answers are seen through it, too; the addresses are the proxy's to
# choose.
proxy_start serve
expect_exit 0 through --proxy "http://127.0.0.1:$proxy" --no-http --depth full
expect_equal 7 "$(wc -l <asked)" 'tunnels in full depth'
expect_text out "not checked: the proxy http://127.0.0.1:$proxy stands in front of good.test"

# As in curl: what is to be connected to elsewhere goes through a tunnel, which leads there.
proxy_start serve
expect_exit 0 through --proxy "127.0.0.1:$proxy" --connect-to good.test:80:elsewhere.test:80
expect_text out '301 http://good.test/'
expect_equal 1 "$(grep -c 'CONNECT elsewhere.test:80' asked)" 'tunnels to where it was to be connected'

# The environment, as curl reads it.
proxy_start serve
expect_exit 0 env https_proxy="http://127.0.0.1:$proxy" HTTPS_PROXY=http://127.0.0.1:1 http_proxy="127.0.0.1:$proxy" \
    "$HOLDFAST" check good.test \
    --no-www --depth standard --cafile root.pem
expect_exit 0 env ALL_PROXY="http://127.0.0.1:$proxy" "$HOLDFAST" check good.test --no-www --depth standard \
    --cafile root.pem
expect_equal 6 "$(wc -l <asked)" 'requests at the proxy of the environment'
direct=(--connect-to "good.test:443:127.0.0.1:$port" --connect-to "good.test:80:127.0.0.1:$http_port")
for none in good.test .test 'a.example, test' '*'; do
    expect_exit 0 env ALL_PROXY=http://127.0.0.1:1 no_proxy="$none" "$HOLDFAST" check good.test --depth standard \
        --no-www --cafile root.pem "${direct[@]}"
done
expect_exit 0 env HTTP_PROXY=http://127.0.0.1:1 "$HOLDFAST" check good.test --depth standard --no-www \
    --cafile root.pem "${direct[@]}"
expect_exit 0 env ALL_PROXY=http://127.0.0.1:1 "$HOLDFAST" check good.test --depth standard --no-www --cafile root.pem \
    --proxy '' "${direct[@]}"
expect_exit 3 env all_proxy=ftp://127.0.0.1 "$HOLDFAST" check good.test
expect_text err 'all_proxy: only http:// proxies are spoken to'

# A proxy that does not do it says nothing about the host: this machine could not look.
for mode in refuse demand close garbage silent; do
    proxy_start $mode
    expect_exit 3 through --proxy "http://127.0.0.1:$proxy"
    expect_text out 'Could not look: the proxy'
done
expect_exit 3 through --proxy "http://127.0.0.1:$(free_port)"
expect_text out 'the proxy cannot be reached'
expect_exit 3 through --proxy http://nobody.invalid:3128
finish
