#!/usr/bin/env bash
# Names and handshakes: wildcards, a CN without alternative names, refusals, old versions, hostile certificates, several
# faults at once.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
authority
issue wild '*.wild.test'
issue many another.test '90 days ago' '1 day ago'
request cn cn.test
sign cn intermediate '1 hour ago' '60 days' 'basicConstraints=critical,CA:FALSE'
cat cn.pem intermediate.pem >cn.full
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout evil.key -out evil.full -days 30 \
    -subj $'/CN=evil\x1b[31m\x07\u202e.test' -utf8 -addext $'subjectAltName=DNS:evil\x1b[2J' 2>evil.log ||
    { cat evil.log; exit 1; }
openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.full -days 30 -subj /CN=weak.test \
    -addext subjectAltName=DNS:weak.test 2>weak.log || { cat weak.log; exit 1; }

port=$(free_port)
old=$(free_port)
for name in wild:wild.test cn:cn.test many:many.test evil:evil.test; do
    printf 'server { listen 127.0.0.1:%s ssl; server_name .%s; ssl_certificate %s; ssl_certificate_key %s;\n' "$port" \
        "${name#*:}" "$PWD/${name%:*}.full" "$PWD/${name%:*}.key"
    printf 'location / { add_header Strict-Transport-Security max-age=31536000; return 200 hello; } }\n'
done >sites
cat >>sites <<END
server { listen 127.0.0.1:$port ssl; server_name refused.test; ssl_reject_handshake on; }
server { listen 127.0.0.1:$port ssl; server_name weak.test; ssl_certificate $PWD/weak.full; ssl_certificate_key $PWD/weak.key;
    ssl_ciphers DEFAULT:@SECLEVEL=0; }
server { listen 127.0.0.1:$old ssl; server_name old.test; ssl_certificate $PWD/wild.full; ssl_certificate_key $PWD/wild.key;
    ssl_protocols TLSv1 TLSv1.1; ssl_ciphers DEFAULT:@SECLEVEL=0; }
END
nginx_start sites

expect_exit 0 see a.wild.test
expect_text out '*.wild.test'
# A '_' in the label that the '*' stands for, and capitals, as browsers take them.
expect_exit 0 see a_B.wild.test
expect_exit 1 see wild.test
expect_text out 'error cert-wrong-name'
expect_exit 1 see a.b.wild.test
expect_text out 'error cert-wrong-name'

# Browsers do not look at the CN.
expect_exit 1 see cn.test
expect_text out 'error cert-wrong-name'
expect_text out "certificate's names: none"

# Everything that is wrong is named, in one look.
mv root.pem hidden.pem
cp evil.full root.pem
expect_exit 1 see many.test
expect_text out 'error cert-expired'
expect_text out 'error cert-wrong-name'
expect_text out 'error cert-unknown-issuer'
mv hidden.pem root.pem

expect_exit 1 see refused.test
expect_text out 'error tls-failed'
expect_text out 'unrecognized name'
expect_exit 1 see weak.test
expect_text out 'error cert-'

new=$port port=$old
expect_exit 1 see old.test
expect_text out 'error tls-version'
port=$new

# What a certificate says is the server's word, and reaches a terminal escaped.
for format in --color=never --json; do
    see evil.test "$format" >answer 2>&1
    expect_equal 1 $? "exit code with $format"
    expect_equal 0 "$(LC_ALL=C tr -d '\n -~' <answer | wc -c)" "hostile octets with $format"
    expect_equal 1 "$(($(grep -c evil answer) > 0))" "the name with $format"
done
finish
