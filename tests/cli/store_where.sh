#!/usr/bin/env bash
# Stores are found wherever programs keep them; a program that runs keeps its store to itself.
. "$SOURCE_DIR/tests/lib/check.sh"
samples=$SOURCE_DIR/tests/samples

# Where there is none, query says so as where does.
for command in 'where' 'query example.com --all'; do
    # shellcheck disable=SC2086
    expect_exit 0 "$HOLDFAST" store $command
    expect_equal 'no store was found' "$out" "store $command"
done
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME

put() # KIND PATH
{
    mkdir -p "$(dirname "$2")"
    case $1 in
    chromium) cp "$samples/chromium/TransportSecurity.top" "$2" ;;
    firefox) cp "$samples/firefox/SiteSecurityServiceState.top.bin" "$2" ;;
    libsoup) cp "$samples/libsoup/hsts.top.sqlite" "$2" ;;
    safari) cp "$samples/safari/HSTS.xml.plist" "$2" ;;
    wget) cp "$samples/wget/wget-hsts.top" "$2" ;;
    wget2) cp "$samples/wget2/wget2-hsts.top" "$2" ;;
    curl) cp "$samples/curl/hsts.top" "$2" ;;
    esac
    printf '%s:%s\n' "$1" "$2" >>"$TEST_DIR/wanted"
}
found() # ROOT...
{
    expect_exit 0 "$HOLDFAST" store where --jsonl "$@"
    printf '%s\n' "$out" | python3 -c 'import json, sys
for line in sys.stdin:
    store = json.loads(line) if line.strip() else sys.exit()
    print(store["kind"] + ":" + store["path"])' | sort
}

# -- a Linux home
cd "$HOME" || exit 1
put chromium "$HOME/.config/chromium/Default/TransportSecurity"
put chromium "$HOME/.config/google-chrome-beta/Profile 1/TransportSecurity"
put chromium "$HOME/.config/google-chrome/Default/Network/TransportSecurity"
put chromium "$HOME/.config/microsoft-edge-dev/Default/TransportSecurity"
put chromium "$HOME/.config/BraveSoftware/Brave-Browser/Default/TransportSecurity"
put chromium "$HOME/.config/opera/TransportSecurity"
put chromium "$HOME/.config/vivaldi/Default/TransportSecurity"
put chromium "$HOME/.config/Some App/TransportSecurity"
put chromium "$HOME/.local/share/qutebrowser/webengine/TransportSecurity"
put chromium "$HOME/.local/share/KDE/falkon/QtWebEngine/Default/TransportSecurity"
put firefox "$HOME/.zen/ab.Default/SiteSecurityServiceState.bin"
put chromium "$HOME/snap/chromium/common/chromium/Default/TransportSecurity"
put chromium "$HOME/.var/app/com.google.Chrome/config/google-chrome/Default/TransportSecurity"
put firefox "$HOME/.mozilla/firefox/ab.default-esr/SiteSecurityServiceState.bin"
put firefox "$HOME/snap/firefox/common/.mozilla/firefox/cd.default/SiteSecurityServiceState.bin"
put firefox "$HOME/elsewhere/SiteSecurityServiceState.bin"
printf '[Profile0]\nName=x\nIsRelative=0\nPath=%s\n' "$HOME/elsewhere" >.mozilla/firefox/profiles.ini
put libsoup "$HOME/.local/share/epiphany/hsts-storage.sqlite"
put wget "$HOME/.wget-hsts"
put wget2 "$HOME/.local/share/wget/.wget-hsts"
put curl "$HOME/cache of curl"
# shellcheck disable=SC2088
printf 'silent\nhsts = "~/cache of curl"\n' >.curlrc
mkdir moved
put wget "$HOME/moved/hsts"
printf 'hsts_file = %s\n' "$HOME/moved/hsts" >.wgetrc
expect_equal "$(sort "$TEST_DIR/wanted")" "$(found)" 'the stores of this user'
expect_exit 2 "$HOLDFAST" store where --root "$PWD/none"
expect_text err 'none: No such file or directory'
expect_exit 2 "$HOLDFAST" store list --all --root "$HOME/.wget-hsts"
expect_text err '.wget-hsts: Not a directory'
mkdir none
expect_equal '' "$(found --root "$PWD/none")" 'the stores of an empty folder'

# -- the file system of somebody else, of any system
root=$TEST_DIR/disk
: >"$TEST_DIR/wanted"
put chromium "$root/Users/ann/AppData/Local/Google/Chrome/User Data/Default/Network/TransportSecurity"
put chromium "$root/Users/ann/AppData/Local/Microsoft/Edge/User Data/Profile 2/TransportSecurity"
put chromium "$root/Users/bob/Library/Application Support/Google/Chrome Canary/Default/TransportSecurity"
put firefox "$root/Users/ann/AppData/Roaming/Mozilla/Firefox/Profiles/x.default/SiteSecurityServiceState.bin"
put firefox "$root/Users/bob/Library/Application Support/Firefox/Profiles/y.default/SiteSecurityServiceState.bin"
put safari "$root/Users/bob/Library/Cookies/HSTS.plist"
put wget "$root/home/eve [1]/.wget-hsts"
put wget "$root/root/.wget-hsts"
expect_equal "$(sort "$TEST_DIR/wanted")" "$(found --root "$root")" 'the stores below a root'
expect_exit 0 "$HOLDFAST" store query plain.test --all --root "$root" --at 1795170300
expect_text out 'edge://net-internals/#hsts'
expect_exit 0 "$HOLDFAST" store where --root "$root"
expect_text out 'Chrome Canary (macOS)'

