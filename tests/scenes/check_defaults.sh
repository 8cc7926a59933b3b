#!/usr/bin/env bash
# No false alarm: sites as nginx, Apache, Caddy and HAProxy serve them by default, with HSTS as their manuals set it up,
# and set-ups as those of WordPress and of Cloudflare. The whole site is checked in full depth, and no warning is
# allowed.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
authority
word=x$(od -An -N3 -tx1 /dev/urandom | tr -d ' ')
site=$word.test
issue site "$site,www.$site"
mkdir html
echo '<!DOCTYPE html><title>It works</title>' >html/index.html
year='max-age=31536000; includeSubDomains'

# clean WHAT ARGUMENT...: nothing is found that is worth a warning
clean()
{
    local what=$1
    shift
    expect_exit 0 see_all "$site" --fail-on warning "$@"
    expect_text out 'HSTS is in force for 1 year, with subdomains. Browsers let visitors in'
    expect_no_text out ' warning'
    [ "$failures" = 0 ] || printf 'of %s\n' "$what"
}

ports()
{
    port=$(free_port)
    http_port=$(free_port)
}

# As Debian's default site, with the lines that nginx's manual and certbot add.
ports
cat >nginx-site <<EOF
server { listen 127.0.0.1:$http_port default_server; server_name $site www.$site; return 301 https://\$host\$request_uri; }
server {
    listen 127.0.0.1:$port ssl http2 default_server;
    server_name $site www.$site;
    ssl_certificate $PWD/site.full;
    ssl_certificate_key $PWD/site.key;
    add_header Strict-Transport-Security "$year" always;
    root $PWD/html;
    index index.html index.htm;
    location / { try_files \$uri \$uri/ =404; }
}
EOF
nginx_start nginx-site
clean nginx

# WordPress: www leads to the name without it (redirect_canonical), slowly changing pages, a 404 of its own, cookies.
ports
cat >wordpress-site <<EOF
server { listen 127.0.0.1:$http_port; server_name $site www.$site; return 301 https://\$host\$request_uri; }
server {
    listen 127.0.0.1:$port ssl http2;
    server_name $site www.$site;
    ssl_certificate $PWD/site.full;
    ssl_certificate_key $PWD/site.key;
    add_header Strict-Transport-Security "$year" always;
    add_header X-Powered-By PHP/8.2.20 always;
    default_type text/html;
    if (\$host = www.$site) { return 301 https://$site\$request_uri; }
    location = / {
        add_header Strict-Transport-Security "$year" always;
        add_header Link '<https://$site/wp-json/>; rel="https://api.w.org/"';
        add_header Set-Cookie 'wordpress_test_cookie=WP%20Cookie%20check; path=/; secure';
        return 200 '<!DOCTYPE html><title>Just another WordPress site</title>';
    }
    location / {
        add_header Strict-Transport-Security "$year" always;
        add_header Cache-Control 'no-cache, must-revalidate, max-age=0';
        return 404 '<!DOCTYPE html><title>Page not found</title>';
    }
}
EOF
mkdir wordpress
(cd wordpress && cp ../*-site .)
cd wordpress || exit 1
nginx_start wordpress-site
cd .. || exit 1
clean WordPress

# Cloudflare: "Always Use HTTPS" is a 301 at the edge, HSTS is set there too, alt-svc offers HTTP/3.
ports
cat >cloudflare-site <<EOF
server {
    listen 127.0.0.1:$http_port; server_name $site www.$site;
    add_header CF-RAY 8f00ba4000000000-FRA always;
    add_header Vary Accept-Encoding always;
    add_header Cache-Control max-age=3600 always;
    return 301 https://\$host\$request_uri;
}
server {
    listen 127.0.0.1:$port ssl http2;
    server_name $site www.$site;
    ssl_certificate $PWD/site.full;
    ssl_certificate_key $PWD/site.key;
    add_header Strict-Transport-Security "$year; preload" always;
    add_header Alt-Svc 'h3=":443"; ma=86400' always;
    add_header CF-RAY 8f00ba4000000000-FRA always;
    add_header CF-Cache-Status DYNAMIC always;
    add_header Set-Cookie '__cf_bm=x; path=/; HttpOnly; Secure; SameSite=None' always;
    root $PWD/html;
    location / { try_files \$uri \$uri/ =404; }
}
EOF
mkdir cloudflare
cp cloudflare-site cloudflare
cd cloudflare || exit 1
nginx_start cloudflare-site
cd .. || exit 1
clean Cloudflare

# As Debian's 000-default.conf and default-ssl.conf, and Redirect as Apache's manual has it.
ports
cat >apache-site <<EOF
Listen 127.0.0.1:$http_port
Listen 127.0.0.1:$port
<VirtualHost 127.0.0.1:$http_port>
    ServerName $site
    ServerAlias www.$site
    Redirect permanent / https://$site/
</VirtualHost>
<VirtualHost 127.0.0.1:$port>
    ServerName $site
    ServerAlias www.$site
    DocumentRoot $PWD/html
    <Directory $PWD/html>
        Require all granted
    </Directory>
    SSLEngine on
    SSLCertificateFile $PWD/site.full
    SSLCertificateKeyFile $PWD/site.key
    Header always set Strict-Transport-Security "$year"
</VirtualHost>
EOF
apache_start apache-site
clean Apache --no-www

# Caddy redirects and speaks HTTP/2 by itself.
need caddy
ports
cat >Caddyfile <<EOF
{
    admin off
    http_port $http_port
    https_port $port
    default_bind 127.0.0.1
}
$site, www.$site {
    tls $PWD/site.full $PWD/site.key
    header Strict-Transport-Security "$year"
    root * $PWD/html
    file_server
}
EOF
XDG_DATA_HOME=$PWD/caddy caddy run --config Caddyfile --adapter caddyfile 2>caddy.log &
servers+=($!)
wait_for "$port"
wait_for "$http_port"
clean Caddy

# HAProxy ends TLS in front of a site. Unlike http-response, http-after-response sets the header on its own answers too.
need haproxy
ports
cat site.full site.key >site.haproxy
cat >haproxy.cfg <<EOF
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend plain
    bind 127.0.0.1:$http_port
    http-request redirect scheme https code 301
frontend tls
    bind 127.0.0.1:$port ssl crt $PWD/site.haproxy alpn h2,http/1.1
    http-after-response set-header Strict-Transport-Security "$year"
    http-request return status 404 content-type text/html string "<title>Not found</title>" unless { path / }
    http-request return status 200 content-type text/html string "<!DOCTYPE html><title>It works</title>"
EOF
haproxy -db -q -f haproxy.cfg 2>haproxy.log &
servers+=($!)
wait_for "$port"
wait_for "$http_port"
clean HAProxy
finish
