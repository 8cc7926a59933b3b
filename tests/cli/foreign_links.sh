#!/usr/bin/env bash
# No symbolic link of another user is followed, be it the file that was named or a folder on the way to it: nothing is
# read, made, emptied or written through one. This user's own links and root's are followed.
. "$SOURCE_DIR/tests/lib/check.sh"
[ "$(id -u)" = 0 ] || skip 'a file of another user needs root'
uid=1000

mkdir -p alice sticky private real
chmod 1777 sticky
chmod 700 private
printf 'localhost:1\n' >list
printf 'precious\n' >private/file
printf 'localhost:1\n' >private/list
printf 'a.test\t1\n' >names
ln -s ../private/file alice/file
ln -s ../private/new alice/new
ln -s ../private/list alice/list
ln -s "$PWD/private" alice/folder
ln -s ../private/file sticky/file
printf '# c\nbank.test "20330101 00:00:00"\n' >private/hsts
ln -s ../private/hsts alice/hsts
chown -hR "$uid:$uid" alice sticky/file
# By a link of root's the way goes on to one that is alice's.
ln -s ../alice/folder real/on

kept() # what follows is refused with exit $1, and changes nothing
{
    expect_exit "$1" "$HOLDFAST" "${@:2}"
    expect_exit 0 grep -qE 'another user|symbolic link|out of its folder|to user 1000' <<<"$err"
    expect_equal "$(ls private) $(cat private/file)" "$before" "files after ${*:2}"
}
before="$(ls private) precious"

for output in alice/file sticky/file alice/new alice/folder/file alice/folder/x real/on/file "$PWD/alice/../alice/file"; do
    kept 3 probe localhost:1 -q --output "$output"
    kept 2 probe list -q --jsonl --output out --resume "$output"
    kept 3 preload compile names "$output"
done
for output in alice/file alice/folder/left; do
    kept 3 store import wget:private/hsts --to wget:copy --left-out "$output"
    kept 3 store add b.test max-age=1000 --to "wget:$output"
    kept 2 visit http://localhost:1/ --store "$output"
done
for list in alice/list alice/folder/list; do
    kept 2 probe -q "$list"
done
kept 2 preload compile alice/folder/list image
kept 2 probe -q localhost:1 --cafile alice/folder/list

# Root's own links, also in a folder of alice, and /dev/fd/N and /proc/self/fd/N.
ln -s ../private/list alice/roots
ln -s ../real alice/roots-folder
ln -s private way
expect_exit 0 "$HOLDFAST" probe -q alice/roots --output alice/roots-folder/out
expect_exit 0 grep -q localhost real/out
expect_exit 0 "$HOLDFAST" probe -q way/list --output way/out
expect_exit 0 grep -q localhost private/out
expect_exit 0 "$HOLDFAST" probe -q <(cat list)
expect_exit 0 "$HOLDFAST" probe -q /dev/stdin <list
expect_exit 0 "$HOLDFAST" preload compile /proc/self/fd/9 image 9<names

# Alice follows her own, and root's, and none of a third user.
command -v setpriv >/dev/null || skip 'setpriv (util-linux) is not installed: the rest needs another user'
mkdir alice/mine
printf 'localhost:1\n' >alice/mine/list
ln -s mine alice/own
ln -s mine alice/third
chown -hR "$uid:$uid" alice/mine alice/own
chown -h 1001 alice/third
chmod 755 . alice
for_alice()
{
    setpriv --reuid "$uid" --regid "$uid" --clear-groups "$HOLDFAST" "$@"
}
if for_alice --version >/dev/null 2>&1 && setpriv --reuid "$uid" --clear-groups test -r alice/own/list; then
    expect_exit 0 for_alice probe -q alice/own/list --output alice/own/out
    expect_exit 2 for_alice probe -q alice/third/list
    expect_text err 'belongs to another user'
else
    printf 'skipped: another user cannot reach this folder\n'
fi
finish
