#!/usr/bin/env bash
# The homes of others: nothing outside of a home is read or written, whatever is found in it, and what is passed over is
# said and makes exit 4.
. "$SOURCE_DIR/tests/lib/check.sh"
samples=$SOURCE_DIR/tests/samples
root=$PWD/R
alice=$root/home/alice bob=$root/home/bob
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME
store=.config/chromium/Default/TransportSecurity
curl_line='bank.test "20330101 00:00:00"'

# What is no file, in this user's own home and below a root. Nothing waits, nothing is read without end.
for home in "$HOME" "$alice"; do
    mkdir -p "$home/.config/chromium/Default" "$home/.local/share/wget"
    mkfifo "$home/.curlrc" "$home/.wget-hsts" "$home/$store"
    ln -s /dev/zero "$home/.wgetrc"
    printf '# c\n%s\n' "$curl_line" >"$home/.curl-hsts"
    truncate -s 1T "$home/.local/share/wget/.wget-hsts"
done
for where in '' "--root $root"; do
    home=${where:+$alice}
    # shellcheck disable=SC2086
    expect_exit 4 timeout 20 "$HOLDFAST" store where $where
    expect_text out '.curl-hsts'
    for name in .curlrc .wget-hsts "$store" .wgetrc .local/share/wget/.wget-hsts; do
        [ -z "$home" ] || expect_text err "$name"
        expect_text err "$(basename "$name")"
    done
    expect_text err 'is not a regular file'
    expect_text err 'is larger than'
    # shellcheck disable=SC2086
    expect_exit 4 timeout 20 "$HOLDFAST" store list --all $where -q
    expect_text out 'bank.test'
    # shellcheck disable=SC2086
    expect_exit 4 timeout 20 "$HOLDFAST" store query bank.test --all $where
    # shellcheck disable=SC2086
    expect_exit 4 timeout 20 "$HOLDFAST" store import --all $where --to "wget:$PWD/imported${where:+2}"
done
grep -q bank.test imported imported2 || fail 'what could be read was not imported'
rm -r R "$HOME/.curlrc" "$HOME/.wget-hsts" "${HOME:?}/$store" "$HOME/.wgetrc" "$HOME/.local"

# Links that stay in the home are followed, those that leave it are not, and neither is what a configuration points to.
mkdir -p "$alice/.config/chromium/Default" "$bob/.config/chromium/Default" "$alice/dot/config" "$alice/.config/google-chrome"
cp "$samples/chromium/TransportSecurity.top" "$bob/$store"
ln -s "../../../../bob/$store" "$alice/$store"
printf '# c\n%s\n' "$curl_line" >outside.hsts
printf '# c\nin.test "20330101 00:00:00"\n' >"$alice/dot/hsts"
ln -s dot/hsts "$alice/.curl-hsts"
ln -s "$bob/.config/chromium/Default" "$alice/.config/google-chrome/Default"
ln -s "$bob/.config" "$alice/.config/App"
printf 'hsts = "/../../../outside.hsts"\nhsts = "~/../../../outside.hsts"\nhsts = "%s"\n' "$PWD/outside.hsts" >"$alice/.curlrc"
printf '[Profile0]\nPath=../../../bob/.mozilla/firefox/x\n' >profiles.ini
mkdir -p "$alice/.mozilla/firefox" "$bob/.mozilla/firefox/x"
mv profiles.ini "$alice/.mozilla/firefox"
cp "$samples/firefox/SiteSecurityServiceState.top.bin" "$bob/.mozilla/firefox/x"
find "$bob" outside.hsts -type f -exec sha256sum {} + | sort >before
if [ "$(id -u)" = 0 ]; then
    chown -hR 4001:4001 "$alice"
    chown -hR 4002:4002 "$bob"
    chmod 700 "$bob"
fi
for command in where 'list --all' 'clear --all' 'delete plain.test --all'; do
    # shellcheck disable=SC2086
    expect_exit 4 "$HOLDFAST" store $command --root "$alice"
    expect_text err "$alice/$store: it leads out of its folder"
    expect_text err "$alice/.config/google-chrome/Default: it leads out of its folder"
    expect_text err "$alice/.config/App: it leads out of its folder"
    expect_text err 'outside.hsts'
    expect_no_text out bob
    expect_no_text out outside
done
expect_equal "$(cat before)" "$(find "$bob" outside.hsts -type f -exec sha256sum {} + | sort)" 'what is outside of the home'
expect_equal "$alice/.curl-hsts" "$(ls "$alice"/.curl-hsts*)" 'a backup where a link was'
[ -e "$alice/dot/hsts.holdfast-backup" ] || fail 'the link within the home was not followed'
grep -q in.test "$alice/dot/hsts" && fail 'a store in the home was not cleared'

