#!/usr/bin/env bash
# Each fault of nginx's configuration that shows on the wire: a real nginx has it, `holdfast config lint` finds it at
# its line, `--fix` mends it, nginx takes the mended file, and then the fault is gone and nothing else has changed.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
[ -e /usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so ] || skip 'headers-more for nginx is not installed'
unshare -n true 2>/dev/null || excuse 'no network of its own can be made here'
authority
issue good a.test,b.test
mkdir -p root/a
echo hello >root/index.html
echo hello >root/a/index.html

expect_exit 0 unshare -n sh -c 'ip link set lo up && exec timeout 200 python3 "$0"' \
    "$SOURCE_DIR/tests/scenes/config_faults.py"
printf '%s\n' "$out"
finish
