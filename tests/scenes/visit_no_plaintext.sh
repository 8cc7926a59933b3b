#!/usr/bin/env bash
# No plaintext leaves for a known host. Every port 80, and 8080 in the clear, is a listener that writes down who comes.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue known known.test,a.known.test,xn--bcher-kva.test
issue back back.test
port=$(free_port)
clear=$(free_port)
{
    printf 'absolute_redirect off; ssl_certificate %s; ssl_certificate_key %s;\n' "$PWD/known.full" "$PWD/known.key"
    printf 'server { listen 127.0.0.1:%s ssl; server_name known.test a.known.test xn--bcher-kva.test;\n' "$port"
    printf '%s\n' "add_header Strict-Transport-Security 'max-age=31536000; includeSubDomains' always;" \
        'location / { return 200 hello; }' 'location = /down { return 301 http://known.test/; }' \
        'location = /other { return 302 http://a.known.test:80/; }' \
        'location = /port { return 307 http://known.test:8080/; }' \
        'location = /odd { return 308 "HTTP:\\KNOWN.test.:080"; }' \
        'location = /relative { return 303 "//a.known.test/"; } }'
    printf 'server { listen 127.0.0.1:%s ssl; server_name back.test; ssl_certificate %s; ssl_certificate_key %s;\n' \
        "$port" \
        "$PWD/back.full" "$PWD/back.key"
    printf '%s\n' 'location / { return 302 http://known.test/; } }'
} >sites
nginx_start sites
python3 "$SOURCE_DIR/tests/lib/listener.py" "$clear" "$PWD/visitors" &
servers+=($!)
wait_for "$clear"

visit()
{
    "$HOLDFAST" visit --connect-to ":80:127.0.0.1:$clear" --connect-to ":443:127.0.0.1:$port" \
        --connect-to ":8080:127.0.0.1:$port" \
        --cafile root.pem --store known --timeout 5 "$@"
}
visitors()
{
    # The listener writes after it has answered: a visit that came in the clear is over by then.
    grep -c GET visitors 2>/dev/null
}

# The listener does its work: a stranger's plaintext is seen.
expect_exit 0 visit http://known.test/
for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(visitors)" = 1 ] || sleep 0.1
done
expect_equal 1 "$(visitors)" 'visitors in the clear before anything is known'

# From the note on nobody comes.
expect_exit 0 visit https://known.test/ 'https://bücher.test/'
for url in http://known.test http://known.test/ http://known.test:80/ http://known.test:080/ http://known.test:8080/ \
    http://known.test:/ \
    http://known.test./ http://KNOWN.TEST./ HTTP://Known.Test/ hTTp:known.test 'http:\\known.test' 'http:/known.test' \
    http:////known.test/ http://kn%6Fwn.test/ 'http://k%6e%6F%77n%2etest/' http://known%2Etest http://ｋｎｏｗｎ.test/ \
    'http://known。test/' $'http://kno\twn.test/' $' http://known.test\n' 'http://user:pass@known.test/' \
    'http://other.test@known.test/' 'http://other.test:80@known.test:80/' 'http://known.test?other.test' \
    'http://known.test#@other.test' 'http://known.test\@other.test/' http://a.known.test/ http://A.KNOWN.test.:80 \
    http://a%2eknown.test/ 'http://bücher.test/' 'http://BÜCHER.test/' http://xn--bcher-kva.test/ \
    http://XN--BCHER-KVA.test./ \
    'http://bu%CC%88cher.test/' http://kno%c2%adwn.test/; do
    expect_exit 0 visit "$url"
    expect_text out '307 Internal Redirect to https://'
done

# Nor over redirects: straight down, to a subdomain, to a port, oddly spelled, without a scheme, from another host.
for path in down other port odd relative; do
    expect_exit 0 visit "https://known.test/$path" "http://known.test/$path"
done
expect_exit 0 visit https://back.test/
expect_text out '307 Internal Redirect to https://known.test/'

# Nor when https cannot be had: there is no way back.
stop_server()
{
    kill "${servers[0]}"
    wait "${servers[0]}" 2>/dev/null
    servers=("${servers[@]:1}")
}
stop_server
expect_exit 1 visit http://known.test/
expect_text out 'connection-refused'

sleep 0.3
expect_equal 1 "$(visitors)" 'visitors in the clear after all'
expect_equal 2 "$(wc -l <visitors)" 'connections to the stand-in: that visitor, and the wait for it'

# And the listener is still there to see.
expect_exit 0 "$HOLDFAST" visit --connect-to ":80:127.0.0.1:$clear" --no-store http://known.test/
sleep 0.3
expect_equal 2 "$(visitors)" 'visitors in the clear when nobody is known'
finish
