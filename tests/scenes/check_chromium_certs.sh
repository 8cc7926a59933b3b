#!/usr/bin/env bash
# Headless Chromium, which trusts the lab's root, and check see the same faults in the chains of the lab's hosts.
# Chromium names the worst of several; where it lets in whom we refuse, docs/disagreements.md says so.
. "$SOURCE_DIR/tests/lib/check.sh"
. "$SOURCE_DIR/tests/lib/site.sh"
. "$SOURCE_DIR/tests/lib/lab.sh"
need chromium
need python3
command -v certutil >/dev/null || skip 'certutil (libnss3-tools) is not installed'
lab_start
lab_errors

mkdir -p home/.pki/nssdb home/.local/share/pki/nssdb
for folder in home/.pki/nssdb home/.local/share/pki/nssdb; do
    certutil -N -d "sql:$folder" --empty-password
    certutil -A -d "sql:$folder" -t C,, -n lab -i "$lab_cafile"
done

# Prints the error, or nothing when the page came; fails when neither is seen.
chromium_says()
{
    local error
    HOME=$PWD/home timeout 60 chromium --headless=new --no-sandbox --disable-gpu --no-first-run \
        --disable-background-networking \
        --user-data-dir="$PWD/profile" --no-proxy-server --host-resolver-rules="MAP *.lab.test:443 127.0.0.1:$port, MAP * ~NOTFOUND" \
        --enable-logging=stderr --dump-dom "https://$1/" >"$1.dom" 2>"$1.err"
    error=$(grep -oh 'ERR_CERT_[A-Z_]*\|ERR_SSL_[A-Z_]*' "$1.err" "$1.dom" | sort -u | head -n 1)
    if [ -n "$error" ]; then
        echo "$error"
    else
        grep -q '<title>Holdfast lab' "$1.dom" || echo 'no answer'
    fi
}
[ -z "$(chromium_says good.lab.test)" ] || skip 'chromium does not run here, or cannot be made to trust a root'

# What Chromium may say for our errors.
expected_for()
{
    local error
    for error in $1; do
        case ${error%%:*} in
        expired | not-yet-valid) echo ERR_CERT_DATE_INVALID ;;
        name-mismatch) echo ERR_CERT_COMMON_NAME_INVALID ;;
        self-signed | untrusted-root | issuer-missing) echo ERR_CERT_AUTHORITY_INVALID ;;
        revoked) echo ERR_CERT_REVOKED ;;
        weak-signature) printf '%s\n' ERR_CERT_WEAK_SIGNATURE_ALGORITHM ERR_CERT_INVALID ;;
        name-constraints) printf '%s\n' ERR_CERT_NAME_CONSTRAINT_VIOLATION ERR_CERT_INVALID ;;
        path-length | not-an-authority | wrong-purpose) echo ERR_CERT_INVALID ;;
        old-version | no-common-*) echo ERR_SSL_VERSION_OR_CIPHER_MISMATCH ;;
        weak-key) [ "$1" != weak-key:66:0 ] || echo '' ;;
        esac
    done
}

refused=0
compared=0
while IFS=$'\t' read -r host errors; do
    # The other hosts have good certificates.
    case $host in
    no-header.* | max-age-0.* | malformed.* | duplicate.* | closed.* | record-closed.* | clear.* | foreign.* | \
        http-only.* | downgrade.* | loop.* | bad-target.*) continue ;;
    esac
    said=$(chromium_says "$host")
    if [ -n "$errors" ]; then
        expected_for "$errors" | grep -qx -- "$said" || fail "$host: Chromium says '$said', we say $errors"
    else
        expect_equal '' "$said" "Chromium at $host, where we see no error"
    fi
    checks=$((checks + 1))
    compared=$((compared + 1))
    [ -z "$said" ] || refused=$((refused + 1))
done <ours
[ "$compared" -ge 25 ] || fail "only $compared hosts"
[ "$refused" -ge 14 ] || fail "only $refused hosts were refused"
finish
