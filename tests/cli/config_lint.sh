#!/usr/bin/env bash
# holdfast config lint: text, JSON, exit codes, marks, edits, and what is hostile or missing.
. "$SOURCE_DIR/tests/lib/check.sh"
schema=$SOURCE_DIR/tests/lib/schema.py
hsts='add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;'

lint() # CODE ARGUMENTS...
{
    local code=$1
    shift
    expect_exit "$code" timeout 20 "$HOLDFAST" config lint "$@"
}

# Text, JSON, exit codes.
mkdir -p site/parts
printf 'events {}\nhttp {\n    include parts/*.conf;\n}\n' >site/nginx.conf
printf 'server {\n\tlisten 443 ssl;\n\tadd_header Strict-Transport-Security "maxage=31536000" always;\n}\n' >site/parts/a.conf
lint 1 site/nginx.conf
expect_text out 'site/parts/a.conf:3:40: error '
expect_text out $'\n    included from site/nginx.conf:3\n    add_header Strict-Transport-Security "maxage=31536000" always;\n'
expect_text out $'\n                                          ^~~~~~\n'
expect_text out '1 error'
cp "$TEST_DIR/.out" from-file
lint 1 site
expect_equal "$(cat from-file)" "$out" 'a folder is its main file'
lint 1 -q site
expect_equal 1 "$(wc -l <"$TEST_DIR/.out")" 'a line a finding'
expect_text out 'site/parts/a.conf:3:40: error: '
lint 1 --json site
cp "$TEST_DIR/.out" document
python3 - document <<'EOF' || fail 'the members of a finding'
import json, sys
d = json.load(open(sys.argv[1]))
f, = d["findings"]
assert (f["severity"], f["file"], f["line"], f["column"]) == ("error", "site/parts/a.conf", 3, 40), f
assert f["text"] == "maxage" or f["text"].startswith("maxage"), f
assert f["end_column"] == 40 + len(f["text"]), f
assert f["included_from"] == [{"file": "site/nginx.conf", "line": 3}], f
assert f["message"] and f["fix"] and f["rule"], f
assert (d["files"], d["errors"], d["warnings"], d["ignored"], d["left_out"]) == (2, 1, 0, 0, 0), d
EOF
if python3 -c 'import jsonschema' 2>/dev/null; then
    expect_exit 0 python3 "$schema" config-lint <document
    sed 's/"severity": "error"/"severity": "fatal"/' document >wrong
    expect_exit 1 python3 "$schema" config-lint <wrong
fi
lint 0 --fail-on never site
lint 2 --fail-on errors site
printf 'server {\n    listen 443 ssl;\n    server_name a.test;\n    ssl_certificate a.pem;\n    ssl_certificate_key a.key;\n    %s\n}\n' "$hsts" >clean.conf
lint 0 clean.conf
expect_equal 'no findings in 1 file' "$out" 'what is clean'
lint 0 -q clean.conf
expect_equal '' "$out" 'and quiet'
lint 1 - <site/parts/a.conf
expect_text out '-:3:40: error '
lint 1 --color always site
expect_text out $'\e['

# A whole configuration and another are two servers.
printf 'http {\n%s\n}\n' "$(cat clean.conf)" >one.conf
sed 's/a\.test/b.test/' one.conf >two.conf
lint 0 one.conf two.conf

# And an edge with its origin: the header of both is on one response.
printf 'http {\nserver {\n listen 443 ssl;\n server_name a.test;\n ssl_certificate a.pem;\n ssl_certificate_key a.key;\n %s\n location / { proxy_pass http://127.0.0.1:8080; }\n}\n}\n' "$hsts" >edge.conf
printf 'http {\nserver {\n listen 127.0.0.1:8080;\n %s\n}\n}\n' "$hsts" >origin.conf
lint 0 edge.conf
lint 1 -q edge.conf origin.conf
expect_text out 'edge.conf:7:2: error: a response gets two HSTS headers [duplicate-header]'
lint 0 --fix edge.conf origin.conf
expect_text out 'edge.conf: 2 findings mended'
lint 0 edge.conf origin.conf