# -- a program that runs
chrome=$HOME/.config/google-chrome
ln -s "$(uname -n)-$$" "$chrome/SingletonLock"
cp "$chrome/Default/Network/TransportSecurity" before
expect_exit 3 "$HOLDFAST" store delete plain.test --from "chromium:$chrome/Default/Network/TransportSecurity"
expect_text err "in use by process $$ (bash)"
expect_text err 'chrome://net-internals/#hsts'
expect_exit 0 cmp before "$chrome/Default/Network/TransportSecurity"
# ... whatever way leads there.
ln -s "$chrome/Default/Network/TransportSecurity" way
expect_exit 3 "$HOLDFAST" store delete plain.test --from chromium:way
cd "$chrome/Default/Network" || exit 1
expect_exit 3 "$HOLDFAST" store delete plain.test --from chromium:TransportSecurity
expect_text err 'chrome://net-internals/#hsts'
expect_exit 3 "$HOLDFAST" store delete plain.test --from chromium:../Network/TransportSecurity
cd "$chrome/Default" || exit 1
expect_exit 3 "$HOLDFAST" store add new.test max-age=1 --to chromium:none
expect_exit 3 "$HOLDFAST" store add new.test max-age=1 --to chromium:Network/none
cd "$HOME" || exit 1
rm way
expect_exit 0 cmp before "$chrome/Default/Network/TransportSecurity"
expect_exit 0 "$HOLDFAST" store delete not-there.test --from "chromium:$chrome/Default/Network/TransportSecurity"
expect_exit 4 "$HOLDFAST" store delete plain.test --all
expect_text out 'Brave-Browser/Default/TransportSecurity: 1 deleted'
expect_exit 0 "$HOLDFAST" store where --json
expect_text out "\"running_as\": \"process $$ (bash)\""
ln -sfn "another-machine-$$" "$chrome/SingletonLock"
expect_exit 3 "$HOLDFAST" store clear --from "chromium:$chrome/Default/Network/TransportSecurity"
expect_text err 'another-machine'
rm "$chrome/SingletonLock"
expect_exit 0 "$HOLDFAST" store clear --from "chromium:$chrome/Default/Network/TransportSecurity"

firefox=$HOME/.mozilla/firefox/ab.default-esr
python3 -c 'import fcntl, sys, time
file = open(sys.argv[1], "w")
fcntl.lockf(file, fcntl.LOCK_EX)
print("locked", flush=True)
time.sleep(60)' "$firefox/.parentlock" >locked &
holder=$!
trap 'kill "$holder" 2>/dev/null' EXIT
for _ in $(seq 100); do [ -s locked ] || sleep 0.1; done
expect_exit 3 "$HOLDFAST" store clear --from "firefox:$firefox/SiteSecurityServiceState.bin"
expect_text err "in use by process $holder (python3)"
expect_text err 'Forget About This Site'
kill "$holder"
wait "$holder" 2>/dev/null
expect_exit 0 "$HOLDFAST" store clear --from "firefox:$firefox/SiteSecurityServiceState.bin"

# SQLite: a journal that is not empty belongs to the database.
soup=$HOME/.local/share/epiphany/hsts-storage.sqlite
echo x >"$soup-journal"
expect_exit 3 "$HOLDFAST" store clear --from "libsoup:$soup"
expect_text err 'was not closed'
rm "$soup-journal"
exec 9<"$soup"
expect_exit 3 "$HOLDFAST" store clear --from "libsoup:$soup"
expect_text err 'is in use by process'
exec 9<&-

# Of a whole disk
expect_exit 0 "$HOLDFAST" store clear --all --root "$root" --dry-run
expect_text out 'Canary/Default/TransportSecurity: 8 would be deleted'
expect_exit 0 "$HOLDFAST" store clear --all --root "$root"
expect_exit 0 "$HOLDFAST" store list --all --root "$root" -q
expect_equal '' "$out" 'what is left'

# A symbolic link stays one; the file that it leads to is replaced.
ln -s "$HOME/.wget-hsts" link
expect_exit 0 "$HOLDFAST" store clear --from "wget:$HOME/link"
expect_equal "$HOME/.wget-hsts" "$(readlink link)" 'the link'
expect_equal 0 "$("$HOLDFAST" store list --from "wget:$HOME/link" -q | wc -l)" 'what it leads to'
expect_equal '' "$(find "$HOME" -name '*.??????' -newer before -name '*hsts.*' -not -name '*.sqlite*' -not -name \
    '*.holdfast*')" 'temporary files left'
finish
