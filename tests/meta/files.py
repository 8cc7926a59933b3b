"""files.py FOLDER FILES.TXT: prints every call in engine, formats, store and src of FOLDER that opens, makes, renames or
removes a file by its name, outside of the one helper and of what FILES.TXT allows, a line each: FILE CALL REASON. Exit 1 if
there is one, or a line of FILES.TXT that allows nothing or gives no reason."""
import pathlib
import re
import sys

SYSTEM = """open openat openat2 creat fopen freopen opendir fdopendir scandir glob ftw nftw tmpfile tmpnam tempnam mkstemp
mkostemp mkstemps mkdtemp mkfifo mknod mkdir mkdirat rename renameat renameat2 remove unlink unlinkat rmdir link linkat
symlink symlinkat realpath chmod fchmod fchmodat chown fchown lchown fchownat truncate shm_open dlopen""".split()
# What libraries open by a path.
LIBRARIES = r"""uv_fs_[a-z]+ json_load_file json_dump_file fy_document_build_from_file fy_parser_set_input_file xmlReadFile
xmlParseFile xmlSaveFile htmlReadFile gzopen sqlite3_open(?:_v2|16)? BIO_new_file RAND_load_file X509_load_[a-z_]*file
X509_STORE_load_[a-z]+ X509_STORE_set_default_paths X509_LOOKUP_(?:load_file|add_dir) SSL_CTX_load_verify_[a-z]+
SSL_CTX_set_default_verify_paths SSL(?:_CTX)?_use_[A-Za-z]+_file SSL_CTX_use_certificate_chain_file CURLOPT_CAINFO
CURLOPT_CAPATH""".split()
# Not behind "->" or ".": a function of a table. "name," is one that goes into a table.
CALL = re.compile(r"(?<![\w.>])(" + "|".join(SYSTEM + LIBRARIES) + r")(?= *\(|,)")
PASSED = re.compile(r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', re.S)
HELPER = re.compile(r"src/base/(file|fifo|folder|beneath|named|replace|listing|scratch)\.[ch]$")


def calls_in(text):
    """Without <fcntl.h>, open is a function or a variable of the file's own."""
    own = set() if "<fcntl.h>" in text else {"open", "openat", "creat"}
    return set(CALL.findall(PASSED.sub(" ", text))) - own


def allowed_by(path, complaints):
    allowed = set()
    for line in pathlib.Path(path).read_text().splitlines():
        words = line.split(None, 2)
        if not words or line.startswith("#"):
            continue
        if len(words) < 3:
            complaints.append(f"files.txt: no reason: {line}")
        allowed.add(tuple(words[:2]))
    return allowed


def main(folder, list_path):
    complaints, used, helpers, count = [], set(), 0, 0
    allowed = allowed_by(list_path, complaints)
    root = pathlib.Path(folder)
    for room in ("engine", "formats", "store", "src"):
        for path in sorted((root / room).rglob("*.[ch]")):
            name = str(path.relative_to(root))
            for call in sorted(calls_in(path.read_text())):
                count += 1
                if HELPER.match(name):
                    helpers += 1
                elif (name, call) in allowed:
                    used.add((name, call))
                else:
                    complaints.append(f"{name}: {call} is for the helper (src/base/file.h)")
    complaints += [f"files.txt: nothing does that any more: {' '.join(key)}" for key in sorted(allowed - used)]
    print(*complaints, f"{count} calls, {helpers} of them in the helper", sep="\n")
    return 1 if complaints else 0


sys.exit(main(sys.argv[1], sys.argv[2]))