# Each finds its certificates beside itself.
for folder in east west; do
    mkdir $folder
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=a.test \
        -keyout $folder/a.key -out $folder/a.pem 2>/dev/null
    cp one.conf $folder/nginx.conf
done
lint 0 east west
cp east/a.key west
lint 1 -q east west
expect_equal 'west/nginx.conf:6:25: error: the private key or the chain does not belong to the certificate [chain-key-mismatch]' \
    "$out" 'the key of the other folder'
lint 1 -q --at 2099-01-01T00:00:00Z east
expect_text out '[certificate-file-expired]'

# Marks of the author.
sed 's/^\tadd_header.*/& # holdfast: ignore RULE it is a test/' site/parts/a.conf >marked.conf
rule=$("$HOLDFAST" config lint -q site | sed 's/.*\[\(.*\)\]/\1/')
sed -i "s/RULE/$rule/" marked.conf
lint 0 marked.conf
expect_equal 'no findings in 1 file; 1 ignored' "$out" 'a finding that is ignored'
lint 0 --fix marked.conf
expect_text out 'no file was changed'
[ ! -e .marked.conf.orig ] || fail 'a backup of a file that stays'
printf '# holdfast: ignore no-always why not\n%s\n' "$(cat clean.conf)" >unused.conf
lint 0 unused.conf
expect_text out 'unused.conf:1:1: info ignore-unused: '
sed -i 's/always why not/always/' unused.conf
lint 1 --fail-on info unused.conf

# Edits: the diff says what is written, and the backup is what was there.
mkdir -p fix/sites-enabled fix/sites-available
printf '# a comment\nhttp {\n  include sites-enabled/*;\n  add_header   Strict-Transport-Security   "max-age=31536000; includeSubDomain"  always; # keep this\n}\n' >fix/nginx.conf
printf "server { listen 443 ssl; ssl_certificate a; ssl_certificate_key b;\n  add_header Strict-Transport-Security 'max-age=31536000; includeSubDomains';\n}" >fix/sites-available/b
ln -s ../sites-available/b fix/sites-enabled/b
chmod 640 fix/nginx.conf
cp -r fix wanted
lint 1 --diff fix
cp "$TEST_DIR/.out" diff
expect_text out '--- fix/nginx.conf'
expect_text out '--- fix/sites-enabled/b'
expect_text out '\ No newline at end of file'
diff -r fix wanted || fail '--diff writes nothing'
lint 0 --fix --version 1.22.1 fix
expect_text out "fix/nginx.conf: 1 finding mended; the old file is fix/.nginx.conf.orig"
expect_text out 'fix/sites-available/.b.orig'
expect_text out 'no findings in 2 files'
expect_equal 640 "$(stat -c %a fix/nginx.conf)" 'the mode of a mended file'
[ -L fix/sites-enabled/b ] || fail 'a link stays a link'
cmp -s fix/.nginx.conf.orig wanted/nginx.conf || fail 'the backup is the old file'
cmp -s fix/sites-available/.b.orig wanted/sites-available/b || fail 'the backup of what a link leads to'
grep -q '^  add_header   Strict-Transport-Security   "max-age=31536000; includeSubDomains"  always; # keep this$' \
    fix/nginx.conf || fail "layout and comments stay: $(cat fix/nginx.conf)"
lint 0 --diff fix
expect_equal '' "$out" 'nothing is left to change'
if [ -n "$(command -v patch)" ]; then
    mv wanted patched && mkdir before && mv fix before/fix && mv patched fix
    rm fix/sites-enabled/b && cp fix/sites-available/b fix/sites-enabled/b
    expect_exit 0 patch -s -p0 -i diff
    cmp fix/nginx.conf before/fix/nginx.conf || fail 'patch makes of the diff what --fix writes'
    cmp fix/sites-enabled/b before/fix/sites-available/b || fail 'the same without a line feed at the end'
fi
# A backup is never overwritten.
printf 'http {\n  add_header Strict-Transport-Security "max-age=31536000; includeSubDomain" always;\n}\n' >again.conf
cp again.conf old
echo mine >.again.conf.orig
lint 0 --fix --json again.conf
cp "$TEST_DIR/.out" document
expect_text out '"backup": ".again.conf.orig.2"'
expect_equal mine "$(cat .again.conf.orig)" 'the first backup'
cmp -s .again.conf.orig.2 old || fail 'the second backup'
if python3 -c 'import jsonschema' 2>/dev/null; then
    expect_exit 0 python3 "$schema" config-lint <document
