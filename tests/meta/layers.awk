# Reads layers.txt, headers.txt, then C sources; prints each #include that its folder may not have. See layers.sh.
FNR == 1 { file++ }
FILENAME ~ /layers\.txt$/ {
    if ($0 ~ /^[^#]*:/) {
        folder = $1
        sub(/:$/, "", folder)
        folders[folder] = 1
        for (i = 2; i <= NF; i++) {
            may[folder, $i] = 1
        }
    }
    next
}
FILENAME ~ /headers\.txt$/ {
    if ($0 !~ /^#/) {
        for (i = 2; i <= NF; i++) {
            owner[$i] = $1
        }
    }
    next
}
FNR == 1 {
    path = FILENAME
    sub(/^\.\//, "", path)
    n = split(path, part, "/")
    folder = part[1] == "src" ? part[1] "/" part[2] : part[1]
    files++
    if (!(folder in folders)) {
        complain("the folder " folder " is not in layers.txt")
    }
}
/^[ \t]*#[ \t]*include/ {
    includes++
    line = $0
    if (match(line, /<[^>]*>/)) {
        name = substr(line, RSTART + 1, RLENGTH - 2)
        if (name ~ /^holdfast\//) {
            own_header(name)
        } else {
            system_header(name)
        }
    } else if (match(line, /"[^"]*"/)) {
        own_header(substr(line, RSTART + 1, RLENGTH - 2))
    } else {
        complain("an #include that cannot be read: " line)
    }
}
END {
    if (!files || !includes) {
        print "nothing was read"
        bad = 1
    }
    print files " files, " includes " includes, " bad + 0 " wrong"
    exit bad ? 1 : 0
}
function complain(what)
{
    print FILENAME ":" FNR ": " what
    bad++
}
function allowed(word)
{
    return ((folder, word) in may) || ((folder, "all") in may)
}
function system_header(name, who, top)
{
    top = name
    sub(/\/.*/, "/*", top)
    who = (name in owner) ? owner[name] : (top in owner) ? owner[top] : ""
    if (who == "") {
        complain("<" name "> belongs to nobody in headers.txt")
    } else if (who == "libc" || who == "random" || who == "posix") {
        if (!allowed(who) && !allowed("posix")) {
            complain(folder " may not include <" name "> (" who ")")
        }
    } else if (!allowed("<" who ">")) {
        complain(folder " may not include <" name "> of " who)
    }
}
# "name.h" is of the same folder. "engine/x.h" may be written so by tests only; src is on the include path, the root is not.
function own_header(name, target)
{
    if (name !~ /\//) {
        return
    }
    target = name
    sub(/\/[^\/]*$/, "", target)
    sub(/^src\//, "", target)
    if (target ~ /^holdfast/) {
        if (folder != "include" && !allowed("include")) {
            complain(folder " may not include \"" name "\"")
        }
    } else if (target ~ /^\./) {
        complain("\"" name "\" leaves its folder")
    } else {
        sub(/\/.*/, "", target)
        if ("src/" target != folder && target != folder && !allowed(target)) {
            complain(folder " may not include \"" name "\"")
        }
    }
}
