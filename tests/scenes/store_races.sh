#!/usr/bin/env bash
# A user exchanges a folder of theirs for a link to one of root's, while root changes a store in their home: nothing is
# made, changed or removed outside of the home, and what is left in it is theirs.
#   STORE_RACES=2000 tests/lib/run.sh tests/scenes/store_races.sh     is the long run
. "$SOURCE_DIR/tests/lib/check.sh"
[ "$(id -u)" = 0 ] || skip 'needs root'
rounds=${STORE_RACES:-300}
home=$PWD/home/alice
secret=$PWD/secret
mkdir -p home secret
chmod 755 . home
chmod 700 secret
printf 'of root\n' >secret/known
python3 -c 'print("# a first line of the user\x27s choice")
for i in range(1500): print("h%d.test \"20330101 00:00:00\"" % i)' >evil
sed 's/h1\.test/root.test/' evil >secret/taken.sh
# Exchanges two names without a pause, as the user, until it is ended.
cat >racer.py <<'PYTHON'
import ctypes, os, sys
os.setgroups([]); os.setgid(4001); os.setuid(4001)
call = ctypes.CDLL(None, use_errno=True).syscall
number = {"x86_64": 316, "aarch64": 276, "ppc64le": 357, "s390x": 347}.get(os.uname().machine)
one, other = (path.encode() for path in sys.argv[1:])
if number is None or call(number, -100, one, -100, other, 2) != 0:
    print("no", flush=True)
    sys.exit()
print("racing", flush=True)
while True:
    call(number, -100, one, -100, other, 2)
PYTHON

begin()
{
    rm -rf "$home"
    mkdir -p "$home/d"
    cp evil "$home/d/evil.sh"
    cp evil "$home/d/taken.sh"
    ln -s "$secret" "$home/l"
    # shellcheck disable=SC2088
    printf 'hsts = "~/d/evil.sh"\nhsts = "~/d/taken.sh"\n' >"$home/.curlrc"
    chown -hR 4001:4001 "$home"
}
sha256sum secret/* >before
raced=0 cleared=0
for round in $(seq "$rounds"); do
    begin
    : >racing
    python3 racer.py "$home/d" "$home/l" >racing &
    racer=$!
    for _ in $(seq 500); do [ -s racing ] || sleep 0.01; done
    case $((round % 3)) in
    0) timeout 60 "$HOLDFAST" store clear --from "curl:$home/d/evil.sh" >said 2>&1 ;;
    1) timeout 60 "$HOLDFAST" store delete h1.test --from "curl:$home/d/taken.sh" >said 2>&1 ;;
    *) timeout 60 "$HOLDFAST" store clear --all --root "$home" >said 2>&1 ;;
    esac
    code=$?
    kill "$racer" 2>/dev/null
    wait "$racer" 2>/dev/null
    grep -q racing racing || skip 'this file system cannot exchange two names'
    [ "$code" -le 4 ] || fail "round $round: exit $code"
    if grep -q 'out of its folder' said; then raced=$((raced + 1)); fi
    if grep -qE '[0-9]+ deleted' said; then cleared=$((cleared + 1)); fi
    [ "$(ls -A secret)" = "$(printf 'known\ntaken.sh')" ] || fail "round $round: in the folder of root: $(ls -lA secret)"
    [ -z "$(find "$home" ! -user 4001)" ] || fail "round $round: files of root in the home: $(find "$home" ! -user 4001)"
    [ "$failures" = 0 ] || break
done
expect_exit 0 sha256sum --quiet -c before
printf '%s rounds: %s met the link, %s cleared a store\n' "$rounds" "$raced" "$cleared"
# A run in which nothing met the link, or nothing was ever written, would prove nothing.
[ "$raced" -gt 0 ] || fail 'no round met the link'
[ "$cleared" -gt 0 ] || fail 'no round changed a store'
finish
