#!/usr/bin/env bash
# Files of certificates before they are served: what is wrong with them is what would be wrong with a site.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/lab.sh"
need python3
authority
issue good a.test,*.w.test
issue expired a.test '90 days ago' '1 day ago'

judge() # CODE ARGUMENT...
{
    local code=$1
    shift
    expect_exit "$code" timeout 20 "$HOLDFAST" check --cafile root.pem "$@"
}
# found CODE IDS ARGUMENT...: exactly these findings
found()
{
    local code=$1 ids=$2
    shift 2
    judge "$code" --json "$@"
    expect_equal "$ids" "$(python3 -c '
import json, sys
print(*sorted({f["id"] for item in json.load(sys.stdin)["files"] for f in item["findings"]}))' <<<"$out")" "findings of $*"
}
keeps_schema()
{
    expect_exit 0 python3 "$SOURCE_DIR/tests/lib/schema.py" check-files <<<"$out"
}
python3 -c 'import jsonschema' 2>/dev/null || keeps_schema() { :; }

# -- Right files give a clean answer, in every form, with every kind of name.
chmod 600 good.key
found 0 '' --chain good.full --key good.key --for a.test --for '*.w.test' --for x.w.test
keeps_schema
judge 0 --chain good.full --key good.key --for a.test
expect_text out 'good.full: every browser accepts it for a.test, until '
expect_text out 'belongs to the certificate'
expect_no_text out 'error'
openssl crl2pkcs7 -nocrl -certfile good.full -outform DER -out good.p7c
openssl crl2pkcs7 -nocrl -certfile good.full -out good.p7b
cat good.key good.full >both.pem
chmod 600 both.pem
for file in good.p7c good.p7b both.pem; do
    found 0 '' --chain "$file" --key good.key --for a.test
done
found 0 '' --chain both.pem --key both.pem
from_pipe()
{
    "$HOLDFAST" check --cafile root.pem --chain - --key good.key --for a.test -q <good.full
}
expect_exit 0 from_pipe
mkfifo pipe
cat good.full >pipe &
servers+=($!)
judge 0 --chain pipe --key good.key -q

# -- What is wrong is named.
openssl x509 -in good.pem -outform DER -out good.der
found 1 'cert-missing-intermediate' --chain good.der --for a.test
keeps_schema
judge 1 --chain good.pem
expect_text out 'NET::ERR_CERT_AUTHORITY_INVALID'
expect_text out 'SEC_ERROR_UNKNOWN_ISSUER'
expect_text out 'CN=Test intermediate'
found 1 'cert-expired' --chain expired.full --key expired.key --for a.test
found 1 'cert-expired' --chain good.full --key good.key --for a.test --at "$(date -d '61 days' +%s)"
found 1 'cert-wrong-name' --chain good.full --for a.test --for b.test --for w.test --for x.y.w.test --for '*.b.test'
keeps_schema
found 1 'cert-key-mismatch' --chain good.full --key expired.key
keeps_schema
judge 1 --chain good.full --key expired.key -q
expect_equal 'good.full: cannot be served with expired.key' "$out" 'the verdict on a wrong key'
found 1 'cert-key-mismatch' --chain good.full --key intermediate.key
cat intermediate.pem good.pem >reversed.pem
judge 1 --chain reversed.pem --key good.key --json
expect_text out chain-leaf-not-first
judge 1 --chain reversed.pem --json
expect_text out chain-leaf-not-first
cat good.full root.pem >rooted.pem
found 0 'chain-root-sent' --chain rooted.pem --key good.key
request lower 'Test lower'
sign lower intermediate '1 year ago' '1 year' 'basicConstraints=critical,CA:TRUE' 'keyUsage=critical,keyCertSign'
request deep deep.test
sign deep lower '1 hour ago' '60 days' subjectAltName=DNS:deep.test basicConstraints=critical,CA:FALSE
cat deep.pem intermediate.pem lower.pem >disordered.pem
found 0 'chain-order' --chain disordered.pem --key deep.key --for deep.test