fi
lint 1 --diff - <old
expect_text out '+++ -'
# What may not be read, or not be written.
other() # ARGUMENTS..., as another user where this one may do everything
{
    if [ "$(id -u)" = 0 ]; then
        timeout 20 setpriv --reuid 65534 --regid 65534 --clear-groups "$HOLDFAST" config lint "$@"
    else
        timeout 20 "$HOLDFAST" config lint "$@"
    fi
}
chmod 755 .
mkdir ro && cp old ro/a.conf && cp old closed.conf && chmod 0 closed.conf && chmod 644 ro/a.conf && chmod 555 ro
if other ro >both 2>&1 || [ $? = 1 ]; then
    expect_exit 3 other --fix ro
    expect_text err 'ro/a.conf'
    expect_text out 'no file was changed'
    cmp -s ro/a.conf old || fail 'what cannot be written stays'
    expect_exit 2 other closed.conf
    expect_text err 'closed.conf'
fi
chmod 755 ro

# What makes no sense.
lint 2
expect_text err 'a FILE or DIR is missing'
lint 2 --fix --diff clean.conf
lint 2 --diff --json clean.conf
lint 2 --fix -
expect_text err 'standard input'
lint 2 --context nothing clean.conf
lint 2 --platform apache2 clean.conf
lint 2 --version x clean.conf
lint 2 --root nowhere clean.conf
lint 2 nowhere.conf
expect_text err 'nowhere.conf'
mkdir empty
lint 2 empty
expect_text err 'empty: no file in it'
printf 'a\0b' >binary.conf
lint 2 binary.conf
expect_text err 'binary.conf: is not a text file: it has a NUL at byte 1'
head -c 100000 /bin/cat >binary.conf
lint 2 binary.conf

# Includes that lead nowhere, or back.
printf 'include gone.conf;\n%s\n' "$hsts" >gap.conf
lint 0 gap.conf
expect_text out 'gap.conf:1:1: info include-unresolved: '
mkdir loop
printf 'http {\n include b.conf;\n}\n' >loop/nginx.conf
printf 'include b.conf;\ninclude nginx.conf;\n' >loop/b.conf
lint 0 loop
expect_text out 'include'

# Long lines, deep nesting, escapes of a terminal.
{ printf 'add_header Strict-Transport-Security "max-age=1' && head -c 1000000 /dev/zero | tr '\0' 1 && printf '" always;\n'; } >long.conf
timeout 20 "$HOLDFAST" config lint long.conf >both 2>&1
[ $? -le 1 ] || fail 'no ordinary exit with a line of a megabyte'
[ "$(awk '{ if (length > n) n = length } END { print n }' both)" -le 300 ] || fail 'a long line is cut'
{ printf 'http {\n' && for ((i = 0; i < 1000; i++)); do printf 'a {\n'; done; } >deep.conf
lint 1 deep.conf
expect_text out 'syntax-error'
for bytes in $'\e[31m' $'\x9b31m' $'\xe2\x80\xae' $'\xff\xfe' $'\r'; do
    name="file$bytes.conf"
    printf 'add_header Strict-Transport-Security "max-age=%s" always; # %s\nserver { server_name %s; listen 80; include "x%s"; }\n' \
        "$bytes" "$bytes" "$bytes" "$bytes" >"$name"
    for form in --json -q --color=never; do
        checks=$((checks + 1))
        timeout 20 "$HOLDFAST" config lint "$form" "$name" >both 2>&1
        [ $? -le 1 ] || fail "no ordinary exit: $(printf '%q ' "$form" "$name")"
        if LC_ALL=C grep -qaP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|(?<![\xc2-\xf4\x80-\xbf])[\x80-\xbf]|\xff' both; then
            fail "raw bytes in the output of: $(printf '%q ' "$form" "$name")"
            cat -v both | head
        fi
    done
done
finish
