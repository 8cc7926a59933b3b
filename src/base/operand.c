#include "base/operand.h"

#include "base/ascii.h"
#include "base/host_port.h"

#include <string.h>
#include <sys/stat.h>

/* No top-level domains, and none that is reserved. */
static const char *const file_endings[] = {
    "txt", "csv", "tsv",  "json", "jsonl", "ndjson", "lst", "list", "log", "conf",
    "xml", "yml", "yaml", "xls",  "xlsx",  "html",   "htm", "dat",  "pem", "gz",
};

bool base_operand_is_below(const char *text)
{
    return text[0] == '*' && text[1] == '.' && text[2] != '\0';
}

bool base_operand_host(const char *text, char host[HF_HOST_MAX + 1])
{
    const char *scheme = strstr(text, "://");
    const char *from = scheme != NULL ? scheme + 3 : text + strspn(text, "/");
    size_t length = strcspn(from, "/\\?#");
    hf_host parsed;
    hf_diag diag;
    int port;

    for (size_t i = length; i > 0; i--)
        if (from[i - 1] == '@') {
            from += i;
            length -= i;
            break;
        }
    if (length == strlen(text) && strchr(text, ':') == NULL)
        return false;
    if (!base_host_port(from, length, &parsed, &port, &diag) || parsed.kind != HF_HOST_NAME)
        return false;
    memcpy(host, parsed.name, parsed.length + 1);
    return true;
}

static bool has_file_ending(const char *text)
{
    const char *dot = strrchr(text, '.');

    for (size_t i = 0; dot != NULL && i < sizeof file_endings / sizeof *file_endings; i++)
        if (base_ascii_is(dot + 1, strlen(dot + 1), file_endings[i]))
            return true;
    return false;
}

bool base_operand_is_no_file(const char *text, const char *lists, base_error *error)
{
    struct stat is;
    bool is_there = stat(text, &is) == 0;
    const char *what = !is_there ? "there is no such file" : S_ISDIR(is.st_mode) ? "is a folder" : "is a file";

    if (!has_file_ending(text) && (strchr(text, '.') != NULL || !is_there))
        return true;
    base_error_set(error, "'%s'%s %s; a list of hosts %s (a host of this name: '%s.')", BASE_CUT(text),
                   is_there ? "" : ":", what, lists, BASE_CUT(text));
    return false;
}