# Our own store there, as any other.
mkdir -p "$alice/.local/share/holdfast"
cp "$alice/dot/hsts.holdfast-backup" from.hsts
expect_exit 0 "$HOLDFAST" store import "curl:$PWD/from.hsts" --to "holdfast:$PWD/known-hosts"
mv known-hosts "$alice/.local/share/holdfast/known-hosts"
if [ "$(id -u)" = 0 ]; then chown -R 4001:4001 "$alice/.local"; fi
expect_exit 4 "$HOLDFAST" store list --all --root "$alice" -q
expect_text out in.test
mkdir "$bob/away"
mv "$alice/.local/share/holdfast/known-hosts" "$bob/away"
ln -s "$bob/away/known-hosts" "$alice/.local/share/holdfast/known-hosts"
expect_exit 4 "$HOLDFAST" store list --all --root "$alice" -q
expect_no_text out in.test
rm "$alice/.local/share/holdfast/known-hosts"
mv "$bob/away/known-hosts" "$alice/.local/share/holdfast/known-hosts"
expect_exit 4 "$HOLDFAST" store clear --all --root "$alice"
expect_exit 4 "$HOLDFAST" store list --all --root "$alice" -q
expect_no_text out in.test

[ "$(id -u)" = 0 ] || skip 'the rest needs root'

# Root makes nothing of its own in a home: what is there stays its owner's, under a sudo that keeps HOME too.
expect_equal '' "$(find "$alice" ! -user 4001)" 'files of root in the home'
mkdir kept
chown 4001:4001 kept
expect_exit 3 env HOME="$PWD/kept" "$HOLDFAST" store add a.test max-age=1
expect_exit 3 env HOME="$PWD/kept" "$HOLDFAST" store import "curl:$PWD/from.hsts"
printf 'a.test\t1\n' >list
expect_exit 3 env HOME="$PWD/kept" "$HOLDFAST" preload update --from list --offline
expect_equal '' "$(find kept -mindepth 1)" 'what root made in a home under a sudo that kept HOME'
mkdir -p kept/.local/share/holdfast/preload
chown -R 4001:4001 kept
expect_exit 3 env HOME="$PWD/kept" "$HOLDFAST" preload update --from list --offline
expect_equal '' "$(find kept -type f)" 'an image that root made in a folder of the user'

# A path that root names goes through the home of another user as its owner would.
mkdir -p kept/d secret
chmod 700 secret
printf '# c\n%s\n' "$curl_line" >kept/d/hsts
cp kept/d/hsts secret/hsts
ln -s "$PWD/secret" kept/out
chown -hR 4001:4001 kept
expect_exit 3 "$HOLDFAST" store clear --from "curl:$PWD/kept/out/hsts"
expect_text err 'leads out of its folder'
expect_exit 3 "$HOLDFAST" store list --from "curl:$PWD/kept/out/hsts"
expect_exit 3 "$HOLDFAST" store add x.test max-age=1 --to "curl:$PWD/kept/out/new"
expect_equal hsts "$(ls secret)" 'the folder of root'
expect_exit 0 "$HOLDFAST" store clear --from "curl:$PWD/kept/d/hsts"
expect_exit 0 "$HOLDFAST" store add x.test max-age=1 --to "curl:$PWD/kept/d/new"
expect_equal '' "$(find kept ! -user 4001)" 'files of root in the folder of the user'
# A file of a third user is not taken for a store of the home.
printf '# c\nthird.test "20330101 00:00:00"\n' >kept/.curl-hsts
chown 4002:4002 kept/.curl-hsts
expect_exit 4 "$HOLDFAST" store list --all --root "$PWD/kept" -q
expect_text err 'belongs to another user'
expect_no_text out third.test
# And in a folder where everybody may put links, theirs are not followed.
mkdir -m 1777 shared
ln -s "$PWD/secret/hsts" shared/link
ln -s "$PWD/secret" shared/folder
chown -h 4001:4001 shared/link shared/folder
expect_exit 3 "$HOLDFAST" store clear --from "curl:$PWD/shared/link"
expect_exit 3 "$HOLDFAST" store clear --from "curl:$PWD/shared/folder/hsts"
expect_equal "$(printf '# c\n%s' "$curl_line")" "$(cat secret/hsts)" 'the file of root'
finish