# -- The key's file.
chmod 644 good.key
found 0 'key-readable' --chain good.full --key good.key
found 1 'key-readable' --chain good.full --key good.key --fail-on warning
chmod 640 good.key
found 0 '' --chain good.full --key good.key --fail-on warning
openssl pkey -in good.key -aes256 -passout pass:secret -out encrypted.key
openssl ec -in good.key -aes128 -passout pass:secret -out old.key 2>/dev/null
for key in encrypted.key old.key; do
    judge 2 --chain good.full --key "$key" </dev/null
    expect_text err "$key: the private key is encrypted, and no passphrase is asked for"
done

# -- Two kinds of key, each with its chain.
openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.csr -subj /CN=a.test 2>rsa.log
sign rsa intermediate '1 hour ago' '60 days' subjectAltName=DNS:a.test basicConstraints=critical,CA:FALSE
cat rsa.pem intermediate.pem >rsa.full
chmod 600 rsa.key good.key
found 0 '' --chain good.full --key good.key --chain rsa.full --key rsa.key --for a.test
keeps_schema
found 1 'cert-key-mismatch' --chain good.full --key rsa.key --chain rsa.full --key good.key --for a.test
cat good.full rsa.full >two.pem
judge 0 --chain two.pem --key good.key --json
expect_text out chain-unrelated

# -- What cannot be read is refused, and ends.
head -c 4096 /dev/urandom | tr -d '\0' >noise
head -c 300 good.der >cut.der
sed 's/END CERT/END CART/' good.pem >bad.pem
: >empty
for file in noise cut.der bad.pem empty good.key /dev/zero /dev/null nosuch .; do
    judge 2 --chain "$file" </dev/null
    expect_equal 1 "$(wc -l <<<"$err")" "lines about $file"
    expect_text err --chain
done
for file in noise good.der empty /dev/zero nosuch .; do
    judge 2 --chain good.full --key "$file" </dev/null
    expect_text err --key
done
endless()
{
    yes "$(cat good.full)" | timeout 20 "$HOLDFAST" check --chain - 2>&1
}
expect_exit 2 endless
for i in {1..65}; do cat good.pem; done >many.pem
judge 2 --chain many.pem
expect_text err 'more than 64 certificates'
judge 2 --chain good.full a.test
judge 2 --chain good.full --key good.key --key rsa.key
judge 2 --key good.key
judge 2 --for a.test a.test
judge 2 --chain good.full --for 'a b'
judge 2 --chain good.full --chain rsa.full --write-chain new.pem

# -- No second opinion: every chain of the lab is judged as the handshake with it was.
lab_start
lab_errors
python3 - <<'END'
import base64, json, subprocess, sys, os
LAB = json.load(open("lab.json"))
compared = 0
for host in json.load(open("check.json"))["hosts"]:
    tls = host["facts"]["https"]["hops"][0]["exchange"]["tls"]
    if not tls["certificates"]:
        continue
    pem = "".join("-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n" % c["der"] for c in tls["certificates"])
    ran = subprocess.run([os.environ["HOLDFAST"], "check", "--cafile", LAB["cafile"], "--chain", "-", "--for", host["host"],
                          "--json", "--fail-on", "never"], input=pem, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        sys.exit("%s: %s" % (host["host"], ran.stderr))
    ours = json.loads(ran.stdout)["files"][0]["tls"]
    seen = [e for e in tls["errors"] if e["depth"] >= 0 and e["code"] != "revoked"]
    for key, wanted in (("errors", seen), ("disputed", tls["disputed"]), ("path", tls["path"]), ("other_paths", tls["other_paths"])):
        if ours[key] != wanted:
            print("%s: %s: %s, and from a file %s" % (host["host"], key, wanted, ours[key]), file=open("differ", "a"))
    compared += 1
if compared < 30:
    print("only %d chains" % compared, file=open("differ", "a"))
END
expect_equal '' "$(cat differ 2>/dev/null)" 'chains that are judged in another way'
finish
