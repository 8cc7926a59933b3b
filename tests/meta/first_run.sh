#!/usr/bin/env bash
# What a newcomer does first, from a fresh copy of the source: `make run`, and `make run SITE=...` against nginx with a
# certificate of a CA made here.
. "$SOURCE_DIR/tests/lib/check.sh"
command -v nginx >/dev/null || PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || skip "nginx is not installed"

mkdir copy
tar -C "$SOURCE_DIR" -c --exclude=./build --exclude=./.git . | tar -C copy -x
expect_exit 0 make -C copy run
for fault in expired self-signed wrong-name; do
    grep -qE "^$fault\.lab\.test .*found .*$fault" <<<"$out" || fail \
        "make run does not name the $fault host:"$'\n'"$out"
done

# -- a CA, and a certificate for localhost
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=a CA for one test" -days 30 \
    -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.pem 2>openssl.log || fail "openssl made no CA"
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=site.test" -keyout site.key -out site.csr \
    2>>openssl.log
openssl x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out site.pem \
    -extfile <(echo "subjectAltName=DNS:site.test") 2>>openssl.log || fail "openssl made no certificate"

# nginx wants a port by number. One that was free a moment ago may be taken now: then the next is tried.
start_nginx()
{
    local port
    for port in $(shuf -n 20 -i 20000-32000); do
        cat >nginx.conf <<END
daemon off; worker_processes 1; pid $TEST_DIR/nginx.pid; error_log $TEST_DIR/error.log;
events { worker_connections 64; }
http {
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {
        listen 127.0.0.1:$port ssl; server_name site.test;
        ssl_certificate $TEST_DIR/site.pem; ssl_certificate_key $TEST_DIR/site.key;
        add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
        location / { return 200 "hello"; }
    }
}
END
        nginx -p "$TEST_DIR" -c "$TEST_DIR/nginx.conf" >nginx.log 2>&1 &
        nginx=$!
        for _ in $(seq 50); do
            kill -0 "$nginx" 2>/dev/null || break
            if [ -s nginx.pid ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
                nginx_port=$port
                return 0
            fi
            sleep 0.1
        done
        kill "$nginx" 2>/dev/null
        wait "$nginx"
    done
    return 1
}
trap '[ -z "${nginx:-}" ] || kill "$nginx" 2>/dev/null' EXIT
start_nginx || { fail "nginx did not start:"$'\n'"$(cat nginx.log error.log)"; finish; }

connect="--no-http --no-www --connect-to site.test:443:127.0.0.1:$nginx_port"
expect_exit 0 make -C copy run SITE=site.test ARGS="$connect --cafile $TEST_DIR/ca.pem"
expect_text out "max-age=31536000; includeSubDomains"
# Without the CA the same site is a finding, and make passes the failure on.
expect_exit 2 make -C copy run SITE=site.test ARGS="$connect"
expect_text err "Error 1"
finish
