# shellcheck shell=bash
# A web site for a scene: a test authority, certificates, and servers on free ports of 127.0.0.1. Source it after
# check.sh.
#   authority                          makes root.pem and intermediate.pem
#   issue FILE NAMES [FROM UNTIL]      makes FILE.key, FILE.pem and FILE.full (with the intermediate); NAMES are separated by
#                                      commas; FROM and UNTIL are times that date(1) understands, now and in 60 days by default
#   self_signed FILE NAME              makes FILE.key and FILE.full
#   free_port                          prints a port on which nothing listens
#   nginx_start FILE                   starts nginx with FILE as the inside of its http block, and waits until it answers
#   odd_server ARGUMENT...             starts tests/lib/odd_server.py; its port is then in $port
#   apache_start FILE                  starts Apache with FILE as its virtual hosts, and waits until it answers
#   see HOST ARGUMENT...               `holdfast check` of https://HOST alone at 127.0.0.1:$port, with the authority trusted
#   see_all HOST ARGUMENT...           the same of the whole site: plain HTTP is at $http_port
servers=()
port=
http_port=

stop_servers()
{
    local pid
    for pid in "${servers[@]}"; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
}
trap stop_servers EXIT

need()
{
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

asn1_time()
{
    date -u -d "$1" +%Y%m%d%H%M%SZ
}

# sign FILE ISSUER FROM UNTIL EXTENSION...
sign()
{
    local file=$1 issuer=$2 from=$3 until=$4
    shift 4
    printf '%s\n' "$@" >"$file.ext"
    openssl ca -batch -config ca.cnf -notext -create_serial -cert "$issuer.pem" -keyfile "$issuer.key" -in "$file.csr" \
        -out "$file.pem" -startdate "$(asn1_time "$from")" -enddate "$(asn1_time "$until")" -extfile "$file.ext" \
        2>"$file.log" || { cat "$file.log"; exit 1; }
}

request()
{
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$2" \
        2>"$1.log" || { cat "$1.log"; exit 1; }
}

authority()
{
    need openssl
    : >index.txt
    printf '%s\n' '[ca]' 'default_ca = test' '[test]' "database = $PWD/index.txt" "new_certs_dir = $PWD" \
        "serial = $PWD/serial" 'default_md = sha256' 'policy = any' 'unique_subject = no' '[any]' \
        'commonName = supplied' >ca.cnf
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 3650 \
        -subj "/CN=Test root" -addext keyUsage=critical,keyCertSign,cRLSign 2>root.log || { cat root.log; exit 1; }
    request intermediate "Test intermediate"
    sign intermediate root '1 year ago' '1 year' 'basicConstraints=critical,CA:TRUE' 'keyUsage=critical,keyCertSign'
}

issue()
{
    request "$1" "${2%%,*}"
    sign "$1" intermediate "${3:-1 hour ago}" "${4:-60 days}" "subjectAltName=DNS:${2//,/,DNS:}" \
        'basicConstraints=critical,CA:FALSE' 'extendedKeyUsage=serverAuth'
    cat "$1.pem" intermediate.pem >"$1.full"
}

self_signed()
{
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.full" -days 30 \
        -subj "/CN=$2" -addext "subjectAltName=DNS:$2" 2>"$1.log" || { cat "$1.log"; exit 1; }
}

free_port()
{
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_for PORT: until something listens there
wait_for()
{
    local i
    for ((i = 0; i < 100; i++)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.05
    done
    fail "nothing came up on port $1"
    finish
}

nginx_start()
{
    need nginx
    printf '%s\n' "daemon off; master_process off; pid $PWD/nginx.pid; error_log $PWD/nginx.log;" 'events {}' 'http {' \
        "access_log off; client_body_temp_path $PWD/body; proxy_temp_path $PWD/proxy; fastcgi_temp_path $PWD/fastcgi;" \
        "uwsgi_temp_path $PWD/uwsgi; scgi_temp_path $PWD/scgi; server_tokens off;" "$(cat "$1")" '}' >nginx.conf
    nginx -e "$PWD/nginx.log" -c "$PWD/nginx.conf" &
    servers+=($!)
    wait_for "$port"
}

apache_start()
{
    local modules=/usr/lib/apache2/modules name
    need apache2
    {
        printf '%s\n' "ServerRoot $PWD" "PidFile $PWD/apache.pid" "ErrorLog $PWD/apache.log" 'ServerName localhost' \
            "Mutex file:$PWD" \
            'StartServers 1' 'ServerLimit 1' 'ThreadsPerChild 8' 'MaxRequestWorkers 8'
        for name in mpm_event authz_core alias dir headers ssl; do
            printf 'LoadModule %s_module %s/mod_%s.so\n' "$name" "$modules" "$name"
        done
        cat "$1"
    } >apache.conf
    apache2 -X -f "$PWD/apache.conf" 2>apache.err &
    servers+=($!)
    wait_for "$port"
}

odd_server()
{
    port=$(free_port)
    python3 "$SOURCE_DIR/tests/lib/odd_server.py" "$port" "$@" &
    servers+=($!)
    wait_for "$port"
}

see()
{
    local host=$1
    shift
    "$HOLDFAST" check "$host" --no-http --no-www --connect-to "$host:443:127.0.0.1:$port" --cafile root.pem "$@"
}

see_all()
{
    local host=$1
    shift
    "$HOLDFAST" check "$host" --connect-to ":443:127.0.0.1:$port" --connect-to ":80:127.0.0.1:$http_port" \
        --cafile root.pem "$@"
}
