#!/usr/bin/env bash
# Every block of src/findings/blocks.txt, pasted into a real nginx, Apache or Caddy with the fault that it mends: the
# report shows it, and after a restart the finding is gone.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
need nginx
need apache2
need caddy
need curl
authority
issue fullchain good.test
openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.csr -subj /CN=good.test 2>/dev/null
sign rsa intermediate '1 hour ago' '60 days' subjectAltName=DNS:good.test basicConstraints=critical,CA:FALSE
cat rsa.pem intermediate.pem >rsa.full
mkdir -p live/good.test root caddy
cp fullchain.full live/good.test/fullchain.pem
cp fullchain.key live/good.test/privkey.pem
echo hello >root/index.html

expect_exit 0 python3 "$SOURCE_DIR/tests/scenes/fix_blocks.py"
printf '%s\n' "$out"
finish
