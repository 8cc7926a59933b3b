#!/usr/bin/env bash
# bad_certificates.sh FOLDER [FARM]: makes what tests/lib/bad_farm.py needs: good.key, good.pem, huge.pem (10 MB of
# certificates behind it) and hundred.pem (a hundred). With FARM, a folder of probe-farm, the key and certificate of its
# first host; else FOLDER has them already.
set -euo pipefail
cd "$1"
if [ $# -gt 1 ]; then
    openssl pkey -in "$2/hosts/h0000.test.pem" -out good.key
    sed -n '/BEGIN CERTIFICATE/,$p' "$2/hosts/h0000.test.pem" >good.pem
fi
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout large.key -out large.pem -days 30 -subj \
    '/CN=large' \
    -addext "nsComment=$(head -c 60000 /dev/zero | tr '\0' a)" 2>large.log || { cat large.log >&2; exit 1; }
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout small.key -out small.pem -days 30 -subj \
    '/CN=small' \
    2>small.log || { cat small.log >&2; exit 1; }
cp good.pem huge.pem
cp good.pem hundred.pem
for ((i = 0; i < 98; i++)); do
    cat small.pem >>hundred.pem
    cat large.pem >>huge.pem
done
for ((i = 0; i < 72; i++)); do
    cat large.pem >>huge.pem
done
