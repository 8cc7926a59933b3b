#!/usr/bin/env bash
# A name with an HTTPS record is asked over https, whatever the name, and never over http: Chromium, in a network of its
# own, beside `holdfast visit --as chromium --dns`.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need chromium
need certutil
unshare -nm true 2>/dev/null || excuse 'no network of its own can be made here'
authority
issue good '*.lab.test,*.example.com'
printf 'nameserver 127.0.0.1\n' >resolv.conf
expect_exit 0 unshare -nm sh -c 'ip link set lo up && mount --bind resolv.conf /etc/resolv.conf &&
    exec timeout 120 python3 "$0" "$@"' "$SOURCE_DIR/tests/interop/https_record.py" "$HOLDFAST" "$PWD/root.pem" "$PWD"
expect_equal 'http://record.lab.test/ https://record.lab.test/ 
http://plain.lab.test/ http://plain.lab.test/ 
http://record-broken.lab.test/ no page 
http://record.lab.test:8080/ http://record.lab.test:8080/ 
http://record.example.com/ https://record.example.com/ 
http://record-broken.example.com/ no page 
http://plain-broken.example.com/ http://plain-broken.example.com/ ' "$out" 'Chromium, and ours'
finish
